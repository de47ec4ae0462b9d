"""The seam over a lead's page: its eight places, with the day each was reached."""

from django.utils.translation import pgettext_lazy

from common import formats
from leads.states import Stage
from leads.timeline import Journey
from leads.timeline.rails import STEPS

PLACES = (
    ("new", "mk", pgettext_lazy("place", "Lead")),
    ("nurturing", "mk", Stage.NURTURING.label),
    ("mql", "mk", Stage.MQL.label),
    ("waiting", "hd", pgettext_lazy("place", "Offered")),
    ("sal", "hd", pgettext_lazy("place", "Accepted")),
    ("contacted", "sl", pgettext_lazy("place", "Contacted")),
    ("sql", "sl", pgettext_lazy("place", "Deal")),
    ("won", "sl", Stage.WON.label),
)


def seam_of(journey: Journey) -> dict:
    """{"steps": …, "now": n} for `{% seam %}`; a lost lead ends at its deal, another end is nowhere."""
    place = journey.place
    if place == Stage.LOST:
        place = "sql"
    now = STEPS.index(place) if place in STEPS else -1
    reached = journey.reached()
    steps = [
        {
            "label": str(label),
            "side": side,
            "sub": formats.short_day(reached[code]) if n <= now and code in reached else "",
        }
        for n, (code, side, label) in enumerate(PLACES)
    ]
    if journey.place == Stage.LOST:
        steps[now]["label"] = str(Stage.LOST.label)
    return {"steps": steps, "now": now}
