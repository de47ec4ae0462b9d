"""What people decide about themselves."""

from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand
from common.refusals import Malformed

FIELDS = (
    "family_name",
    "given_name",
    "language",
    "time_zone",
    "theme",
    "single_keys",
    "notices_by_mail",
)


@transaction.atomic
def edit_profile(person: User, *, by: User, **changes) -> User:
    """Change one's own name, language, time zone, theme, shortcuts, mails: what FIELDS names, and only that."""
    demand(by, "profile.edit", own=person.pk == by.pk)
    unknown = changes.keys() - set(FIELDS)
    if unknown:
        raise ValueError(f"Not of a profile: {sorted(unknown)}")
    if changes.get("time_zone", person.time_zone) not in available_timezones():
        raise Malformed(_("There is no such time zone."), field="time_zone")
    for name, value in changes.items():
        setattr(person, name, value.strip() if isinstance(value, str) else value)
    person.save(update_fields=list(changes))
    return person


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User) -> User:
    """End all sessions of oneself. The caller keeps the present one by `update_session_auth_hash`."""
    demand(by, "profile.edit", own=person.pk == by.pk)
    person = User.objects.select_for_update(of=("self",)).select_related("team").get(pk=person.pk)
    person.sessions_number += 1
    person.save(update_fields=["sessions_number"])
    return person
