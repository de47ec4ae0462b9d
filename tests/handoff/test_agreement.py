"""The agreement's verbs: proposed by managers, signed by heads, in force with the second signature."""

from dataclasses import replace

import pytest
from django.core.cache import caches
from django.db import InternalError, transaction
from django.utils import translation

from accounts.actions import name_heads
from accounts.models import Notice, Organisation, WorkingCalendar
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import accept_lead, return_lead
from handoff.actions.agreement import (
    comment_on_proposal,
    edit_proposal,
    propose_agreement,
    sign_proposal,
    sign_version,
    unsign_proposal,
    withdraw_proposal,
)
from handoff.actions.clocks import agreement_in_force
from handoff.clauses import CLAUSES, changed_clauses, day_minutes, say_clauses
from handoff.models import Agreement, Proposal, ReasonTerm, ReturnReason, Terms
from handoff.models.terms import faults_of
from handoff.states import ProposalState, Tier
from leads.models import QualifyingDefinition
from leads.scoring import definition_in_force
from tests.factories import a_reason, a_user, an_mql, an_offer


@pytest.fixture
def heads(mio, ren, ada):
    """Mio signs for marketing, Ren for sales."""
    name_heads(by=ada, marketing_head=mio, sales_head=ren)
    return mio, ren


def wanted(**changes) -> Terms:
    return replace(agreement_in_force().terms, **changes)


def proposed(by, **changes) -> Proposal:
    return propose_agreement(by=by, clauses=wanted(**(changes or {"accept_within": 240})), why="")


def signed_by_both(proposal, heads) -> Agreement:
    for head in heads:
        proposal = sign_proposal(proposal, by=head, revision=proposal.revision)
    return proposal.became


def test_the_second_signature_makes_the_next_version(heads):
    proposal = proposed(heads[0], accept_within=240, min_engagement=70)
    first = sign_proposal(proposal, by=heads[1], revision=1)
    assert (first.state, agreement_in_force().version) == (ProposalState.OPEN, 1)
    second = sign_proposal(proposal, by=heads[0], revision=1)
    new = agreement_in_force()
    assert (second.state, second.became) == (ProposalState.IN_FORCE, new)
    assert (new.version, new.terms.accept_within, new.is_draft) == (2, 240, False)
    assert (new.marketing_head, new.sales_head) == heads
    assert Agreement.objects.in_force().count() == 1
    definition = definition_in_force()
    assert (definition.agreement_version, definition.min_engagement) == (2, 70)
    assert QualifyingDefinition.objects.count() == 2


def test_both_teams_hear_that_a_version_is_in_force(heads, noa, sota, paz):
    signed_by_both(proposed(heads[0]), heads)
    told = set(Notice.objects.filter(kind="agreement.in_force").values_list("to", flat=True))
    assert {noa.pk, sota.pk, heads[0].pk} <= told
    assert paz.pk not in told


def test_what_was_offered_before_keeps_its_version(heads, noa, sota):
    old = an_offer(by=noa)
    signed_by_both(proposed(heads[0]), heads)
    new = an_offer(by=noa)
    assert (old.agreement_version, new.agreement_version) == (1, 2)
    assert old.clocks.get().minutes == 480
    assert new.clocks.get().minutes == 240


def test_an_accepted_handoff_is_judged_by_the_version_of_its_offer(heads, noa, sota):
    handoff = an_offer(by=noa)
    signed_by_both(proposed(heads[0], contact_within=600), heads)
    accept_lead(handoff, by=sota)
    contact = handoff.clocks.get(kind="contact")
    assert (contact.agreement_version, contact.minutes) == (1, 1440)


def test_a_process_that_remembers_the_old_version_offers_under_the_new_one(heads, noa):
    kept = agreement_in_force()
    signed_by_both(proposed(heads[0]), heads)
    caches["local"].set("agreement", kept, 60)
    assert an_offer(by=noa).agreement_version == 2


@pytest.mark.parametrize("who", ["noa", "sota", "ada", "paz", "iku"])
def test_only_managers_propose(request, who, heads):
    with pytest.raises(NotAllowed):
        proposed(request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["noa", "sota", "ada", "paz", "other"])
