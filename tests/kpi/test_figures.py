"""Every figure against its naive telling, and against its own list."""

from datetime import date

import pytest
from django.db import transaction

from kpi.measures import FIGURES, GROUPS, Scope, list_of, read
from kpi.periods import Period
from kpi.states import View
from tests.kpi import naive
from tests.kpi.world import NOW, TOKYO, a_world

pytestmark = pytest.mark.django_db

PERIODS = {
    "all": (None, None),
    "quarter": (date(2026, 10, 1), date(2027, 1, 1)),
    "month": (date(2026, 10, 1), date(2026, 11, 1)),
    "since": (date(2026, 9, 15), None),
    "day": (date(2026, 11, 20), date(2026, 11, 21)),
}
# Of the pairs of steps (all are counted by one function) the whole way and its neighbours.
LISTED = {
    name: figure
    for name, figure in FIGURES.items()
    if not name.startswith(("conversion", "velocity"))
    or name.removesuffix("_p90").endswith(("leads_mql", "mql_won", "offered_sal", "contacted_sql"))
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for the module: it is only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_world(seed=20261121)
        transaction.set_rollback(True)


@pytest.fixture(params=PERIODS, scope="module")
def period(request):
    return PERIODS[request.param]


@pytest.fixture(params=View.values, scope="module")
def scope(request, world, period):
    return Scope(View(request.param), Period(*period, TOKYO), NOW)


@pytest.fixture(scope="module")
def readings(scope):
    return read(FIGURES.values(), scope)


@pytest.fixture(scope="module")
def told(world, scope):
    first, end = scope.period.first, scope.period.end
    return naive.tell(world, naive.Asked(scope.by_cohort, first, end))


def test_every_figure_is_told_twice(told):
    assert set(told) == set(FIGURES)


def test_the_world_has_something_to_tell(told, scope):
    if scope.period.first is None:
        assert all(one.ids for name, one in told.items() if name != "unaccounted")


def test_every_figure_says_what_a_naive_count_says(told, readings):
    for name, expected in told.items():
        (reading,) = readings[name]
        assert reading.value == pytest.approx(expected.value), name
        assert reading.n == len(expected.ids), name


def test_a_figure_read_alone_says_the_same_as_read_with_all_others(scope, readings):
    for name, figure in LISTED.items():
        assert read([figure], scope)[name] == readings[name]


def test_the_list_of_a_figure_has_exactly_its_rows(scope, told, readings):
    for name in LISTED:
        expected = told[name]
        rows = list_of(FIGURES[name], scope).values_list("pk", flat=True)
        assert sorted(rows) == sorted(expected.ids), name
        if expected.part is not None:
            _parts_are_disjoint_and_whole(FIGURES[name], scope, expected, readings[name][0])


def _parts_are_disjoint_and_whole(figure, scope, expected, reading):
    counted = set(list_of(figure, scope, part=True).values_list("pk", flat=True))
    rest = set(list_of(figure, scope, part=False).values_list("pk", flat=True))
    assert counted == set(expected.part), figure.name
    assert rest == set(expected.ids) - counted, figure.name
    assert (reading.numerator, reading.denominator) == (len(counted), len(counted | rest))


@pytest.mark.parametrize("group", GROUPS)
def test_groups_are_disjoint_add_up_and_have_their_lists(group, scope, readings):
    able = [f for f in LISTED.values() if _can_be_told_by(f, scope, group)]
    found = read(able, scope, [group])
    for figure in able:
        cells = found[figure.name]
        counts = {GROUPS[group].key_of(reading.group[0]): reading.n for reading in cells}
        assert sum(counts.values()) == readings[figure.name][0].n, figure.name
        for key, n in counts.items():
            within = scope.within((group, key))
            assert list_of(figure, within).count() == n, (figure.name, key)
            assert read([figure], within)[figure.name][0].n == n


def _can_be_told_by(figure, scope, group) -> bool:
    if figure.only_by is not None and group not in figure.only_by:
        return False
    return GROUPS[group].fits(figure.measure(scope), scope)
