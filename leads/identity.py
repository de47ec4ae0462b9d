"""How names, e-mails and phone numbers are written once, whoever types them: pages and imports.

Each function takes text and gives it back as it is stored, or raises `ValidationError` with a code.
"""

import re

import jaconv
import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from accounts.models import Organisation

_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"\s*(?:内線|ext\.?)\s*(\d+)\s*$", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－", "-"))


def clean_line(text: str) -> str:
    """One line: digits and Latin letters half-width, kana full-width, single blanks.

    Not NFKC: that would turn ㈱ into (株) and rare characters of names into others.
    """
    text = jaconv.z2h(text or "", kana=False, ascii=True, digit=True)
    return _SPACES.sub(" ", jaconv.h2z(text, kana=True, ascii=False, digit=False)).strip()


def clean_email(text: str) -> str:
    """The address in small letters, so that the same one is found again; not asked whether it exists."""
    text = clean_line(text).replace(" ", "")
    if not text:
        return ""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as wrong:
        raise ValidationError(
            _("“%(value)s” is not an e-mail address, such as name@company.co.jp."),
            code="email",
            params={"value": text},
        ) from wrong
    return found.normalized.lower()


def clean_phone(text: str, home: str = "") -> str:
    """The number as it is dialled at home (03-1234-5678 ext. 12), with its country code if foreign.

    `home` is the country, for whoever asks about thousands of numbers and knows it already.
    """
    text = clean_line(text).translate(_DASHES)
    if not text:
        return ""
    home = home or _home()
    number = _parsed(_EXTENSION.sub(r" ext. \1", text), home)
    if number is None:
        raise ValidationError(
            _("“%(value)s” is not a phone number. Write it with its area code."),
            code="phone",
            params={"value": text},
        )
    if number.country_code != phonenumbers.country_code_for_region(home):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if not phonenumbers.is_valid_number(number):
        # Of a range the library does not know: it would drop the leading zero.
        return text[:40]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def phone_address(text: str) -> str:
    """What stands behind `tel:` for a stored number; a number nobody can parse keeps its digits."""
    number = _parsed(text, _home())
    if number is None:
        return re.sub(r"[^\d+]", "", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)[4:]


def _parsed(text: str, home: str):
    try:
        number = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _home() -> str:
    return Organisation.current().country or "JP"


def clean_postal_code(text: str) -> str:
    """Seven digits as 123-4567, the 〒 left out; another country's code as it is."""
    text = clean_line(text).lstrip("〒").translate(_DASHES).strip()
    digits = text.replace("-", "")
    if len(digits) == 7 and digits.isdecimal():
        return f"{digits[:3]}-{digits[3:]}"
    return text[:10]


def clean_domain(text: str) -> str:
    """example.co.jp out of whatever was pasted: an address of a page, or of a person."""
    text = clean_line(text).lower()
    text = text.split("//")[-1].split("/")[0].split("@")[-1]
    return text.removeprefix("www.").split(":")[0][:200]


CLEANERS = {
    "email": clean_email,
    "phone": clean_phone,
    "mobile": clean_phone,
    "postal_code": clean_postal_code,
    "domain": clean_domain,
}
# Words people wrote stay as they wrote them.
AS_TYPED = frozenset({"plan", "result", "landing_page", "website"})


def clean_field(name: str, value):
    """`value` of the text field `name` as it is stored; anything but text passes untouched."""
    if not isinstance(value, str) or name in AS_TYPED:
        return value.strip() if isinstance(value, str) else value
    return CLEANERS.get(name, clean_line)(value)
