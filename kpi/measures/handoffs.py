"""What becomes of handoffs: accepted or returned, how fast contacted, how honest the score was."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handoff.states import State
from kpi.measures.figure import figure
from kpi.measures.measure import How, Measure
from kpi.measures.rooms import HANDOFFS
from kpi.measures.scope import Scope
from kpi.states import Unit

# The handoff was converted, and its lead won at or after the offer.
WON_AFTERWARDS = Q(state=State.CONVERTED, lead__won_at__gte=F("offered_at"))
_ANSWERED_THEN = _("Of the handoffs answered in the period.")


def _window(scope: Scope, moment: str) -> Q:
    """Cohort: handoffs of leads captured in the period. Activity: `moment` lies in it."""
    return scope.period.q("lead__captured_at" if scope.by_cohort else moment)


def answered(scope: Scope, how: How = How.RATIO, *, part: Q | None = None, where: Q | None = None):
    """Handoffs that got an answer: accepted or returned, whichever came first."""
    got_one = Q(answered_at__isnull=False) & (where or Q())
    window = _window(scope, "answered_at")
    return Measure(HANDOFFS, window, got_one, "answered_at", how, part=part, person="taker_id")


@figure(
    title=_("Acceptance rate"),
    means=_("Accepted handoffs ÷ handoffs that got an answer."),
    happened=_ANSWERED_THEN,
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Accepted"), pgettext_lazy("figures", "Returned at once")),
)
def acceptance_rate(scope: Scope) -> Measure:
    """Accepted handoffs ÷ handoffs that got an answer. Accepted and returned later counts as accepted."""
    return answered(scope, part=Q(accepted_at__isnull=False))


@figure(
    title=_("Return rate"),
    means=_("Returned handoffs ÷ handoffs that got an answer, before or after acceptance."),
    happened=_ANSWERED_THEN,
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Returned"), pgettext_lazy("figures", "Not returned")),
)
def return_rate(scope: Scope) -> Measure:
    """Returned ÷ answered, to date: of the handoffs that got their answer in the period."""
    return answered(scope, part=Q(state=State.RETURNED))


@figure(
    title=pgettext_lazy("figures", "Returned"),
    means=_("Handoffs that came back, of those that got an answer; each with its reason."),
    happened=_ANSWERED_THEN,
    unit=Unit.COUNT,
)
def returned(scope: Scope) -> Measure:
    """The returned of the answered handoffs: what the return rate counts above its line."""
    return answered(scope, How.COUNT, where=Q(state=State.RETURNED))


@figure(
    title=_("Speed to lead"),
    means=_("Median business time from the offer to the first attempt to contact."),
    happened=_("Of the first attempts in the period."),
    unit=Unit.MINUTES,
)
def speed_to_lead(scope: Scope) -> Measure:
    """Median business minutes offered → first contact attempted, of the attempts in the period."""
    attempted = Q(first_attempt_at__isnull=False, speed_minutes__isnull=False)
    return Measure(
        HANDOFFS,
        _window(scope, "first_attempt_at"),
        attempted,
        "first_attempt_at",
        How.MEDIAN,
        quantity=F("speed_minutes"),
        person="taker_id",
    )


@figure(
    title=_("Brief read"),
    means=_(
        "First contacts with the brief read before ÷ first contacts."
        " Only ever shown in sum, never by person."
    ),
    happened=_("Of the first contacts in the period."),
    unit=Unit.RATIO,
    shows_people=False,
)
def brief_read(scope: Scope) -> Measure:
    """First contacts with the brief read before ÷ first contacts."""
    contacted = Q(first_contact_at__isnull=False, contact_brief_read__isnull=False)
    return Measure(
        HANDOFFS,
        _window(scope, "first_contact_at"),
        contacted,
        "first_contact_at",
        How.RATIO,
        part=Q(contact_brief_read=True),
    )


# What the score promised is judged on the first leg: the one marketing offers by score.
_FIRST_LEG = Q(leg=0)


@figure(
    title=_("Score honesty: won"),
    means=_(
        "By fit and engagement at the offer: handoffs whose lead was won afterwards"
        " ÷ handoffs that got an answer, to date."
    ),
    happened=_ANSWERED_THEN,
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Won"), pgettext_lazy("figures", "Not won")),
)
def score_honesty(scope: Scope) -> Measure:
    """Win rate of answered first offers, per band of fit × engagement at the offer.

    Won: the handoff was converted and its lead won at or after the offer.
    """
    return answered(scope, part=WON_AFTERWARDS, where=_FIRST_LEG)


@figure(
    title=_("Score honesty: accepted"),
    means=_("By fit and engagement at the offer: accepted handoffs ÷ handoffs that got an answer."),
    happened=_ANSWERED_THEN,
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Accepted"), pgettext_lazy("figures", "Returned at once")),
)
def score_honesty_accepted(scope: Scope) -> Measure:
    """Acceptance rate of answered first offers, per band of fit × engagement at the offer."""
    return answered(scope, part=Q(accepted_at__isnull=False), where=_FIRST_LEG)
