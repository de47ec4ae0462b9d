"""What a partner's seat hides of a frozen brief: its content is plain data, so it is told by its keys."""

from datetime import datetime

from accounts.models.sight import is_own
from accounts.states import Maskable
from leads.models.arrivals import without_source
from leads.models.conversation import NOT_SHOWN

# Parts of a brief whose rows are touches.
_TOUCHES = ("signals", "touches")
# Parts whose rows say by which kind of touch.
_BY_TOUCH = (*_TOUCHES, "folded", "facts")
_ADDRESS = frozenset({"postal_code", "prefecture", "address"})
_BY_KEY = {
    "email": Maskable.EMAIL,
    "phone": Maskable.PHONE,
    "mobile": Maskable.PHONE,
    "external_id": Maskable.EXTERNAL_ID,
    "attributes": Maskable.OWN,
    "source": Maskable.SOURCE,
    "landing_page": Maskable.SOURCE,
    "evidence": Maskable.SOURCE,
    "campaign": Maskable.CAMPAIGN,
    "fit": Maskable.SCORE,
    "points": Maskable.SCORE,
    "engagement": Maskable.SCORE,
    "score": Maskable.SCORE,
} | dict.fromkeys(_ADDRESS, Maskable.ADDRESS)


def masked_content(
    content, codes: frozenset[str], part: str = "", *, captured_at: datetime | None = None
):
    """`content` of a brief (or a part of it) without what `codes` hide, wherever it stands."""
    if isinstance(content, list):
        return [masked_content(one, codes, part, captured_at=captured_at) for one in content]
    if not isinstance(content, dict):
        return content
    row = content
    if part in _BY_TOUCH and row.get("kind"):
        row = without_source(row, codes, at=_moment_of(row), captured_at=captured_at)
    return {key: _masked(key, value, row, codes, part, captured_at) for key, value in row.items()}


def _moment_of(row: dict) -> datetime | None:
    moment = row.get("at") or row.get("latest")
    return datetime.fromisoformat(moment) if moment else None


def _masked(key, value, row: dict, codes: frozenset[str], part: str, captured_at):
    if _BY_KEY.get(key) in codes:
        return type(value)() if value is not None else None
    hidden = {f"fact_{row.get('field')}", _BY_KEY.get(row.get("field"))} & codes
    if key in ("value", "old", "new") and hidden:
        return str(NOT_SHOWN)
    if key == "words" and part in _TOUCHES and Maskable.WORDS in codes:
        return value if is_own(row.get("by")) else ""
    return masked_content(value, codes, key, captured_at=captured_at)
