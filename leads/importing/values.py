"""Cells into values: text made even, numbers, phones, e-mails, yes and no. What cannot be taken is `Bad`.

How names, addresses and numbers are written is decided in `leads.identity`, for pages and files alike.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from common.text import normalise
from leads.identity import clean_email, clean_line, clean_phone
from leads.importing.problems import Bad

# Nothing one can see: zero width, marks of direction, controls other than line feed and tab.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")
# What we put before a cell that a spreadsheet would take for a formula; taken off again here.
_DEFUSED = re.compile(r"^'(?=[=+\-@\t\r])")

# What forms and exports write where nothing was chosen. "unknown" is not among them: it is an answer.
PLACEHOLDERS = frozenset(
    {
        "select",
        "選択してください",
        "(選択してください)",
        "未選択",
        "#n/a",
        "n/a",
        "null",
        "-",
        "--",
        "ー",
        "―",
    }
)

YES = frozenset({
    "1", "y", "yes", "true", "t", "on", "ok", "○", "◯", "〇", "●", "✓", "✔", "レ", "はい", "可", "有", "あり",
    "有り", "同意", "同意する", "許可", "承諾", "希望", "希望する", "する", "済", "opt-in", "optin", "subscribed", "granted",
})  # fmt: skip
NO = frozenset({
    "0", "n", "no", "false", "f", "off", "ng", "×", "✕", "✗", "いいえ", "不可", "無", "なし", "無し", "不同意",
    "同意しない", "拒否", "希望しない", "しない", "未", "停止", "opt-out", "optout", "unsubscribed", "denied",
})  # fmt: skip


def undefused(cell: str) -> str:
    """The cell without the apostrophe our own exports put before what looks like a formula."""
    return _DEFUSED.sub("", cell) if cell[:1] == "'" else cell


def one_line(cell: str) -> str:
    """The text on one line, in the widths in which it is kept."""
    cell = undefused(cell)
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    return clean_line(_INVISIBLE.sub("", cell))


def many_lines(cell: str) -> str:
    """Words as somebody wrote them: lines are kept, widths are not touched."""
    lines = _INVISIBLE.sub("", undefused(cell).replace("\r\n", "\n").replace("\r", "\n")).split(
        "\n"
    )
    return "\n".join(line.rstrip() for line in lines).strip()


def is_placeholder(text: str) -> bool:
    """Whether the cell only says that nothing was chosen."""
    return text.casefold() in PLACEHOLDERS


def shown(value: str) -> str:
    """A cell's value as a reason quotes it: short."""
    value = " ".join(value.split())
    return value if len(value) <= 60 else f"{value[:59]}…"


# --- e-mail and phone ------------------------------------------------------------------------


def email(text: str) -> str:
    """The address as addresses are kept and compared."""
    found = text.strip("<> ").removeprefix("mailto:")
    if "@" not in found:
        raise Bad("email_no_at", value=shown(text))
    try:
        return clean_email(found)
    except ValidationError as wrong:
        raise Bad("email_invalid", value=shown(text)) from wrong


# Mobile and IP numbers of Japan have one digit more than the others.
_LONG = ("20", "50", "60", "70", "80", "90")
_EXTENSION = re.compile(r"(?:内線|ext\.?|x)\s*[:.]?\s*\d+\)?$", re.IGNORECASE)


def phone(text: str, home: str) -> str:
    """The number as it is dialled. A leading zero that a spreadsheet took away comes back."""
    if home == "JP" and not _fits_japan(text):
        raise Bad("phone_digits", value=shown(text))
    try:
        return clean_phone(text, home)
    except ValidationError as wrong:
        raise Bad("phone_invalid", value=shown(text)) from wrong


