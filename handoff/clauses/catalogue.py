"""Every clause of an agreement: its title, its place on the page, and what it is made of."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.states import Side
from handoff.clauses import words
from handoff.clauses.words import Say
from handoff.states import BriefItem, ClockKind, ReturnKind
from leads.states import Exclusion, FactField

# The figure of a clause that nobody can break: the system does as it says.
BY_SYSTEM = "system"


class Group(TextChoices):
    """Where on the page a clause stands, in this order."""

    DEFINITION = "definition", gettext_lazy("What a qualified lead is")
    TIERS = "tiers", pgettext_lazy("agreement", "Hot leads")
    MARKETING = "marketing", gettext_lazy("What marketing promises")
    SALES = "sales", gettext_lazy("What sales promises")
    RETURNS = "returns", gettext_lazy("Reasons to return a lead")
    WATCH = "watch", gettext_lazy("How promises are watched")


@dataclass(frozen=True)
class Clause:
    """`clock` is the promise it sets, `side` who keeps it (none: both), `figure` what is counted.

    Of a list (`many`) words come in and go out; other values are compared place by place.
    """

    code: str
    group: Group
    title: str | Promise
    fields: tuple[str, ...]
    say: Say
    clock: ClockKind | None = None
    side: Side | None = None
    figure: str = ""
    many: bool = False


def _clock(code: str, group: Group, title, *fields: str) -> Clause:
    kind = ClockKind(code)
    fields = fields or (f"{kind.value}_within",)
    side = Side(group.value)
    return Clause(
        f"{side.value}_{code}", group, title, fields, words.within(kind), clock=kind, side=side
    )


_ANSWER = gettext_lazy("Answer a customer's question while we hold the lead")
_ACKNOWLEDGE = gettext_lazy("Acknowledge a return and say what will be done")

_ALL = (
    Clause(
        "fit",
        Group.DEFINITION,
        gettext_lazy("Fit"),
        ("min_fit",),
        lambda terms: [words.grades(terms.min_fit)],
    ),
    Clause(
        "engagement",
        Group.DEFINITION,
        gettext_lazy("Engagement"),
        ("min_engagement",),
        lambda terms: [_("%(n)s or more") % {"n": f"{terms.min_engagement:g}"}],
    ),
    Clause(
        "required_facts",
        Group.DEFINITION,
        gettext_lazy("Known first"),
        ("required_facts",),
        words.labels(
            FactField, "required_facts", lambda: pgettext("facts", "nothing in particular")
        ),
        many=True,
    ),
    Clause(
        "exclusions",
        Group.DEFINITION,
        gettext_lazy("Left out"),
        ("exclusions",),
        words.labels(Exclusion, "exclusions", lambda: pgettext("exclusions", "nobody")),
        many=True,
    ),
    Clause(
        "triggers",
        Group.DEFINITION,
        gettext_lazy("Qualifies by itself"),
        ("triggers",),
        words.triggers,
        many=True,
    ),
    Clause(
        "hot",
        Group.TIERS,
        gettext_lazy("A lead is hot when it is offered with"),
        ("hot_fit", "hot_engagement"),
        words.hot,
    ),
    Clause(
        "volume_offered",
        Group.MARKETING,
        gettext_lazy("Offer so many leads"),
        ("volume_offered",),
        words.volume("volume_offered"),
        side=Side.MARKETING,
        figure="offered",
    ),
    Clause(
        "required_brief",
        Group.MARKETING,
        gettext_lazy("Say with every offer"),
        ("required_brief",),
        words.labels(BriefItem, "required_brief", lambda: pgettext("brief", "nothing is required")),
        side=Side.MARKETING,
        figure=BY_SYSTEM,
        many=True,
    ),
    Clause(
        "offered_automatically",
        Group.MARKETING,
        gettext_lazy("Offer a qualified lead"),
        ("offered_automatically",),
        words.automatic,
        side=Side.MARKETING,
        figure=BY_SYSTEM,
    ),
    _clock("acknowledge", Group.MARKETING, _ACKNOWLEDGE),
    _clock("answer", Group.MARKETING, _ANSWER),
    _clock(
        "accept",
        Group.SALES,
        gettext_lazy("Accept the lead or return it"),
        "accept_within",
        "hot_accept_within",
    ),
    _clock(
        "contact",
        Group.SALES,
        gettext_lazy("Make the first contact after accepting"),
        "contact_within",
        "hot_contact_within",
    ),
    _clock("decide", Group.SALES, gettext_lazy("Decide: open a deal, pass it on, or return it")),
    _clock("acknowledge", Group.SALES, _ACKNOWLEDGE),
    _clock("answer", Group.SALES, _ANSWER),
    Clause(
        "attempts",
        Group.SALES,
        gettext_lazy("Before a lead counts as unreachable"),
        ("attempts_before_unreachable",),
        lambda terms: [_("%(n)s attempts") % {"n": terms.attempts_before_unreachable}],
        side=Side.SALES,
        figure=BY_SYSTEM,
    ),
    Clause(
        "volume_accepted",
        Group.SALES,
        gettext_lazy("Have room for so many leads"),
        ("volume_accepted",),
        words.volume("volume_accepted"),
        side=Side.SALES,
        figure="accepted",
    ),
    Clause(
        "rejected",
        Group.RETURNS,
        ReturnKind.REJECTED.label,
        ("return_reasons",),
        words.reasons(ReturnKind.REJECTED),
        figure="rejected",
        many=True,
    ),
    Clause(
        "recycled",
        Group.RETURNS,
        ReturnKind.RECYCLED.label,
        ("return_reasons",),
        words.reasons(ReturnKind.RECYCLED),
        figure="recycled",
        many=True,
    ),
    Clause(
        "lapse",
        Group.WATCH,
        gettext_lazy("An offer nobody answers"),
        ("lapses_after", "lapsed_is_offered_again"),
        words.lapses,
        figure="lapsed",
    ),
    Clause(
        "ladder",
        Group.WATCH,
        gettext_lazy("When the time of a promise runs out"),
        ("ladder",),
        words.ladder,
        figure=BY_SYSTEM,
        many=True,
    ),
    Clause(
        "pauses",
        Group.WATCH,
        gettext_lazy("A clock rests while the customer has the turn"),
        ("pauses_at_most", "pause_at_most"),
        words.pauses,
        figure=BY_SYSTEM,
    ),
    Clause(
        "target",
        Group.WATCH,
        gettext_lazy("Each side means to keep"),
        ("target_kept",),
        lambda terms: [_("%(n)s%% of its promises") % {"n": terms.target_kept}],
        figure="sides",
    ),
)
CLAUSES: dict[str, Clause] = {clause.code: clause for clause in _ALL}
