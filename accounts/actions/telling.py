"""Telling people, and their reading it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Notice, User
from accounts.models.seats import seat_is_over
from accounts.notices import LETTERS
from accounts.notify import drain_outbox, mail_notices
from common import now
from common.kick import kick, kick_once


def tell(
    to: User | Iterable[User] | None,
    kind: str,
    *,
    by: User | None = None,
    lead=None,
    path: str = "",
    at=None,
    mail: bool | None = None,
    **data,
) -> list[Notice]:
    """Tell people of `kind`: inbox and mail, in the present transaction. Nobody is told of their own doing.

    `data` are ids and codes only; the sentence is made from `kind` when it is read. `mail` True
    goes out even to who wants no notices by mail, False to nobody.
    """
    return tell_many([News(kind, to, by=by, lead=lead, path=path, mail=mail, data=data)], at=at)


@dataclass(frozen=True)
class News:
    """What somebody is told, and who: arguments as of `tell`."""

    kind: str
    to: User | Iterable[User] | None
    by: User | None = None
    lead: object = None
    path: str = ""
    mail: bool | None = None
    data: dict = field(default_factory=dict)


def tell_many(news: Iterable[News], *, at=None) -> list[Notice]:
    """The set form of `tell`, for what the clock finds by the hundred: one insert for all of it."""
    at = at or now()
    rows = [row for one in news for row in _rows(one, at)]
    if rows:
        Notice.objects.bulk_create(rows)
        for kind in {row.kind for row in rows}:
            _mail([row for row in rows if row.mail_due and row.kind == kind], kind)
    return rows


def _rows(news: News, at) -> list[Notice]:
    people = [news.to] if isinstance(news.to, User) else list(news.to or ())
    return [
        Notice(
            to=person,
            kind=news.kind,
            by=news.by,
            lead_id=getattr(news.lead, "pk", news.lead),
            path=news.path,
            data=news.data,
            created_at=at,
            read_at=at if news.kind in LETTERS else None,
            mail_due=_is_mailed(person, news.kind, news.mail),
        )
        for person in {person.pk: person for person in people}.values()
        if person.is_active and person != news.by and not seat_is_over(person)
    ]


def _mail(due: list[Notice], kind: str) -> None:
    if due and kind in LETTERS:  # somebody waits for it: it does not queue up behind the news
        kick(mail_notices, [row.pk for row in due])
    elif due:
        kick_once(drain_outbox)


def _is_mailed(person: User, kind: str, mail: bool | None) -> bool:
    """Who has not come in yet gets letters only: the address may be mistyped, and news name leads."""
    if kind not in LETTERS and not person.has_usable_password():
        return False
    return person.notices_by_mail if mail is None else mail


def read_notice(notice: Notice, *, by: User) -> Notice:
    """Mark a notice of one's own as read; the first time counts."""
    if notice.to_id == by.pk and Notice.objects.filter(pk=notice.pk).unread().update(read_at=now()):
        notice.refresh_from_db(fields=["read_at"])
    return notice


def read_all_notices(*, by: User, up_to: int) -> int:
    """Mark one's notices as read, up to the newest that was shown: what came since stays unread."""
    return Notice.objects.filter(to=by, pk__lte=up_to).unread().update(read_at=now())
