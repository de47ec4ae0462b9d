"""Where it is stuck: the largest gap that enough rows can vouch for."""

import pytest

from kpi.measures import Reading, wilson
from kpi.measures.stuck import where_stuck

pytestmark = pytest.mark.nodb


def ratio(part, n, name="conversion_mql_sal"):
    return Reading(name, "ratio", part / n if n else None, n, part, n)


def test_a_promise_far_below_its_target_goes_before_a_small_fall():
    stuck = where_stuck({"contact": ratio(50, 100)}, 0.9, [(ratio(30, 100), ratio(35, 100))])
    assert stuck.clause == "contact"
    assert stuck.gap == pytest.approx(0.4)


def test_a_step_that_fell_goes_before_a_promise_just_missed():
    stuck = where_stuck({"contact": ratio(89, 100)}, 0.9, [(ratio(30, 100), ratio(55, 100))])
    assert (stuck.clause, stuck.should) == ("", 0.55)


def test_two_rows_are_no_bottleneck():
    assert where_stuck({"contact": ratio(0, 2)}, 0.9, [(ratio(0, 10), ratio(10, 10))]) is None


def test_nothing_below_means_nothing_stuck():
    assert where_stuck({"accept": ratio(95, 100)}, 0.9, [(ratio(40, 100), ratio(40, 100))]) is None


def test_a_step_without_a_period_before_cannot_have_fallen():
    assert where_stuck({}, 0.9, [(ratio(1, 100), None), (ratio(1, 100), ratio(0, 0))]) is None


@pytest.mark.parametrize(
    ("part", "n", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_wilson(part, n, low, high):
    assert wilson(part, n) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_interval():
    assert wilson(0, 0) is None
