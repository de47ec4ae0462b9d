"""An agency with one lead in hand, and marks planted in everything its seat may hide."""

from accounts.models import Seat, Team
from accounts.states import Maskable, TeamKind
from common import now
from handoff.actions import accept_lead, offer_lead
from handoff.models import Handoff, Lane
from leads.models import AttributeDefinition, Campaign, Lead, Source
from leads.states import FactField
from tests.factories import a_company, a_touch, an_mql

# Under which code each mark is hidden.
MARKS = {
    "mark-mail@hidden.example": Maskable.EMAIL,
    "090-111-1222": Maskable.PHONE,
    "080-333-3444": Maskable.PHONE,
    "052-111-1999": Maskable.PHONE,
    "MarkStreet": Maskable.ADDRESS,
    "MarkCity": Maskable.ADDRESS,
    "MarkNumber": Maskable.EXTERNAL_ID,
    "MarkOwn": Maskable.OWN,
    "MarkSource": Maskable.SOURCE,
    "mark-landing": Maskable.SOURCE,
    "MarkCampaign": Maskable.CAMPAIGN,
    "MarkWords": Maskable.WORDS,
    "MarkComment": Maskable.COMMENTS,
    **{f"MarkFact-{field}": Maskable(f"fact_{field}") for field in FactField.values},
}


def a_lane_to(team: Team, *, then: Team | None = None) -> Lane:
    """marketing → the partner (→ `then`)."""
    lane = Lane.objects.create(code=f"to-{team.pk}", name="代理店", name_en="Agency lane")
    lane.legs.create(position=0, giver_kind=TeamKind.MARKETING, taker=team)
    if then:
        lane.legs.create(position=1, giver_kind=team.kind, taker=then)
    return lane


def lane_to(team: Team) -> Lane:
    return Lane.objects.filter(code=f"to-{team.pk}").first() or a_lane_to(team)


def an_entrusted(partner, *, by, lead: Lead | None = None, accepted=True, **what) -> Handoff:
    """A handoff by which a lead is with the partner: accepted by them, or waiting."""
    lead = lead or an_mql()
    handoff = offer_lead(lead, by=by, lane=lane_to(partner.team), **what)
    return accept_lead(handoff, by=partner) if accepted else handoff


def a_marked_lead(by, prefix: str = "") -> Lead:
    """A lead with every mark of MARKS in its place, written by `by`. `prefix` tells two apart."""
    AttributeDefinition.objects.get_or_create(
        of="lead", code="extra", defaults={"name": "付帯", "name_en": "Extra", "type": "text"}
    )
    company = a_company(
        f"{prefix}Known Company", phone="052-111-1999", address="MarkCity 1", prefecture="愛知県"
    )
    lead = an_mql(
        f"{prefix}Kato",
        company=company,
        email="mark-mail@hidden.example",
        phone="090-111-1222",
        mobile="080-333-3444",
        postal_code="460-0001",
        prefecture="愛知県",
        address="MarkStreet 2",
        external_id=f"{prefix}MarkNumber",
        attributes={"extra": "MarkOwn"},
        source=Source.objects.get_or_create(name="MarkSource")[0],
        campaign=Campaign.objects.get_or_create(
            name="MarkCampaign", defaults={"created_at": now()}
        )[0],
        landing_page="https://example.com/mark-landing",
        last_touch="call:MarkWords",
        fit="A",
        fit_points=50,
    )
    a_touch(lead, "call", by=by, words="MarkWords", campaign=lead.campaign, points=30)
    lead.comments.create(text="MarkComment", by=by, at=now())
    for field in FactField.values:
        lead.facts.create(
            field=field,
            label="About" if field == FactField.OTHER else "",
            value=f"MarkFact-{field}",
            by=by,
            at=now(),
        )
    return lead


def hide(team: Team, *codes: str, **terms) -> Seat:
    """The seat of `team` hides `codes`."""
    return Seat.objects.update_or_create(team=team, defaults={"masked": list(codes), **terms})[0]
