"""Seats of partners that end: who is told, and when."""

from datetime import timedelta

from django.db import transaction

from accounts.actions import tell
from accounts.models import Notice, Seat, User
from accounts.models.seats import today
from handoff.actions.handing_back import held_by

WEEK = timedelta(days=7)


@transaction.atomic
def tell_of_ending_seats() -> int:
    """Tell our managers, the administrators and the partner a week before a seat ends and on its
    last day, and ours once it is over while leads are still there. Each once a day at most."""
    day = today()
    seats = Seat.objects.select_related("team").select_for_update(of=("self",))
    told = 0
    for seat in seats.filter(team__is_active=True, ends_on__in=(day, day + WEEK)):
        ends_today = {"today": True} if seat.ends_on == day else {"in_days": WEEK.days}
        told += _tell_once(seat, "seat.ending", [*_ours(), *_theirs(seat)], **ends_today)
    for seat in seats.filter(team__is_active=True).over(on=day):
        if held_by(seat.team).exists():
            told += _tell_once(seat, "seat.ended", _ours())
    return told


def _tell_once(seat: Seat, kind: str, to: list[User], **data) -> bool:
    """Not twice for one last day: the task may run twice, and a seat that is over stays so."""
    data |= {"seat": seat.team_id, "last_day": seat.ends_on.isoformat()}
    # Named by whom they are for: the index of the inbox finds them among everybody's notices.
    if Notice.objects.filter(to__in=to, kind=kind, data__contains=data).exists():
        return False
    tell(to, kind, path=f"/handoffs/seats/{seat.team_id}/", **data)
    return True


def _ours() -> list[User]:
    people = User.objects.active()
    return [*people.managers(), *people.administrators()]


def _theirs(seat: Seat) -> list[User]:
    return list(User.objects.active().in_team(seat.team_id))
