"""The clauses of an agreement, as values."""

from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from handoff.states import BriefItem, ClockKind, ReturnKind, Tier
from leads.states import Exclusion, FactField, Grade, TouchKind, TouchResult

# The steps of the ladder, in the order in which they are climbed.
LADDER = ("remind", "manager", "another")
CLOCKS = tuple(f"{kind.value}_within" for kind in ClockKind)
DURATIONS = (*CLOCKS, "hot_accept_within", "hot_contact_within", "lapses_after")
# A working year of long days: what is longer is a slip of the keyboard.
LONGEST = 260 * 12 * 60


@dataclass(frozen=True)
class ReasonTerm:
    """A reason a lead may be returned for, as a version of the agreement names it."""

    code: str
    kind: str
    name: str
    name_en: str
    needs_revisit: bool = False
    to_marketing: bool = False

    def __str__(self):
        ja = (get_language() or "ja").startswith("ja")
        return self.name if ja else (self.name_en or self.name)


@dataclass(frozen=True)
class Terms:
    """The clauses of one version. Clocks in business minutes of the owing team."""

    accept_within: int = 480
    contact_within: int = 1440
    decide_within: int = 9 * 60 * 10
    acknowledge_within: int = 540
    answer_within: int = 540
    lapses_after: int = 1440
    lapsed_is_offered_again: bool = False
    target_kept: int = 90  # percent of promises each side means to keep
    attempts_before_unreachable: int = 3
    min_fit: str = "B"
    min_engagement: float = 60
    required_facts: tuple[str, ...] = ()  # known before a lead qualifies by itself
    exclusions: tuple[str, ...] = ()  # codes of `leads.states.Exclusion`
    triggers: tuple[tuple[str, str], ...] = (
        ("form", "demo"),
        ("call", "demo"),
        ("web_meeting", "demo"),
    )
    # A lead this warm at the offer is hot: its clocks are shorter.
    hot_fit: str = "A"
    hot_engagement: float = 80
    hot_accept_within: int = 120
    hot_contact_within: int = 240
    # What an offer must bring: codes of the items of a brief.
    required_brief: tuple[str, ...] = ()
    offered_automatically: bool = False  # an MQL is offered by the routing rules at once
    volume_offered: int = 0  # leads a month marketing means to offer; 0: not agreed
    volume_accepted: int = 0  # leads a month sales has room for; 0: not agreed
    # Who is told at which share of a clock (percent of its business time), or what is done.
    ladder: tuple[tuple[str, int], ...] = (("remind", 80), ("manager", 100))
    pauses_at_most: int = 2
    pause_at_most: int = 9 * 60 * 10  # business minutes of all pauses of a clock together
    # Both lists of reasons, in their order. A reason they do not name any more is retired.
    return_reasons: tuple[ReasonTerm, ...] = ()
    # Business minutes of the working day its durations are said in, as it was when this was written.
    day_minutes: int = 540

    def within(self, kind: str, tier: str = Tier.MQL) -> int:
        """Business minutes the clause of clock `kind` allows for a lead of `tier`."""
        clause = f"{ClockKind(kind).value}_within"
        if tier == Tier.HOT and clause in ("accept_within", "contact_within"):
            clause = f"hot_{clause}"
        return getattr(self, clause)

    def tier_of(self, fit: str, engagement: float) -> Tier:
        """The tier of a lead that is offered with this fit and this engagement."""
        hot = fit <= self.hot_fit and engagement >= self.hot_engagement
        return Tier.HOT if hot else Tier.MQL

    def as_data(self) -> dict:
        """The clauses as they are stored."""
        return asdict(self)

    @classmethod
    def of(cls, data: dict) -> "Terms":
        """The clauses as stored; a clause this version does not name has its default."""
        known = {field.name for field in fields(cls)}
        found: dict[str, Any] = {
            name: tuple(_kept(one) for one in value) if isinstance(value, list | tuple) else value
            for name, value in data.items()
            if name in known
        }
        return cls(**found)

    def reasons_of(self, kind: str) -> tuple[ReasonTerm, ...]:
        """One of the two lists of reasons."""
        return tuple(one for one in self.return_reasons if one.kind == kind)


def _kept(one):
    """An entry of a list as JSON keeps it, as the clause holds it."""
    if isinstance(one, dict):
        return ReasonTerm(**one)
    return tuple(one) if isinstance(one, list) else one


