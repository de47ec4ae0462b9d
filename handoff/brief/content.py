"""What is known of a lead, gathered from the record as plain data. Reads, writes nothing."""

from datetime import datetime

from django.db.models import Count, Max, Q

from handoff.models import Deal, Handoff
from handoff.rounds import difference, last_return
from handoff.states import State
from leads.models import Consent, Fact, FollowUp, Interaction, Lead, Question
from leads.scoring import explain
from leads.states import ASKED_FOR, FactField, TouchKind

# Kinds that machines log by the dozen: folded into one line each.
FOLDED = frozenset(
    {
        TouchKind.VISIT,
        TouchKind.MAIL_SENT,
        TouchKind.MAIL_OPENED,
        TouchKind.MAIL_CLICKED,
        TouchKind.AD,
    }
)
# Touches by which one of us comes to know a person.
MET = frozenset(
    {
        TouchKind.CALL,
        TouchKind.WEB_MEETING,
        TouchKind.VISIT_IN_PERSON,
        TouchKind.HEARING,
        TouchKind.EXHIBITION,
        TouchKind.CARD,
        TouchKind.SEMINAR_ATTENDED,
    }
)
SIGNALS_SHOWN = 3
TOUCHES_SHOWN = 8
COLLEAGUES_SHOWN = 5


