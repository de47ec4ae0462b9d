"""People who are only known by what an imported file calls them."""

import hashlib

from accounts.models import Team, User

ADDRESS = "@imported.invalid"


def stand_in(name: str, *, team: Team) -> User:
    """An inactive member called `name`, not yet saved: owns history, can never sign in or be told anything.

    The address cannot exist: `.invalid` is kept free for that.
    """
    mark = hashlib.sha256(name.casefold().encode()).hexdigest()[:16]
    person = User(
        email=mark + ADDRESS,
        family_name=name[:60],
        external_name=name[:100],
        team=team,
        is_active=False,
        notices_by_mail=False,
    )
    person.set_unusable_password()
    return person


def is_stand_in(person: User) -> bool:
    """Whether the person is only known from a file."""
    return person.email.endswith(ADDRESS)


def save_stand_ins(people: list[User]) -> None:
    """Save stand-ins that are new, and the teams of the others, all at once."""
    User.objects.bulk_create([person for person in people if person.pk is None])
    User.objects.bulk_update([person for person in people if person.pk], ["team"])
