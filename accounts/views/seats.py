"""The seat of a partner team: what for, what it does not see, until when."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.seats import set_seat
from accounts.forms import SeatForm, attempt
from accounts.models import Seat, Team
from accounts.views.guard import administrators_only
from common.web import go


@require_http_methods(["GET", "POST"])
@administrators_only
def seat(request, pk):
    team = get_object_or_404(Team, pk=pk, is_partner=True)
    now_set = Seat.objects.filter(team=team).first() or Seat(team=team)
    initial = {name: getattr(now_set, name) for name in ("purpose", "masked", "ends_on")}
    form = SeatForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid() and attempt(form, set_seat, team, by=request.user):
        return go(request, "accounts:teams", _("Saved: %(name)s.") % {"name": team.name})
    content = {"form": form, "team": team, "title": _("Seat of %(name)s") % {"name": team.name}}
    return render(request, "accounts/seat.html", content, status=422 if form.errors else 200)
