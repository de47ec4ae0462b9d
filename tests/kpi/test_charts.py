"""Charts: honest scales, gaps where nothing was due, words that do not lie on each other."""

from itertools import pairwise

import pytest
from django.template import Context, Template

from kpi.templatetags.charts import Column, Line, Point, Scale, column_chart, line_chart, nice_top

pytestmark = pytest.mark.nodb


def line(*values, tone="hd"):
    points = [
        None if v is None else Point(v, f"/kpi/x/?in=week:{n}", "w", f"{v:.0%}")
        for n, v in enumerate(values)
    ]
    return Line("Accept", tone, points, "Accept")


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (0.047, 0.06), (0.24, 0.3), (1, 1), (455_500_000, 600_000_000)]
)
def test_an_axis_ends_at_a_round_number_above_the_highest(highest, top):
    assert nice_top(highest)[0] == pytest.approx(top)
    assert nice_top(highest)[0] >= highest


def test_bars_stand_on_zero_and_are_as_long_as_they_are_large():
    columns = [Column("a", "", v, "", "/", "w") for v in (10, 20, 40)]
    heights = [c.height for c in column_chart(columns, "label", "yen")["columns"]]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(4 * heights[0], abs=0.2)


def test_the_axis_of_lines_begins_below_the_lowest_value_and_ends_at_all():
    drawn = line_chart([line(0.83, 0.95)], ["a", "b"], 0.9, "label")
    words = [words for _y, _words_y, words in drawn["grid"]]
    assert words[-1] == "100%"
    assert int(words[0][:-1]) < 83


def test_a_week_in_which_nothing_was_due_is_a_gap():
    drawn = line_chart([line(0.9, None, 0.8, 0.7)], list("abcd"), 0.9, "label")
    assert len(drawn["lines"][0].paths) == 2
    assert len(drawn["lines"][0].dots) == 3


def test_words_at_the_ends_of_lines_stay_apart():
    drawn = line_chart([line(0.9), line(0.9, tone="mk"), line(0.9, tone="sl")], ["a"], 0.9, "l")
    ends = sorted(one.label_y for one in drawn["lines"])
    assert min(b - a for a, b in pairwise(ends)) >= 18


def test_every_mark_is_a_link_to_its_list():
    template = Template("{% load charts %}{% line_chart lines ticks 0.9 'Kept' %}")
    page = template.render(Context({"lines": [line(0.9, 0.8)], "ticks": ["a", "b"]}))
    assert page.count('href="/kpi/x/?in=week:') == 2
    assert 'aria-label="Kept"' in page
    assert "style=" not in page


def test_a_scale_turns_values_into_places():
    y = Scale(0.5, 1.0, 0, 100)
    assert (y(0.5), y(0.75), y(1.0)) == (100, 50, 0)
    assert y.ticks(0.25) == [0.5, 0.75, 1.0]
