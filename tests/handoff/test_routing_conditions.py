"""Conditions of rules: every kind of value with every operator that suits it."""

import pytest

from handoff.routing import Case, holds
from handoff.routing.aspects import ALONE, OPERATORS, aspects
from handoff.routing.conditions import Op
from handoff.routing.words import condition_words
from leads.models import AttributeDefinition, Campaign, Company, Lead, Source
from leads.states import AttributeType

pytestmark = pytest.mark.usefixtures("defaults", "in_english")


def case(*, fit="B", engagement=70.0, company=None, campaign=None, **fields):
    lead = Lead(**fields)
    lead.company = Company(**company) if company else None
    lead.campaign = Campaign(**campaign) if campaign else None
    return Case(lead, fit, engagement)


def told(about, operator, value=None):
    return {"about": about, "operator": operator} | ({} if value is None else {"value": value})


CASES = [
    # text, whatever its width and case
    (told("title", "contains", ["部長", "CTO"]), {"title": "ｃｔｏ 兼 取締役"}, True),
    (told("title", "contains", ["部長"]), {"title": "課長"}, False),
    (told("title", "in", ["部長"]), {"title": "部長"}, True),
    (told("title", "not_in", ["部長"]), {"title": "部長"}, False),
    (told("title", "not_in", ["部長"]), {"title": ""}, True),
    (told("title", "filled"), {"title": ""}, False),
    (told("title", "empty"), {"title": ""}, True),
    # numbers
    (told("company.employees", "at_least", 300), {"company": {"employees": 300}}, True),
    (told("company.employees", "at_least", 300), {"company": {"employees": 299}}, False),
    (told("company.employees", "at_most", 300), {"company": {"employees": 300}}, True),
    (told("company.employees", "at_most", 300), {"company": {"employees": None}}, False),
    (told("company.employees", "at_least", 1), {}, False),
    (told("company.employees", "empty"), {}, True),
    # one of known things, by their ids or codes
    (told("source", "in", [7, 8]), {"source_id": 8}, True),
    (told("source", "in", [7]), {"source_id": None}, False),
    (told("source", "not_in", [7]), {"source_id": None}, True),
    (told("campaign", "in", [3]), {"campaign": {"pk": 3}}, True),
    (told("campaign.kind", "in", ["seminar"]), {"campaign": {"kind": "seminar"}}, True),
    (told("campaign.kind", "in", ["seminar"]), {}, False),
    # where the lead says nothing its company does
    (told("prefecture", "in", ["大阪府"]), {"prefecture": "大阪府"}, True),
    (told("prefecture", "in", ["大阪府"]), {"company": {"prefecture": "大阪府"}}, True),
    (
        told("prefecture", "in", ["大阪府"]),
        {"prefecture": "東京都", "company": {"prefecture": "大阪府"}},
        False,
    ),
    # yes or no: unknown is neither
    (told("consent_phone", "yes"), {"consent_phone": True}, True),
    (told("consent_phone", "no"), {"consent_phone": False}, True),
    (told("consent_phone", "no"), {"consent_phone": None}, False),
    (told("consent_phone", "empty"), {"consent_phone": None}, True),
    (told("question_open", "no"), {"question_open": False}, True),
    # score
    (told("score.fit", "in", ["A", "B"]), {"fit": "B"}, True),
    (told("score.fit", "in", ["A"]), {"fit": "B"}, False),
    (told("score.engagement", "at_least", 80), {"engagement": 80.0}, True),
    (told("score.engagement", "at_most", 80), {"engagement": 80.5}, False),
    # own fields
    (told("attributes.rank", "in", ["gold"]), {"attributes": {"rank": "gold"}}, True),
    (told("attributes.renewal", "from", "2026-12-01"), {"attributes": {"renewal": "2026-12-01"}}, True),
    (told("attributes.renewal", "until", "2026-12-01"), {"attributes": {"renewal": "2026-12-02"}}, False),
    (told("attributes.renewal", "until", "2026-12-01"), {"attributes": {}}, False),
    (told("attributes.vip", "yes"), {"attributes": {"vip": True}}, True),
    (told("company.attributes.sites", "at_least", 2), {"company": {"attributes": {"sites": 3}}}, True),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "lead", "expected"), CASES)
def test_a_condition_holds_or_not(condition, lead, expected):
    assert holds(condition, case(**lead)) is expected


def test_every_operator_of_every_type_is_tried_here():
    tried = {(condition["operator"]) for condition, _lead, _holds in CASES}
    assert tried == {op for ops in OPERATORS.values() for op in ops} == set(Op)


def test_what_can_be_empty_is_asked_for_and_what_cannot_is_not():
    known = aspects()
    assert Op.EMPTY not in known["score.fit"].operators
    assert Op.EMPTY in known["title"].operators
    assert {Op.YES, Op.NO, Op.FILLED, Op.EMPTY} == ALONE


def test_conditions_read_as_phrases():
    source = Source.objects.create(name="Fair")
    AttributeDefinition.objects.create(
        of="lead", code="renewal", name="更新日", name_en="Renewal", type=AttributeType.DATE
    )
    known = aspects()
    words = {
        "Source: Fair": told("source", "in", [source.pk]),
        "Title contains “CTO” or “COO”": told("title", "contains", ["CTO", "COO"]),
        "Employees: 1,000 or more": told("company.employees", "at_least", 1000),
        "Fit: not C or D": told("score.fit", "not_in", ["C", "D"]),
        "May be called: yes": told("consent_phone", "yes"),
        "Renewal: Dec. 1, 2026 or later": told("attributes.renewal", "from", "2026-12-01"),
        "Industry is not known": told("company.industry", "empty"),
        "attributes.gone: “x”": told("attributes.gone", "in", ["x"]),
    }
    assert [condition_words(one, known) for one in words.values()] == list(words)
