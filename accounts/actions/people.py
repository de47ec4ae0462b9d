"""Letting people in, changing what they are, and closing accounts."""

from contextlib import contextmanager

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.telling import tell
from accounts.models import Team, User
from accounts.permissions import demand
from accounts.states import Language, Role
from common import now
from common.refusals import Malformed, Refusal


@transaction.atomic
def invite_person(
    *,
    by: User | None,
    email: str,
    family_name: str,
    given_name: str = "",
    role: str = Role.MEMBER,
    team: Team | None = None,
    language: str = Language.JAPANESE,
) -> User:
    """Let a person in: they get a link by mail, with which they choose a password.

    Raises `Malformed` (with the field) for an address that is taken or not one, and for a role
    that does not go with the team.
    """
    demand(by, "people.manage")
    email = _free_address(email)
    _refuse_place(role, team)
    person = _create(
        email=email,
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        role=role,
        team=team,
        language=language,
        time_zone=by.time_zone if by else User._meta.get_field("time_zone").default,
        invited_at=now(),
    )
    tell(person, "account.invited", by=by, mail=True)
    return person


@transaction.atomic
def resend_invitation(person: User, *, by: User | None) -> User:
    """Send the invitation once more; links sent before stop working."""
    demand(by, "people.manage")
    person = _lock(person)
    if not person.is_active:
        raise Refusal(_("This account is closed. Open it again first."))
    if person.has_usable_password():
        raise Refusal(_("%(name)s has already chosen a password.") % {"name": person.name})
    return _invite_again(person, by=by)


def _invite_again(person: User, *, by: User | None) -> User:
    person.invited_at = now()
    person.save(update_fields=["invited_at"])
    tell(person, "account.invited", by=by, mail=True)
    return person


@transaction.atomic
def choose_password(person: User, *, password: str) -> User:
    """What an invited person does with their link. Once: afterwards the link is dead.

    Raises `Refusal` when it is too late. The password is judged by the form.
    """
    person = _lock(person)
    if not person.awaits_invitation:
        raise Refusal(_("This link does not work any more."))
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


@transaction.atomic
def edit_person(
    person: User,
    *,
    by: User | None,
    email: str,
    family_name: str,
    given_name: str = "",
    role: str,
    team: Team | None,
    language: str | None = None,
) -> User:
    """Change who a person is here. A changed role ends their sessions; a changed address, old links.

    Refused for the last active administrator to become something else.
    """
    demand(by, "people.manage")
    person = _lock(person)
    if email.strip().lower() != person.email:
        person.email = _free_address(email, but=person)
        # The library keeps addresses of its own, by which the old one would still sign in.
        EmailAddress.objects.filter(user=person).delete()
    if role != person.role or team != person.team:
        _refuse_place(role, team)
    if person.is_administrator and role != Role.ADMINISTRATOR:
        _refuse_last_administrator(person)
    moved = (role, team) != (person.role, person.team)
    person.family_name, person.given_name = family_name.strip(), given_name.strip()
    person.role, person.team, person.language = role, team, language or person.language
    columns = ["email", "family_name", "given_name", "role", "team", "language"]
    with _address_may_be_taken():
        person.save(update_fields=columns)
    if moved:
        tell(person, "account.changed", by=by, path="/profile/")
    return person


@transaction.atomic
def deactivate_person(person: User, *, by: User | None) -> User:
    """Close an account: the person is signed out everywhere and can be offered nothing more.

    What they hold stays with their team, whose manager gives it to others. Never the last
    administrator, never oneself.
    """
    demand(by, "people.manage")
    person = _lock(person)
    if not person.is_active:
        return person
    if by is not None and by.pk == person.pk:
        raise Refusal(_("You cannot close your own account. Another administrator can."))
    if person.is_administrator:
        _refuse_last_administrator(person)
    person.is_active = False
    person.sessions_number += 1
    person.save(update_fields=["is_active", "sessions_number"])
    return person


@transaction.atomic
def reactivate_person(person: User, *, by: User | None) -> User:
    """Open a closed account again; who never chose a password is invited."""
    demand(by, "people.manage")
    person = _lock(person)
    if person.is_active:
        return person
    _refuse_place(person.role, person.team)
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person if person.has_usable_password() else _invite_again(person, by=by)


@transaction.atomic
def create_administrator(
    *,
    email: str,
    family_name: str,
    given_name: str = "",
    password: str | None = None,
    language: str,
) -> User:
    """The first administrator, or another one, by the command line. Without a password: by a link."""
    return _create(
        email=_free_address(email),
        password=password,
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        role=Role.ADMINISTRATOR,
        language=language,
        invited_at=None if password else now(),
    )


def _create(**fields) -> User:
    with _address_may_be_taken():
        return User.objects.create_user(**fields)


@contextmanager
def _address_may_be_taken():
    """Somebody may have been a moment faster with the same address."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as taken:
        raise Malformed(_("Somebody signs in with this address."), field="email") from taken


def _lock(person: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("team").get(pk=person.pk)


def _free_address(email: str, *, but: User | None = None) -> str:
    """`email` as it is stored, if nobody else has it. Raises `Malformed`."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Malformed(_("This is not an e-mail address."), field="email") from wrong
    taken = User.objects.filter(email=email).exclude(pk=but.pk if but else None).first()
    if taken is not None and taken.is_active:
        raise Malformed(
            _("%(name)s signs in with this address.") % {"name": taken.name}, field="email"
        )
    if taken is not None:
        raise Malformed(
            _("%(name)s has a closed account with this address. Open that one again.")
            % {"name": taken.name},
            field="email",
        )
    return email


def _refuse_place(role: str, team: Team | None) -> None:
    """Raises `Malformed` for a role that does not go with the team."""
    if team is None:
        if role != Role.ADMINISTRATOR:
            raise Malformed(_("Everybody but an administrator belongs to a team."), field="team")
        return
    if not team.is_active:
        raise Malformed(_("This team is retired."), field="team")
    if (role == Role.PARTNER) != team.is_partner:
        raise Malformed(
            _("People of an outside partner have the role Partner, and nobody else."), field="role"
        )


def _refuse_last_administrator(person: User) -> None:
    # All of them are locked in one order: two administrators cannot remove each other at once.
    others = User.objects.active().administrators().order_by("pk").select_for_update(of=("self",))
    if not [one for one in others if one.pk != person.pk and one.has_usable_password()]:
        raise Refusal(
            _("Somebody must be able to administer. Make another person administrator first.")
        )
