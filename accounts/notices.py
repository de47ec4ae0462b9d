"""What people are told, as data: for each kind of notice its icon and its sentences.

A notice is written in the transaction of a verb and holds ids and codes only. The sentence is made
when it is read, in the reader's language. What an id is called is known further up: those apps
give a namer for it when they start.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, User
from accounts.models.sight import seen_by
from common import formats

Words = str | Promise
Namer = Callable[[User, set], dict]


@dataclass(frozen=True)
class Kind:
    """Sentences with the places %(by)s, %(lead)s, %(due)s and those of named codes.

    `alone` is said where nobody did it (the clock, an import). `variants` are chosen by a code
    in the notice's data: clock "accept", answer "disagree", pool.
    """

    icon: str
    sentence: Words
    alone: Words = ""
    variants: dict[str, Words] = field(default_factory=dict)
    is_late: bool = False
    # Letters about the account itself (a link, a changed password): mailed, not shown in the inbox.
    is_letter: bool = False

    def template(self, notice: Notice) -> str:
        if self.alone and notice.by_id is None:
            return str(self.alone)
        for key, value in notice.data.items():
            code = key if value is True else str(value)
            if code in self.variants:
                return str(self.variants[code])
        return str(self.sentence)


def _clock(**sentences) -> dict:
    return {"sentence": sentences.pop("other"), "variants": sentences}


KINDS: dict[str, Kind] = {
    "handoff.offered": Kind(
        "offer",
        _("%(by)s offers you %(lead)s."),
        alone=_("%(lead)s is offered again and waits for an answer."),
        variants={"pool": _("%(by)s offers %(lead)s to your team.")},
    ),
    "handoff.accepted": Kind("check", _("%(by)s accepted %(lead)s.")),
    "handoff.returned": Kind(
        "return",
        _("%(by)s returned %(lead)s. Reason: %(reason)s."),
        alone=_("%(lead)s was returned. Reason: %(reason)s."),
    ),
    "handoff.withdrawn": Kind(
        "x",
        _("%(by)s withdrew the offer of %(lead)s."),
        alone=_("The offer of %(lead)s was withdrawn."),
    ),
    "handoff.lapsed": Kind(
        "alert", _("Nobody answered the offer of %(lead)s in time. It lapsed."), is_late=True
    ),
    "handoff.acknowledged": Kind(
        "check",
        _("%(by)s acknowledged the return of %(lead)s."),
        variants={
            "fixed": _("%(by)s puts %(lead)s right and will offer it again."),
            "nurture": _("%(by)s acknowledged the return of %(lead)s and nurtures it again."),
            "disqualify": _("%(by)s acknowledged the return of %(lead)s and takes it out."),
            "disagree": _("%(by)s sees the return of %(lead)s differently."),
        },
    ),
    "condition.met": Kind(
        "repeat",
        _("Your condition is met: %(lead)s is offered to you again."),
        variants={
            "absent": _("%(lead)s comes back to your team's pool: who waited for it is away."),
            "inactive": _("%(lead)s comes back to your team's pool: who waited for it has left."),
            "takes_none": _(
                "%(lead)s comes back to your team's pool: who waited for it takes no leads now."
            ),
            "left": _("%(lead)s comes back to your team's pool: who waited for it changed teams."),
        },
    ),
    "condition.answered": Kind(
        "repeat",
        _("What sales waited for has come true: %(lead)s is offered to the same person again."),
        variants={
            "absent": _(
                "What sales waited for has come true: %(lead)s is offered to the team's pool, as who returned it is away."
            ),
            "inactive": _(
                "What sales waited for has come true: %(lead)s is offered to the team's pool, as who returned it has left."
            ),
            "takes_none": _(
                "What sales waited for has come true: %(lead)s is offered to the team's pool, as who returned it takes no leads now."
            ),
            "left": _(
                "What sales waited for has come true: %(lead)s is offered to the team's pool, as who returned it changed teams."
            ),
        },
    ),
    "condition.stuck": Kind(
        "alert",
        _("What sales waited for has come true for %(lead)s. Offer it by hand: it went nowhere."),
    ),
    "condition.expired": Kind(
        "clock",
        _("The day named for %(lead)s has come without the condition. It may qualify again."),
    ),
    "handoff.reassigned": Kind("user", _("%(by)s gave you %(lead)s to go on with.")),
    "clock.warning": Kind(
        "clock",
        **_clock(
            accept=_("Please accept or return %(lead)s by %(due)s."),
            contact=_("Please make the first contact with %(lead)s by %(due)s."),
            decide=_("Please decide on %(lead)s by %(due)s: deal, pass on, or return."),
            acknowledge=_("Please acknowledge the return of %(lead)s by %(due)s."),
            answer=_("Please answer the question of %(lead)s by %(due)s."),
            other=_("A promise about %(lead)s is due by %(due)s."),
        ),
    ),
    "clock.breach": Kind(
        "alert",
        is_late=True,
        **_clock(
            accept=_("%(lead)s was to be accepted or returned by %(due)s."),
            contact=_("The first contact with %(lead)s was due by %(due)s."),
            decide=_("The decision on %(lead)s was due by %(due)s."),
            acknowledge=_("The return of %(lead)s was to be acknowledged by %(due)s."),
            answer=_("The question of %(lead)s was to be answered by %(due)s."),
            other=_("A promise about %(lead)s was due by %(due)s."),
        ),
    ),
    "clock.stuck": Kind(
        "alert",
        is_late=True,
        **_clock(
            accept=_("Nobody answers the offer of %(lead)s. Please find somebody who does."),
            contact=_("Nobody contacts %(lead)s. Please give the lead to somebody else."),
            decide=_("Nobody decides on %(lead)s. Please give the lead to somebody else."),
            acknowledge=_(
                "Nobody acknowledges the return of %(lead)s. Please do it or have it done."
            ),
            answer=_("Nobody answers the question of %(lead)s. Please do it or have it done."),
            other=_("A promise about %(lead)s is long past its time."),
        ),
    ),
    "clock.resumed": Kind(
        "play",
        _("%(by)s ended the wait for %(lead)s: your clocks go on."),
        variants={
            "until": _("The time that %(lead)s asked for is over: your clocks go on."),
            "touch": _("%(lead)s has been in touch: your clocks go on."),
        },
    ),
    "handoff.pooled": Kind(
        "leads", _("%(lead)s was not answered in time and is open to your whole team.")
    ),
    "absence.stand_in": Kind("user", _("You stand in for %(person)s: %(days)s.")),
    "question.asked": Kind(
        "question",
        _("%(by)s noted a question of %(lead)s. It waits for an answer."),
        alone=_("%(lead)s asked a question. It waits for an answer."),
    ),
    "question.answered": Kind("check", _("%(by)s answered the question of %(lead)s.")),
    "deal.opened": Kind("deal", _("%(by)s opened a deal with %(lead)s.")),
    "deal.won": Kind("star", _("%(by)s won the deal with %(lead)s.")),
    "deal.lost": Kind("deal", _("%(by)s lost the deal with %(lead)s. Reason: %(reason)s.")),
    "deal.corrected": Kind("edit", _("%(by)s corrected the win of %(lead)s: the deal is open.")),
    "lead.qualified": Kind(
        "flag",
        _("%(by)s qualified %(lead)s. It can be offered."),
        alone=_("%(lead)s meets the agreed definition. It can be offered."),
    ),
    "lead.queued": Kind("alert", _("No rule found somebody for %(lead)s. It waits for you.")),
    "lead.assigned": Kind("user", _("%(by)s gave you %(lead)s to look after.")),
    "lead.commented": Kind("chat", _("%(by)s commented on %(lead)s.")),
    "follow_up.assigned": Kind("today", _("%(by)s set you a next step for %(lead)s.")),
    "agreement.proposed": Kind("agreement", _("%(by)s proposes to change the agreement.")),
    "agreement.edited": Kind(
        "edit",
        _("%(by)s changed the proposal for the agreement. Signatures were taken off."),
    ),
    "agreement.commented": Kind("chat", _("%(by)s says something about the proposal.")),
    "agreement.signed": Kind("check", _("%(by)s signed the agreement for their side.")),
    "agreement.unsigned": Kind(
        "undo", _("%(by)s took their signature off the proposal for the agreement.")
    ),
    "agreement.withdrawn": Kind("x", _("%(by)s withdrew the proposal for the agreement.")),
    "agreement.in_force": Kind(
        "agreement", _("Both heads have signed: version %(version)s of the agreement is in force.")
    ),
    "job.done": Kind("import", _("What you started is done. See the result.")),
    "job.failed": Kind("alert", _("What you started could not be finished."), is_late=True),
    "seat.ending": Kind(
        "clock",
        _("The seat of %(seat)s ends in %(in_days)s days."),
        variants={"today": _("The seat of %(seat)s ends today.")},
    ),
    "seat.ended": Kind(
        "alert",
        _("The seat of %(seat)s has ended, and leads are still with them. Take them back."),
        is_late=True,
    ),
    "seat.handed_back": Kind(
        "return",
        _("%(by)s handed back the seat of %(seat)s: all their leads are with us again."),
        alone=_("The seat of %(seat)s was handed back: all their leads are with us again."),
    ),
    "account.changed": Kind("user", _("%(by)s changed your role or your team.")),
    "account.invited": Kind("user", _("%(by)s invites you to Smarketing."), is_letter=True),
    "account.reset": Kind("key", _("Choose a new password for Smarketing."), is_letter=True),
    "account.password": Kind("key", _("Your password was changed."), is_letter=True),
}
UNKNOWN = Kind(
    "bell", _("%(by)s did something with %(lead)s."), alone=_("Something happened to %(lead)s.")
)
LETTERS = frozenset(kind for kind, what in KINDS.items() if what.is_letter)

_NAMERS: dict[str, Namer] = {}


def name_with(what: str, namer: Namer) -> None:
    """Have `namer(reader, ids)` say what ids or codes are called.

    `what` is a key of the data ("reason", and "lead" for the lead itself), or that of one kind of
    notice only ("deal.lost.reason"). The answer is a dict; what it leaves out is not open to the
    reader, or is gone.
    """
    _NAMERS[what] = namer


def person_names(reader: User, ids: set) -> dict:
    """The colleagues of these ids."""
    return {person.pk: person.name for person in User.objects.filter(pk__in=ids)}


def day_ranges(reader: User, written: set[str]) -> dict[str, str]:
    """ "2026-11-24/2026-11-26" in words."""
    return {one: _range_words(*map(date.fromisoformat, one.split("/"))) for one in written}


def _range_words(first: date, last: date) -> str:
    return formats.day(first) if first == last else f"{formats.day(first)}–{formats.day(last)}"


def names_of(what: str, reader: User, ids: set) -> dict:
    """What the ids or codes of `what` are called, for other readers of such data than notices."""
    return _NAMERS[what](reader, ids) if ids and what in _NAMERS else {}


def _namer_of(notice: Notice, key: str) -> str | None:
    return next((name for name in (f"{notice.kind}.{key}", key) if name in _NAMERS), None)


@dataclass(frozen=True)
class Told:
    """A notice as its reader sees it."""

    notice: Notice
    sentence: str
    icon: str
    is_late: bool

    @property
    def plain(self) -> str:
        """On one line, with ordinary blanks: for mails as text."""
        return " ".join(self.sentence.split())

    @property
    def title(self) -> str:
        """As the subject of a mail: without its full stop."""
        return self.plain.rstrip(".。")[:200]


def tell_all(notices: Iterable[Notice], reader: User) -> list[Told]:
    """The notices in the words of the language now active; names are fetched once for all of them."""
    notices = list(notices)
    with seen_by(reader):
        names = _names(notices, reader)
    return [_told(notice, names) for notice in notices]


def _ids(notice: Notice) -> list[tuple[str, str, object]]:
    """(place in the sentence, its namer, id or code) of all that has a name in this notice."""
    found = {"lead": notice.lead_id, **notice.data}
    return [
        (key, namer, value)
        for key, value in found.items()
        if value is not None and (namer := _namer_of(notice, key))
    ]


def _names(notices: list[Notice], reader: User) -> dict[str, dict]:
    wanted = defaultdict(set)
    for notice in notices:
        for _key, namer, value in _ids(notice):
            wanted[namer].add(value)
    return {namer: _NAMERS[namer](reader, ids) for namer, ids in wanted.items()}


def _told(notice: Notice, names: dict[str, dict]) -> Told:
    kind = KINDS.get(notice.kind, UNKNOWN)
    numbers = {key: value for key, value in notice.data.items() if type(value) is int}
    places = _Places(
        numbers,
        by=notice.by.name if notice.by else gettext("Somebody"),
        lead=gettext("a lead"),
        due=_due(notice.data.get("due")),
    )
    for key, namer, value in _ids(notice):
        if value in names[namer]:
            places[key] = names[namer][value]
    return Told(notice, kind.template(notice) % places, kind.icon, kind.is_late)


class _Places(dict):
    """A place nobody filled reads as a dash: a notice must never fail to be read."""

    def __missing__(self, key):
        return formats.NOTHING


def _due(written: str | None) -> str:
    return formats.moment(datetime.fromisoformat(written)) if written else formats.NOTHING
