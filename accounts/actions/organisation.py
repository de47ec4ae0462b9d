"""The organisation itself."""

from zoneinfo import available_timezones

import holidays
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permissions import demand
from accounts.states import Side, TeamKind, side_of
from common.refusals import Malformed


@transaction.atomic
def edit_organisation(
    *, by: User | None, name: str, time_zone: str, country: str, fiscal_month: int
) -> Organisation:
    """Change the name and where we are at home. When people work stands in the calendars."""
    demand(by, "people.manage")
    refuse_place(time_zone, country)
    organisation = Organisation.objects.select_for_update().filter(pk=1).first() or Organisation()
    organisation.name, organisation.time_zone = name.strip(), time_zone
    organisation.country, organisation.fiscal_month = country, fiscal_month
    organisation.save()
    return organisation


@transaction.atomic
def name_heads(
    *, by: User | None, marketing_head: User | None, sales_head: User | None
) -> Organisation:
    """Say who signs the agreement for which side: a manager of a team of that side, or nobody yet."""
    demand(by, "people.manage")
    for side, head in ((Side.MARKETING, marketing_head), (Side.SALES, sales_head)):
        if head is not None and not heads(side).filter(pk=head.pk).exists():
            raise Malformed(
                _("%(name)s does not manage a team of this side.") % {"name": head.name},
                field=f"{side}_head",
            )
    organisation = Organisation.objects.select_for_update().filter(pk=1).first() or Organisation()
    organisation.marketing_head, organisation.sales_head = marketing_head, sales_head
    organisation.save()
    return organisation


def heads(side: Side) -> QuerySet[User]:
    """Who may be the head of `side`: the managers of its own teams."""
    kinds = [kind for kind in TeamKind if side_of(kind) == side]
    managers = User.objects.active().managers().filter(team__kind__in=kinds)
    return managers.filter(team__is_partner=False).select_related("team")


def refuse_place(time_zone: str, country: str) -> None:
    """Raises `Malformed` for a time zone or a country that is not known here."""
    if time_zone not in available_timezones():
        raise Malformed(_("There is no such time zone."), field="time_zone")
    if country and country not in holidays.list_supported_countries():
        raise Malformed(_("The holidays of this country are not known here."), field="country")
