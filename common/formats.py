"""Numbers, money, time spans and dates in the words of the reader's language: plain text, no HTML."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.clock import page_now

NOTHING = "–"
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_japanese() -> bool:
    return (get_language() or "").startswith("ja")


def number(value) -> str:
    """8412 → 8,412; None → –."""
    if value is None or value == "":
        return NOTHING
    return f"{value:,}"


def percent(ratio, digits: int = 0) -> str:
    """0.10525 → 10.5% with one digit; None (nothing to divide by) → –."""
    if ratio is None or ratio == "":
        return NOTHING
    step = Decimal(1).scaleb(-digits)
    return f"{(Decimal(str(ratio)) * 100).quantize(step, ROUND_HALF_UP)}%"


def yen(amount, *, short: bool = False) -> str:
    """1,280万円 or ¥12,800,000. `short` rounds to 万円 / ¥12.8M, for sums and charts."""
    if amount is None or amount == "":
        return NOTHING
    amount = int(Decimal(str(amount)).to_integral_value(ROUND_HALF_UP))
    sign, amount = ("-" if amount < 0 else ""), abs(amount)
    return sign + (_yen_ja(amount, short) if in_japanese() else _yen_en(amount, short))


def _yen_ja(amount: int, short: bool) -> str:
    if short and amount >= 10_000:
        amount = (amount + 5_000) // 10_000 * 10_000
    if amount < 10_000 or amount % 10_000:
        return f"{amount:,}円"
    hundred_millions, ten_thousands = divmod(amount // 10_000, 10_000)
    words = f"{hundred_millions:,}億" if hundred_millions else ""
    return words + (f"{ten_thousands:,}万円" if ten_thousands else "円")


def _yen_en(amount: int, short: bool) -> str:
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if short and amount >= size:
            return f"¥{amount / size:.1f}".removesuffix(".0") + letter
    return f"¥{amount:,}"


def span(minutes, *, business: bool = False) -> str:
    """A length of time in words: 72 → 1時間12分, 1 h 12 min.

    Business hours are never gathered into days: a day of work has no fixed length.
    """
    minutes = abs(int(minutes))
    hours, rest = divmod(minutes, 60)
    ja = in_japanese()
    if hours >= 48 and not business:
        days, hours = divmod(hours, 24)
        tail = (f"{hours}時間" if ja else f" {hours} h") if hours and days < 7 else ""
        return (f"{days}日" if ja else f"{days} d") + tail
    if hours >= 24:
        rest = 0
    words = [f"{hours}時間" if ja else f"{hours} h"] if hours else []
    if rest or not hours:
        words.append(f"{rest}分" if ja else f"{rest} min")
    return ("" if ja else " ").join(words)


def clock_time(moment: datetime) -> str:
    """The time of day in the reader's zone: 9:05."""
    moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{moment.hour}:{moment.minute:02}"


def local_day(value) -> date:
    """The calendar day of a date or a moment, in the reader's time zone."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value, *, today: date | None = None) -> str:
    """11/18(水) or Wed Nov 18; with the year where it is another one."""
    if not value:
        return NOTHING
    value, today = local_day(value), today or local_day(page_now())
    if in_japanese():
        year = "" if value.year == today.year else f"{value.year}/"
        return f"{year}{value.month}/{value.day}({_WEEKDAYS_JA[value.weekday()]})"
    if value.year != today.year:
        return f"{_MONTHS_EN[value.month - 1]} {value.day}, {value.year}"
    return f"{_WEEKDAYS_EN[value.weekday()]} {_MONTHS_EN[value.month - 1]} {value.day}"


def moment(value: datetime | None) -> str:
    """Day and time, always: 11/18(水) 14:20; 今日, 昨日 and 明日 by their names."""
    if not value:
        return NOTHING
    return f"{_near_day(local_day(value)) or day(value)} {clock_time(value)}"


def full_day(value) -> str:
    """The day as a document names it, with its year: 2026/11/18(水), Wed Nov 18, 2026."""
    if not value:
        return NOTHING
    value = local_day(value)
    words = day(value, today=value)
    return f"{value.year}/{words}" if in_japanese() else f"{words}, {value.year}"


def full_moment(value: datetime | None) -> str:
    """Day and time as a document names them: 2026/11/18(水) 14:20, Wed Nov 18, 2026 14:20."""
    return f"{full_day(value)} {clock_time(value)}" if value else NOTHING


def when(value) -> str:
    """As short as a list wants it: the time only where the day is near (昨日 17:22, else 11/18)."""
    if not value:
        return NOTHING
    near = _near_day(local_day(value))
    if not near:
        return day(value)
    return f"{near} {clock_time(value)}" if isinstance(value, datetime) else near


def near_day(value) -> str:
    """今日, 昨日 or 明日 for such a day, else nothing."""
    return _near_day(local_day(value))


def short_day(value) -> str:
    """The day without its weekday: 11/18, Nov 18; with the year where it is another one."""
    value = local_day(value)
    other_year = value.year != local_day(page_now()).year
    if in_japanese():
        return (
            f"{value.year}/{value.month}/{value.day}"
            if other_year
            else f"{value.month}/{value.day}"
        )
    return f"{_MONTHS_EN[value.month - 1]} {value.day}" + (f", {value.year}" if other_year else "")


def joined(words) -> str:
    """Words in a row: 価格・事例, or pricing, cases."""
    return ("・" if in_japanese() else ", ").join(str(word) for word in words)


def _near_day(value: date) -> str:
    apart = (value - local_day(page_now())) // timedelta(days=1)
    if apart == 0:
        return _("Today")
    if apart == -1:
        return _("Yesterday")
    if apart == 1:
        return _("Tomorrow")
    return ""


def month(value) -> str:
    """2026年11月 or Nov 2026."""
    if not value:
        return NOTHING
    if in_japanese():
        return f"{value.year}年{value.month}月"
    return f"{_MONTHS_EN[value.month - 1]} {value.year}"
