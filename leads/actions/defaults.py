"""What a fresh installation needs before the first lead: rules, definition, sources of truth."""

from django.db import transaction

from common import now
from leads.models import EngagementRule, FitRule, RuleSet
from leads.scoring.rules import forget_rules
from leads.states import TouchKind, TouchResult

# (field, operator, value, points, Japanese, English)
FIT_RULES = [
    ("company.employees", "at_least", 1000, 20, "従業員1,000名以上", "1,000 employees or more"),
    ("company.employees", "at_least", 100, 30, "従業員100〜999名", "100 to 999 employees"),
    ("company.employees", "at_least", 30, 15, "従業員30〜99名", "30 to 99 employees"),
    (
        "title",
        "contains",
        [
            "社長",
            "代表",
            "取締役",
            "役員",
            "部長",
            "本部長",
            "director",
            "president",
            "ceo",
            "head",
        ],
        30,
        "部長以上の役職",
        "Head of department or above",
    ),
    (
        "title",
        "contains",
        ["課長", "マネージャ", "係長", "主任", "manager", "lead"],
        20,
        "課長・主任の役職",
        "Manager or team lead",
    ),
    ("company.industry", "filled", None, 10, "業種がわかっている", "Industry is known"),
    ("phone", "filled", None, 10, "電話番号がある", "Phone number is known"),
    ("email", "filled", None, 10, "メールアドレスがある", "E-mail is known"),
]

# (kind, result, word, points, at most per week)
ENGAGEMENT_RULES = [
    (TouchKind.FORM, TouchResult.DEMO, "", 40, None),
    (TouchKind.CALL, TouchResult.DEMO, "", 40, None),
    (TouchKind.WEB_MEETING, TouchResult.DEMO, "", 40, None),
    (TouchKind.CALL, TouchResult.NOT_INTERESTED, "", -20, None),
    (TouchKind.MAIL_SENT, TouchResult.UNSUBSCRIBED, "", -30, None),
    (TouchKind.FORM, "", "", 20, 3),
    (TouchKind.QUESTION, "", "", 20, 3),
    (TouchKind.SEMINAR_ATTENDED, "", "", 20, None),
    (TouchKind.SEMINAR_REGISTERED, "", "", 8, None),
    (TouchKind.EXHIBITION, "", "", 12, 1),
    (TouchKind.CARD, "", "", 10, 1),
    (TouchKind.DOWNLOAD, "", "", 10, 3),
    (TouchKind.AD, "", "", 5, 2),
    (TouchKind.VISIT, "", "料金", 8, 3),
    (TouchKind.VISIT, "", "pricing", 8, 3),
    (TouchKind.VISIT, "", "", 3, 5),
    (TouchKind.MAIL_RECEIVED, "", "", 12, 3),
    (TouchKind.MAIL_CLICKED, "", "", 4, 3),
    (TouchKind.MAIL_OPENED, "", "", 1, 3),
    (TouchKind.CALL, TouchResult.INTERESTED, "", 25, None),
    (TouchKind.CALL, TouchResult.REACHED, "", 10, 2),
    (TouchKind.WEB_MEETING, "", "", 25, 2),
    (TouchKind.VISIT_IN_PERSON, "", "", 25, 2),
    (TouchKind.CHAT, "", "", 8, 3),
    (TouchKind.HEARING, "", "", 20, 2),
]


@transaction.atomic
def lay_defaults() -> RuleSet:
    """Rule set 1, unless there is one. Safe to run again."""
    found = RuleSet.objects.filter(in_force=True).first()
    if found:
        return found
    rules = RuleSet.objects.create(version=1, epoch=now(), in_force=True)
    FitRule.objects.bulk_create(
        FitRule(
            rule_set=rules,
            field=field,
            operator=operator,
            value=value,
            points=points,
            label=label,
            label_en=label_en,
            position=position,
        )
        for position, (field, operator, value, points, label, label_en) in enumerate(FIT_RULES)
    )
    EngagementRule.objects.bulk_create(
        EngagementRule(
            rule_set=rules,
            kind=kind,
            result=result,
            words=words,
            points=points,
            most_per_week=most,
            position=position,
        )
        for position, (kind, result, words, points, most) in enumerate(ENGAGEMENT_RULES)
    )
    forget_rules()
    return rules
