"""Absences: one's own, and those a manager enters for their team."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.telling import tell
from accounts.models import Absence, User
from accounts.permissions import demand
from common import now
from common.formats import day
from common.refusals import Malformed, Refusal

# Days. Longer than any leave: a slip of the keyboard.
LONGEST = 3 * 366


def day_of(person: User) -> date:
    """Today where `person` works: in the time zone of their team's calendar."""
    return person.business_calendar.local_day(now())


@transaction.atomic
def add_absence(
    person: User,
    *,
    by: User | None,
    first_day: date,
    last_day: date,
    stand_in: User | None = None,
) -> Absence:
    """Say that `person` is away, both days included. Nothing is routed to them meanwhile.

    Raises `Malformed` for days that end before they begin or are over, for a stand-in of another
    team; `Refusal` where they are said to be away already. The same again changes nothing.
    """
    demand_absence(by, person)
    person = User.objects.select_for_update(of=("self",)).select_related("team").get(pk=person.pk)
    same = {"first_day": first_day, "last_day": last_day, "stand_in": stand_in}
    if known := person.absences.filter(**same).first():
        return known
    _refuse_days(person, first_day, last_day)
    _refuse_stand_in(person, stand_in, first_day, last_day)
    absence = Absence.objects.create(person=person, **same)
    if stand_in:
        days = f"{first_day.isoformat()}/{last_day.isoformat()}"
        tell(stand_in, "absence.stand_in", by=by, path="/profile/", person=person.pk, days=days)
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: User | None) -> None:
    """They are not away after all. What lies in the past is kept: an absence that has begun ends yesterday."""
    demand_absence(by, absence.person)
    rows = Absence.objects.select_for_update(of=("self",)).select_related("person__team")
    absence = rows.get(pk=absence.pk)
    today = day_of(absence.person)
    if absence.last_day < today:
        raise Refusal(_("This absence is over."))
    if absence.first_day >= today:
        absence.delete()
        return
    absence.last_day = today - timedelta(days=1)
    absence.save(update_fields=["last_day"])


def demand_absence(by: User | None, person: User) -> None:
    """Raises `NotAllowed` unless it is oneself, somebody of the team one manages, or the administrator."""
    demand(
        by, "absence.edit", own=by is not None and by.pk == person.pk, accountable=person.team_id
    )


def _refuse_days(person: User, first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Malformed(_("The last day comes before the first one."), field="last_day")
    if last_day < day_of(person):
        raise Malformed(_("These days are over."), field="last_day")
    if (last_day - first_day).days > LONGEST:
        raise Malformed(
            _("Nobody is away for so long. Close the account instead."), field="last_day"
        )
    if other := person.absences.overlapping(first_day, last_day).first():
        raise Refusal(
            _("%(name)s is already away from %(first)s to %(last)s.")
            % {
                "name": person.name,
                "first": day(other.first_day),
                "last": day(other.last_day),
            }
        )


def _refuse_stand_in(person: User, stand_in: User | None, first_day: date, last_day: date) -> None:
    if stand_in is None:
        return
    if stand_in.pk == person.pk or stand_in.team_id != person.team_id or not stand_in.is_active:
        raise Malformed(_("Choose somebody else of the same team."), field="stand_in")
    if stand_in.absences.overlapping(first_day, last_day).exists():
        raise Malformed(
            _("%(name)s is away in these days too.") % {"name": stand_in.name}, field="stand_in"
        )
