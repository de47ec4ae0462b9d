"""What came after a brief was frozen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models.sight import hidden
from handoff.models import Handoff
from leads.models import Fact, Interaction, Question


@dataclass(frozen=True)
class Later:
    """What came after the brief was frozen."""

    touches: list[Interaction]
    facts: list[Fact]
    questions: list[Question]

    def __bool__(self):
        return bool(self.touches or self.facts or self.questions)


def later(handoff: Handoff, *, since: datetime) -> Later:
    """Touches, facts and questions (asked or answered) after the moment `since`. Three queries."""
    return Later(
        touches=_touches(handoff, since),
        facts=list(
            Fact.objects.current()
            .filter(lead=handoff.lead_id, at__gt=since)
            .select_related("by")
            .order_by("-at")
        ),
        questions=list(
            Question.objects.filter(lead=handoff.lead_id)
            .filter(Q(asked_at__gt=since) | Q(answered_at__gt=since))
            .select_related("answered_by")
            .order_by("-asked_at")
        ),
    )


def _touches(handoff: Handoff, since: datetime) -> list[Interaction]:
    rows = Interaction.objects.filter(lead=handoff.lead_id, at__gt=since)
    touches = list(rows.select_related("by", "campaign").newest_first()[:20])
    if codes := hidden():
        for touch in touches:
            touch.hide_source(codes, handoff.lead.captured_at)
    return touches
