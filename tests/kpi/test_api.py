"""GET /kpi/figures.json tells what the command tells."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from common.clock import time_at
from tests.kpi.world import NOW, a_manager, a_world


@pytest.fixture
def world(db):
    with time_at(NOW):
        yield a_world(seed=3, leads=30)


@pytest.mark.parametrize("by", ["", "source", "month", "person", "reason"])
@pytest.mark.parametrize("view", ["cohort", "activity"])
def test_api_and_command_tell_the_same(client, world, view, by):
    out = StringIO()
    call_command("figures", view=view, by=by, first="2026-06-01", json=True, stdout=out)
    client.force_login(a_manager())
    told = client.get("/kpi/figures.json", {"view": view, "by": by, "from": "2026-06-01"})
    assert told.json() == json.loads(out.getvalue())


def test_named_figures_only_and_filtered(client, world):
    client.force_login(a_manager())
    source = next(lead.source for lead in world.leads if lead.source)
    told = client.get("/kpi/figures.json", {"name": ["leads", "won"], "source": source.pk}).json()
    assert [figure["name"] for figure in told["figures"]] == ["leads", "won"]
    assert told["figures"][0]["n"] == sum(lead.source_id == source.pk for lead in world.leads)


def test_the_list_of_a_figure_is_its_address(client, world):
    client.force_login(a_manager())
    for figure in client.get("/kpi/figures.json", {"by": "month"}).json()["figures"][::9]:
        assert client.get(figure["list"]).status_code == 200
