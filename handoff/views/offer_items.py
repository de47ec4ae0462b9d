"""The nine items of the briefs of an offer: what is there, what is missing, what the agreement asks for."""

from dataclasses import dataclass

from handoff.actions.required import required_items
from handoff.brief import completeness, completeness_of
from handoff.states import BriefItem
from leads.models import Lead
from leads.scoring import engagement_of


@dataclass(frozen=True)
class Item:
    """One of the nine."""

    code: str
    name: str
    done: bool
    required: bool


def nine_items(lead: Lead, form) -> list[Item]:
    """The items of the brief of one lead, with what is typed so far."""
    typed = {name: form[name].value() or "" for name in ("why_now", "next_step", "note")}
    done, required = completeness(lead, **typed), required_items()
    return [Item(one.value, str(one.label), done[one], one in required) for one in BriefItem]


def rows_of(leads: list[Lead], moment) -> list[dict]:
    """The leads; of many also how complete the brief of each will be, and what it must not lack."""
    items = completeness_of(leads) if len(leads) > 1 else {}
    required = required_items() if items else []
    return [_row(lead, items.get(lead.pk, {}), required, moment) for lead in leads]


def _row(lead: Lead, done: dict[str, bool], required: list[BriefItem], moment) -> dict:
    missing = [one for one in BriefItem if one in done and not done[one]]
    return {
        "lead": lead,
        "engagement": round(engagement_of(lead.heat, at=moment)),
        "ready": len(BriefItem) - len(missing),
        "missing": [one.label for one in missing],
        # A note is typed once for all of them.
        "lacks": [one.label for one in required if one in missing and one != BriefItem.NOTE],
    }
