"""The managers' queue: qualified leads that wait for somebody to decide."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import demand
from common.clock import page_now
from common.keyset import page_by_key
from common.refusals import Malformed
from common.web import go
from handoff.actions import route_leads
from handoff.models import Handoff, QueuedLead
from handoff.permissions import can
from handoff.routing.words import people_of, queue_words
from leads.models import Lead
from leads.scoring import engagement_of

SIZE = 50
MOST_AT_ONCE = 200


@require_safe
def queue(request):
    demand(request.user, "routing.queue")
    rows = QueuedLead.objects.waiting().select_related("lead__company", "lead__team")
    page = page_by_key(rows, order="since", key=request.GET.get("after", ""), size=SIZE)
    people, at = people_of(row.data for row in page), page_now()
    for row in page:
        row.why = queue_words(row, people)
        row.engagement = engagement_of(row.lead.heat, at=at)
        row.may_offer = can(request.user, "offer", row.lead)
    context = {"page": page, "may_offer": any(row.may_offer for row in page)}
    return render(request, "handoff/routing/queue.html", context)


@require_POST
def routing(request):
    """Offer the chosen leads by the rules of now; what still finds nobody keeps its place."""
    demand(request.user, "routing.queue")
    ids = [int(one) for one in request.POST.getlist("lead") if one.isdecimal() and len(one) < 19]
    if not ids:
        raise Malformed(_("Choose the leads to offer first."))
    leads = Lead.objects.visible_to(request.user).filter(pk__in=ids[:MOST_AT_ONCE])
    answers = route_leads(leads.order_by("queued__since", "pk"), by=request.user)
    offered = sum(isinstance(answer, Handoff) for _lead, answer in answers)
    words = ngettext("%(n)s lead offered.", "%(n)s leads offered.", offered) % {"n": offered}
    if left := len(answers) - offered:
        still = ngettext("%(n)s still waits.", "%(n)s still wait.", left) % {"n": left}
        words = f"{words} {still}"
    return go(request, "handoff:queue", words)
