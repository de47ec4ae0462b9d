"""A real funnel to count: 8,000 marketing-qualified leads, 842 of them won. Not part of the product."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from accounts.states import TeamKind
from handoff.models import Deal
from handoff.states import DealState
from leads.models import Lead, Source
from leads.states import Stage
from tests.factories import the_defaults, the_team
from tests.kpi.world import TOKYO

PLACE = Path(__file__).resolve().parents[3] / "shared" / "data" / "olist_funnel"
LEADS = PLACE / "olist_marketing_qualified_leads_dataset.csv"
DEALS = PLACE / "olist_closed_deals_dataset.csv"

needs_olist = pytest.mark.skipif(
    not LEADS.exists(), reason=f"The Olist funnel is not at {PLACE}: its figures were NOT checked."
)


def _rows(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def load_olist() -> None:
    """As an import of MQLs and of won deals leaves them: with every milestone, without handoffs."""
    the_defaults()
    team = the_team(TeamKind.MARKETING)
    won = {
        row["mql_id"]: datetime.fromisoformat(row["won_date"]).replace(tzinfo=TOKYO)
        for row in _rows(DEALS)
    }
    sources: dict[str, Source] = {}
    leads = []
    for row in _rows(LEADS):
        name = row["origin"]
        if name and name not in sources:
            sources[name] = Source.objects.create(name=name)
        at = datetime.fromisoformat(row["first_contact_date"]).replace(tzinfo=TOKYO)
        leads.append(_lead(row["mql_id"], at, won.get(row["mql_id"]), sources.get(name), team))
    Lead.objects.bulk_create(leads, batch_size=2000)
    Deal.objects.bulk_create(
        [_deal(lead) for lead in leads if lead.won_at is not None], batch_size=1000
    )


def _lead(external_id, at, won, source, team) -> Lead:
    return Lead(
        external_id=external_id, source=source, captured_at=at, last_touch_at=at,
        stage=Stage.WON if won else Stage.MQL, stage_since=won or at, team=team,
        mql_at=at, sal_at=won, sql_at=won, won_at=won, created_at=at, updated_at=at,
    ).derive()  # fmt: skip


def _deal(lead: Lead) -> Deal:
    return Deal(
        lead=lead, state=DealState.WON, opened_at=lead.won_at, won_at=lead.won_at,
        updated_at=lead.won_at, imported=True,
    )  # fmt: skip
