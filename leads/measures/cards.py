"""The card of a lead: everything that stands beside its timeline, in one query."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.sight import hidden, is_own
from accounts.states import Maskable
from leads.measures.hearings import with_confirmations
from leads.models import Consent, Fact, FollowUp, Lead, LeadEvent
from leads.models.arrivals import without_source
from leads.models.conversation import NOT_SHOWN
from leads.states import ASKED_FOR, Channel, FactField, TouchKind
from leads.timeline import Baton, Journey, batons


@dataclass(frozen=True)
class Known:
    """One known fact, as the card shows it."""

    pk: int
    field: str
    label: str
    value: str
    at: datetime
    by: int | None
    through: str
    confirmed: int = 0
    confirmed_at: datetime | None = None
    confirmed_by: int | None = None

    @property
    def is_masked(self) -> bool:
        return f"fact_{self.field}" in hidden()


@dataclass(frozen=True)
class Word:
    """The latest word on one channel: allowed, forbidden, or (None) never asked."""

    channel: str
    name: str
    granted: bool | None
    at: datetime | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Step:
    """An open follow-up."""

    pk: int
    what: str
    kind: str
    due_at: datetime
    owner: int
    promised: bool


@dataclass(frozen=True)
class Card:
    """A lead with its facts, consents, open follow-ups, colleagues and its way so far."""

    lead: Lead
    facts: list[Known]
    unheard: list[tuple[str, str]]
    consents: list[Word]
    steps: list[Step]
    colleagues: int
    journey: Journey

    @property
    def people(self) -> set[int | None]:
        """The ids of everybody the card names."""
        heard = {who for fact in self.facts for who in (fact.by, fact.confirmed_by)}
        return heard | {step.owner for step in self.steps}


def read_card(pk: int, user: User) -> Card:
    """The card of the lead `pk`. One query; 404 where `user` may not see the lead."""
    lead = _with_everything(Lead.objects.visible_to(user)).filter(pk=pk).first()
    if lead is None:
        raise Http404
    facts = [_known(row, lead) for row in lead.known]
    return Card(
        lead=lead,
        facts=sorted(facts, key=lambda fact: (FactField.values.index(fact.field), fact.at)),
        unheard=_unheard(facts),
        consents=_words(lead.words),
        steps=[_step(row) for row in lead.steps],
        colleagues=lead.colleagues,
        journey=Journey(lead, [_baton(row) for row in lead.moves]),
    )


def _with_everything(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    this = OuterRef("pk")
    return leads.select_related("company", "source", "campaign", "team").annotate(
        known=_rows(
            with_confirmations(Fact.objects.current().filter(lead=this).order_by("pk")),
            "pk field label value at confirmed confirmed_at confirmed_by".split(),
            by="by_id",
            through="interaction__kind",
        ),
        words=_rows(
            Consent.objects.filter(lead=this).order_by("channel", "-at", "-pk").distinct("channel"),
            "channel granted at evidence".split(),
            by="by_id",
        ),
        steps=_rows(
            FollowUp.objects.open().filter(lead=this).order_by("due_at", "pk")[:20],
            "pk what kind due_at promised".split(),
            owner="owner_id",
        ),
        moves=_rows(
            batons(LeadEvent.objects.filter(lead=this)),
            "at verb".split(),
            stage="stage_to",
            leg="data__leg",
        ),
        colleagues=Coalesce(Subquery(_colleagues()), 0),
    )


def _rows(rows: QuerySet, names: list[str], **more: str) -> ArraySubquery:
    fields = {name: F(name) for name in names} | {name: F(path) for name, path in more.items()}
    return ArraySubquery(rows.values(row=JSONObject(**fields)))


def _colleagues() -> QuerySet:
    return (
        Lead.objects.filter(company=OuterRef("company"))
        .exclude(pk=OuterRef("pk"))
        .order_by()
        .values("company")
        .annotate(n=Count("pk"))
        .values("n")
    )


def _known(row: dict, lead: Lead) -> Known:
    through = _through(row, lead)
    value = str(NOT_SHOWN) if f"fact_{row['field']}" in hidden() else row["value"]
    moments = {name: row[name] and parse_datetime(row[name]) for name in ("at", "confirmed_at")}
    return Known(**{**row, **moments, "value": value, "through": through})


def _through(row: dict, lead: Lead) -> str:
    """By which kind of touch it was heard."""
    if not row["through"]:
        return ""
    touch = {"kind": row["through"], "by": row["by"]}
    when = {"at": parse_datetime(row["at"]), "captured_at": lead.captured_at}
    kind = without_source(touch, hidden(), **when)["kind"]
    return str(TouchKind(kind).label) if kind in TouchKind.values else kind


def _unheard(facts: list[Known]) -> list[tuple[str, str]]:
    known = {fact.field for fact in facts}
    return [
        (field.value, str(field.label))
        for field in ASKED_FOR
        if field not in known and f"fact_{field}" not in hidden()
    ]


def _words(rows: list[dict]) -> list[Word]:
    """One word per channel; what was never asked is said to be so."""
    latest = {row["channel"]: row for row in rows}
    found = []
    for channel in Channel:
        row = latest.get(channel.value)
        if row:
            at = parse_datetime(row["at"])
            found.append(Word(channel.value, channel.label, row["granted"], at, _evidence(row)))
        elif channel in (Channel.EMAIL, Channel.PHONE):
            found.append(Word(channel.value, channel.label, None, evidence=str(_("Not asked yet"))))
    return found


def _evidence(row: dict) -> str:
    """How we know, which is by where the lead came from."""
    told = Maskable.SOURCE not in hidden() or is_own(row["by"])
    return row["evidence"] if told else ""


def _step(row: dict) -> Step:
    return Step(**{**row, "due_at": parse_datetime(row["due_at"])})


def _baton(row: dict) -> Baton:
    return Baton(parse_datetime(row["at"]), row["verb"], row["stage"], int(row["leg"] or 0))
