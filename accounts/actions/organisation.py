"""The organisation itself."""

from datetime import time
from zoneinfo import available_timezones

import holidays
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permissions import demand
from common.refusals import Malformed

# In minutes. With next to no working hours a promise of some days would be due in decades.
SHORTEST_DAY = 60


@transaction.atomic
def edit_organisation(
    *,
    by: User | None,
    name: str,
    time_zone: str,
    country: str,
    opens_at: time,
    closes_at: time,
    fiscal_month: int,
) -> Organisation:
    """Change the name, and when everybody works. Promises already given keep their due moments."""
    demand(by, "people.manage")
    if time_zone not in available_timezones():
        raise Malformed(_("There is no such time zone."), field="time_zone")
    if country and country not in holidays.list_supported_countries():
        raise Malformed(_("The holidays of this country are not known here."), field="country")
    if opens_at >= closes_at:
        raise Malformed(_("Working hours must end after they begin."), field="closes_at")
    if _minutes(closes_at) - _minutes(opens_at) < SHORTEST_DAY:
        raise Malformed(_("A working day has at least one hour."), field="closes_at")
    organisation = Organisation.objects.select_for_update().filter(pk=1).first() or Organisation()
    organisation.name, organisation.time_zone, organisation.country = (
        name.strip(),
        time_zone,
        country,
    )
    organisation.opens_at, organisation.closes_at = opens_at, closes_at
    organisation.fiscal_month = fiscal_month
    organisation.save()
    return organisation


def _minutes(of_day: time) -> int:
    return of_day.hour * 60 + of_day.minute