def test_only_a_head_signs(request, who, heads):
    proposal = proposed(heads[0])
    by = a_user("Other", role="manager") if who == "other" else request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        sign_proposal(proposal, by=by, revision=1)
    with pytest.raises(NotAllowed):
        sign_version(agreement_in_force(), by=by)


def test_a_head_who_manages_that_side_no_longer_does_not_sign(heads):
    proposal = proposed(heads[0])
    heads[1].role = "member"
    heads[1].save()
    with pytest.raises(NotAllowed):
        sign_proposal(proposal, by=heads[1], revision=1)


def test_a_head_signs_for_their_own_side_only(heads):
    proposal = sign_proposal(proposed(heads[0]), by=heads[0], revision=1)
    again = sign_proposal(proposal, by=heads[0], revision=1)
    assert (again.marketing_head, again.sales_head) == (heads[0], None)
    assert again.is_open


def test_a_head_signs_exactly_what_they_saw(heads):
    proposal = proposed(heads[0])
    sign_proposal(proposal, by=heads[1], revision=1)
    edited = edit_proposal(
        proposal, by=heads[0], seen_revision=1, clauses=wanted(accept_within=120), why="Faster"
    )
    assert (edited.revision, edited.sales_signed_at) == (2, None)
    with pytest.raises(Refusal, match="Mio"):
        sign_proposal(proposal, by=heads[1], revision=1)
    assert Notice.objects.filter(to=heads[1], kind="agreement.edited").exists()


def test_two_who_edit_at_once_do_not_write_over_each_other(heads):
    proposal = proposed(heads[0])
    edit_proposal(proposal, by=heads[0], seen_revision=1, clauses=wanted(accept_within=180), why="")
    with pytest.raises(Refusal, match="Mio"):
        edit_proposal(
            proposal, by=heads[1], seen_revision=1, clauses=wanted(accept_within=200), why=""
        )


def test_one_proposal_is_open_at_a_time(heads):
    first = proposed(heads[0])
    assert proposed(heads[0]) == first
    with pytest.raises(Refusal):
        proposed(heads[1], accept_within=180)
    withdraw_proposal(first, by=heads[0])
    assert proposed(heads[1], accept_within=180).is_open


def test_a_closed_proposal_stays_as_it_is(heads):
    proposal = proposed(heads[0])
    signed_by_both(proposal, heads)
    changed = {"clauses": wanted(accept_within=180), "why": ""}
    for refused in (
        lambda: edit_proposal(proposal, by=heads[0], seen_revision=1, **changed),
        lambda: unsign_proposal(proposal, by=heads[0]),
        lambda: withdraw_proposal(proposal, by=heads[0]),
        lambda: comment_on_proposal(proposal, by=heads[0], text="Late"),
    ):
        with pytest.raises(Refusal):
            refused()
    assert sign_proposal(proposal, by=heads[0], revision=1).became_id


def test_who_wrote_it_or_a_head_withdraws_it(heads, noa):
    author = a_user("Kei", kind="marketing", role="manager")
    bystander = a_user("Lu", kind="sales", role="manager")
    proposal = proposed(author)
    for by in (noa, bystander):
        with pytest.raises(NotAllowed):
            withdraw_proposal(proposal, by=by)
    assert withdraw_proposal(proposal, by=heads[1]).closed_by == heads[1]
    assert withdraw_proposal(proposal, by=heads[1]).state == ProposalState.WITHDRAWN


def test_a_signature_can_be_taken_off_until_the_other_is_there(heads):
    proposal = sign_proposal(proposed(heads[0]), by=heads[0], revision=1)
    assert unsign_proposal(proposal, by=heads[0]).marketing_signed_at is None
    sign_proposal(proposal, by=heads[1], revision=1)
    assert agreement_in_force().version == 1


def test_members_say_what_they_think_partners_do_not(heads, noa, ada, paz):
    proposal = proposed(heads[0])
    comment_on_proposal(proposal, by=noa, text="Too short", clause="sales_accept")
    comment_on_proposal(proposal, by=ada, text="Fine")
    with pytest.raises(NotAllowed):
        comment_on_proposal(proposal, by=paz, text="Me too")
    for wrong in ({"text": " "}, {"text": "x", "clause": "nonsense"}):
        with pytest.raises(Malformed):
            comment_on_proposal(proposal, by=noa, **wrong)
    assert [one.clause for one in proposal.comments.all()] == ["sales_accept", ""]


