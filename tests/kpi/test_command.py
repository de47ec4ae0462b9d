"""The figures on the command line: the documented shape, and one sentence for a slip."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from kpi.measures import FIGURES
from tests.factories import an_mql

SHAPE = {"name", "by", "value", "unit", "n", "numerator", "denominator", "list"}


def run(*args, **options) -> str:
    out = StringIO()
    call_command("figures", *args, stdout=out, **options)
    return out.getvalue()


def test_json_has_the_documented_shape(noa):
    an_mql()
    data = json.loads(
        run("mql", "conversion_mql_won", json=True, view="cohort", first="2020-01-01")
    )
    assert set(data) == {"view", "from", "to", "figures"}
    assert (data["view"], data["from"], data["to"]) == ("cohort", "2020-01-01", None)
    assert [row["name"] for row in data["figures"]] == ["mql", "conversion_mql_won"]
    assert all(set(row) == SHAPE for row in data["figures"])
    assert data["figures"][0] | {"list": ""} == {
        "name": "mql", "by": None, "value": 1, "unit": "count", "n": 1,
        "numerator": None, "denominator": None, "list": "",
    }  # fmt: skip


def test_without_names_the_main_figures_are_told(noa):
    named = {row["name"] for row in json.loads(run(json=True))["figures"]}
    assert {"leads", "won", "sla_kept", "forecast", "unaccounted"} <= named <= set(FIGURES)


def test_every_figure_can_be_asked_for(noa):
    told = json.loads(run(*FIGURES, json=True))["figures"]
    assert [row["name"] for row in told] == list(FIGURES)


def test_the_table_is_for_people(noa):
    an_mql()
    assert "mql" in run("mql", "conversion_mql_won", by="source")
    assert "(none)" in run("mql", by="source")
    assert "0.000 %" in run("conversion_mql_won")


@pytest.mark.parametrize(
    ("args", "options"),
    [
        (["mqls"], {}),
        (["mql"], {"first": "yesterday"}),
        (["mql"], {"first": "2026-02-01", "to": "2026-01-01"}),
        (["mql"], {"by": "weather"}),
        (["brief_read"], {"by": "person"}),
        (["mql"], {"filter": ["weather=1"]}),
        (["mql"], {"filter": ["team=x"]}),
        (["campaign_return"], {"by": "source"}),
    ],
)
def test_a_slip_is_one_sentence_and_exit_code_2(noa, args, options):
    err = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("figures", *args, stderr=err, **options)
    assert stopped.value.code == 2
    assert len(err.getvalue().strip().splitlines()) == 1
