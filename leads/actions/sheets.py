"""Hearing sheets: which answers a team asks for, in which order. Changed by a new version."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team, User
from accounts.permissions import can
from common import now
from common.refusals import Malformed, NotAllowed, Refusal
from leads.models import HearingSheet
from leads.states import FactField

MOST_ITEMS = 30
LONGEST_LABEL, LONGEST_HINT = 60, 200


def may_edit_sheet(user: User, team: Team | None) -> bool:
    """An administrator every sheet, a manager that of their own team. `team` None: everybody's."""
    return can(user, "hearing.edit", own=team is not None and user.team_id == team.pk)


@transaction.atomic
def save_sheet(
    team: Team | None, *, by: User, items: list[dict], seen: int | None = None
) -> HearingSheet:
    """Put a new version of the sheet of `team` in force; the old one stays readable.

    `items` are {"field", "label", "hint"} in their order. Unchanged, the present version stays.
    `seen` is the version the change was made on: `Refusal` where another is in force by now.
    """
    if not may_edit_sheet(by, team):
        raise NotAllowed
    items = [_tidy(item) for item in items]
    _refuse_malformed(items)
    # One change of sheets at a time: there may be no row yet to lock.
    Organisation.objects.select_for_update().first()
    present = HearingSheet.objects.select_for_update().in_force().filter(team=team).first()
    if present and present.items == items:
        return present
    if seen is not None and seen != (present.version if present else 0):
        raise Refusal(_("Somebody changed this sheet meanwhile. Look at it before you go on."))
    if present:
        present.in_force = False
        present.save(update_fields=["in_force"])
    latest = HearingSheet.objects.filter(team=team).order_by("-version").first()
    return HearingSheet.objects.create(
        team=team,
        version=latest.version + 1 if latest else 1,
        items=items,
        by=by,
        created_at=now(),
    )


@transaction.atomic
def drop_sheet(team: Team, *, by: User) -> None:
    """Let `team` use everybody's sheet again. Its versions stay readable; done already: nothing."""
    if not may_edit_sheet(by, team):
        raise NotAllowed
    HearingSheet.objects.in_force().filter(team=team).update(in_force=False)


def _tidy(item: dict) -> dict:
    field = str(item.get("field", ""))
    label = str(item.get("label", "")).strip() if field == FactField.OTHER else ""
    return {"field": field, "label": label, "hint": str(item.get("hint", "")).strip()}


def _refuse_malformed(items: list[dict]) -> None:
    if not items:
        raise Malformed(_("A sheet asks for one thing at least."), field="items")
    if len(items) > MOST_ITEMS:
        words = _("A sheet asks for %(n)s things at most.") % {"n": MOST_ITEMS}
        raise Malformed(words, field="items")
    if any(item["field"] not in FactField.values for item in items):
        raise Malformed(_("Choose what the answer is about."), field="items")
    if any(item["field"] == FactField.OTHER and not item["label"] for item in items):
        raise Malformed(_("Say in a word or two what this is about."), field="items")
    if any(
        len(item["label"]) > LONGEST_LABEL or len(item["hint"]) > LONGEST_HINT for item in items
    ):
        raise Malformed(_("A word or a hint is too long."), field="items")
    if len({(item["field"], item["label"]) for item in items}) < len(items):
        raise Malformed(_("The same thing is asked for twice."), field="items")
