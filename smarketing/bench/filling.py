"""Leads, their touches and how far each has come: as if people had worked with them for two years.

What follows from that (timeline, handoffs, clocks, deals, …) is derived inside the database by
`derive.sql`.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File

from django.db import connection

from common.text import normalise
from handoff.models import Handoff
from leads.models import Interaction, Lead
from smarketing.bench.house import House, lay_companies
from smarketing.bench.moments import Moments
from smarketing.bench.tables import NULL, Sink, number_on, text, without_indexes
from smarketing.demo.books import read, split

TOUCHES = 10
# (kind, direction, points, by a machine, which words)
KINDS = (
    ("mail_opened", "in", 1, True, "mails"),
    ("visit", "in", 3, True, "visits"),
    ("visit", "in", 3, True, "visits"),
    ("mail_sent", "out", 0, True, "mails"),
    ("mail_clicked", "in", 4, True, "mails"),
    ("download", "in", 10, True, "downloads"),
    ("call", "out", 10, False, "call_reached"),
    ("form", "in", 20, True, "forms"),
    ("seminar_attended", "in", 20, True, "exhibition"),
    ("note", "out", 0, False, "notes"),
)
# What became of a lead, and of how many in a hundred.
ENDINGS = {
    "new": 14, "nurturing": 48, "disqualified": 5, "mql": 1, "lapsed": 1, "withdrawn": 1,
    "returned": 14, "lost": 12, "won": 4,
}  # fmt: skip
# What each rep has on the desk, and since how many moments at most: no more in a larger company.
ON_THE_DESK = {"waiting": (4, 110), "held": (8, 640), "contacted": (6, 900), "sql": (12, 6000)}
STAGES = {
    "lapsed": "mql", "withdrawn": "mql", "waiting": "mql", "returned": "nurturing",
    "held": "sal", "contacted": "sal",
}  # fmt: skip
TABLES = [
    f"leads_{name}"
    for name in (
        "lead", "interaction", "leadevent", "fact", "consent", "comment", "question", "followup",
        "campaignmember", "company",
    )
] + [f"handoff_{name}" for name in ("handoff", "brief", "clock", "deal")]  # fmt: skip
WORKDAY = 8 * 60


@dataclass
class Way:
    """The numbers of the moments a lead's way led through; None where it did not come so far."""

    ending: str
    came: int
    mql: int | None = None
    offered: int | None = None
    answered: int | None = None
    attempted: int | None = None
    contacted: int | None = None
    deal: int | None = None
    closed: int | None = None
    team: int | None = None
    lane: int | None = None
    rep: int | None = None