def faults_of(terms: Terms) -> dict[str, Promise]:
    """{clause: what is wrong with it, as a sentence}; empty for clauses that can be agreed."""
    faults: dict[str, Promise] = {}
    for judge in (_codes, _numbers, _durations, _order, _ladder, _reasons):
        for clause, sentence in judge(terms):
            faults.setdefault(clause, sentence)
    return faults


def _codes(terms: Terms):
    known = {
        "required_facts": FactField.values,
        "exclusions": Exclusion.values,
        "required_brief": BriefItem.values,
    }
    for clause, codes in known.items():
        if not set(getattr(terms, clause)) <= set(codes):
            yield clause, _("Choose from the list.")
    for clause in ("min_fit", "hot_fit"):
        if getattr(terms, clause) not in Grade.values:
            yield clause, _("Choose a grade from A to D.")
    kinds, results = set(TouchKind.values), set(TouchResult.values) - {""}
    if not all(len(one) == 2 and one[0] in kinds and one[1] in results for one in terms.triggers):
        yield "triggers", _("Choose from the list.")


def _numbers(terms: Terms):
    for clause, least, most, sentence in (
        ("min_engagement", 1, 1000, _("Engagement is a number from 1 to 1,000.")),
        ("hot_engagement", 1, 1000, _("Engagement is a number from 1 to 1,000.")),
        ("target_kept", 1, 100, _("The share to keep is 1 to 100 percent.")),
        ("attempts_before_unreachable", 1, 20, _("Between 1 and 20 attempts can be agreed.")),
        ("pauses_at_most", 0, 20, _("A clock can be paused 20 times at most.")),
        ("volume_offered", 0, 100_000, _("Write how many leads a month; 0 agrees on no number.")),
        ("volume_accepted", 0, 100_000, _("Write how many leads a month; 0 agrees on no number.")),
    ):
        if not least <= getattr(terms, clause) <= most:
            yield clause, sentence


def _durations(terms: Terms):
    for clause in DURATIONS:
        if not 1 <= getattr(terms, clause) <= LONGEST:
            yield clause, _("Give at least one minute, and no more than a working year.")
    if terms.pauses_at_most and not 1 <= terms.pause_at_most <= LONGEST:
        yield "pause_at_most", _("Give at least one minute, and no more than a working year.")


def _order(terms: Terms):
    if terms.accept_within > terms.lapses_after:
        yield "lapses_after", _("An offer lapses no earlier than its answer is due.")
    if terms.contact_within > terms.decide_within:
        yield "decide_within", _("The decision is due no earlier than the first contact.")
    for clause in ("accept_within", "contact_within"):
        if getattr(terms, f"hot_{clause}") > getattr(terms, clause):
            yield f"hot_{clause}", _("A hot lead is not answered later than the others.")
    if terms.hot_fit > terms.min_fit:
        yield "hot_fit", _("A hot lead fits at least as well as a qualified one.")
    if terms.hot_engagement < terms.min_engagement:
        yield "hot_engagement", _("A hot lead is at least as warm as a qualified one.")


def _ladder(terms: Terms):
    steps = [step for step, _percent in terms.ladder]
    shares = [share for _step, share in terms.ladder]
    if not steps or steps[0] != "remind" or steps != [one for one in LADDER if one in steps]:
        yield "ladder", _("The ladder begins with the reminder and names each step once.")
    elif not all(1 <= share <= 1000 for share in shares) or shares[0] >= 100:
        yield (
            "ladder",
            _("The reminder comes before 100 percent, the others by 1,000 at the latest."),
        )
    elif any(later <= earlier for earlier, later in pairwise(shares)):
        yield "ladder", _("Each step of the ladder comes later than the one before.")


def wrong_step(ladder: tuple[tuple[str, int], ...]) -> str:
    """The first step of a ladder that cannot be agreed: out of its range, or not after the last."""
    before = 0
    for step, share in ladder:
        if not before < share <= (99 if step == LADDER[0] else 1000):
            return step
        before = share
    return LADDER[0]


def _reasons(terms: Terms):
    names = [(one.kind, one.name.strip()) for one in terms.return_reasons]
    codes = [one.code for one in terms.return_reasons]
    if any(not terms.reasons_of(kind) for kind in ReturnKind):
        yield "return_reasons", _("Each of the two lists has at least one reason.")
    elif any(not one.name.strip() or not one.name_en.strip() for one in terms.return_reasons):
        yield "return_reasons", _("Name every reason in Japanese and in English.")
    elif len(set(names)) < len(names) or len(set(codes)) < len(codes):
        yield "return_reasons", _("A reason stands in its list only once.")
