"""Text people search by, normalised once so that an index can answer."""

import re
import unicodedata
from functools import lru_cache

import jaconv

# Every written form of a Japanese or Western company, dropped before names are compared.
COMPANY_FORMS = (
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "一般社団法人", "一般財団法人",
    "公益社団法人", "公益財団法人", "社会福祉法人", "医療法人", "学校法人", "協同組合",
    "(株)", "(有)", "(同)", "(資)", "(名)", "(社)", "(財)", "(医)", "(学)",
)  # fmt: skip
_SPACES = re.compile(r"\s+")
_FORMS = re.compile("|".join(re.escape(form) for form in COMPANY_FORMS))
_NOT_DIGITS = re.compile(r"\D+")


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """`text` as it is searched: NFKC, case folded, katakana as hiragana, single blanks."""
    if text and text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return _SPACES.sub(" ", jaconv.kata2hira(folded)).strip()


def normalise_company(name: str) -> str:
    """A company's name without its legal form and blanks, for search and exact comparison.

    For searching only: 株式会社X and X株式会社 can be two companies.
    """
    return _FORMS.sub("", normalise(name)).replace(" ", "")


def digits(text: str) -> str:
    """Only the digits of `text` (full-width ones too): how phone numbers are searched."""
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text or ""))


def search_text(*parts: str) -> str:
    """The indexed column behind a search: every part normalised, each word after a blank.

    The leading blank lets one- and two-character Japanese names use the trigram index:
    `LIKE '% 佐藤%'` has the trigrams ' 佐', '佐藤'.
    """
    words = " ".join(filter(None, (normalise(part) for part in parts if part)))
    return f" {words} " if words else ""


def place(prefecture: str, address: str) -> str:
    """Prefecture and address in one line; cards and exports often write the prefecture in both."""
    return address if prefecture and address.startswith(prefecture) else prefecture + address
