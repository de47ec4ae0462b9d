"""Offering one lead or many."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import WorkingCalendar
from common.clock import page_now
from common.formats import local_day
from common.refusals import Malformed, Refusal
from common.web import changed, is_htmx
from handoff import actions
from handoff.actions.clocks import agreement_in_force
from handoff.forms import OfferForm
from handoff.models import Handoff
from handoff.permissions import demand
from handoff.rounds import is_changed, last_return
from handoff.views.days import days_off
from handoff.views.difference_page import difference_now
from handoff.views.offer_items import nine_items, rows_of
from handoff.views.offer_lanes import lanes_for, say_who_is_away
from handoff.views.offer_routes import expected_routes, in_refusals, may_route, route_now
from handoff.views.replies import attempt, dialog, finished
from leads.models import Lead
from leads.scoring import explain
from leads.states import Stage

MOST_AT_ONCE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def offer_new(request):
    """The dialog for the leads named by `lead`; a POST without `offer` comes from a list of leads."""
    leads = _leads(request)
    lanes = lanes_for(request.user, leads)
    sent = request.method == "POST" and "offer" in request.POST
    again = len(leads) == 1 and _was_returned(leads[0])
    form = OfferForm(
        request.POST if sent else None,
        lanes=lanes,
        many=len(leads) > 1,
        again=bool(again) and not is_changed(again),
        by_rules=may_route(leads),
        initial=_initial(again),
    )
    if sent and (answer := attempt(form, lambda **_data: _offer(request.user, leads, form))):
        return _answered(request, answer)
    if not sent:
        _refuse_early(request.user, leads, lanes)
    return dialog(request, "handoff/offer_form.html", form, **_context(leads, lanes, again, form))


def _leads(request) -> list[Lead]:
    ids = (request.POST if request.method == "POST" else request.GET).getlist("lead")
    if not ids:
        raise Malformed(_("Choose the leads to offer first."))
    if len(ids) > MOST_AT_ONCE:
        words = _("At most %(n)s leads can be offered at once.")
        raise Malformed(words % {"n": MOST_AT_ONCE})
    if not all(one.isdecimal() and len(one) < 19 for one in ids):
        raise Malformed(_("Choose the leads to offer first."))
    found = Lead.objects.visible_to(request.user).filter(pk__in={int(one) for one in ids})
    leads = list(found.select_related("company", "team", "campaign").order_by("-heat", "pk"))
    if not leads:
        raise Http404
    return leads


def _was_returned(lead) -> Handoff | None:
    """The last return on the leg the lead would be offered on now."""
    leg = 0
    if lead.stage == Stage.SAL:
        held = Handoff.objects.accepted().filter(lead=lead).order_by("-leg").first()
        leg = held.leg + 1 if held else 0
    returned = last_return(lead, leg)
    if returned:
        returned.lead = lead
    return returned


def _initial(again):
    return {"next_step": again.next_step} if again else {}


def _refuse_early(user, leads, lanes):
    """One lead that cannot be offered is refused before anything is typed."""
    if len(leads) == 1:
        demand(user, "offer", leads[0])
        if Handoff.objects.waiting().filter(lead=leads[0]).exists():
            raise Refusal(_("This lead is already offered and waits for an answer."))
    if not lanes:
        words = _("Only a qualified lead can be offered; this one is at “%(stage)s”.")
        raise Refusal(words % {"stage": leads[0].get_stage_display()})


def _offer(user, leads, form):
    """[(lead, its handoff or the refusal)]; a single refusal is raised, so that it stands in the form."""
    data = form.cleaned_data
    if form.by_rules:
        words = ("note", "why_now", "next_step", "unchanged_because")
        return route_now(user, leads, {name: data[name] for name in words if name in data})
    if len(leads) > 1:
        common = {"by": user, "lane": data["lane"], "taker": form.person, "note": data["note"]}
        return actions.offer_leads(leads, **common)
    handoff = actions.offer_lead(
        leads[0],
        by=user,
        lane=data["lane"],
        taker=form.person,
        note=data["note"],
        why_now=data["why_now"],
        next_step=data["next_step"],
        unchanged_because=data.get("unchanged_because", ""),
    )
    return [(leads[0], handoff)]


def _answered(request, answers):
    refused = [(lead, why) for lead, why in in_refusals(answers) if isinstance(why, Refusal)]
    offered = len(answers) - len(refused)
    words = ngettext("%(n)s lead offered.", "%(n)s leads offered.", offered) % {"n": offered}
    if not refused:
        to = answers[0][1]
        if len(answers) == 1:
            return finished(request, "handoff:detail", words, pk=to.pk)
        return finished(request, "handoff:list", words)
    context = {"title": words, "refused": refused, "offered": offered}
    response = render(request, "handoff/offer_result.html", context)
    return changed(response, "bulk-clear", "handoffs") if is_htmx(request) else response


def _context(leads, lanes, again, form):
    moment = page_now()
    agreement = agreement_in_force()
    terms = agreement.terms
    nine = nine_items(leads[0], form) if len(leads) == 1 else []
    # The first lane is the usual one: whoever takes there, their hours count.
    calendar = lanes[0][1].business_calendar if lanes else WorkingCalendar.default()
    due = calendar.add_minutes(moment, terms.accept_within)
    today, last = local_day(moment), local_day(due)
    say_who_is_away(lanes, today, last)
    return {
        "title": _title(leads),
        "leads": rows_of(leads, moment),
        "lanes": lanes,
        "again": again,
        "routes": expected_routes(leads, moment) if may_route(leads) else [],
        "difference": difference_now(again) if again else None,
        "nine": nine,
        "lacks": [item for item in nine if item.required and not item.done],
        "version": agreement.version,
        "signals": _signals(leads, moment),
        "terms": terms,
        "moment": moment,
        "today": today,
        "due": due,
        "holidays": days_off(today, last, calendar),
    }


def _title(leads):
    if len(leads) == 1:
        return _("Offer a lead")
    return ngettext("Offer %(n)s lead", "Offer %(n)s leads", len(leads)) % {"n": len(leads)}


def _signals(leads, moment):
    """Why one lead is warm: what the brief shows where the giver writes nothing."""
    if len(leads) > 1:
        return []
    return [part for part in explain(leads[0], at=moment).engagement_parts if part.points >= 1][:3]
