"""Columns of leads that rows of a file may change, and how a change is told from none."""

from datetime import datetime

from accounts.models import Organisation
from leads.actions.profile import EDITABLE
from leads.models import Lead

NAMES = {
    one.attname: one.name
    for one in Lead._meta.concrete_fields
    if one.name not in ("id", "created_at", "updated_at", "search")
}
# Moves have an event of their own.
MOVED = frozenset({"stage", "stage_since", "team_id", "mql_at", "sal_at", "sql_at", "won_at"})
# What a row of a file may change of a lead; others may be writing the rest.
SAVED = sorted(
    EDITABLE
    | {
        "attributes", "captured_at", "stage", "stage_since", "mql_at", "team", "marketer", "fit", "fit_points",
        "search", "updated_at",
    }
)  # fmt: skip


def says_less(value: datetime, known: datetime) -> bool:
    """Whether it is the same moment with less of it: spreadsheets drop seconds, others the time of day."""
    zone = Organisation.current().zone
    value, known = value.astimezone(zone), known.astimezone(zone)
    to_second = known.replace(microsecond=0)
    to_minute = to_second.replace(second=0)
    return value in (to_second, to_minute, to_minute.replace(hour=0, minute=0))


def columns_of(lead: Lead) -> dict:
    return {name: getattr(lead, name) for name in NAMES}
