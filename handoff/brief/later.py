"""What came after a brief was frozen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

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
        touches=list(
            Interaction.objects.filter(lead=handoff.lead_id, at__gt=since)
            .select_related("by", "campaign")
            .newest_first()[:20]
        ),
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