def write_brief(handoff: Handoff, *, at: datetime) -> dict:
    """What is known of the lead at `at`, as the brief of `handoff` keeps it. Reads, writes nothing."""
    lead = handoff.lead
    facts, who = _facts(lead), who_of(lead)
    returned = last_return(lead, handoff.leg) if handoff.round > 1 else None
    return {
        # A later round opens with why the lead came back, and what is new since.
        "difference": difference(returned, who=who, at=at) if returned else None,
        "why_now": handoff.why_now,
        "signals": _signals(lead, at),
        "next_step": handoff.next_step,
        "note": handoff.note,
        "who": who,
        "known_by": _known_by(lead),
        "reach": bool(lead.call_number or lead.email),
        "facts": facts,
        "not_asked": [
            field for field in ASKED_FOR if field not in {fact["field"] for fact in facts}
        ],
        "questions": _questions(lead),
        "promised": _promised(lead),
        "did": _did(lead),
        "consents": _consents(lead),
        "colleagues": _colleagues(lead),
        "deals": _deals(lead),
        "rounds": _rounds(handoff),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _signals(lead: Lead, at: datetime) -> list[dict]:
    """The touches that give most points now: why the lead is warm."""
    explanation = explain(lead, at=at)
    best = [part for part in explanation.engagement_parts if part.points >= 1][:SIGNALS_SHOWN]
    touches = {
        touch.pk: touch
        for touch in Interaction.objects.filter(
            pk__in=[part.touch.pk for part in best]
        ).select_related("campaign")
    }
    return [
        {
            "kind": part.touch.kind,
            "result": part.touch.result,
            "at": _iso(part.touch.at),
            "words": touches[part.touch.pk].words[:200],
            "campaign": part.touch.campaign.name if part.touch.campaign else "",
            "points": round(part.points, 1),
        }
        for part in best
    ]


def who_of(lead: Lead) -> dict:
    company = lead.company
    return {
        "family_name": lead.family_name,
        "given_name": lead.given_name,
        "department": lead.department,
        "title": lead.title,
        "company": company.name if company else "",
        "industry": company.industry if company else "",
        "employees": company.employees if company else None,
        "prefecture": lead.prefecture or (company.prefecture if company else ""),
        "fit": lead.fit,
    }


def _known_by(lead: Lead) -> list[int]:
    """Who of us talked with the lead, the latest first; mails of a machine are no acquaintance."""
    talked = Interaction.objects.filter(lead=lead, kind__in=MET, by__isnull=False)
    rows = talked.order_by().values("by").annotate(latest=Max("at")).order_by("-latest")
    return [row["by"] for row in rows[:COLLEAGUES_SHOWN]]


def _facts(lead: Lead) -> list[dict]:
    rows = (
        Fact.objects.current().filter(lead=lead).select_related("by", "interaction").order_by("at")
    )
    order = {field: position for position, field in enumerate(FactField.values)}
    return [
        {
            "id": fact.pk,
            "field": fact.field,
            "label": fact.label,
            "value": fact.value,
            "at": _iso(fact.at),
            "by": fact.by_id,
            "kind": fact.interaction.kind if fact.interaction else "",
        }
        for fact in sorted(rows, key=lambda fact: (order[fact.field], fact.at))
    ]


def _questions(lead: Lead) -> list[dict]:
    rows = Question.objects.filter(lead=lead).order_by("answered_at", "asked_at")
    return [
        {
            "id": question.pk,
            "text": question.text,
            "answer": question.answer,
            "asked_at": _iso(question.asked_at),
            "answered_at": _iso(question.answered_at),
            "answered_by": question.answered_by_id,
        }
        for question in rows
    ]


def _promised(lead: Lead) -> list[dict]:
    rows = FollowUp.objects.open().filter(lead=lead, promised=True).order_by("due_at")
    return [
        {"id": row.pk, "what": row.what, "due_at": _iso(row.due_at), "owner": row.owner_id}
        for row in rows
    ]


def _did(lead: Lead) -> dict:
    """The latest touches worth a line each, and how often the rest happened."""
    touches = Interaction.objects.filter(lead=lead)
    single = (
        touches.exclude(kind__in=FOLDED).select_related("campaign").newest_first()[:TOUCHES_SHOWN]
    )
    folded = (
        touches.filter(kind__in=FOLDED)
        .order_by()
        .values("kind")
        .annotate(n=Count("pk"), latest=Max("at"))
    )
    return {
        "touches": [
            {
                "kind": touch.kind,
                "result": touch.result,
                "direction": touch.direction,
                "at": _iso(touch.at),
                "words": touch.words[:200],
                "minutes": touch.minutes,
                "campaign": touch.campaign.name if touch.campaign else "",
                "by": touch.by_id,
            }
            for touch in single
        ],
        "folded": [
            {"kind": row["kind"], "n": row["n"], "latest": _iso(row["latest"])}
            for row in sorted(folded, key=lambda row: row["latest"], reverse=True)
        ],
    }


def _consents(lead: Lead) -> list[dict]:
    rows = Consent.objects.filter(lead=lead).current()
    return [
        {
            "channel": row.channel,
            "granted": row.granted,
            "at": _iso(row.at),
            "evidence": row.evidence,
        }
        for row in rows
    ]


def _colleagues(lead: Lead) -> list[dict]:
    if lead.company_id is None:
        return []
    rows = (
        Lead.objects.filter(company=lead.company_id).exclude(pk=lead.pk).order_by("-last_touch_at")
    )
    return [
        {
            "lead": row.pk,
            "family_name": row.family_name,
            "given_name": row.given_name,
            "title": row.title,
            "stage": row.stage,
            "known_to": row.seller_id or row.marketer_id,
        }
        for row in rows[:COLLEAGUES_SHOWN]
    ]


def _deals(lead: Lead) -> list[dict]:
    """Deals with this person, and open ones with colleagues."""
    of = Q(lead=lead)
    if lead.company_id:
        of |= Q(lead__company=lead.company_id, state="open")
    rows = Deal.objects.filter(of).order_by("-opened_at")[:COLLEAGUES_SHOWN]
    return [
        {
            "deal": row.pk,
            "lead": row.lead_id,
            "state": row.state,
            "amount": row.amount,
            "owner": row.owner_id,
        }
        for row in rows
    ]


def _rounds(handoff: Handoff) -> list[dict]:
    """Earlier rounds of this leg: why the lead came back, and what the giver said to it."""
    rows = (
        Handoff.objects.filter(lead=handoff.lead_id, leg=handoff.leg, state=State.RETURNED)
        .exclude(pk=handoff.pk)
        .select_related("return_reason")
        .order_by("-closed_at")
    )
    return [
        {
            "handoff": row.pk,
            "round": row.round,
            "closed_at": _iso(row.closed_at),
            "reason": row.return_reason.code,
            "kind": row.return_kind,
            "note": row.return_note,
            "returned_by": row.returned_by_id,
            "acknowledgement": row.acknowledgement,
            "acknowledgement_note": row.acknowledgement_note,
        }
        for row in rows
    ]
