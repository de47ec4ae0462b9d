"""What a fresh installation needs before the first offer: teams, lanes, the agreement, its lists."""

from django.db import transaction

from accounts.actions import lay_calendar
from accounts.models import Organisation, Team
from accounts.states import TeamKind
from common import now
from handoff.actions.agreement.force import copy_definition, reasons_in_use
from handoff.actions.clocks import forget_agreement
from handoff.actions.routing_plans import lay_routing_plan
from handoff.clauses import day_minutes
from handoff.models import Agreement, DealStep, Lane, Leg, LostReason, ReturnReason, Terms
from handoff.states import ReturnKind
from leads.actions.defaults import lay_defaults as lay_lead_defaults

TEAMS = [
    ("マーケティング", TeamKind.MARKETING),
    ("インサイドセールス", TeamKind.INSIDE_SALES),
    ("営業", TeamKind.SALES),
]

# (code, list, Japanese, English, asks for a date)
RETURN_REASONS = [
    (
        "not_a_company",
        ReturnKind.REJECTED,
        "対象の企業ではない",
        "Not the kind of company we sell to",
        False,
    ),
    ("competitor", ReturnKind.REJECTED, "競合・同業", "A competitor", False),
    ("customer_already", ReturnKind.REJECTED, "既存のお客様", "Already a customer", False),
    ("no_need", ReturnKind.REJECTED, "必要とされていない", "No need for it", False),
    ("wrong_data", ReturnKind.REJECTED, "連絡先が正しくない", "Contact details are wrong", False),
    ("too_early", ReturnKind.RECYCLED, "時期が先", "Later than now", True),
    ("no_budget", ReturnKind.RECYCLED, "予算がない", "No budget yet", False),
    ("unreachable", ReturnKind.RECYCLED, "連絡がつかない", "Could not be reached", False),
    ("too_little_known", ReturnKind.RECYCLED, "情報が足りない", "Too little is known", False),
    ("not_the_one", ReturnKind.RECYCLED, "決める人ではない", "Not the one who decides", False),
]

LOST_REASONS = [
    ("price", "価格", "Price"),
    ("competitor", "他社に決定", "Chose a competitor"),
    ("no_decision", "見送り", "No decision"),
    ("no_budget", "予算がつかない", "No budget"),
    ("function", "機能が合わない", "Missing function"),
    ("other", "その他", "Other"),
]

# (code, Japanese, English, usual probability of a win in percent)
DEAL_STEPS = [
    ("hearing", "ヒアリング", "Discovery", 20),
    ("proposal", "提案", "Proposal", 40),
    ("quote", "見積", "Quote", 60),
    ("approval", "稟議", "Approval", 80),
]

LANES = [
    ("direct", "マーケティング → 営業", "Marketing → sales", [("marketing", "sales")]),
    (
        "inside",
        "マーケティング → インサイドセールス → 営業",
        "Marketing → inside sales → sales",
        [("marketing", "inside_sales"), ("inside_sales", "sales")],
    ),
]


@transaction.atomic
def lay_defaults() -> Agreement:
    """Lay what is missing; what is there stays as it is. Safe to run at every start.

    Agreement version 1 is unsigned: handoffs run in draft mode until both heads have signed.
    """
    lay_lead_defaults()
    Organisation.objects.get_or_create(pk=1)
    lay_calendar()
    teams = _lay_teams()
    for position, (code, kind, name, name_en, dated) in enumerate(RETURN_REASONS):
        ReturnReason.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind,
                "name": name,
                "name_en": name_en,
                "position": position,
                "needs_revisit": dated,
            },
        )
    for position, (code, name, name_en) in enumerate(LOST_REASONS):
        LostReason.objects.get_or_create(
            code=code, defaults={"name": name, "name_en": name_en, "position": position}
        )
    for position, (code, name, name_en, probability) in enumerate(DEAL_STEPS):
        DealStep.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "position": position,
                "probability": probability,
            },
        )
    _lay_lanes(teams)
    lay_routing_plan(Lane.objects.filter(is_active=True).order_by("id").first())
    return _lay_agreement()


def _lay_teams() -> dict[str, Team]:
    if not Team.objects.exists():
        Team.objects.bulk_create(Team(name=name, kind=kind) for name, kind in TEAMS)
    return {team.kind: team for team in Team.objects.active().order_by("-id")}


def _lay_lanes(teams: dict[str, Team]) -> None:
    if Lane.objects.exists():
        return
    for code, name, name_en, legs in LANES:
        if not all(taker in teams for _giver, taker in legs):
            continue
        lane = Lane.objects.create(code=code, name=name, name_en=name_en)
        Leg.objects.bulk_create(
            Leg(lane=lane, position=position, giver_kind=giver, taker=teams[taker])
            for position, (giver, taker) in enumerate(legs)
        )


def _lay_agreement() -> Agreement:
    found = Agreement.objects.in_force().first()
    if found is None:
        found = Agreement.objects.create(
            version=1,
            clauses=Terms(return_reasons=reasons_in_use(), day_minutes=day_minutes()).as_data(),
            in_force=True,
            created_at=now(),
        )
        forget_agreement()
    copy_definition(found)
    return found


@transaction.atomic
def sign_agreement(agreement: Agreement, *, marketing_head, sales_head) -> Agreement:
    """Both heads sign at once, as a demo or a bench does: the version leaves draft mode.

    They are named heads of their side where nobody is. Signing again changes nothing; people sign
    by `sign_version`, each for their own side.
    """
    _name_heads(marketing_head, sales_head)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if agreement.is_draft:
        moment = now()
        agreement.marketing_head, agreement.marketing_signed_at = marketing_head, moment
        agreement.sales_head, agreement.sales_signed_at = sales_head, moment
        agreement.save(
            update_fields=["marketing_head", "marketing_signed_at", "sales_head", "sales_signed_at"]
        )
        forget_agreement()
    return agreement


def _name_heads(marketing_head, sales_head) -> None:
    organisation = Organisation.objects.get(pk=1)
    organisation.marketing_head = organisation.marketing_head or marketing_head
    organisation.sales_head = organisation.sales_head or sales_head
    organisation.save()
