"""What was said and is owed: facts, follow-ups, consents, comments."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice
from common import now, time_at
from common.refusals import Malformed, NotAllowed, Refusal
from leads.actions import (
    comment_on_lead,
    finish_follow_up,
    forget_fact,
    learn_fact,
    log_touch,
    plan_follow_up,
    postpone_follow_up,
    record_consent,
    reopen_follow_up,
    withdraw_comment,
)
from leads.actions.consents import settle_consents
from leads.actions.edits import Conflict
from leads.models import Comment, Consent, FollowUp, Lead
from tests.factories import a_lead


def verbs_of(lead):
    return list(lead.events.order_by("id").values_list("verb", flat=True))


# --- facts -------------------------------------------------------------------------------------


def test_the_same_answer_again_is_no_news(noa, sota):
    lead = a_lead("Sato")
    first = learn_fact(lead, by=noa, field="budget", value="300万円")
    assert learn_fact(lead, by=sota, field="budget", value=" 300万円 ") == first
    assert verbs_of(lead) == ["fact.learn"]


def test_another_answer_supersedes_and_the_old_one_stays(noa, sota):
    lead = a_lead("Sato")
    old = learn_fact(lead, by=noa, field="budget", value="300万円")
    new = learn_fact(lead, by=sota, field="budget", value="500万円", seen="300万円")
    old.refresh_from_db()
    assert old.superseded_at == new.at
    assert list(lead.facts.current()) == [new]
    assert verbs_of(lead) == ["fact.learn", "fact.change"]


def test_an_answer_nobody_showed_you_is_not_replaced(noa, sota):
    lead = a_lead("Sato")
    learn_fact(lead, by=noa, field="timing", value="4月", seen="")
    with pytest.raises(Conflict) as clash:
        learn_fact(lead, by=sota, field="timing", value="来期", seen="")
    assert clash.value.fields == {"value": "4月"}
    assert lead.facts.count() == 1


def test_other_facts_stand_side_by_side_under_their_labels(noa):
    lead = a_lead("Sato")
    learn_fact(lead, by=noa, field="other", label="夜間", value="無人")
    learn_fact(lead, by=noa, field="other", label="言語", value="日本語")
    assert lead.facts.current().count() == 2


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [("budget", "  ", ""), ("nonsense", "x", ""), ("other", "x", ""), ("need", "x" * 2001, "")],
)
def test_a_fact_without_sense_is_refused(field, value, label, noa):
    lead = a_lead("Sato")
    with pytest.raises(Malformed):
        learn_fact(lead, by=noa, field=field, value=value, label=label)
    assert not lead.facts.exists()


def test_a_forgotten_fact_no_longer_counts_but_is_kept(noa):
    lead = a_lead("Sato")
    fact = learn_fact(lead, by=noa, field="need", value="wrong person")
    forget_fact(fact, by=noa)
    forget_fact(fact, by=noa)
    assert not lead.facts.current().exists()
    assert lead.facts.count() == 1
    assert verbs_of(lead) == ["fact.learn", "fact.forget"]


def test_a_partner_learns_facts_of_entrusted_leads_only(paz):
    with pytest.raises(NotAllowed):
        learn_fact(a_lead("Sato"), by=paz, field="need", value="x")
    assert learn_fact(a_lead("Kato", entrusted_to=paz.team), by=paz, field="need", value="x")


# --- follow-ups --------------------------------------------------------------------------------


def test_a_follow_up_is_planned_for_another_who_is_told(noa, sota):
    lead = a_lead("Sato")
    step = plan_follow_up(lead, by=noa, what="見積", due_at=now() + timedelta(days=1), owner=sota)
    assert (step.owner, step.done_at) == (sota, None)
    assert Notice.objects.get(to=sota).kind == "follow_up.assigned"


def test_a_follow_up_is_done_undone_and_put_off(noa):
    lead = a_lead("Sato")
    step = plan_follow_up(lead, by=noa, what="見積", due_at=now() + timedelta(days=1))
    later = now() + timedelta(days=5)
    assert postpone_follow_up(step, by=noa, due_at=later).due_at == later
    assert finish_follow_up(step, by=noa).done_by == noa
    assert finish_follow_up(step, by=noa).done_at
    with pytest.raises(Refusal):
        postpone_follow_up(step, by=noa, due_at=later + timedelta(days=1))
    assert reopen_follow_up(step, by=noa).done_at is None
    assert verbs_of(lead) == [
        "follow_up.plan",
        "follow_up.postpone",
        "follow_up.done",
        "follow_up.reopen",
    ]


def test_today_is_early_enough_and_yesterday_is_not(noa):
    lead = a_lead("Sato")
    midnight = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    assert plan_follow_up(lead, by=noa, what="x", due_at=midnight)
    with pytest.raises(Malformed):
        plan_follow_up(lead, by=noa, what="x", due_at=midnight - timedelta(minutes=1))
    with pytest.raises(Malformed):
        plan_follow_up(lead, by=noa, what=" ", due_at=midnight)
    assert FollowUp.objects.count() == 1


def test_nobody_is_given_a_step_who_does_not_work_here(noa, sota, ada):
    sota.is_active = False
    sota.save(update_fields=["is_active"])
    for owner in (sota, ada):
        with pytest.raises(Malformed):
            plan_follow_up(a_lead(), by=noa, what="x", due_at=now() + timedelta(1), owner=owner)


# --- consents ----------------------------------------------------------------------------------


def test_the_latest_word_holds_and_every_word_is_kept(noa):
    lead = a_lead("Sato")
    record_consent(
        lead, by=noa, channel="email", granted=True, evidence="form", at=now() - timedelta(9)
    )
    record_consent(lead, by=noa, channel="email", granted=False, evidence="call")
    record_consent(
        lead, by=noa, channel="email", granted=True, evidence="old card", at=now() - timedelta(30)
    )
    lead.refresh_from_db()
    assert lead.consent_email is False
    assert lead.consent_phone is None
    assert lead.consents.count() == 3


def test_the_same_word_of_the_same_moment_is_one(noa):
    lead, at = a_lead("Sato"), now() - timedelta(1)
    for _twice in range(2):
        record_consent(lead, by=noa, channel="phone", granted=True, evidence="form", at=at)
    assert lead.consents.count() == 1


@pytest.mark.parametrize(
    "what",
    [
        {"channel": "email", "evidence": " "},
        {"channel": "smoke", "evidence": "seen"},
        {"channel": "email", "evidence": "form", "at": "tomorrow"},
    ],
)
def test_a_consent_needs_a_channel_and_a_reason_to_believe_it(what, noa):
    lead = a_lead("Sato")
    if "at" in what:
        what = {**what, "at": now() + timedelta(1)}
    with pytest.raises(Malformed):
        record_consent(lead, by=noa, granted=True, **what)
    assert not Consent.objects.exists()


def test_consents_that_came_in_sets_reach_the_lead(noa):
    lead = a_lead("Sato")
    Consent.objects.create(
        lead=lead, channel="phone", granted=True, at=now(), evidence="file", recorded_at=now()
    )
    settle_consents([lead.pk])
    assert Lead.objects.get(consent_phone=True) == lead


# --- comments ----------------------------------------------------------------------------------


def test_both_teams_comment_and_the_people_of_the_lead_are_told(noa, sota):
    lead = a_lead("Sato", marketer=noa)
    comment_on_lead(lead, by=sota, text="木曜に伺います")
    assert Notice.objects.get(to=noa).kind == "lead.commented"
    assert verbs_of(lead) == ["comment.write"]


def test_a_double_press_leaves_one_comment(noa):
    lead = a_lead("Sato")
    first = comment_on_lead(lead, by=noa, text="once")
    assert comment_on_lead(lead, by=noa, text="once") == first
    assert lead.comments.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_an_empty_or_endless_comment_is_refused(text, noa):
    with pytest.raises(Malformed):
        comment_on_lead(a_lead("Sato"), by=noa, text=text)


def test_a_comment_is_taken_back_by_its_author_soon_or_not_at_all(noa, sota):
    lead = a_lead("Sato")
    comment = comment_on_lead(lead, by=noa, text="slip")
    with pytest.raises(NotAllowed):
        withdraw_comment(comment, by=sota)
    with time_at(now() + timedelta(minutes=16)), pytest.raises(Refusal):
        withdraw_comment(comment, by=noa)
    withdraw_comment(comment, by=noa)
    withdraw_comment(comment, by=noa)
    assert not Comment.objects.exists()
    assert verbs_of(lead) == ["comment.write", "comment.withdraw"]


def test_what_was_heard_in_a_touch_is_told_with_the_touch(noa):
    lead = a_lead("Sato")
    touch = log_touch(lead, by=noa, kind="call", result="reached")
    learn_fact(lead, by=noa, field="need", value="x", interaction=touch)
    assert lead.events.get(verb="fact.learn").data["touch"] == touch.pk
