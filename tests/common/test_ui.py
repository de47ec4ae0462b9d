"""The tags of the design: what they say, and that nothing a person typed becomes HTML."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from common import time_at

pytestmark = pytest.mark.nodb

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def english_at_noon():
    with translation.override("en"), time_at(NOW):
        yield


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def someone(name="Misaki Onodera", kind="marketing"):
    return SimpleNamespace(name=name, initial=name[:1], team_kind=kind)


@pytest.mark.parametrize(
    "source",
    [
        "{% icon evil evil %}",
        "{% side evil evil %}",
        "{% avatar person %}",
        "{% person person %}",
        "{% person None evil %}",
        "{% owners person None %}",
        "{% stage evil evil %}",
        "{% stagecell evil evil %}",
        "{% seam steps 0 %}",
        "{% score evil evil evil %}",
        "{% clock due paused=evil %}",
        "{% clock due prefix=evil %}",
        "{% bar 10 evil cls=evil %}",
        "{% sort_head evil evil evil %}",
    ],
)
def test_what_a_person_typed_never_becomes_html(source):
    person = SimpleNamespace(name=EVIL, initial="<", team_kind=EVIL)
    steps = [{"label": EVIL, "side": EVIL, "sub": EVIL}]
    request = RequestFactory().get("/", {"q": EVIL})
    html = draw(source, evil=EVIL, person=person, steps=steps, due=NOW + HOUR, request=request)
    assert "<script" not in html


def test_an_avatar_shows_the_side_by_its_edge():
    assert "avatar--mk" in draw("{% avatar p %}", p=someone())
    assert "avatar--is" in draw("{% avatar p %}", p=someone(kind="inside_sales"))
    assert "avatar--sl" in draw("{% avatar p %}", p=someone(kind="sales"))
    assert "avatar--none" in draw("{% avatar p %}", p=None)


def test_a_column_of_owners_names_them_for_screen_readers():
    html = draw("{% owners a b %}", a=someone("Aki"), b=None)
    assert '<span class="vh">Aki</span>' in html


def test_a_stage_says_its_word_and_its_side():
    html = draw('{% stage "sal" "Accepted" %}')
    assert 'data-side="hd"' in html
    assert "Accepted" in html
    assert "#i-return" in draw('{% stage "returned" "Returned" %}')


def test_the_mini_seam_is_filled_up_to_the_stage():
    assert "#s-3" in draw('{% minseam "mql" %}')
    assert "#s-5" in draw("{% minseam 5 %}")
    assert "#s-0" in draw('{% minseam "unheard-of" %}')


def test_the_seam_marks_where_the_lead_stands():
    steps = [{"label": name, "side": "mk", "sub": ""} for name in ("New", "Nurturing", "MQL")]
    html = draw("{% seam steps 1 %}", steps=steps)
    assert html.count("is-done") == 1
    assert html.count('aria-current="step"') == 1


def test_a_score_is_read_as_fit_and_engagement():
    html = draw('{% score "A" 82 %}')
    assert 'data-fit="A"' in html
    assert "Engagement" in html
    assert "82" in html


@pytest.mark.parametrize(
    ("due", "warn", "state", "words"),
    [
        (HOUR, HOUR / 2, "", "1 h left"),
        (HOUR, -HOUR / 2, "clock--soon", "1 h left"),
        (-HOUR, -2 * HOUR, "clock--late", "1 h late"),
    ],
)
def test_a_running_clock_says_how_long_is_left(due, warn, state, words):
    html = draw(
        "{% clock due started warn %}", due=NOW + due, started=NOW - 3 * HOUR, warn=NOW + warn
    )
    assert words in html
    assert state in html
    assert "data-due=" in html


def test_without_a_warning_moment_four_fifths_count_as_soon():
    html = draw("{% clock due started %}", due=NOW + HOUR, started=NOW - 9 * HOUR)
    assert "clock--soon" in html


def test_business_minutes_go_before_the_wall_clock():
    html = draw("{% clock due minutes=268 total=480 %}", due=NOW + 40 * HOUR)
    assert "4 h 28 min left" in html
    assert 'data-left="268"' in html
    assert 'stroke-dasharray="56 100"' in html


def test_a_stopped_clock_says_whether_the_promise_was_kept():
    assert "As promised" in draw("{% clock due None None at %}", due=NOW, at=NOW)
    missed = draw("{% clock due None None at %}", due=NOW, at=NOW + HOUR)
    assert "Later than promised" in missed
    assert "data-due" not in missed


def test_no_clock_draws_nothing():
    assert draw("{% clock None %}") == ""


def test_a_column_head_sorts_downwards_first_and_starts_from_the_top():
    request = RequestFactory().get("/", {"q": "x", "after": "k", "order": "name"})
    html = draw('{% sort_head "heat" "Engagement" "name" %}', request=request)
    assert 'href="?q=x&amp;order=-heat"' in html
    assert "aria-sort" not in html
    again = draw('{% sort_head "heat" "Engagement" "-heat" %}', request=request)
    assert "order=heat" in again
    assert 'aria-sort="descending"' in again


def test_dates_are_elements_with_the_exact_moment():
    html = draw("{{ at|when }}", at=NOW)
    assert html.startswith('<time datetime="2026-11-18T03:00+00:00">Today')
    assert draw("{{ at|when }}", at=None) == "–"
    assert "<time" not in draw("{{ at|when_words }}", at=NOW)


def test_a_bar_stays_within_its_track():
    assert 'width="100%" height="100%"/></svg>' in draw("{% bar 250 %}")
    assert 'class="bar__fill" width="0%"' in draw("{% bar None %}")


def test_a_spark_of_nothing_is_drawn_empty():
    assert "<svg" in draw("{% spark none %}", none=[])
    assert draw("{% spark weeks %}", weeks=[0, 2, 4]).count("<path") == 2
