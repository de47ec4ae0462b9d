"""The names a page of figures needs, of every kind at once: one query."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.permissions import can
from handoff.models import Lane, ReturnReason
from kpi.measures import NONE
from leads.models import Campaign, Source


@dataclass(frozen=True)
class Name:
    """One thing by its name; `more` is its kind, where it has one, `cost` what a campaign cost."""

    key: str
    words: str
    more: str = ""
    cost: int = 0


class Names:
    """{kind: {key: Name}}; `person` only for those who may see figures by person."""

    def __init__(self, user):
        ja = (get_language() or "ja").startswith("ja")
        self.kinds: dict[str, dict[str, Name]] = defaultdict(dict)
        for kind, key, one, other, more, cost in _all(can(user, "kpi.people")):
            words = one if ja else other or one
            if kind == "person":
                words = " ".join(filter(None, (one, other) if ja else (other, one)))
            self.kinds[kind][key] = Name(key, words, more, cost)

    def of(self, kind: str, value) -> str:
        """The words for a value of a group; blank and unknown stay two different things."""
        if value is None:
            return _("(none)")
        known = self.kinds[kind].get(str(value))
        return known.words if known else str(value)

    def choices(self, kind: str) -> list[tuple[str, str]]:
        """For a select: (key, words) by name, the blank one last where there can be one."""
        found = sorted((name.words, name.key) for name in self.kinds[kind].values())
        blank = [(NONE, _("(none)"))] if kind in ("source", "campaign") and found else []
        return [(key, words) for words, key in found] + blank


def _all(with_people: bool):
    def rows(kind, model, key="pk", one="name", other=None, more=None, cost=None):
        return model.objects.order_by().values_list(
            Value(kind),
            Cast(key, CharField()),
            Cast(one, CharField()),
            F(other) if other else Value(""),
            F(more) if more else Value(""),
            F(cost) if cost else Value(0),
        )

    queries = [
        rows("campaign", Campaign, more="kind", cost="cost"),
        rows("team", Team, more="kind"),
        rows("lane", Lane, other="name_en"),
        rows("reason", ReturnReason, key="code", other="name_en", more="kind"),
    ]
    if with_people:
        queries.append(rows("person", User, one="family_name", other="given_name"))
    return rows("source", Source).union(*queries, all=True)
