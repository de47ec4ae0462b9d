"""The terms on which a partner works here."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Seat, Team, User
from accounts.models.seats import today
from accounts.permissions import demand
from accounts.states import Maskable
from common.refusals import Malformed, Refusal


@transaction.atomic
def set_seat(
    team: Team, *, by: User | None, purpose: str, masked: list[str], ends_on: date | None
) -> Seat:
    """What a partner team is here for, what it does not see, and its last day. It holds at once: on
    the day after the last one they are signed out and cannot come in.

    Raises `Malformed` for a last day that is over already, and for what cannot be hidden.
    """
    demand(by, "people.manage")
    team = Team.objects.select_for_update().get(pk=team.pk)
    if not team.is_partner:
        raise Refusal(_("Only an outside partner has a seat."))
    seat = Seat.objects.filter(team=team).first() or Seat(team=team)
    unknown = set(masked) - set(Maskable.values)
    if unknown:
        raise Malformed(_("This cannot be hidden."), field="masked")
    if ends_on and ends_on != seat.ends_on and ends_on < today():
        raise Malformed(_("This day is over. The last day is today or later."), field="ends_on")
    seat.purpose, seat.ends_on = purpose.strip(), ends_on
    seat.masked = [code for code in Maskable.values if code in masked]
    seat.save()
    return seat
