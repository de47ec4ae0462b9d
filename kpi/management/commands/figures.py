"""The figures of the KPI page on the command line."""

import json
import sys

from django.core.management.base import BaseCommand
from django.http import QueryDict
from django.utils.translation import override

from common import formats
from common.refusals import Refusal
from common.terminal import terminal_language
from kpi.api import MAIN, figures_data
from kpi.filters import FILTERS, scope_of
from kpi.measures import FIGURES, GROUPS
from kpi.states import Unit, View


class Command(BaseCommand):
    help = (
        "Print the shared figures. A period is [from, to): the day --to is not in it."
        " Without dates, all time."
    )

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"{' '.join(MAIN)} …")
        parser.add_argument("--view", default=View.ACTIVITY.value, choices=View.values)
        parser.add_argument("--from", dest="first", default="", metavar="D", help="2026-10-01")
        parser.add_argument("--to", default="", metavar="D", help="the day after the last one")
        parser.add_argument("--by", default="", metavar="GROUP", help=" | ".join(GROUPS))
        parser.add_argument("--filter", action="append", default=[], metavar="NAME=ID")
        parser.add_argument("--json", action="store_true")

    def handle(self, *names, **options):
        names = options["names"]
        unknown = [name for name in names if name not in FIGURES]
        if unknown:
            self._refuse(f"There is no figure named {', '.join(unknown)}.")
        with override(terminal_language()):
            try:
                data = figures_data(names, scope_of(self._query(options), None), options["by"])
            except Refusal as refusal:
                self._refuse(str(refusal))
            self._print(data, as_json=options["json"])

    def _query(self, options) -> QueryDict:
        query = QueryDict(mutable=True)
        query["view"], query["from"], query["to"] = options["view"], options["first"], options["to"]
        for pair in options["filter"]:
            name, equals, value = pair.partition("=")
            if not equals or name not in FILTERS:
                self._refuse(f"--filter takes NAME=ID, with NAME one of {', '.join(FILTERS)}.")
            query[name] = value
        return query

    def _print(self, data: dict, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
            return
        span = f"{data['from'] or '…'} – {data['to'] or '…'}"
        self.stdout.write(f"{data['view']}  [{span})")
        rows = [(f["name"], f["by"] or "", _value(f), f"n={f['n']:,}") for f in data["figures"]]
        widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
        for name, by, value, n in rows:
            line = f"{name:<{widths[0]}}  {by:<{widths[1]}}  {value:>{widths[2]}}  {n}"
            self.stdout.write(line.rstrip())

    def _refuse(self, sentence: str):
        self.stderr.write(sentence)
        sys.exit(2)


def _value(figure: dict) -> str:
    value, unit = figure["value"], figure["unit"]
    if value is None:
        return formats.NOTHING
    if unit == Unit.RATIO:
        return f"{value * 100:.3f} %"
    if unit == Unit.PER_HUNDRED:
        return f"{value:.2f} / 100"
    if unit == Unit.TIMES:
        return f"{value:.2f} ×"
    words = {Unit.DAYS: " d", Unit.HOURS: " h", Unit.MINUTES: " min", Unit.YEN: " JPY"}
    number = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return number + words.get(Unit(unit), "")