def test_a_version_in_draft_mode_is_signed_by_each_head(heads):
    draft = agreement_in_force()
    assert sign_version(draft, by=heads[1]).is_draft
    assert sign_version(draft, by=heads[1]).is_draft
    assert not sign_version(draft, by=heads[0]).is_draft
    assert agreement_in_force().sales_head == heads[1]


def test_the_database_keeps_versions_as_they_were_agreed(heads):
    draft = agreement_in_force()
    for change in ({"clauses": {}}, {"version": 9}):
        with pytest.raises(InternalError), transaction.atomic():
            Agreement.objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Agreement.objects.filter(pk=draft.pk).delete()


def test_a_reason_is_retired_and_old_returns_keep_it(heads, noa, sota):
    handoff = accept_lead(an_offer(by=noa), by=sota)
    return_lead(handoff, by=sota, reason=a_reason("no_budget"), note="None")
    reasons = [one for one in wanted().return_reasons if one.code != "no_budget"]
    new = ReasonTerm("frozen", "recycled", "予算凍結", "Budget frozen", needs_revisit=True)
    signed_by_both(proposed(heads[0], return_reasons=(*reasons, new)), heads)
    retired = a_reason("no_budget")
    assert retired.retired_at
    handoff.refresh_from_db()
    assert handoff.return_reason == retired
    added = ReturnReason.objects.get(code="frozen")
    assert (added.kind, added.needs_revisit, added.retired_at) == ("recycled", True, None)
    back = ReasonTerm("no_budget", "recycled", "予算がない", "No budget")
    signed_by_both(proposed(heads[0], return_reasons=(*reasons, new, back)), heads)
    assert a_reason("no_budget").retired_at is None


def test_a_reason_stays_in_its_list(heads):
    moved = [replace(one, kind="rejected") for one in wanted().return_reasons[:1]]
    rest = [replace(one, kind="recycled") for one in wanted().return_reasons[1:2]]
    with pytest.raises(Malformed):
        proposed(heads[0], return_reasons=(*moved, *rest, *wanted().return_reasons[2:]))


def test_a_proposal_changes_something(heads):
    with pytest.raises(Malformed):
        propose_agreement(by=heads[0], clauses=wanted(), why="Just so")


FAULTY = {
    "acknowledge_within": {"acknowledge_within": 0},
    "answer_within": {"answer_within": 10**6},
    "lapses_after": {"accept_within": 2000},
    "decide_within": {"contact_within": 6000},
    "hot_accept_within": {"hot_accept_within": 481},
    "hot_contact_within": {"hot_contact_within": 1441},
    "hot_fit": {"hot_fit": "C"},
    "hot_engagement": {"hot_engagement": 10},
    "min_fit": {"min_fit": "E", "hot_fit": "A"},
    "min_engagement": {"min_engagement": 0},
    "target_kept": {"target_kept": 101},
    "attempts_before_unreachable": {"attempts_before_unreachable": 0},
    "pauses_at_most": {"pauses_at_most": -1},
    "pause_at_most": {"pause_at_most": 0},
    "volume_offered": {"volume_offered": -1},
    "required_facts": {"required_facts": ("shoe_size",)},
    "exclusions": {"exclusions": ("everybody",)},
    "required_brief": {"required_brief": ("poem",)},
    "triggers": {"triggers": (("form", ""),)},
    "return_reasons": {"return_reasons": ()},
}


@pytest.mark.parametrize("clause", FAULTY)
def test_a_clause_that_cannot_be_agreed_says_so(clause, heads):
    assert list(faults_of(wanted(**FAULTY[clause]))) == [clause]
    with pytest.raises(Malformed) as refused:
        proposed(heads[0], **FAULTY[clause])
    assert refused.value.field == clause


