"""The nine items of a brief, and which of them are there."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from handoff.states import BriefItem
from leads.models import Consent, Fact, Interaction, Lead
from leads.states import ASKED_FOR, FactField


def completeness(
    lead: Lead, *, why_now: str = "", next_step: str = "", note: str = ""
) -> dict[str, bool]:
    """The nine items of a brief (codes of `BriefItem`) and whether each can be filled. Three queries.

    An agreement may require some of them; what else is missing the taker sees.
    """
    known = set(Fact.objects.current().filter(lead=lead).values_list("field", flat=True))
    consent = Consent.objects.filter(lead=lead).exists()
    touched = Interaction.objects.filter(lead=lead).exists()
    typed = {"why_now": why_now, "next_step": next_step, "note": note}
    return _items(lead, typed, known, consent=consent, touched=touched)


def completeness_of(leads: list[Lead]) -> dict[int, dict[str, bool]]:
    """`completeness` of many leads by their id, with nothing typed yet. One query."""
    of_lead = {"lead": OuterRef("pk")}
    known = ArraySubquery(Fact.objects.current().filter(**of_lead).values("field"))
    consented = Exists(Consent.objects.filter(**of_lead))
    touched = Exists(Interaction.objects.filter(**of_lead))
    rows = Lead.objects.filter(pk__in=[lead.pk for lead in leads]).order_by()
    found = {row[0]: row[1:] for row in rows.values_list("pk", known, consented, touched)}
    return {
        lead.pk: _items(
            lead,
            {},
            set(found[lead.pk][0]),
            consent=found[lead.pk][1],
            touched=found[lead.pk][2],
        )
        for lead in leads
    }


def _items(
    lead: Lead, typed: dict[str, str], known: set, *, consent: bool, touched: bool
) -> dict[str, bool]:
    return {
        "why_now": bool(typed.get("why_now", "").strip()) or lead.heat > 0,
        "next_step": bool(typed.get("next_step", "").strip()),
        "who": bool(lead.has_personal_name and lead.company_id),
        "reach": bool(lead.call_number or lead.email),
        "facts": bool(known & set(ASKED_FOR)),
        "need": FactField.NEED in known,
        "did": touched,
        "note": bool(typed.get("note", "").strip()),
        "consent": consent,
    }


def items_of_content(content: dict) -> dict[str, bool]:
    """Of a frozen brief: which of the nine items it brought. One of before has no word on `reach`."""
    who, did = content.get("who", {}), content.get("did", {})
    known = {fact["field"] for fact in content.get("facts", [])}
    named = who.get("family_name") or who.get("given_name")
    return {
        BriefItem.WHY_NOW: bool(content.get("why_now") or content.get("signals")),
        BriefItem.NEXT_STEP: bool(content.get("next_step")),
        BriefItem.WHO: bool(named and who.get("company")),
        BriefItem.REACH: bool(content.get("reach", True)),
        BriefItem.FACTS: bool(known & set(ASKED_FOR)),
        BriefItem.NEED: FactField.NEED in known,
        BriefItem.DID: bool(did.get("touches") or did.get("folded")),
        BriefItem.NOTE: bool(content.get("note")),
        BriefItem.CONSENT: bool(content.get("consents")),
    }
