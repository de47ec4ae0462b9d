"""Whom we have already: by external id, else by e-mail and the same person. Exact, never by likeness."""

import hashlib

from common.text import digits, normalise
from leads.actions.captures.companies import full_form
from leads.actions.captures.drafts import LeadDraft
from leads.models import Lead


class Unclear(Exception):
    """The row fits several people."""


def person_key(family: str, given: str) -> str:
    """A person's name without blanks, case and width."""
    return normalise(f"{family}{given}").replace(" ", "")


def import_key(draft: LeadDraft) -> str:
    """What stands for an id where a row has neither id nor e-mail: a hash of who it speaks of.

    Somebody without address is found again by exactly this, so that the same file changes nothing.
    """
    said = draft.values
    if said.get("external_id") or said.get("email"):
        return ""
    parts = (
        person_key(said.get("family_name", ""), said.get("given_name", "")),
        full_form(draft.company.get("name", "")),
        normalise(said.get("department", "")),
        digits(said.get("phone", "")),
        digits(said.get("mobile", "")),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def keys_of(draft: LeadDraft) -> tuple[list[str], list[str]]:
    """(what this row is known by from now on, what earlier rows would be known by if it repeats one)."""
    said = draft.values
    external, address = said.get("external_id", ""), said.get("email", "")
    person = person_key(said.get("family_name", ""), said.get("given_name", ""))
    if external:
        mine = [f"id:{external}"]
        if address:
            mine.append(f"mail:{address}\x1f{person}")
        return mine, [f"id:{external}", f"only:{address}\x1f{person}"]
    if address:
        return [f"only:{address}\x1f{person}"], [
            f"only:{address}\x1f{person}",
            f"mail:{address}\x1f{person}",
        ]
    return [f"row:{import_key(draft)}"], [f"row:{import_key(draft)}"]


class KnownLeads:
    """The leads a set of drafts may speak of, locked in one order, and those the set itself adds."""

    def __init__(self, drafts: list[LeadDraft], *, lock: bool):
        self.by_id: dict[str, Lead] = {}
        self.by_email: dict[str, list[Lead]] = {}
        self.by_key: dict[str, Lead] = {}
        self.loaded = self._load(drafts, lock)
        for lead in self.loaded:
            self.learn(lead)

    def _load(self, drafts: list[LeadDraft], lock: bool) -> list[Lead]:
        ids = {one for draft in drafts if (one := draft.values.get("external_id"))}
        emails = {one for draft in drafts if (one := draft.values.get("email"))}
        keys = {one for draft in drafts if (one := import_key(draft))}
        # Each query says what its partial index says, else a long list would not use the index.
        pks: set[int] = set()
        for wanted, name in ((ids, "external_id"), (emails, "email"), (keys, "import_key")):
            if wanted:
                rows = Lead.objects.filter(**{f"{name}__in": wanted}).exclude(**{name: ""})
                pks.update(rows.values_list("pk", flat=True))
        rows = Lead.objects.filter(pk__in=pks).select_related("company", "team").order_by("pk")
        return list(rows.select_for_update(of=("self",)) if lock else rows)

    def learn(self, lead: Lead) -> None:
        if lead.external_id:
            self.by_id[lead.external_id] = lead
        if lead.email and lead not in (same := self.by_email.setdefault(lead.email, [])):
            same.append(lead)
        if lead.import_key:
            self.by_key[lead.import_key] = lead

    def find(self, draft: LeadDraft) -> Lead | None:
        """The lead this row speaks of, or None. Raises `Unclear` if it could be several people."""
        said = draft.values
        external, address = said.get("external_id", ""), said.get("email", "")
        if external and external in self.by_id:
            return self.by_id[external]
        if address:
            return self._by_email(address, external, draft)
        return None if external else self.by_key.get(import_key(draft))

    def _by_email(self, address: str, external: str, draft: LeadDraft) -> Lead | None:
        same = [
            lead
            for lead in self.by_email.get(address, ())
            if not (external and lead.external_id and lead.external_id != external)
        ]
        person = person_key(draft.values.get("family_name", ""), draft.values.get("given_name", ""))
        nameless = [lead for lead in same if not lead.has_personal_name]
        if not person:
            if len(same) > 1 and len(nameless) != 1:
                raise Unclear
            return (nameless or same or [None])[0]
        named = [lead for lead in same if person_key(lead.family_name, lead.given_name) == person]
        # Two names at one address are two people: a shared mailbox.
        return (named or nameless or [None])[0]