def _fits_japan(text: str) -> bool:
    """Whether the digits are as many as a number of Japan has; foreign numbers begin with a plus."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(char for char in _EXTENSION.sub("", plain) if char.isdigit()).lstrip("0")
    if plain.startswith(("+", "(+")) or not digits:
        return True
    return len(digits) == 10 or (len(digits) == 9 and not digits.startswith(_LONG))


# --- numbers ---------------------------------------------------------------------------------

_MONEY = re.compile(r"[¥￥$€£,\s]|円|JPY", re.IGNORECASE)
_UNITS = {"億": 100_000_000, "百万": 1_000_000, "万": 10_000, "千": 1_000}


def whole_number(text: str, *, least: int = 0, most: int = 10**15) -> int:
    """A whole number; 100.0 is one, 1,280万 too."""
    plain = unicodedata.normalize("NFKC", text)
    number = _decimal(plain, text)
    if number != number.to_integral_value():
        raise Bad("not_a_number", value=shown(text))
    if not least <= number <= most:
        raise Bad("number_out_of_range", value=shown(text))
    return int(number)


def yen(text: str) -> int:
    """An amount of money in whole yen; a fraction of a yen is rounded."""
    plain = unicodedata.normalize("NFKC", text)
    number = _decimal(plain, text).quantize(Decimal(1), ROUND_HALF_UP)
    if not 0 <= number <= 10**15:
        raise Bad("number_out_of_range", value=shown(text))
    return int(number)


def decimal(text: str) -> float | int:
    """Any number, for own fields."""
    number = _decimal(unicodedata.normalize("NFKC", text), text)
    return int(number) if number == number.to_integral_value() else float(number)


def people_count(text: str) -> int:
    """A number of employees: 300, 1,000名, 約500人; of a range its lower end."""
    plain = re.sub(r"[約名人以上~]", "", unicodedata.normalize("NFKC", text).replace("〜", "-"))
    return whole_number(re.split(r"(?<=\d)\s*[-–]\s*(?=\d)", plain)[0], most=10_000_000)


def percent(text: str) -> int:
    """30 from 30, 30% or 0.3."""
    plain = unicodedata.normalize("NFKC", text).strip()
    number = _decimal(plain.rstrip("%"), text)
    if not plain.endswith("%") and 0 < number < 1:
        number *= 100
    if not 0 <= number <= 100:
        raise Bad("number_out_of_range", value=shown(text))
    return int(number.to_integral_value(ROUND_HALF_UP))


def _decimal(plain: str, text: str) -> Decimal:
    plain, times = _MONEY.sub("", plain), 1
    for word, size in _UNITS.items():
        if plain.endswith(word):
            plain, times = plain.removesuffix(word), size
            break
    # Fifteen digits are more than any figure has; more would only cost time.
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?(E\+?\d{1,2})?", plain, re.IGNORECASE):
        raise Bad("not_a_number", value=shown(text))
    try:
        return Decimal(plain) * times
    except InvalidOperation as wrong:
        raise Bad("not_a_number", value=shown(text)) from wrong


# --- closed lists ----------------------------------------------------------------------------


def yes_or_no(text: str) -> bool:
    """Whether the cell says yes, in the many ways forms and spreadsheets say it."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Bad("not_yes_or_no", value=shown(text))


def word_key(text: str) -> str:
    """What a word of a closed list is compared by: without case, width, blanks and signs."""
    return re.sub(r"[\W_]+", "", normalise(text))


def corporate_number(text: str) -> str:
    """The thirteen digits of a Japanese company's public number."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).removeprefix("T")
    if not re.fullmatch(r"\d{13}", plain):
        raise Bad("corporate_number", value=shown(text))
    return plain


def website(text: str) -> str:
    """An address that can be followed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.match(r"https?://", plain, re.IGNORECASE):
        plain = f"https://{plain}"
    if (
        not re.fullmatch(r"https?://[^\s<>\"']+\.[^\s<>\"']+", plain, re.IGNORECASE)
        or len(plain) > 200
    ):
        raise Bad("not_a_website", value=shown(text))
    return plain


_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々]")


def full_name(text: str) -> tuple[str, str]:
    """(family, given) of a name in one cell: Japanese family first, Latin given first."""
    parts = text.replace("・", " ").split() if _JAPANESE.search(text) else text.split()
    if len(parts) < 2:
        return (text, "")
    if _JAPANESE.search(text):
        return (parts[0], " ".join(parts[1:]))
    if parts[0].endswith(","):
        return (parts[0].rstrip(","), " ".join(parts[1:]))
    return (parts[-1], " ".join(parts[:-1]))