@pytest.mark.parametrize(
    "ladder",
    [
        (),
        (("manager", 100),),
        (("remind", 100), ("manager", 120)),
        (("remind", 80), ("manager", 80)),
        (("remind", 80), ("another", 150), ("manager", 200)),
        (("remind", 0),),
        (("remind", 80), ("remind", 90)),
    ],
)
def test_a_ladder_is_climbed_step_by_step(ladder, defaults):
    assert list(faults_of(wanted(ladder=ladder))) == ["ladder"]


def test_a_hot_lead_has_shorter_clocks(noa):
    terms = agreement_in_force().terms
    assert terms.tier_of("A", 80) == Tier.HOT
    assert terms.tier_of("B", 200) == terms.tier_of("A", 79.9) == Tier.MQL
    assert (terms.within("accept"), terms.within("accept", "hot")) == (480, 120)
    assert terms.within("decide", "hot") == terms.within("decide")
    warm = an_mql(fit="A")
    assert an_offer(warm, by=noa).tier == Tier.MQL


def test_every_clause_of_the_terms_is_on_the_page(defaults):
    said = {name for clause in CLAUSES.values() for name in clause.fields}
    assert said == set(vars(Terms())) - {"day_minutes"}  # how the others are said


def test_a_comparison_names_what_came_and_what_went(defaults):
    base = wanted()
    terms = wanted(min_engagement=70, required_facts=("need",), accept_within=240)
    assert {one.code for one in changed_clauses(base, terms)} == {
        "engagement",
        "required_facts",
        "sales_accept",
    }
    said = {row.clause.code: row for rows in say_clauses(terms, base=base).values() for row in rows}
    assert [word.state for word in said["engagement"].words] == ["del", "ins"]
    assert [word.state for word in said["sales_accept"].words] == ["del", "ins", "same"]
    assert [word.state for word in said["required_facts"].words] == ["ins", "del"]
    assert not said["fit"].is_changed


def test_a_head_manages_a_team_of_their_side(mio, ren, noa, sota, ada, paz):
    for wrong in (noa, ren, paz):
        with pytest.raises(Malformed):
            name_heads(by=ada, marketing_head=wrong, sales_head=None)
    with pytest.raises(NotAllowed):
        name_heads(by=mio, marketing_head=mio, sales_head=ren)
    name_heads(by=ada, marketing_head=mio, sales_head=ren)
    assert Organisation.current().sales_head_id == ren.pk


def six_hours_a_day():
    calendar, _new = WorkingCalendar.objects.get_or_create(is_default=True)
    calendar.hours = {str(day): [["10:00", "16:00"]] for day in range(5)}
    calendar.save()
    WorkingCalendar.forget()
    assert day_minutes() == 360


def said(terms, name, base=None):
    with translation.override("en"):
        groups = say_clauses(terms, base=base).values()
    return next(one for found in groups for one in found if name in one.clause.fields)


def test_a_later_calendar_rewords_no_version(heads):
    agreed = signed_by_both(proposed(heads[0], acknowledge_within=1080), heads)
    before = say_clauses(agreed.terms)
    six_hours_a_day()
    agreed.refresh_from_db()
    assert say_clauses(agreed.terms) == before
    assert "2 working days" in said(agreed.terms, "acknowledge_within").words[0].words


def test_a_proposal_keeps_the_working_day_of_its_first_writing(heads):
    six_hours_a_day()
    old = agreement_in_force().terms
    proposal = proposed(heads[0], answer_within=720)
    assert (old.day_minutes, proposal.terms.day_minutes) == (540, 360)
    edited = edit_proposal(
        proposal, by=heads[1], seen_revision=1, clauses=wanted(answer_within=1080), why=""
    )
    assert edited.terms.day_minutes == 360
    gone, come = said(edited.terms, "answer_within", old).words
    assert "one working day" in gone.words
    assert "3 working days" in come.words


def test_another_length_of_the_day_alone_is_no_change(heads):
    old = agreement_in_force().terms
    new = replace(old, day_minutes=360)
    assert not changed_clauses(old, new)
    assert not any(one.is_changed for found in say_clauses(new, base=old).values() for one in found)
    six_hours_a_day()
    with pytest.raises(Malformed, match="有効な版と違う"):
        propose_agreement(by=heads[0], clauses=old, why="")
