"""Figures as a person reads them in a terminal."""

from collections.abc import Iterator

from smarketing.bench.figures import Report


def lines(report: Report, smaller: Report | None) -> Iterator[str]:
    """The tables of one size; with a smaller one, how much each page has grown since."""
    yield f"\n{report.leads:,} leads, {report.touches:,} touches"
    yield "  " + "   ".join(f"{name} {value:,.1f}" for name, value in report.limits.items())
    bare = report.limits.get("bare list ms") or 1
    yield (
        f"\n  {'page':<28}{'p50 ms':>8}{'p95':>8}{'max':>8}{'×bare':>7}{'/s by 8':>9}"
        f"{'queries':>9}{'kB':>7}{'growth':>8}  target"
    )
    before = {page.name: page.p50 for page in smaller.pages} if smaller else {}
    for page in report.pages:
        grown = f"{page.p50 / before[page.name]:.1f}×" if page.name in before else ""
        yield (
            f"  {page.name:<28}{page.p50:>8.1f}{page.p95:>8.1f}{page.most:>8.1f}"
            f"{page.p50 / bare:>7.1f}{page.per_second:>9.1f}{page.queries:>9}{page.kb:>7.0f}"
            f"{grown:>8}  {_verdict(page.missed)}"
        )
    commits = report.limits.get("INSERT + commit /s") or 1
    yield f"\n  {'deed':<36}{'/s':>9}{'p50 ms':>8}{'of commits':>12}  target"
    for rate in report.rates:
        p50 = f"{rate.p50:.1f}" if rate.p50 else ""
        said = _verdict(rate.missed) if rate.least is not None or not rate.note else ""
        share = rate.per_second / commits
        yield f"  {rate.name:<36}{rate.per_second:>9,.0f}{p50:>8}{share:>12.1%}  {rate.note or said}"


def _verdict(missed: list[str]) -> str:
    return "MISSED " + ", ".join(missed) if missed else "ok"
