"""The card of a lead: written down, edited side by side, given to somebody."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from accounts.models import Notice
from accounts.states import TeamKind
from common import now
from common.refusals import Malformed, NotAllowed, Refusal
from leads.actions import assign_lead, assign_leads, create_lead, edit_lead
from leads.actions.attributes import define_attribute
from leads.actions.edits import Conflict
from leads.actions.profile import same_person
from leads.models import Campaign, CampaignMember, Company, Lead, LeadEvent, Source
from leads.states import Stage
from tests.factories import a_company, a_lead, a_team, a_user


def events_of(lead):
    return list(lead.events.order_by("id").values_list("verb", flat=True))


def test_a_name_and_a_company_are_enough(noa):
    lead = create_lead(by=noa, family_name="佐藤", company="株式会社鳴瀬精密")
    assert (lead.stage, lead.team, lead.marketer) == (Stage.NEW, noa.team, noa)
    assert Lead.objects.matching("鳴瀬").get() == lead
    assert events_of(lead) == ["lead.create"]


def test_a_company_of_the_same_name_is_not_made_twice(noa):
    first = create_lead(by=noa, family_name="A", company="鳴瀬精密")
    second = create_lead(by=noa, family_name="B", company=" 鳴瀬精密 ")
    assert first.company == second.company
    assert Company.objects.count() == 1


def test_legal_forms_are_part_of_a_name(noa):
    create_lead(by=noa, family_name="A", company="株式会社X")
    create_lead(by=noa, family_name="B", company="X株式会社")
    assert Company.objects.count() == 2


@pytest.mark.parametrize("fields", [{}, {"title": "部長"}, {"company": "  "}])
def test_a_lead_needs_something_to_call_it_by(fields, noa):
    with pytest.raises(Malformed):
        create_lead(by=noa, **fields)
    assert not Lead.objects.exists()
    assert not LeadEvent.objects.exists()


def test_full_width_letters_and_digits_are_written_once_for_all(noa):
    lead = create_lead(
        by=noa,
        family_name="ﾀﾅｶ",
        email="Ｔanaka＠Example.JP",
        phone="０３−１２３４ー５６７８　内線１２",
        postal_code="〒１５０００４１",
    )
    assert (lead.family_name, lead.email) == ("タナカ", "tanaka@example.jp")
    assert (lead.phone, lead.postal_code) == ("03-1234-5678 ext. 12", "150-0041")
    assert Lead.objects.matching("0312345678").get() == lead


@pytest.mark.parametrize(
    ("field", "value"), [("email", "nobody"), ("phone", "123"), ("mobile", "abc")]
)
def test_what_cannot_be_reached_is_named(field, value, noa):
    with pytest.raises(Malformed) as refused:
        create_lead(by=noa, family_name="Sato", **{field: value})
    assert refused.value.field == field


def test_source_and_campaign_are_noted_and_the_lead_is_its_member(noa):
    campaign = Campaign.objects.create(name="Fair", created_at=now())
    lead = create_lead(by=noa, family_name="Sato", source="展示会", campaign=campaign)
    again = create_lead(by=noa, family_name="Kato", source="展示会")
    assert lead.source == again.source == Source.objects.get()
    assert CampaignMember.objects.get().lead == lead


def test_a_lead_of_a_rep_is_accountable_to_marketing_all_the_same(sota, noa):
    lead = create_lead(by=sota, family_name="Sato")
    assert lead.team == noa.team
    assert lead.marketer is None


def test_a_partner_writes_no_leads_down(paz):
    with pytest.raises(NotAllowed):
        create_lead(by=paz, family_name="Sato")


def test_the_day_of_capture_lies_in_the_past(noa):
    with pytest.raises(Malformed):
        create_lead(by=noa, family_name="Sato", captured_at=now() + timedelta(days=1))


# --- editing -----------------------------------------------------------------------------------


def test_two_people_edit_two_fields_and_both_survive(noa, sota):
    lead = a_lead("Sato", title="", department="")
    edit_lead(lead, by=noa, seen={"title": ""}, title="部長")
    edit_lead(lead, by=sota, seen={"department": ""}, department="製造部")
    lead.refresh_from_db()
    assert (lead.title, lead.department) == ("部長", "製造部")
    assert events_of(lead) == ["lead.edit", "lead.edit"]


def test_nobody_overwrites_what_they_never_saw(noa, sota):
    lead = a_lead("Sato", title="係長")
    edit_lead(lead, by=noa, seen={"title": "係長"}, title="課長")
    with pytest.raises(Conflict) as clash:
        edit_lead(
            lead, by=sota, seen={"title": "係長", "phone": ""}, title="部長", phone="03-1234-5678"
        )
    assert clash.value.fields == {"title": "課長"}
    lead.refresh_from_db()
    assert (lead.title, lead.phone) == ("課長", "")


def test_two_people_who_write_the_same_do_not_clash(noa, sota):
    lead = a_lead("Sato", title="")
    edit_lead(lead, by=noa, seen={"title": ""}, title="部長")
    edit_lead(lead, by=sota, seen={"title": ""}, title="部長")
    assert events_of(lead) == ["lead.edit"]


def test_an_edit_that_changes_nothing_leaves_no_trace(noa):
    lead = a_lead("Sato", title="部長")
    edit_lead(lead, by=noa, title="部長")
    assert events_of(lead) == []


def test_search_and_fit_follow_the_edit(noa):
    lead = a_lead("Sato", company=a_company("Old", employees=5))
    edit_lead(
        lead, by=noa, family_name="Kato", title="部長", company=a_company("鳴瀬", employees=200)
    )
    lead.refresh_from_db()
    assert Lead.objects.matching("鳴瀬 kato").get() == lead
    assert not Lead.objects.matching("old").exists()
    assert lead.fit_points == 60


def test_own_fields_are_edited_one_by_one(noa, sota, ada):
    define_attribute(by=ada, of="lead", code="machines", name="設備台数", type="number")
    define_attribute(by=ada, of="lead", code="wish", name="希望", type="choice", choices=["A", "B"])
    lead = a_lead("Sato")
    edit_lead(lead, by=noa, seen={"attributes.machines": None}, **{"attributes.machines": "１８０"})
    edit_lead(lead, by=sota, seen={"attributes.wish": None}, **{"attributes.wish": "b"})
    lead.refresh_from_db()
    assert lead.attributes == {"machines": 180, "wish": "B"}
    edit_lead(lead, by=noa, **{"attributes.wish": ""})
    lead.refresh_from_db()
    assert lead.attributes == {"machines": 180}


def test_a_taken_external_id_is_refused_in_a_sentence(noa):
    a_lead("Sato", external_id="X1")
    with override("en"), pytest.raises(Malformed, match="external id"):
        edit_lead(a_lead("Kato"), by=noa, external_id="X1")


def test_the_last_name_cannot_be_taken_away(noa):
    with pytest.raises(Malformed):
        edit_lead(a_lead("Sato"), by=noa, family_name="")


def test_a_field_that_is_not_of_the_card_is_a_slip_of_the_program(noa):
    with pytest.raises(TypeError):
        edit_lead(a_lead("Sato"), by=noa, stage="won")


def test_a_partner_edits_only_what_is_entrusted_and_theirs(paz):
    with pytest.raises(NotAllowed):
        edit_lead(a_lead("Sato"), by=paz, title="部長")
    theirs = a_lead("Kato", entrusted_to=paz.team, team=paz.team)
    assert edit_lead(theirs, by=paz, title="部長").title == "部長"


# --- giving it to somebody ---------------------------------------------------------------------


def test_the_marketer_is_changed_and_told(noa, mio):
    lead = a_lead("Sato", marketer=mio)
    assign_lead(lead, by=mio, to=noa)
    lead.refresh_from_db()
    assert lead.marketer == noa
    assert events_of(lead) == ["lead.assign"]
    assert Notice.objects.get(to=noa).kind == "lead.assigned"


def test_assigning_again_changes_nothing(noa, mio):
    lead = a_lead("Sato", marketer=noa)
    assign_lead(lead, by=mio, to=noa)
    assert events_of(lead) == []


def test_the_team_goes_with_the_marketer(noa, mio):
    other = a_user("Eri", team=a_team(TeamKind.MARKETING, "Other"))
    assert assign_lead(a_lead("Sato"), by=noa, to=other).team == other.team


@pytest.mark.parametrize("stage", [Stage.SAL, Stage.SQL, Stage.WON, Stage.LOST, Stage.DISQUALIFIED])
def test_what_marketing_does_not_hold_it_cannot_give(stage, noa, mio):
    with pytest.raises(Refusal):
        assign_lead(a_lead("Sato", stage=stage, team=noa.team), by=mio, to=noa)


def test_a_lead_goes_to_people_of_marketing_only(noa, sota):
    with pytest.raises(Malformed):
        assign_lead(a_lead("Sato"), by=noa, to=sota)


def test_the_other_side_does_not_give_leads_of_marketing(sota, noa):
    with pytest.raises(NotAllowed):
        assign_lead(a_lead("Sato"), by=sota, to=noa)


def test_one_refused_lead_does_not_hold_back_the_rest(noa, mio):
    good, late = a_lead("Sato"), a_lead("Kato", stage=Stage.SAL, team=noa.team)
    answers = assign_leads([late, good], by=mio, to=noa)
    assert [refusal is None for _lead, refusal in answers] == [False, True]
    good.refresh_from_db()
    assert good.marketer == noa


# --- somebody we know already ------------------------------------------------------------------


def test_the_same_mail_or_number_is_somebody_we_know(defaults):
    lead = a_lead("Sato", email="sato@example.jp", mobile="090-1234-5678")
    assert same_person(email="sato@example.jp") == lead
    assert same_person(phone="090-1234-5678") == lead
    assert same_person(email="kato@example.jp", phone="090-1234-5679") is None
    assert same_person() is None
