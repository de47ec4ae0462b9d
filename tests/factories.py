"""The small world tests tell of: plain functions, each makes one thing and what it cannot be without."""

import itertools
from dataclasses import replace

from accounts.models import Team, User
from accounts.states import Role, TeamKind
from common import now
from handoff.actions import accept_lead, offer_lead
from handoff.actions.agreement.force import put_in_force
from handoff.actions.defaults import lay_defaults
from handoff.models import Agreement, Handoff, Lane, LostReason, ReturnReason
from leads.models import Company, Interaction, Lead
from leads.states import Stage

_numbers = itertools.count(1)

PASSWORD = "correct horse battery"


def the_defaults():
    """Teams, lanes, agreement 1, reasons, rules: what `setup` lays."""
    return lay_defaults()


def a_team(kind: str = TeamKind.SALES, name: str = "", **fields) -> Team:
    return Team.objects.create(name=name or f"{kind} {next(_numbers)}", kind=kind, **fields)


def the_team(kind: str) -> Team:
    """The team of `kind` that the default lanes use."""
    return Team.objects.filter(kind=kind, is_partner=False).order_by("id").first() or a_team(kind)


def a_user(
    name: str = "", *, kind: str = TeamKind.SALES, role: str = Role.MEMBER, **fields
) -> User:
    n = next(_numbers)
    if "team" not in fields:
        fields["team"] = None if role == Role.ADMINISTRATOR else the_team(kind)
    fields.setdefault("language", "en")
    return User.objects.create_user(
        fields.pop("email", f"{name or 'person'}{n}@example.com".lower()),
        PASSWORD,
        family_name=name or f"Person{n}",
        role=role,
        **fields,
    )


def a_company(name: str = "", **fields) -> Company:
    company = Company(name=name or f"Company {next(_numbers)}", created_at=now(), **fields).derive()
    company.save()
    return company


def a_lead(family_name: str = "", *, stage: str = Stage.NEW, **fields) -> Lead:
    """A lead that stands at `stage`, written directly: use the verbs where history matters."""
    moment = fields.pop("at", None) or now()
    fields.setdefault("team", the_team(TeamKind.MARKETING))
    fields.setdefault("captured_at", moment)
    fields.setdefault("last_touch_at", fields["captured_at"])
    lead = Lead(
        family_name=family_name or f"Lead{next(_numbers)}",
        stage=stage,
        stage_since=fields["captured_at"],
        created_at=moment,
        updated_at=moment,
        **fields,
    ).derive()
    lead.save()
    return lead


def an_mql(family_name: str = "", **fields) -> Lead:
    fields.setdefault("mql_at", now())
    return a_lead(family_name, stage=Stage.MQL, **fields)


def a_touch(lead: Lead, kind: str = "visit", **fields) -> Interaction:
    """A touch written directly, without points: use `log_touch` where scores matter."""
    moment = fields.pop("at", None) or now()
    fields.setdefault("direction", "in")
    return Interaction.objects.create(lead=lead, kind=kind, at=moment, recorded_at=moment, **fields)


def the_lane(code: str = "direct") -> Lane:
    return Lane.objects.get(code=code)


def an_offer(lead: Lead | None = None, *, by: User, lane: str = "direct", **what) -> Handoff:
    """A waiting handoff of `lead` (default: a fresh MQL), offered by a marketer."""
    return offer_lead(lead or an_mql(), by=by, lane=the_lane(lane), **what)


def an_accepted(lead: Lead | None = None, *, by: User, taker: User, **what) -> Handoff:
    """An accepted handoff: offered by `by`, accepted by `taker`."""
    return accept_lead(an_offer(lead, by=by, **what), by=taker)


def an_agreement(**clauses) -> Agreement:
    """The next version, in force at once and unsigned, with these clauses changed."""
    old = Agreement.objects.in_force().get()
    Agreement.objects.filter(pk=old.pk).update(in_force=False)
    new = Agreement.objects.create(
        version=old.version + 1,
        clauses=replace(old.terms, **clauses).as_data(),
        in_force=True,
        created_at=now(),
    )
    put_in_force(new, at=now())
    return new


def a_reason(code: str = "no_budget") -> ReturnReason:
    return ReturnReason.objects.get(code=code)


def a_lost_reason(code: str = "price") -> LostReason:
    return LostReason.objects.get(code=code)