@dataclass
class Filling:
    house: House
    moments: Moments
    rng: random.Random
    leads: int
    _desks: list = field(default_factory=list)

    def fill(self) -> None:
        """Write everything; indexes are built behind it, statistics gathered."""
        self._prepare()
        with without_indexes(TABLES):
            for number in range(1, self.leads + 1):
                self._lead(number)
            for sink in (self._leads, self._interactions, self._ways):
                sink.close()
            with connection.cursor() as cursor:
                for statement in DERIVE.read_text(encoding="utf-8").split(";\n"):
                    if statement.strip():
                        cursor.execute(statement)
            number_on(Handoff)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")

    def _prepare(self) -> None:
        self._leads = Sink(Lead, *LEAD)
        self._interactions = Sink(Interaction, *TOUCH)
        self._ways = WaySink()
        self._words = {name: [text(one) for one in read("ja")[name]] for *_, name in KINDS}
        names = read("names")
        self._family = [(*one, normalise(one[0])) for one in split(names["family"])]
        self._given = [(*one, normalise(one[0])) for one in split(names["given"])]
        self._companies = lay_companies(max(100, self.leads // 3), self.rng)
        self._marketers = [one.pk for one in self.house.marketers]
        self._desks = list(self._desk_places())
        # Spread over all leads, so that what is open is not what came last.
        self._every = max(1, self.leads // (len(self._desks) + 1))

    def _desk_places(self) -> Iterator[tuple]:
        for team, lane, people in self.house.sales:
            for rep in people:
                for ending, (number, back) in ON_THE_DESK.items():
                    yield from [(ending, back, team.pk, lane.pk, rep.pk)] * number

    # ── one lead ────────────────────────────────────────────────────────────────────────────────

    def _lead(self, number: int) -> None:
        way = self._way(number)
        marketer = self._marketers[number % len(self._marketers)]
        heat, last, words = self._touch(number, way, marketer)
        self._ways.add(number, marketer, way, self.moments)
        self._leads.add(*self._row(number, way, marketer, heat, last, words))

    def _way(self, number: int) -> Way:
        rng, end = self.rng, self.moments.count
        if number % self._every == 0 and self._desks:
            ending, back, team, lane, rep = self._desks.pop()
            offered = end - rng.randrange(back // 3, back)
            came = max(0, offered - rng.randrange(200, 8000))
        else:
            ending = rng.choices(list(ENDINGS), ENDINGS.values())[0]
            came = int(end * rng.random() ** 0.8 * 0.97)
            offered = min(end - 300, came + rng.randrange(100, 9000))
            team_, lane_, people = rng.choice(self.house.sales)
            team, lane, rep = team_.pk, lane_.pk, rng.choice(people).pk
        way = Way(ending, came)
        if ending not in ("new", "nurturing", "disqualified"):
            way.mql = max(came, offered - rng.randrange(10, 90))
            if ending != "mql":
                way.offered, way.team, way.lane, way.rep = offered, team, lane, rep
                self._follow(way, end)
        return way

    def _follow(self, way: Way, end: int) -> None:
        """From the offer on: every step some moments after the one before, none in the future."""

        def later(moment: int, most: int) -> int:
            return min(end, moment + 1 + int(most * self.rng.random() ** 2))

        if way.ending in ("lapsed", "withdrawn"):
            way.closed = later(way.offered, 300)
        if way.ending in ("lapsed", "withdrawn", "waiting"):
            return
        way.answered = later(way.offered, 70)
        if way.ending == "held":
            return
        way.attempted = later(way.answered, 200)
        way.contacted = later(way.attempted, 40)
        if way.ending in ("sql", "won", "lost"):
            way.deal = later(way.contacted, 1500)
        if way.ending in ("returned", "won", "lost"):
            way.closed = later(way.deal or way.contacted, 6000 if way.deal else 1200)

    def _touch(self, number: int, way: Way, marketer: int) -> tuple[float, int, str]:
        """Ten touches; gives the heat they add up to, the latest moment and what is said of it."""
        rng, texts, factors = self.rng, self.moments.texts, self.moments.factors
        span, heat, last, said = self.moments.count - way.came, 0.0, way.came, ""
        key = str(number)
        for n in range(TOUCHES):
            kind, direction, points, machine, words = KINDS[rng.randrange(10)]
            at = way.came + int(span * rng.random() ** 1.6) if n else way.came
            heat += points * factors[at]
            line = self._words[words][rng.randrange(len(self._words[words]))]
            if at >= last:
                last, said = at, f"{kind}:{line}"
            campaign = str(self._campaign(number, way.came)) if n == 0 else NULL
            self._interactions.add(
                key, kind, direction, texts[at], texts[at], campaign,
                "reached" if kind == "call" else "", line, NULL if machine else str(marketer),
                "t" if machine else "f", str(points),
            )  # fmt: skip
        return heat, last, said[:150]

    def _campaign(self, number: int, came: int) -> int:
        """Half come by what always runs (a guide, a search), half by what took place at the time."""
        always, dated = self.house.campaigns[:5], self.house.campaigns[5:]
        if number % 2:
            return always[number % 7 % 5]
        return dated[min(len(dated) - 1, came * len(dated) // self.moments.count)]

    def _row(self, number, way, marketer, heat, last, said) -> tuple[str, ...]:
        rng, at = self.rng, self.moments.text
        family, given = rng.choice(self._family), rng.choice(self._given)
        company = rng.randrange(len(self._companies))
        name, key, domain, phone = self._companies[company]
        email = f"p{number}@{domain}"
        desk = phone[:-4] + f"{number % 10000:04}"
        # The same words in the same order as Lead.derive puts them.
        search = (
            f" {family[2]}{given[2]} {family[2]} {given[2]} {family[1]}{given[1]} {given[1]} {name}"
            f" {key} {email} {desk.replace('-', '')} "
        )
        stage = STAGES.get(way.ending, way.ending)
        accepted = way.answered if way.answered and way.ending != "returned" else None
        won = way.closed if stage == "won" else None
        marks = (way.mql, accepted, way.deal, won, way.offered, way.contacted)
        theirs = stage in ("sal", "sql", "won", "lost")
        since = max(
            moment
            for moment in (way.came, way.mql, accepted, way.deal, way.closed)
            if moment is not None
        )
        campaign, sources = self._campaign(number, way.came), self.house.sources
        fit = rng.choices((70, 48, 30, 10), (35, 35, 20, 10))[0]
        return (
            str(number), family[0], given[0], family[1], given[1], str(company + 1), "保全課",
            rng.choice(("部長", "課長", "係長", "主任", "")), email, desk,
            # A campaign brings its leads in by one way.
            str(sources[campaign % len(sources)]) if number % 23 else NULL,
            str(campaign), at(way.came), stage, at(since),
            str(way.team if theirs else self.house.marketing.pk), str(marketer),
            str(way.rep) if theirs else NULL,
            *(at(moment) if moment is not None else NULL for moment in marks),
            str(fit), "ABCD"[(fit < 60) + (fit < 40) + (fit < 20)], repr(heat), at(last), said,
            "f", search, at(way.came), at(since),
        )  # fmt: skip


LEAD = (
    "id", "family_name", "given_name", "family_kana", "given_kana", "company_id", "department",
    "title", "email", "phone", "source_id", "campaign_id", "captured_at", "stage", "stage_since",
    "team_id", "marketer_id", "seller_id", "mql_at", "sal_at", "sql_at", "won_at", "offered_at",
    "contacted_at", "fit_points",
    "fit", "heat", "last_touch_at", "last_touch", "question_open", "search", "created_at",
    "updated_at",
)  # fmt: skip
TOUCH = (
    "lead_id", "kind", "direction", "at", "recorded_at", "campaign_id", "result", "words", "by_id",
    "by_machine", "points",
)  # fmt: skip
DERIVE = File(__file__).with_name("derive.sql")


class WaySink:
    """The ways of all leads, in a table of their own that derive.sql reads and drops."""

    COLUMNS = (
        "lead bigint", "ending text", "marketer bigint", "team bigint", "lane bigint", "rep bigint",
        "came timestamptz", "mql timestamptz", "offered timestamptz", "answered timestamptz",
        "attempted timestamptz", "contacted timestamptz", "deal timestamptz", "closed timestamptz",
        "accept_due timestamptz", "contact_due timestamptz", "decide_due timestamptz",
        "acknowledge_due timestamptz",
    )  # fmt: skip

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE UNLOGGED TABLE bench_way ({', '.join(self.COLUMNS)})")
        self.lines: list[str] = []

    def add(self, lead: int, marketer: int, way: Way, moments: Moments) -> None:
        ways = (
            way.came,
            way.mql,
            way.offered,
            way.answered,
            way.attempted,
            way.contacted,
            way.deal,
            way.closed,
        )
        dues = (
            (way.offered, WORKDAY), (way.answered, 3 * WORKDAY), (way.answered, 10 * WORKDAY),
            (way.closed if way.ending == "returned" else None, WORKDAY),
        )  # fmt: skip
        cells = [lead, way.ending, marketer, way.team, way.lane, way.rep]
        cells += [None if at is None else moments.text(at) for at in ways]
        cells += [None if at is None else moments.due(at, minutes) for at, minutes in dues]
        self.lines.append("\t".join(NULL if one is None else str(one) for one in cells))
        if len(self.lines) >= 50_000:
            self.close()

    def close(self) -> None:
        if not self.lines:
            return
        with connection.cursor() as cursor:
            cursor.copy_expert(
                "COPY bench_way FROM STDIN", io.StringIO("\n".join(self.lines) + "\n")
            )
        self.lines = []
