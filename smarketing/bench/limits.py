"""What this machine can do at all, measured in the same run: every figure is also a share of it."""

import io
import time

from django.db import connection

from smarketing.bench.client import Client, together
from smarketing.bench.figures import percentile
from smarketing.bench.pages import CLIENTS
from smarketing.bench.server import serving

COPIED = 200_000


def limits(database: str, *, seconds: float) -> dict[str, float]:
    """Milliseconds of a bare Django page and of a bare list of 25 rows, and rows a second."""
    found = {}
    with serving("smarketing.bench.bare", database) as port:
        for name, path in (("bare page", "/"), ("bare list", "/rows/")):
            client, eight = Client(port), [Client(port) for _ in range(CLIENTS)]

            def visit(one: Client, path=path) -> float:
                return one.get(path).took

            together([client], visit, 0.3)
            _n, _spent, took = together([client], visit, seconds / 2)
            n, spent, _took = together(eight, visit, seconds / 2)
            found[f"{name} ms"] = 1000 * percentile(took, 0.5)
            found[f"{name} /s"] = n / spent
            for one in [client, *eight]:
                one.close()
    found["COPY rows/s"] = copied()
    found["INSERT + commit /s"] = inserted(seconds)
    return found


def copied() -> float:
    """Rows a second by COPY into a table like the touches', without any index."""
    line = "1\tvisit\tin\t2026-01-05 01:00:00+00\t\\N\t料金プランとお見積もり\tt\t3\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_copy (lead bigint, kind text, direction text, at timestamptz,"
            " campaign bigint, words text, machine bool, points float)"
        )
        start = time.perf_counter()
        cursor.copy_expert("COPY bench_copy FROM STDIN", io.StringIO(line * COPIED))
        spent = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_copy")
    return COPIED / spent


def inserted(seconds: float) -> float:
    """Transactions a second of one connection: one row each, on the disk when it answers."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_insert (id bigserial PRIMARY KEY, words text)")
        n, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds / 2:
            cursor.execute("INSERT INTO bench_insert (words) VALUES (%s)", ["one row"])
            n += 1
        spent = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_insert")
    return n / spent
