"""The sweep over a hundred thousand running clocks, of which a thousand are due."""

import itertools
import time
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import User
from common import now
from handoff.models import Clock
from handoff.tasks import sweep_clocks
from leads.models import Lead, Question
from smarketing.bench.figures import RateFigure
from smarketing.bench.house import House
from smarketing.bench.tables import Sink, cell

RUNNING, DUE = 100_000, 1_000
SECONDS = 2.0
MARK = "bench: sweep"


def swept(house: House) -> RateFigure:
    """Half of what is due is reminded of, half is broken and climbs the ladder: once each."""
    while any(sweep_clocks().values()):  # what the filled world has due is not what is measured
        pass
    first = _stage(house)
    # Written by COPY a moment ago: the server would gather statistics by itself within a minute.
    _execute("ANALYZE handoff_clock")
    start = time.perf_counter()
    done = sweep_clocks()
    spent = time.perf_counter() - start
    _clear(first)
    right = (done["warned"], done["breached"], done["climbed"]) == (DUE // 2,) * 3
    note = f"{spent:.2f} s for {DUE:,} due of {RUNNING:,} running clocks"
    name = f"Sweep of {RUNNING // 1000}k clocks, {DUE:,} due, rows"
    return RateFigure(name, DUE / spent, DUE / SECONDS if right else float("inf"), note=note)


def _stage(house: House) -> int:
    """Open questions with a running clock each; the first question's id."""
    moment, reps = now(), itertools.cycle(house.reps)
    leads = list(Lead.objects.order_by("pk").values_list("pk", flat=True)[:RUNNING])
    top = Question.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    questions = Sink(Question, "id", "lead_id", "text", "asked_at")
    clocks = Sink(
        Clock, "kind", "question_id", "lead_id", "side", "team_id", "owner_id", "agreement_version",
        "minutes", "started_at", "warn_at", "due_at", "escalates_at",
    )  # fmt: skip
    rows = list(zip(range(RUNNING), itertools.cycle(leads), reps, strict=False))
    for n, lead, _rep in rows:
        questions.add(cell(top + 1 + n), cell(lead), MARK, cell(moment))
    questions.close()
    for n, lead, rep in rows:
        clocks.add(*map(cell, _clock(n, top + 1 + n, lead, rep, moment)))
    clocks.close()
    return top + 1


def _clock(n: int, question: int, lead: int, rep: User, moment: datetime) -> tuple:
    """Of every hundred clocks one is due: to be reminded of, or broken, by turns."""
    every = RUNNING // DUE
    due = moment + timedelta(hours=1 + n % 400)
    warn = due - timedelta(minutes=30)
    if n % every == 0:
        warn = moment - timedelta(minutes=1)
        due = moment + timedelta(minutes=30) if n // every % 2 else moment - timedelta(seconds=30)
    started = warn - timedelta(hours=2)
    return (
        "answer", question, lead, "sales", rep.team_id, rep.pk, 1, 150, started, warn, due, due,
    )  # fmt: skip


def _clear(first: int) -> None:
    """The world is as it was: a kept database can be measured again."""
    _execute("DELETE FROM handoff_clock WHERE question_id >= %s", first)
    _execute("DELETE FROM leads_question WHERE id >= %s", first)


def _execute(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
