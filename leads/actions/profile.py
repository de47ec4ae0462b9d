"""The lead's own card: written, edited side by side, given to a person."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Team, User
from accounts.permissions import demand_shown
from accounts.states import TeamKind
from common import now
from common.refusals import Malformed, Refusal
from common.text import digits
from leads.actions.attributes import clean_attributes
from leads.actions.companies import company_named
from leads.actions.edits import OWN, cleaned, columns_of, put, save_checked, settle_edit
from leads.actions.stages import lock_lead
from leads.actions.touches import EARLIEST_YEAR, FUTURE_ALLOWED, qualify_if_due
from leads.history import record
from leads.identity import clean_line
from leads.models import CampaignMember, Company, Lead, Source
from leads.permissions import demand
from leads.scoring import fit_of
from leads.states import Stage

EDITABLE = frozenset(
    {
        "family_name", "given_name", "family_kana", "given_kana", "company", "department", "title",
        "email", "phone", "mobile", "postal_code", "prefecture", "address", "source", "campaign",
        "landing_page", "external_id",
    }
)  # fmt: skip
# Stages at which marketing holds the lead: only then is its person marketing's to choose.
MARKETING_HOLDS = frozenset({Stage.NEW, Stage.NURTURING, Stage.MQL})


@transaction.atomic
def create_lead(
    *,
    by: User | None,
    company: Company | str | None = None,
    marketer: User | None = None,
    captured_at: datetime | None = None,
    **fields,
) -> Lead:
    """Write a new lead down; a name and a company are enough.

    `company` and `source` are rows or names: a name we do not know yet makes a new one. Marketing
    is accountable from the start, whoever wrote the lead down. Own fields come as
    `attributes.<code>`.
    """
    demand(by, "create")
    moment = now()
    captured_at = captured_at or moment
    _refuse_moment(captured_at, moment)
    fields = _cleaned({"company": company, **fields})
    lead = Lead(
        captured_at=captured_at,
        last_touch_at=captured_at,
        stage_since=captured_at,
        created_at=moment,
        updated_at=moment,
        marketer=marketer or _as_marketer(by),
    )
    for name, value in fields.items():
        put(lead, name, value)
    lead.team = _first_team(lead.marketer)
    _save_new(lead)
    record(lead, "lead.create", by=by, at=captured_at, stage_to=Stage.NEW)
    _join_campaign(lead, captured_at)
    if marketer:
        _tell_assigned(lead, marketer, by)
    return lead


def _cleaned(fields: dict) -> dict:
    own = {name.removeprefix(OWN): fields[name] for name in fields if name.startswith(OWN)}
    plain = {name: value for name, value in fields.items() if not name.startswith(OWN)}
    found = cleaned(plain, allowed=EDITABLE, model=Lead)
    for name, made in (("company", _company_named), ("source", source_named)):
        if isinstance(found.get(name), str):
            found[name] = made(found[name])
    return found | {OWN + code: value for code, value in clean_attributes("lead", own).items()}


def _save_new(lead: Lead) -> None:
    lead.fit_points, lead.fit = fit_of(lead)
    lead.derive()
    save_checked(lead, force_insert=True)


def _join_campaign(lead: Lead, at: datetime) -> None:
    if lead.campaign_id:
        CampaignMember.objects.get_or_create(
            campaign_id=lead.campaign_id, lead=lead, defaults={"at": at}
        )


def _company_named(name: str) -> Company | None:
    return company_named(name, at=now()) if name else None


def source_named(name: str) -> Source | None:
    """The source of this name, made if it is new; None for nothing. "unknown" is a name like any."""
    name = clean_line(name)[:100]
    return Source.objects.get_or_create(name=name)[0] if name else None


def _as_marketer(by: User | None) -> User | None:
    return by if by and by.team_id and by.team.kind == TeamKind.MARKETING else None


def _first_team(marketer: User | None) -> Team:
    if marketer and marketer.team_id and marketer.team.kind == TeamKind.MARKETING:
        return marketer.team
    team = Team.objects.active().of_kind(TeamKind.MARKETING).order_by("id").first()
    if team is None:
        raise Refusal(_("There is no active marketing team to hold this lead."))
    return team


def _refuse_moment(at: datetime, moment: datetime) -> None:
    if at > moment + FUTURE_ALLOWED:
        raise Malformed(_("This moment lies in the future."), field="captured_at")
    if at.year < EARLIEST_YEAR:
        raise Malformed(_("This date lies too far in the past."), field="captured_at")


@transaction.atomic
def edit_lead(lead: Lead, *, by: User | None, seen: dict | None = None, **changes) -> Lead:
    """Change fields of the lead; only those that differ are saved.

    `seen` is what the editor had in front of them, by field: people who edit different fields
    both succeed, and nobody overwrites an answer they never saw (`Conflict`). Fit is graded
    anew, which may qualify the lead. `company`, `source` and own fields as in `create_lead`.
    """
    lead = lock_lead(lead)
    demand(by, "edit", lead)
    demand_shown(by, Lead.hidden_with(changes))
    changed = settle_edit(lead, _cleaned(changes), seen)
    if not changed:
        return lead
    moment = now()
    lead.fit_points, lead.fit = fit_of(lead)
    lead.updated_at = moment
    lead.derive()
    save_checked(
        lead, update_fields=[*columns_of(changed), "fit_points", "fit", "search", "updated_at"]
    )
    record(lead, "lead.edit", by=by, at=moment, fields=sorted(changed))
    if "campaign" in changed:
        _join_campaign(lead, moment)
    qualify_if_due(lead, moment)
    return lead


@transaction.atomic
def assign_lead(lead: Lead, *, by: User | None, to: User) -> Lead:
    """Give a lead that marketing holds to one of marketing's people, whose team is then accountable.

    While sales holds it, its manager moves the handoff instead.
    """
    lead = lock_lead(lead)
    if lead.marketer_id == to.pk and lead.team_id == to.team_id:
        return lead
    demand(by, "assign", lead)
    if lead.stage not in MARKETING_HOLDS:
        raise Refusal(_("Marketing does not hold this lead now, so it cannot give it to somebody."))
    if not to.is_active or to.team_id is None or to.team.kind != TeamKind.MARKETING:
        raise Malformed(_("%(name)s does not work in marketing.") % {"name": to.name}, field="to")
    before = lead.marketer_id
    lead.marketer, lead.team, lead.updated_at = to, to.team, now()
    lead.save(update_fields=["marketer", "team", "updated_at"])
    record(lead, "lead.assign", by=by, at=lead.updated_at, to=to.pk, before=before)
    _tell_assigned(lead, to, by)
    return lead


def _tell_assigned(lead: Lead, to: User, by: User | None) -> None:
    tell(to, "lead.assigned", by=by, lead=lead, path=f"/leads/{lead.pk}/")


def assign_leads(leads, *, by: User, to: User) -> list[tuple[Lead, Refusal | None]]:
    """Assign many leads, each in a transaction of its own: a refused one does not hold back the rest."""
    answers: list[tuple[Lead, Refusal | None]] = []
    for lead in leads:
        try:
            answers.append((assign_lead(lead, by=by, to=to), None))
        except Refusal as refusal:
            answers.append((lead, refusal))
    return answers


def same_person(*, email: str = "", phone: str = "", mobile: str = "") -> Lead | None:
    """A lead we have already under this e-mail or number, so that nobody is written down twice."""
    either = Q()
    if email:
        either |= Q(email=email)
    found = Lead.objects.filter(either).select_related("company").first() if either else None
    if found is None and (numbers := [one for one in (phone, mobile) if one]):
        found = _by_number(numbers)
    return found


def _by_number(numbers: list[str]) -> Lead | None:
    for number in numbers:
        for lead in Lead.objects.matching(digits(number)).select_related("company")[:5]:
            if number in (lead.phone, lead.mobile):
                return lead
    return None
