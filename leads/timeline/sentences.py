"""What each move is called, as data: said in the reader's language when it is read.

Places in the sentences: %(by)s %(to)s %(team)s %(campaign)s %(reason)s %(field)s %(fields)s
%(channel)s %(due)s %(kind)s %(round)s. A place nobody filled reads as a dash, an unknown verb as a
plain one: a timeline must never fail to be read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

# How loud an entry is: the handoff's own band, an ordinary entry, or a small one that folds.
BAND, PLAIN, MINOR = "band", "plain", "minor"


@dataclass(frozen=True)
class Sentence:
    """Icon, heading and text of one kind of move; `side` of whose work it is ("" = of who did it).

    `variants` are headings chosen by a code in the event's data, or by the name of a key it has.
    """

    icon: str
    head: Words
    text: Words = ""
    weight: str = PLAIN
    side: str = ""
    variants: dict[str, Words] = field(default_factory=dict)
    pick: Callable[[dict], str] | None = None

    def heading(self, data: dict) -> Words:
        return self.variants.get(self.pick(data), self.head) if self.pick else self.head


def _by(key: str) -> Callable[[dict], str]:
    return lambda data: str(data.get(key))


def _why_qualified(data: dict) -> str:
    return "judgement" if data.get("judgement") else str(data.get("because"))


def _what_was_reached(data: dict) -> str:
    return str(data.get("reached") or data.get("state"))


SENTENCES: dict[str, Sentence] = {
    "lead.create": Sentence("flag", _("Became a lead")),
    "lead.edit": Sentence("edit", _("Changed: %(fields)s"), weight=MINOR),
    "lead.assign": Sentence("user", _("Given to %(to)s to look after"), weight=MINOR),
    "lead.nurture": Sentence("repeat", _("Taken into nurturing")),
    "lead.qualify": Sentence(
        "score",
        _("Became an MQL"),
        variants={
            "judgement": _("Became an MQL by judgement"),
            "score": _("Met the agreed definition: MQL"),
            "trigger": _("Asked for what makes an MQL by itself"),
            "condition": _("Became an MQL again: the condition of its return is met"),
        },
        pick=_why_qualified,
    ),
    "lead.queue": Sentence(
        "clock",
        _("Waits for a manager"),
        variants={
            "no_rule": _("Waits for a manager: no rule fits"),
            "nobody": _("Waits for a manager: nobody can take it now"),
            "lapsed": _("Waits for a manager: nobody answered"),
            "refused": _("Waits for a manager: it could not be offered"),
        },
        pick=_by("reason"),
    ),
    "lead.disqualify": Sentence("x", _("Taken out: not a fit")),
    "lead.reinstate": Sentence("undo", _("Brought back to nurturing")),
    "lead.recycle": Sentence("repeat", _("Back to nurturing after the lost deal")),
    # Where its touch was erased since: else the touch is shown itself.
    "touch.log": Sentence("note", _("A touch was logged"), weight=MINOR),
    "touch.withdraw": Sentence("undo", _("A touch was taken back: %(kind)s"), weight=MINOR),
    "comment.withdraw": Sentence("undo", _("A comment was taken back"), weight=MINOR),
    "fact.learn": Sentence("noask", _("Told us: %(field)s"), weight=MINOR),
    "fact.change": Sentence("noask", _("Changed their answer: %(field)s"), weight=MINOR),
    "fact.confirm": Sentence("noask", _("Confirmed: %(field)s"), weight=MINOR),
    "fact.again": Sentence("noask", _("Asked again though known: %(field)s"), weight=MINOR),
    "fact.forget": Sentence("noask", _("No longer holds: %(field)s"), weight=MINOR),
    "follow_up.plan": Sentence(
        "today",
        _("Next step planned"),
        weight=MINOR,
        variants={"True": _("Promised them a next step")},
        pick=_by("promised"),
    ),
    "follow_up.done": Sentence("check", _("Next step done"), weight=MINOR),
    "follow_up.reopen": Sentence("undo", _("Next step not done after all"), weight=MINOR),
    "follow_up.postpone": Sentence("clock", _("Next step put off to %(due)s"), weight=MINOR),
    "consent.record": Sentence(
        "consent",
        _("Consent noted: %(channel)s"),
        weight=MINOR,
        variants={
            "True": _("Allowed: %(channel)s"),
            "False": _("Forbidden: %(channel)s"),
        },
        pick=_by("granted"),
    ),
    "campaign.add": Sentence("flag", _("Reached by the campaign “%(campaign)s”"), weight=MINOR),
    "campaign.remove": Sentence("flag", _("Taken off the campaign “%(campaign)s”"), weight=MINOR),
    "question.ask": Sentence("question", _("Asked a question")),
    "question.answer": Sentence("check", _("Question answered")),
    "comment.write": Sentence("chat", _("Comment")),
    "handoff.offer": Sentence(
        "offer", pgettext_lazy("handoff event", "Offered"), weight=BAND, side="hd"
    ),
    "handoff.accept": Sentence(
        "check", pgettext_lazy("handoff event", "Accepted"), weight=BAND, side="hd"
    ),
    "handoff.return": Sentence(
        "return",
        pgettext_lazy("handoff event", "Returned"),
        _("Reason: %(reason)s"),
        weight=BAND,
        side="hd",
    ),
    "handoff.withdraw": Sentence("undo", _("Offer withdrawn"), side="hd"),
    "handoff.pool": Sentence("leads", _("Not answered in time: open to the whole team"), side="hd"),
    "clock.pause": Sentence(
        "pause",
        _("Waiting for the customer until %(due)s"),
        side="sl",
        variants={
            "asked": _("The customer asked to wait: the clocks rest until %(due)s"),
            "away": _("The customer is away: the clocks rest until %(due)s"),
            "deciding": _("The customer decides internally: the clocks rest until %(due)s"),
        },
        pick=_by("reason"),
    ),
    "clock.resume": Sentence(
        "play",
        _("The clocks go on"),
        weight=MINOR,
        side="sl",
        variants={
            "until": _("The wait is over: the clocks go on"),
            "touch": _("Heard from the customer: the clocks go on"),
        },
        pick=_by("because"),
    ),
    "handoff.lapse": Sentence("clock", _("Offer lapsed: nobody answered in time"), side="hd"),
    "handoff.acknowledge": Sentence(
        "check",
        _("Return acknowledged"),
        side="hd",
        variants={
            "fixed": _("Return acknowledged: put right, to be offered again"),
            "nurture": _("Return acknowledged: nurtured again"),
            "disqualify": _("Return acknowledged: taken out"),
            "disagree": _("Return acknowledged: seen differently"),
        },
        pick=_by("answer"),
    ),
    "condition.met": Sentence(
        "repeat",
        _("The condition of the return is met"),
        side="hd",
        variants={
            "fact": _("The condition of the return is met: %(field)s is known"),
            "date": _("The condition of the return is met: the day has come"),
            "touch": _("The condition of the return is met: they did what sales waited for"),
        },
        pick=_by("kind"),
    ),
    "condition.expire": Sentence("clock", _("The condition of the return was not met in time")),
    "condition.drop": Sentence(
        "x", _("The condition of the return is not waited for any more"), weight=MINOR
    ),
    "handoff.reassign": Sentence(
        "user",
        _("Given to %(to)s to go on with"),
        side="sl",
        variants={"None": _("Put back into the team's pool")},
        pick=_by("to"),
    ),
    "handoff.attempt": Sentence("phone", _("First contact attempted"), weight=MINOR, side="sl"),
    "handoff.contact": Sentence("phone", _("First contact made"), weight=MINOR, side="sl"),
    "handoff.introduce": Sentence("mail", _("Introduced the taker by e-mail"), side="mk"),
    "deal.open": Sentence("deal", _("Deal opened"), side="sl"),
    "deal.edit": Sentence("edit", _("Deal changed"), side="sl"),
    "deal.win": Sentence("star", _("Deal won"), side="sl"),
    "deal.lose": Sentence("deal", _("Deal lost"), _("Reason: %(reason)s"), side="sl"),
    "deal.recycle": Sentence(
        "repeat", _("Deal lost, nurtured again"), _("Reason: %(reason)s"), side="sl"
    ),
    # What a deal of another system says of its lead: the stages it must have passed.
    "deal.import": Sentence(
        "import",
        _("Moved on by an imported deal"),
        side="sl",
        variants={
            "sal": _("Accepted, as an imported deal implies"),
            "sql": _("Deal opened (imported)"),
            "open": _("Deal opened (imported)"),
            "won": _("Deal won (imported)"),
            "lost": _("Deal lost (imported)"),
        },
        pick=_what_was_reached,
    ),
    "deal.correct": Sentence("edit", _("Win corrected: the deal is open"), side="sl"),
}
UNKNOWN = Sentence("clock", _("Something changed"), weight=MINOR)


def sentence_for(verb: str) -> Sentence:
    return SENTENCES.get(verb, UNKNOWN)
