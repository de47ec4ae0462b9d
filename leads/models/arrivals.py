"""Touches that tell where a lead came from: a seat that hides the source hides it there as well."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models.sight import is_own
from accounts.states import Maskable
from leads.states import TouchKind

# What stands in place of the kind of such a touch.
SOME_TOUCH = _("A touch")
# Kinds by which somebody becomes known to us.
ARRIVALS = frozenset(
    {
        TouchKind.AD,
        TouchKind.FORM,
        TouchKind.VISIT,
        TouchKind.DOWNLOAD,
        TouchKind.SEMINAR_REGISTERED,
        TouchKind.SEMINAR_ATTENDED,
        TouchKind.EXHIBITION,
        TouchKind.CARD,
        TouchKind.CHAT,
        TouchKind.MAIL_CLICKED,
    }
)
# The touch of a capture is often written a moment after its lead.
AT_CAPTURE = timedelta(hours=1)


def tells_source(
    kind: str, *, campaign=None, at: datetime | None = None, captured_at: datetime | None = None
) -> bool:
    """Whether a touch says by which way its lead came: an advertisement's response, the answer to a
    campaign, and whatever happened up to the capture."""
    if kind == TouchKind.AD or (campaign and kind in ARRIVALS):
        return True
    if at is None or captured_at is None:
        return False
    return at <= captured_at + (AT_CAPTURE if kind in ARRIVALS else timedelta())


def without_source(touch: dict, codes: frozenset[str], **when) -> dict:
    """A touch as plain data (kind, words, campaign, by) without what tells the source, or, where
    campaigns are hidden, the words that came with one. Own touches stay as they are."""
    if is_own(touch.get("by")):
        return touch
    kind, campaign = touch.get("kind", ""), touch.get("campaign")
    hides: dict[str, str] = {}
    if Maskable.SOURCE in codes and tells_source(kind, campaign=campaign, **when):
        hides = {"kind": str(SOME_TOUCH), "words": ""}
    elif Maskable.CAMPAIGN in codes and campaign and kind in ARRIVALS:
        hides = {"words": ""}
    return (
        touch | {name: value for name, value in hides.items() if name in touch} if hides else touch
    )
