"""One run: fill, measure, compare; for one size after the other."""

import random
import time
from collections.abc import Callable

from django.utils import timezone

from accounts.models import WorkingCalendar
from smarketing.bench import verbs
from smarketing.bench.databases import own_database
from smarketing.bench.figures import Report
from smarketing.bench.filling import TOUCHES, Filling
from smarketing.bench.house import build, find
from smarketing.bench.limits import limits
from smarketing.bench.live import live_board
from smarketing.bench.moments import Moments
from smarketing.bench.pages import live_pages, measure, pages
from smarketing.bench.server import serving
from smarketing.bench.sweeping import swept


def run(
    leads: int, *, seconds: float, keep: bool, reuse: bool, say: Callable[[str], None]
) -> Report:
    """Fill a database with `leads` leads and measure it; it is dropped afterwards unless kept."""
    with own_database(f"bench_{leads}", keep=keep, reuse=reuse) as (database, new):
        start = time.perf_counter()
        if new:
            _fill(leads)
        report = Report(leads, leads * TOUCHES, time.perf_counter() - start)
        if new:
            say(f"{leads:,} leads and their touches filled in {report.filled_in:.0f} s")
        house = find()
        report.limits = limits(database, seconds=seconds)
        with serving("smarketing.wsgi", database) as port:
            for page in pages(house, leads):
                report.pages.append(measure(page, port, seconds=seconds))
            raced = verbs.race(house)
            report.rates += verbs.over_http(house, port, seconds=seconds)
        report.rates += [verbs.at_the_verb(house, seconds=seconds), raced]
        # What is laid for these and taken away again is swept up by PostgreSQL meanwhile: last.
        with serving("smarketing.wsgi", database) as port, live_board(house) as leg:
            for page in live_pages(house, leg):
                report.pages.append(measure(page, port, seconds=seconds))
        report.rates.append(swept(house))
        return report


def _fill(leads: int) -> None:
    house = build(leads)
    moments = Moments(timezone.now(), WorkingCalendar.default())
    Filling(house, moments, random.Random(1), leads).fill()
