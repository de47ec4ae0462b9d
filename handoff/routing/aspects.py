"""What a condition can be about: kinds of values, what may be said of them, and what to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handoff.routing.conditions import Op
from leads.models import AttributeDefinition, Campaign, Source
from leads.states import PREFECTURES, AttributeOf, AttributeType, CampaignKind, Grade

Words = str | Promise

OPERATORS: dict[str, tuple[Op, ...]] = {
    AttributeType.TEXT: (Op.CONTAINS, Op.IN, Op.NOT_IN, Op.FILLED, Op.EMPTY),
    AttributeType.NUMBER: (Op.AT_LEAST, Op.AT_MOST, Op.FILLED, Op.EMPTY),
    AttributeType.DATE: (Op.FROM, Op.UNTIL, Op.FILLED, Op.EMPTY),
    AttributeType.CHOICE: (Op.IN, Op.NOT_IN, Op.FILLED, Op.EMPTY),
    AttributeType.YES_NO: (Op.YES, Op.NO, Op.EMPTY),
}
# What they compare with nothing.
ALONE = frozenset({Op.YES, Op.NO, Op.FILLED, Op.EMPTY})

LEAD, COMPANY, CAMPAIGN, SCORE = _("Lead"), _("Company"), _("Campaign"), _("Score")


@dataclass(frozen=True)
class Aspect:
    """One thing of a lead that rules can look at; `choices` are (what is kept, what it is called)."""

    code: str
    group: Words
    label: Words
    type: str = AttributeType.TEXT
    choices: tuple[tuple[object, Words], ...] = ()
    always: bool = False  # it is never empty

    @property
    def operators(self) -> tuple[Op, ...]:
        found = OPERATORS[self.type]
        return tuple(op for op in found if not (self.always and op in (Op.FILLED, Op.EMPTY)))

    def called(self, value) -> str:
        """The name of a chosen value; one that is gone stands for itself."""
        return next((str(name) for kept, name in self.choices if kept == value), str(value))


_NUMBER, _CHOICE, _YES_NO = AttributeType.NUMBER, AttributeType.CHOICE, AttributeType.YES_NO
_PREFECTURES = tuple((one, one) for one in PREFECTURES)


def aspects() -> dict[str, Aspect]:
    """Everything rules can look at now, by code, in the order of the form. Three queries."""
    sources = tuple((row.pk, row.name) for row in Source.objects.all())
    campaigns = tuple((row.pk, row.name) for row in Campaign.objects.order_by("-starts_on", "-pk"))
    own = list(AttributeDefinition.objects.filter(retired_at=None))
    found = [
        Aspect("source", LEAD, _("Source"), _CHOICE, sources),
        Aspect("prefecture", LEAD, _("Prefecture"), _CHOICE, _PREFECTURES),
        Aspect("title", LEAD, _("Title")),
        Aspect("department", LEAD, _("Department")),
        Aspect("landing_page", LEAD, _("Landing page")),
        Aspect("question_open", LEAD, _("An open question"), _YES_NO, always=True),
        Aspect("consent_phone", LEAD, _("May be called"), _YES_NO),
        Aspect("consent_email", LEAD, _("May be mailed"), _YES_NO),
        *_own(own, AttributeOf.LEAD, LEAD, "attributes"),
        Aspect("company.name", COMPANY, _("Company name")),
        Aspect("company.industry", COMPANY, _("Industry")),
        Aspect("company.employees", COMPANY, _("Employees"), _NUMBER),
        Aspect("company.domain", COMPANY, _("Domain")),
        *_own(own, AttributeOf.COMPANY, COMPANY, "company.attributes"),
        Aspect("campaign", CAMPAIGN, _("Came by campaign"), _CHOICE, campaigns),
        Aspect("campaign.kind", CAMPAIGN, _("Kind of campaign"), _CHOICE, _all(CampaignKind)),
        Aspect("score.fit", SCORE, _("Fit"), _CHOICE, _all(Grade), always=True),
        Aspect("score.engagement", SCORE, _("Engagement"), _NUMBER, always=True),
    ]
    return {one.code: one for one in found}


def _all(choices) -> tuple[tuple[object, Words], ...]:
    return tuple((one.value, one.label) for one in choices)


def _own(rows: Iterable[AttributeDefinition], of: str, group: Words, path: str) -> list[Aspect]:
    return [
        Aspect(
            f"{path}.{row.code}",
            group,
            str(row),
            row.type,
            tuple((one, one) for one in row.choices),
        )
        for row in rows
        if row.of == of
    ]
