"""The verbs of people and notices."""

from collections.abc import Iterable

from accounts.models import Notice, User
from accounts.notify import mail_notices
from common import now
from common.kick import kick


def tell(
    to: User | Iterable[User] | None, kind: str, *, by: User | None = None, lead=None, path="", at=None, **data
) -> list[Notice]:
    """Tell people of `kind`: inbox and mail, in the present transaction. Nobody is told of their own doing.

    `data` are ids and codes only; the sentence is made from `kind` when it is read.
    """
    people = [to] if isinstance(to, User) else list(to or ())
    at = at or now()
    rows = [
        Notice(
            to=person,
            kind=kind,
            by=by,
            lead_id=getattr(lead, "pk", lead),
            path=path,
            data=data,
            created_at=at,
            mail_due=person.notices_by_mail,
        )
        for person in {person.pk: person for person in people}.values()
        if person.is_active and person != by
    ]
    if rows:
        Notice.objects.bulk_create(rows)
        if any(row.mail_due for row in rows):
            kick(mail_notices, [row.pk for row in rows])
    return rows
