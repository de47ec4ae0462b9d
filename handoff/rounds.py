"""Rounds: what is new about a lead since it came back on a leg."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from handoff.models import Handoff, ReturnCondition
from handoff.states import ConditionState, State
from leads.models import Consent, Fact, Interaction, Lead, LeadEvent, Question
from leads.scoring import engagement
from leads.states import TouchKind

TOUCHES_SHOWN = 6
# What our tools send by themselves is no news of the customer; what they do with it is.
SENT_BY_MACHINE = Q(kind=TouchKind.MAIL_SENT, by_machine=True)
# Kinds that come by the dozen: counted, not listed.
FOLDED = frozenset({TouchKind.VISIT, TouchKind.MAIL_OPENED, TouchKind.MAIL_CLICKED, TouchKind.AD})


def last_return(lead: Lead, leg: int) -> Handoff | None:
    """The handoff of this leg that came back last; the next one opens with what is new since."""
    rows = Handoff.objects.filter(lead=lead, leg=leg, state=State.RETURNED)
    return rows.select_related("return_reason", "returned_by").order_by("-closed_at").first()


def is_changed(returned: Handoff) -> bool:
    """Whether anything is new since `returned` came back. It decides whether a giver has to say why.

    New is: a touch (what a machine of ours sent does not count), a fact learnt, changed or
    forgotten, a question or its answer, a word on consent, an edit of the lead (name, role,
    company, ways to reach them), and that the condition of the return was met. Points alone are
    not: they fall by themselves and rise only by touches. Eight cheap queries at most.
    """
    return any(rows.exists() for rows in _news(returned))


def _news(returned: Handoff) -> list[QuerySet]:
    lead, since = {"lead": returned.lead_id}, returned.closed_at
    touches = Interaction.objects.filter(**lead, at__gt=since)
    return [
        touches.exclude(SENT_BY_MACHINE),
        Fact.objects.filter(Q(at__gt=since) | Q(superseded_at__gt=since), **lead),
        Question.objects.filter(Q(asked_at__gt=since) | Q(answered_at__gt=since), **lead),
        Consent.objects.filter(**lead, recorded_at__gt=since),
        LeadEvent.objects.filter(**lead, verb="lead.edit", at__gt=since),
        ReturnCondition.objects.filter(handoff=returned.pk, state=ConditionState.MET),
    ]


def difference(returned: Handoff, *, who: dict, at: datetime) -> dict:
    """Why `returned` came back and what is new since, as plain data for a brief to keep. Reads only.

    `who` is what the new brief says of the person and the company; it is held against the old one.
    """
    lead, since = returned.lead, returned.closed_at
    return {
        "handoff": returned.pk,
        "round": returned.round,
        "since": since.isoformat(),
        "reason": returned.return_reason.code,
        "kind": returned.return_kind,
        "note": returned.return_note,
        "returned_by": returned.returned_by_id,
        "acknowledgement": returned.acknowledgement,
        "acknowledgement_note": returned.acknowledgement_note,
        "acknowledged_by": returned.acknowledged_by_id,
        "condition": _condition(returned),
        **_touches(lead, since),
        "facts": _facts(lead, since),
        "questions": _questions(lead, since),
        "consents": _consents(lead, since),
        "who": _who(returned, who),
        "fit": [returned.fit, lead.fit],
        "engagement": [round(returned.engagement), round(engagement(lead, at=at))],
    }


def _condition(returned: Handoff) -> dict | None:
    kept = ReturnCondition.objects.filter(handoff=returned.pk).first()
    return kept and {
        "kind": kept.kind,
        "field": kept.field,
        "label": kept.label,
        "touch_kind": kept.touch_kind,
        "touch_result": kept.touch_result,
        "on": kept.on.isoformat() if kept.on else None,
        "words": kept.words,
        "state": kept.state,
        "settled_at": kept.settled_at.isoformat() if kept.settled_at else None,
    }


def _touches(lead: Lead, since: datetime) -> dict:
    new = Interaction.objects.filter(lead=lead, at__gt=since).exclude(SENT_BY_MACHINE)
    listed = new.exclude(kind__in=FOLDED).select_related("campaign").newest_first()
    counted = new.filter(kind__in=FOLDED).order_by().values("kind")
    return {
        "touches": [
            {
                "kind": touch.kind,
                "result": touch.result,
                "at": touch.at.isoformat(),
                "words": touch.words[:200],
                "minutes": touch.minutes,
                "campaign": touch.campaign.name if touch.campaign else "",
                "by": touch.by_id,
            }
            for touch in listed[:TOUCHES_SHOWN]
        ],
        "more_touches": max(0, listed.count() - TOUCHES_SHOWN),
        "folded": [
            {"kind": row["kind"], "n": row["n"], "latest": row["latest"].isoformat()}
            for row in counted.annotate(n=Count("pk"), latest=Max("at")).order_by("-latest")
        ],
    }


def _facts(lead: Lead, since: datetime) -> list[dict]:
    """What was heard, changed or forgotten: the answer as it stood at the return, and as it is now."""
    rows = Fact.objects.filter(Q(at__gt=since) | Q(superseded_at__gt=since), lead=lead)
    found: dict[tuple[str, str], dict] = {}
    for fact in rows.order_by("at", "pk"):
        one = found.setdefault(
            (fact.field, fact.label),
            {"field": fact.field, "label": fact.label, "old": "", "new": "", "at": "", "by": None},
        )
        if fact.at <= since:
            one["old"] = fact.value
        if fact.superseded_at is None:
            one["new"] = fact.value
        latest = fact.superseded_at if fact.at <= since else fact.at
        one |= {"at": latest.isoformat(), "by": fact.by_id if fact.at > since else one["by"]}
    return [one for one in found.values() if one["old"] != one["new"]]


def _questions(lead: Lead, since: datetime) -> list[dict]:
    rows = Question.objects.filter(lead=lead, answered_at__gt=since).order_by("answered_at")
    return [
        {
            "text": row.text,
            "answer": row.answer,
            "at": row.answered_at.isoformat(),
            "by": row.answered_by_id,
        }
        for row in rows
    ]


def _consents(lead: Lead, since: datetime) -> list[dict]:
    """Channels whose latest word is new."""
    rows = Consent.objects.filter(lead=lead).current()
    return [
        {"channel": row.channel, "granted": row.granted, "at": row.at.isoformat()}
        for row in rows
        if row.recorded_at > since
    ]


def _who(returned: Handoff, now_: dict) -> list[dict]:
    """What the brief of the last round said otherwise of the person and the company."""
    brief = getattr(returned, "brief", None)
    then = brief.content.get("who", {}) if brief else {}
    return [
        {"field": name, "old": then[name], "new": value}
        for name, value in now_.items()
        if name != "fit" and name in then and then[name] != value
    ]
