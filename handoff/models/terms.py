"""The clauses of an agreement, as values."""

from dataclasses import asdict, dataclass, fields

from django.utils.translation import get_language

from handoff.states import ClockKind, Tier


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
        found = {
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
