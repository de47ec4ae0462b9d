"""Rows on their way in: what each says, under which terms they are taken, and what came of each."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common import now


class Existing(StrEnum):
    """What a row does to somebody we have already. A blank cell never overwrites anything."""

    UPDATE = "update"  # what the file says wins
    FILL = "fill"  # only what we did not know is added
    SKIP = "skip"  # nothing is changed


class What(TextChoices):
    """What came of a row; each row is exactly one of these."""

    NEW = "new", pgettext_lazy("row", "New")
    UPDATED = "updated", pgettext_lazy("row", "Updated")
    UNCHANGED = "unchanged", pgettext_lazy("row", "Unchanged")
    REJECTED = "rejected", pgettext_lazy("row", "Rejected")


@dataclass(slots=True)
class LeadDraft:
    """What one row says about a lead. Names of `values` are columns of the lead; all are clean."""

    values: dict[str, Any] = field(default_factory=dict)
    company: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    company_attributes: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    campaign: str = ""
    marketer: Any = None  # a User
    stage: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    comment: str = ""
    # The row speaks of somebody an earlier row of the file spoke of: it adds only what is missing,
    # so that the same file gives the same result again.
    repeats: bool = False

    @property
    def moment(self) -> datetime | None:
        """When it happened, as far as the row says."""
        return self.values.get("captured_at")


@dataclass(slots=True)
class TouchDraft:
    """What one row says about a touch, and about whose it is."""

    lead: dict[str, str] = field(default_factory=dict)  # external_id, email, name
    values: dict[str, Any] = field(default_factory=dict)
    campaign: str = ""
    by: Any = None
    repeats: bool = False


@dataclass
class Terms:
    """How a set is taken. `whole` is what is said about the file as a whole: it fills only gaps.

    With `dry_run` everything is judged and nothing written.
    """

    by: User | None = None
    existing: Existing = Existing.UPDATE
    whole: LeadDraft = field(default_factory=LeadDraft)
    evidence: str = ""
    job: int | None = None
    dry_run: bool = False
    at: datetime = field(default_factory=now)


@dataclass(slots=True)
class Outcome:
    """What came of one row: for a rejected one why, by a code with its values and the field at fault;
    for an updated one what changes, as (field, before, after)."""

    what: What
    lead: Any = None
    code: str = ""
    data: dict = field(default_factory=dict)
    at_fault: str = ""
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)

    @classmethod
    def rejected(cls, code: str, *, at_fault: str = "", **data) -> "Outcome":
        return cls(What.REJECTED, code=code, at_fault=at_fault, data=data)
