"""Numbers and dates as readers of each language expect them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from common import formats, time_at

pytestmark = pytest.mark.nodb

NOON = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # Wednesday, 12:00 in Tokyo


@pytest.fixture(autouse=True)
def noon_in_tokyo():
    with timezone.override("Asia/Tokyo"), time_at(NOON):
        yield


@pytest.mark.parametrize(
    ("amount", "ja", "en"),
    [
        (12_800_000, "1,280万円", "¥12,800,000"),
        (220_000_000, "2億2,000万円", "¥220,000,000"),
        (300_000_000, "3億円", "¥300,000,000"),
        (12_345, "12,345円", "¥12,345"),
        (-50_000, "-5万円", "-¥50,000"),
        (0, "0円", "¥0"),
        (None, "–", "–"),
    ],
)
def test_money_is_said_as_each_language_says_it(amount, ja, en):
    with translation.override("ja"):
        assert formats.yen(amount) == ja
    with translation.override("en"):
        assert formats.yen(amount) == en


@pytest.mark.parametrize(
    ("amount", "ja", "en"),
    [
        (12_345_678, "1,235万円", "¥12.3M"),
        (9_999, "9,999円", "¥10K"),
        (2_000_000_000, "20億円", "¥2B"),
    ],
)
def test_sums_are_rounded_when_asked(amount, ja, en):
    with translation.override("ja"):
        assert formats.yen(amount, short=True) == ja
    with translation.override("en"):
        assert formats.yen(amount, short=True) == en


@pytest.mark.parametrize(
    ("minutes", "ja", "en"),
    [
        (0, "0分", "0 min"),
        (59, "59分", "59 min"),
        (60, "1時間", "1 h"),
        (72, "1時間12分", "1 h 12 min"),
        (-72, "1時間12分", "1 h 12 min"),
        (26 * 60 + 30, "26時間", "26 h"),
        (52 * 60, "2日4時間", "2 d 4 h"),
        (8 * 24 * 60 + 60, "8日", "8 d"),
    ],
)
def test_a_length_of_time_is_told_in_words(minutes, ja, en):
    with translation.override("ja"):
        assert formats.span(minutes) == ja
    with translation.override("en"):
        assert formats.span(minutes) == en


def test_business_hours_are_never_gathered_into_days():
    with translation.override("ja"):
        assert formats.span(80 * 60, business=True) == "80時間"


@pytest.mark.parametrize(
    ("ratio", "digits", "said"),
    [(0.10525, 1, "10.5%"), (0.105, 0, "11%"), (1, 0, "100%"), (0, 1, "0.0%"), (None, 1, "–")],
)
def test_a_ratio_is_told_in_percent(ratio, digits, said):
    assert formats.percent(ratio, digits) == said


@pytest.mark.parametrize(
    ("away", "ja", "en"),
    [
        (timedelta(), "今日 12:00", "Today 12:00"),
        (timedelta(hours=-13), "昨日 23:00", "Yesterday 23:00"),
        (timedelta(hours=12), "明日 0:00", "Tomorrow 0:00"),
        (timedelta(days=-3), "11/15(日)", "Sun Nov 15"),
        (timedelta(days=-365), "2025/11/18(火)", "Nov 18, 2025"),
    ],
)
def test_near_days_are_called_by_their_names(away, ja, en):
    with translation.override("ja"):
        assert formats.when(NOON + away) == ja
    with translation.override("en"):
        assert formats.when(NOON + away) == en


def test_a_moment_always_has_its_time():
    with translation.override("ja"):
        assert formats.moment(NOON - timedelta(days=3)) == "11/15(日) 12:00"
        assert formats.moment(None) == "–"


def test_the_day_is_that_of_the_reader():
    late = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # already the 19th in Tokyo
    with translation.override("ja"):
        assert formats.day(late) == "11/19(木)"
        with timezone.override("UTC"):
            assert formats.day(late) == "11/18(水)"
        assert formats.day(date(2026, 11, 20)) == "11/20(金)"


def test_a_month_is_named():
    with translation.override("ja"):
        assert formats.month(date(2026, 11, 1)) == "2026年11月"
    with translation.override("en"):
        assert formats.month(date(2026, 11, 1)) == "Nov 2026"
