"""お客様待ち: having the clocks rest while the customer asked to wait, and go on again."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import page_now
from common.refusals import Malformed, Refusal
from common.web import go
from handoff import actions
from handoff.actions.clocks import terms_of
from handoff.actions.pauses import PAUSED
from handoff.actions.rests import rested_before
from handoff.forms import PauseForm
from handoff.models import Handoff
from handoff.permissions import demand
from handoff.views.replies import attempt, dialog, finished, posted, visible_handoff


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request, pk):
    handoff = visible_handoff(request, pk)
    form = PauseForm(posted(request))
    if request.method == "POST":
        if attempt(form, lambda **data: _pause(handoff, by=request.user, **data)):
            words = _("The clocks rest. They go on by themselves.")
            return finished(request, "handoff:detail", words, pk=pk)
    else:
        demand(request.user, "pause", handoff)
        if handoff.paused_until:
            raise Refusal(_("The clocks of this lead rest already."))
    return dialog(
        request,
        "handoff/pause_form.html",
        form,
        title=_("Waiting for the customer"),
        handoff=handoff,
        days=_days(handoff),
        **_allowed(handoff),
    )


def _pause(handoff: Handoff, *, by, reason: str, until: date, note: str) -> Handoff:
    """Until work begins on the day, where the team that owes it works."""
    try:
        moment = _opening(handoff, until)
    except (ValueError, OverflowError) as beyond:
        raise Malformed(_("Choose a day that can be reached."), field="until") from beyond
    return actions.pause_clocks(handoff, by=by, reason=reason, until=moment, note=note)


def _opening(handoff: Handoff, day: date) -> datetime:
    calendar = handoff.taker_team.business_calendar
    return calendar.add_minutes(datetime.combine(day, time(), calendar.tz), 0)


def _days(handoff: Handoff) -> list[tuple[str, date]]:
    """What customers usually say, as days on which the team works."""
    calendar = handoff.taker_team.business_calendar
    today = calendar.local_day(page_now())
    usual = [
        (_("Next working day"), 1),
        (_("In 3 days"), 3),
        (_("In 1 week"), 7),
        (_("In 2 weeks"), 14),
    ]
    return [
        (words, calendar.local_day(_opening(handoff, today + timedelta(days=n))))
        for words, n in usual
    ]


def _allowed(handoff: Handoff) -> dict:
    """What the agreement still allows: how often, and how many business minutes."""
    terms = terms_of(handoff.agreement_version)
    used = rested_before(handoff, PAUSED).values()
    often = max((one[0] for one in used), default=0)
    minutes = max((one[1] for one in used), default=0)
    return {
        "often_left": max(0, terms.pauses_at_most - often),
        "minutes_left": max(0, round(terms.pause_at_most - minutes)),
    }


@require_POST
def resumption(request, pk):
    """The customer is ready, or was heard of: the clocks go on."""
    handoff = actions.resume_clocks(visible_handoff(request, pk), by=request.user)
    return go(request, "handoff:detail", _("The clocks go on."), pk=handoff.pk)
