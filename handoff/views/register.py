"""The seat of a partner: the register of what was entrusted to it, and handing everything back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Seat, Team
from accounts.models.seats import today
from accounts.permissions import can as allowed
from common import formats, jobs, now
from common.clock import page_now
from common.csvs import csv_response, in_portions
from common.dialogs import attempt, posted, show_form
from common.keyset import page_by_key
from common.models import Job
from common.refusals import NotAllowed
from common.web import go, is_htmx
from handoff.actions.handing_back import KIND, hand_back_all, held_by
from handoff.forms import HandBackForm
from handoff.models import Entrustment
from handoff.permissions import may_hand_back, may_see_seat
from handoff.statements import Month

SIZE = 50
MONTHS = 12
# So many leads are handed back while the page waits; more of them by a worker.
AT_ONCE = 25


def seen_team(request: HttpRequest, pk: int) -> Team:
    """The partner team: 404 for other partners, 403 for those of us to whom it is not open."""
    team = get_object_or_404(Team.objects.select_related("seat"), pk=pk, is_partner=True)
    if not may_see_seat(request.user, team):
        raise Http404 if request.user.is_partner else NotAllowed
    return team


@require_safe
def seats(request):
    """The partners there are; for a partner, their own seat."""
    user = request.user
    if user.is_partner:
        return redirect("handoff:seat", user.team_id)
    if not allowed(user, "seat.view"):
        raise NotAllowed
    teams = Team.objects.filter(is_partner=True).select_related("seat").in_flow_order()
    rows = [(team, seat_of(team), held_by(team).count()) for team in teams]
    return render(request, "handoff/seats.html", {"rows": rows, "today": today()})


def seat_of(team: Team) -> Seat:
    """The seat of `team`, or an empty one where nobody has said anything yet."""
    return getattr(team, "seat", None) or Seat(team=team)


@require_safe
def seat(request, pk):
    """The terms of the seat, what it holds, its months; for us the register below."""
    team = seen_team(request, pk)
    this = Month.of(page_now())
    held = held_by(team).count()
    context = {
        "team": team,
        "seat": seat_of(team),
        "today": today(),
        "held": held,
        "months": [this.shifted(-n) for n in range(MONTHS)],
        "may_hand_back": held and may_hand_back(request.user, team),
        "may_export": allowed(request.user, "seat.export"),
        "running": Job.objects.open().filter(kind=KIND, payload__team=team.pk).first(),
    }
    if not request.user.is_partner:
        key = request.GET.get("after", "")
        context["page"] = page_by_key(_register(team), order="-begun_at", key=key, size=SIZE)
    return render(request, "handoff/seat.html", context)


def _register(team: Team):
    return Entrustment.objects.filter(team=team).select_related(
        "lead__company", "handoff__lane", "begun_by__team", "ended_by__team"
    )


@require_safe
def register_file(request, pk):
    """The register as a file, for those who may take rows out."""
    team = seen_team(request, pk)
    if not allowed(request.user, "seat.export"):
        raise NotAllowed
    heading = (
        _("Lead"), _("Entrusted at"), _("By"), _("Why"), _("Lane"), _("Agreement"),
        _("Until"), _("Ended by"),
    )  # fmt: skip
    rows = [_cells(row) for row in _register(team).order_by("-begun_at", "-pk").iterator()]
    return csv_response(in_portions(heading, rows), f"register-{team.pk}-{today():%Y%m%d}.csv")


def _cells(row: Entrustment) -> tuple:
    handoff = row.handoff
    return (
        row.lead.label,
        row.begun_at,
        row.begun_by.name if row.begun_by else "",
        row.why,
        str(handoff.lane) if handoff else "",
        handoff.agreement_version if handoff else "",
        row.ended_at,
        row.ended_by.name if row.ended_by else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def handing_back(request, pk):
    """Everything at once: a press, and a sentence that says how much it is."""
    team = seen_team(request, pk)
    if not may_hand_back(request.user, team):
        raise NotAllowed
    held = held_by(team).count()
    form = HandBackForm(posted(request))
    if form.is_bound and form.is_valid():
        few = held <= AT_ONCE
        job = attempt(
            form, hand_back_all, team, by=request.user, why=form.cleaned_data["why"], here=few
        )
        if job is not None:
            return _handed_back(request, team, jobs.run_here(job) if few else job)
    title = ngettext(
        "Hand back the %(n)s lead of %(team)s?", "Hand back all %(n)s leads of %(team)s?", held
    ) % {"n": formats.number(held), "team": team.name}
    return show_form(
        request, "handoff/hand_back_form.html", form, title=title, team=team, held=held
    )


def _handed_back(request: HttpRequest, team: Team, job: Job) -> HttpResponse:
    if job.is_open:
        return go(request, reverse("handoff:seat_job", args=[team.pk, job.pk]))
    words = ngettext("%(n)s lead is handed back.", "%(n)s leads are handed back.", job.done)
    return go(request, reverse("handoff:seat", args=[team.pk]), words % {"n": job.done})


@require_safe
def handing_back_job(request, pk, job_pk):
    """How far it is; when it is done, the seat again."""
    team = seen_team(request, pk)
    job = get_object_or_404(Job, pk=job_pk, kind=KIND, payload__team=team.pk)
    back = reverse("handoff:seat", args=[team.pk])
    if not job.is_open and not job.error:
        return HttpResponseClientRedirect(back) if is_htmx(request) else redirect(back)
    context = {
        "team": team,
        "job": job,
        "url": request.path,
        "left": jobs.seconds_left(job, at=now()),
    }
    template = "_job.html" if is_htmx(request) else "handoff/seat_job.html"
    return render(request, template, context)
