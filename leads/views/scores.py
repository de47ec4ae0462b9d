"""The score of a lead, opened: its parts gathered by kind, the largest first."""

from dataclasses import dataclass
from datetime import datetime

from leads.models import Lead
from leads.scoring import explain
from leads.scoring.explanation import Explanation

SHOWN = 6


@dataclass
class Part:
    """All touches of one kind: how many, the latest of them, what they give now, and their share."""

    label: str
    points: float
    at: datetime
    n: int = 1
    share: float = 0


def score_of(lead: Lead, *, at: datetime) -> dict:
    """What `_score.html` shows. The parts and the rest add up to the score."""
    score = explain(lead, at=at)
    parts = sorted(_gathered(score), key=lambda part: -abs(part.points))[:SHOWN]
    most = max((abs(part.points) for part in parts), default=0)
    for part in parts:
        part.share = abs(part.points) / most * 100 if most else 0
    rest = score.engagement - sum(part.points for part in parts)
    return {
        "score": score,
        "engagement": round(score.engagement),
        "parts": [part for part in parts if round(part.points)],
        "rest": rest if parts and round(rest) else None,
        "in_week": round(score.in_7_days),
        "in_month": round(score.in_30_days),
    }


def _gathered(score: Explanation) -> list[Part]:
    found: dict[str, Part] = {}
    for one in score.engagement_parts:
        part = found.get(one.label)
        if part is None:
            found[one.label] = Part(one.label, one.points, one.touch.at)
            continue
        part.points += one.points
        part.n += 1
        part.at = max(part.at, one.touch.at)
    return list(found.values())
