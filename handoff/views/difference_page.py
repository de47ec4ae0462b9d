"""What is new since a lead came back, ready for the page: frozen in a brief, or as it is now."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.sight import hidden
from common.clock import page_now
from common.formats import number
from handoff.brief import who_of
from handoff.models import Handoff, ReturnCondition, ReturnReason
from handoff.models.masking import masked_content
from handoff.rounds import difference
from handoff.states import Acknowledgement, ConditionState

WHO = {
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "department": _("Department"),
    "title": _("Title"),
    "company": _("Company"),
    "industry": _("Industry"),
    "employees": _("Employees"),
    "prefecture": _("Prefecture"),
}

MEANT_FOR = {
    "absent": _("It was to go to %(name)s, who is away: the team's pool has it."),
    "inactive": _("It was to go to %(name)s, who has left: the team's pool has it."),
    "takes_none": _("It was to go to %(name)s, who takes no leads now: the team's pool has it."),
    "left": _("It was to go to %(name)s, who changed teams: the team's pool has it."),
}


def read_difference(handoff: Handoff) -> dict | None:
    """What the brief of a later round opens with, as it was at the offer. Two queries, if there is one,
    and one for whom it was meant where the pool has it instead."""
    brief = getattr(handoff, "brief", None)
    found = (brief.content if brief else {}).get("difference")
    if not found:
        return None
    because = {"unchanged_because": handoff.unchanged_because, "meant_for": _meant_for(handoff)}
    return _readable(found) | because


def _meant_for(handoff: Handoff) -> str:
    """Why the team's pool has what was meant for one person, or nothing."""
    route = handoff.route or {}
    words = MEANT_FOR.get(route.get("why_not", ""))
    person = words and User.objects.filter(pk=route.get("instead_of")).first()
    return str(words) % {"name": person.name} if person else ""


def difference_now(returned: Handoff) -> dict:
    """The same as it would be if the lead were offered now."""
    found = difference(returned, who=who_of(returned.lead), at=page_now())
    if codes := hidden():
        found = masked_content(found, codes, captured_at=returned.lead.captured_at)
    return _readable(found)


def _readable(found: dict) -> dict:
    people = User.objects.select_related("team").in_bulk(_people(found))
    reason = ReturnReason.objects.filter(code=found["reason"]).first()
    rows = {name: _with_people(found[name], people) for name in ("touches", "facts", "questions")}
    return (
        found
        | rows
        | {
            "reason": reason or found["reason"],
            "returned_by": people.get(found["returned_by"]),
            "acknowledged_by": people.get(found["acknowledged_by"]),
            "acknowledgement": _label(found["acknowledgement"]),
            "condition": _condition(found["condition"]),
            "who": [_changed(row) for row in found["who"]],
            "score_changed": _moved(found["fit"]) or _moved(found["engagement"]),
            "is_unchanged": not any(
                found[name]
                for name in ("touches", "folded", "facts", "questions", "consents", "who")
            ),
        }
    )


def _moved(pair: list) -> bool:
    """Whether [then, now] differ; a seat that sees no scores has nothing here."""
    return len(set(pair)) > 1


def _people(found: dict) -> set[int]:
    ids = {found["returned_by"], found["acknowledged_by"]}
    for name in ("touches", "facts", "questions"):
        ids |= {row["by"] for row in found[name]}
    return ids - {None}


def _with_people(rows: Iterable[dict], people: dict[int, User]) -> list[dict]:
    return [row | {"by": people.get(row["by"])} for row in rows]


def _label(acknowledgement: str) -> str:
    return Acknowledgement(acknowledgement).label if acknowledgement else ""


def _changed(row: dict) -> dict:
    old, new = (number(one) if isinstance(one, int) else one for one in (row["old"], row["new"]))
    return {"name": WHO.get(row["field"], row["field"]), "old": old, "new": new}


def _condition(kept: dict | None) -> ReturnCondition | None:
    """As a row that is not saved, so that one partial shows frozen and living conditions alike."""
    if kept is None:
        return None
    written = {name: value for name, value in kept.items() if name not in ("on", "settled_at")}
    on = date.fromisoformat(kept["on"]) if kept["on"] else None
    condition = ReturnCondition(on=on, **written)
    condition.is_met = kept["state"] == ConditionState.MET
    return condition
