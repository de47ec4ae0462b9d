"""What happened to a lead, newest first, from four tables in one query, paged by key.

Each table is asked through its own index (lead, -at, -id) for one page at most; the page is the
merge of these. Nothing is said in words here: see `sentences`.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.functions import Cast, JSONObject, Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from accounts.models.sight import hidden, is_own
from accounts.states import Maskable, TeamKind
from common.refusals import Malformed
from leads.models import (
    Campaign,
    Comment,
    Fact,
    FollowUp,
    Interaction,
    Lead,
    LeadEvent,
    Question,
)
from leads.models.arrivals import without_source

# At the same moment: what a touch set off stands above the touch.
TOUCH, QUESTION, EVENT, COMMENT = range(4)
# Moves whose thing is shown itself.
SHOWN_ELSEWHERE = ("comment.write", "question.ask", "question.answer", "handoff.attempt")
LONGEST = 2000
SIZE = 60


class Filter(TextChoices):
    """What of the timeline is shown."""

    ALL = "all", pgettext_lazy("timeline", "All")
    MARKETING = "marketing", pgettext_lazy("timeline", "Marketing")
    SALES = "sales", pgettext_lazy("timeline", "Sales")
    QUESTIONS = "questions", pgettext_lazy("timeline", "Questions")


@dataclass(frozen=True)
class Entry:
    """One thing that happened: its moment, its table (TOUCH … COMMENT), its id, and what it was."""

    at: datetime
    kind: int
    pk: int
    what: dict


@dataclass(frozen=True)
class Slice:
    """One page of the timeline and, where there is more, the key to go on from."""

    entries: list[Entry]
    next_key: str | None


def read_timeline(lead: Lead, *, only: str = Filter.ALL, key: str = "", size: int = SIZE) -> Slice:
    """The page of the timeline after `key`. One query.

    Raises `Malformed` for a filter or a key that this list did not give out.
    """
    if only not in Filter.values:
        raise Malformed(_("The timeline cannot be narrowed by this."), field="only")
    last = _read_key(key) if key else None
    parts = [_page_of(rows, kind, last, size) for kind, rows in _sources(lead, only)]
    merged = parts[0].union(*parts[1:], all=True).order_by("-at", "-rank", "-pk")
    found = [
        Entry(row["at"], row["rank"], row["pk"], _masked_row(row, lead))
        for row in merged[: size + 1]
    ]
    more = len(found) > size
    found = found[:size]
    return Slice(found, _write_key(found[-1]) if more else None)


def _masked_row(row: dict, lead: Lead) -> dict:
    what = _loaded(row["what"])
    if row["rank"] == TOUCH and (codes := hidden()):
        what = without_source(what, codes, at=row["at"], captured_at=lead.captured_at)
    return masked(row["rank"], what)


def _loaded(what):
    return json.loads(what) if isinstance(what, str) else what


def masked(kind: int, what: dict) -> dict:
    """An entry as a partner's seat shows it: these come as JSON, past what their models hide."""
    codes = hidden()
    if Maskable.CAMPAIGN in codes and what.get("campaign"):
        what = what | {"campaign": ""}
    if Maskable.SCORE in codes and "points" in what:
        what = what | {"points": 0}
    if is_own(what.get("by")):
        return what
    if kind == TOUCH and Maskable.WORDS in codes:
        what = what | {"words": ""}
    if kind == COMMENT and Maskable.COMMENTS in codes:
        what = what | {"text": ""}
    return what


def _page_of(rows: QuerySet, kind: int, last, size: int) -> QuerySet:
    if last is not None:
        at, rank, pk = last
        below = Q(at__lt=at)
        if kind == rank:
            below |= Q(at=at, pk__lt=pk)
        elif kind < rank:
            below |= Q(at=at)
        # The redundant condition lets PostgreSQL start its index scan at the moment.
        rows = rows.filter(below, at__lte=at)
    return (
        rows.annotate(rank=Value(kind, output_field=IntegerField()))
        .order_by("-at", "-pk")
        .values("at", "rank", "pk", "what")[: size + 1]
    )


def _sources(lead: Lead, only: str):
    if only == Filter.QUESTIONS:
        return [(QUESTION, _questions(lead)), (TOUCH, _touches(lead).filter(kind="question"))]
    theirs = _whose(only)
    return [
        (TOUCH, _touches(lead).filter(theirs)),
        (EVENT, _events(lead).filter(theirs)),
        (COMMENT, _comments(lead).filter(theirs)),
        (QUESTION, _questions(lead)),
    ]


def _whose(only: str) -> Q:
    """What nobody in person did is marketing's: its tools sent it and saw it."""
    if only == Filter.MARKETING:
        return Q(by__team__kind=TeamKind.MARKETING) | Q(by=None)
    if only == Filter.SALES:
        return Q(by__team__kind__in=(TeamKind.SALES, TeamKind.INSIDE_SALES))
    return Q()


def _touches(lead: Lead) -> QuerySet:
    heard = Fact.objects.filter(interaction=OuterRef("pk")).order_by("pk").values("field")
    campaign = Campaign.objects.filter(pk=OuterRef("campaign_id")).values("name")[:1]
    return Interaction.objects.filter(lead=lead).annotate(
        what=_body(
            kind="kind",
            direction="direction",
            result="result",
            words=Left("words", LONGEST),
            minutes="minutes",
            campaign=Subquery(campaign),
            by="by_id",
            machine="by_machine",
            points="points",
            heard=ArraySubquery(heard),
        )
    )


def _events(lead: Lead) -> QuerySet:
    return (
        LeadEvent.objects.filter(lead=lead)
        .exclude(verb__in=SHOWN_ELSEWHERE)
        .exclude(data__has_key="touch")
        .annotate(
            what=_body(
                verb="verb",
                by="by_id",
                via="via",
                stage="stage_to",
                handoff="handoff_id",
                deal="deal_id",
                data="data",
                team=Subquery(_named(Team, "to_team")),
                campaign=Subquery(_named(Campaign, "campaign")),
                step=Subquery(_named(FollowUp, "follow_up", name="what")),
            )
        )
    )


def _named(model, key: str, *, name: str = "name") -> QuerySet:
    """The name of what the event's data calls by its id, in the same query."""
    wanted = Cast(OuterRef(f"data__{key}"), BigIntegerField())
    return model.objects.filter(pk=wanted).values(name)[:1]


def _comments(lead: Lead) -> QuerySet:
    return Comment.objects.filter(lead=lead).annotate(what=_body(text="text", by="by_id"))


def _questions(lead: Lead) -> QuerySet:
    return Question.objects.filter(lead=lead).annotate(
        at=F("asked_at"),
        what=_body(
            text="text",
            by="by_id",
            answer="answer",
            answered_at="answered_at",
            answered_by="answered_by_id",
            through="interaction__kind",
        ),
    )


def _body(**fields) -> Cast:
    return Cast(JSONObject(**fields), JSONField())


def _write_key(entry: Entry) -> str:
    packed = json.dumps([entry.at.isoformat(), entry.kind, entry.pk], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read_key(key: str) -> tuple[datetime, int, int]:
    try:
        at, kind, pk = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or kind not in range(4) or type(pk) is not int:
            raise ValueError(key)
        if not 0 <= pk < 2**63:
            raise ValueError(pk)
    except (ValueError, TypeError) as wrong:
        raise Malformed(
            _("This page of the list does not exist any more. Start from the top.")
        ) from wrong
    return moment, kind, pk
