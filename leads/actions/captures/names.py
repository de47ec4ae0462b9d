"""Sources and campaigns as files name them, found or made for a whole set at once."""

import re
from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from accounts.permissions import can
from common.text import normalise
from leads.models import Campaign, Source

_SIGNS = re.compile(r"[\s_\-/]+")


def name_key(name: str) -> str:
    """What two spellings of one name have in common: organic_search is Organic Search."""
    return _SIGNS.sub(" ", normalise(name)).strip()


def sources_named(names: Iterable[str], *, dry_run: bool) -> dict[str, Source]:
    """The source behind each name: of exactly this name, else of one written a little differently,
    else a new one. "unknown" is a name like any other; a blank is none."""
    wanted = {name[:100] for name in names if name}
    if not wanted:
        return {}
    known = list(Source.objects.order_by("pk"))
    found = _matching(wanted, known)
    missing = {name_key(name): name for name in sorted(wanted - found.keys(), reverse=True)}
    new = [Source(name=name) for name in missing.values()]
    if not dry_run:
        Source.objects.bulk_create(new)
    return found | _matching(wanted - found.keys(), new)


def campaigns_named(
    names: Iterable[str], *, by: User | None, at: datetime, dry_run: bool
) -> dict[str, Campaign]:
    """The campaign behind each name; new ones are made if `by` may write campaigns, else left out."""
    wanted = {name[:120] for name in names if name}
    if not wanted:
        return {}
    found = _matching(wanted, list(Campaign.objects.order_by("pk")))
    if by is not None and not can(by, "campaign.edit"):
        return found
    missing = {name_key(name): name for name in sorted(wanted - found.keys(), reverse=True)}
    new = [Campaign(name=name, created_at=at) for name in missing.values()]
    if not dry_run:
        Campaign.objects.bulk_create(new)
    return found | _matching(wanted - found.keys(), new)


def _matching(wanted: Iterable[str], rows: list) -> dict:
    exact = {row.name: row for row in rows}
    alike: dict = {}
    for row in rows:
        alike.setdefault(name_key(row.name), row)
    found = {name: exact.get(name) or alike.get(name_key(name)) for name in wanted}
    return {name: row for name, row in found.items() if row is not None}
