"""How far an installation is set up."""

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Notice, Organisation, Team, User
from accounts.states import Role, TeamKind
from handoff.models import Agreement, Lane
from leads.models import Lead


@dataclass(frozen=True)
class Step:
    """One thing to set up: `code` names its words, `place` the page where it is done."""

    code: str
    done: bool
    place: str


def steps() -> list[Step]:
    """What a new installation needs before the first handoff, in order. Five queries."""
    people = User.objects.active().aggregate(
        marketing=Count("pk", filter=Q(team__kind=TeamKind.MARKETING)),
        sales=Count("pk", filter=Q(team__kind=TeamKind.SALES)),
        marketing_heads=Count("pk", filter=_head(TeamKind.MARKETING)),
        sales_heads=Count("pk", filter=_head(TeamKind.SALES)),
    )
    named = Organisation.objects.exclude(name=Organisation._meta.get_field("name").default)
    return [
        Step("organisation", named.exists(), "accounts:organisation"),
        Step("teams", _teams_and_lanes(), "accounts:teams"),
        Step("people", bool(people["marketing"] and people["sales"]), "accounts:people"),
        Step("heads", bool(people["marketing_heads"] and people["sales_heads"]), "accounts:people"),
        Step("agreement", Agreement.objects.in_force().exists(), "handoff:agreement"),
        Step("leads", Lead.objects.exists(), "leads:import"),
    ]


def _head(kind: str) -> Q:
    return Q(team__kind=kind, role=Role.MANAGER)


def _teams_and_lanes() -> bool:
    teams = Team.objects.active().filter(kind__in=(TeamKind.MARKETING, TeamKind.SALES))
    kinds = set(teams.values_list("kind", flat=True))
    return len(kinds) == 2 and Lane.objects.filter(is_active=True, legs__isnull=False).exists()


def mails_stuck() -> int:
    """Mails that failed at least twice and wait for another attempt: the mail server is in trouble."""
    return Notice.objects.filter(mail_due=True, attempts__gte=2).count()
