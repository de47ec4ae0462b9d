"""One-time links that prove who somebody is: invitations and new passwords."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

INVITATION_LASTS = timedelta(days=7)
_SALT = "accounts.invitation"


def invitation_url(person: User) -> str:
    """The absolute address where `person` chooses a first password.

    It works until they have, until another invitation is sent or the address changes, and for a
    week at most. Nothing of it is stored.
    """
    token = signing.dumps([person.pk, _fingerprint(person)], salt=_SALT)
    return settings.SITE_URL + reverse("accounts:invitation", args=[token])


def invited_by(token: str) -> User | None:
    """The person an invitation link was made for, or None if it does not work any more."""
    try:
        pk, fingerprint = signing.loads(token, salt=_SALT, max_age=INVITATION_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.active().with_team().filter(pk=pk).first()
    if person is None or not constant_time_compare(fingerprint, _fingerprint(person)):
        return None
    return person


def reset_url(person: User) -> str:
    """The absolute address where `person` chooses a new password: once, within three days."""
    key = default_token_generator.make_token(person)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": key},
    )
    return settings.SITE_URL + path


def _fingerprint(person: User) -> str:
    invited = person.invited_at.isoformat() if person.invited_at else ""
    return salted_hmac(_SALT, f"{person.password}:{person.email}:{invited}").hexdigest()
