"""The one timeline: everything of both teams, in order, in words, page by page."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import now, time_at
from common.refusals import Malformed
from handoff.actions import (
    acknowledge_return,
    answer_question,
    ask_question,
    edit_deal,
    log_contact,
    open_deal,
    return_lead,
    win_deal,
)
from handoff.models import DealStep
from leads.actions import (
    add_members,
    comment_on_lead,
    create_campaign,
    create_lead,
    edit_lead,
    learn_fact,
    log_touch,
    plan_follow_up,
)
from leads.history import record
from leads.measures import read_card
from leads.models import Comment, Interaction, LeadEvent, Question
from leads.timeline import Baton, Journey, People, read_timeline, tell_story
from leads.timeline.sentences import SENTENCES, sentence_for
from leads.timeline.stories import people_in
from tests.factories import a_lead, a_reason, a_touch, an_accepted, an_mql, an_offer

few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def items_of(lead, user, **how):
    card = read_card(lead.pk, user)
    page = read_timeline(card.lead, **how)
    people = People(card.people | people_in(page.entries))
    days = tell_story(page.entries, journey=card.journey, people=people, reader=user)
    return [item for day in days for item in day.items]


def heads(lead, user, **how):
    return [item.head for item in items_of(lead, user, **how)]


# Whatever writes to the ledger names its verb in one of these calls.
_WRITES = re.compile(
    r"""\b(?:record|move_lead|event|close_waiting|_note|_back)\([^)]*?"([a-z_]+\.[a-z_]+)\""""
)


def test_every_verb_that_is_recorded_has_a_sentence():
    """A new verb comes with its words: no move of either team reads as “something changed”."""
    root = Path(django_settings.BASE_DIR)
    programs = [*root.glob("leads/actions/**/*.py"), *root.glob("handoff/actions/**/*.py")]
    verbs = {
        verb for path in programs for verb in _WRITES.findall(path.read_text(encoding="utf-8"))
    }
    assert {"handoff.offer", "deal.win", "fact.learn"} <= verbs | set(SENTENCES)
    assert verbs <= set(SENTENCES), verbs - set(SENTENCES)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("verb", [*SENTENCES, "some.thing"])
def test_no_event_fails_to_be_read(verb, language, noa):
    lead = a_lead("Sato")
    record(lead, verb, by=None)
    record(lead, verb, by=noa, to=10**12, to_team=10**12, campaign=10**12, reason="gone", field="x", channel="x",
           fields=["nope", "attributes.x"], due="x", round=2, answer="x", kind="x")  # fmt: skip
    with override(language):
        for item in items_of(lead, noa):
            assert item.head
            assert "%(" not in item.head + item.text


def test_the_story_of_a_lead_is_told_in_order(noa, sota):
    with time_at(now() - timedelta(days=9)):
        lead = create_lead(by=noa, family_name="Sato")
    with time_at(now() - timedelta(days=8)):
        touch = log_touch(lead, by=noa, kind="call", result="demo", minutes=14, words="wants it")
        learn_fact(lead, by=noa, field="budget", value="3M", interaction=touch)
    with time_at(now() - timedelta(days=7)):
        handoff = an_accepted(lead, by=noa, taker=sota)
    log_contact(lead, by=sota, kind="call", result="reached")
    win_deal(open_deal(lead, by=sota, amount=1), by=sota)
    assert handoff
    found = items_of(lead, sota)
    assert [item.head for item in found] == [
        "Deal won", "Deal opened", "First contact made", "Call", "Accepted", "Offered",
        "Asked for what makes an MQL by itself", "Call 14 min", "Became a lead",
    ]  # fmt: skip
    assert found[-2].tags == ["Asked for a demo", "Budget"]
    assert found[5].by == f"{noa.name} → {sota.team.name}"


def test_both_teams_stand_on_their_rail(noa, sota):
    lead = an_mql("Sato", at=now() - timedelta(days=3))
    with time_at(now() - timedelta(days=2)):
        comment_on_lead(lead, by=noa, text="ours")
    with time_at(now() - timedelta(days=1)):
        handoff = an_offer(lead, by=noa)
    comment_on_lead(lead, by=sota, text="theirs")
    return_lead(handoff, by=sota, reason=a_reason(), note="x")
    comment_on_lead(lead, by=noa, text="ours again")
    rails = [(item.head, item.side, item.rails) for item in items_of(lead, noa)]
    assert rails == [
        ("Comment", "mk", "mk"),
        ("Returned", "hd", "mk sl"),
        ("Comment", "sl", "mk sl"),
        ("Offered", "hd", "mk sl"),
        ("Comment", "mk", "mk"),
    ]


def test_a_return_says_why_and_what_became_of_it(noa, sota):
    handoff = an_offer(by=noa)
    reason = a_reason()
    returned = return_lead(handoff, by=sota, reason=reason)
    acknowledge_return(returned, by=noa, answer="nurture")
    found = items_of(handoff.lead, noa)
    assert found[0].head == "Return acknowledged: nurtured again"
    with override("en"):
        assert found[1].text == f"Reason: {reason}"


def test_what_was_written_with_a_return_and_its_answer_stands_beside_them(noa, sota):
    handoff = an_offer(by=noa)
    reason = a_reason()
    returned = return_lead(handoff, by=sota, reason=reason, note="The budget comes in April")
    acknowledge_return(returned, by=noa, answer="disagree", note="They asked for a price")
    answer, back, *_rest = items_of(handoff.lead, noa)
    assert answer.text == "They asked for a price"
    assert back.text == f"Reason: {reason}\nThe budget comes in April"


def test_a_planned_step_says_what_is_planned(noa):
    lead = a_lead("Sato")
    plan_follow_up(lead, by=noa, what="Send the offer", due_at=now() + timedelta(days=1))
    assert [item.text for item in items_of(lead, noa)][:1] == ["Send the offer"]


def test_noise_folds_into_one_line(noa):
    lead = a_lead("Sato")
    for n in range(3):
        a_touch(
            lead, "visit", words="pricing", at=now() - timedelta(minutes=9 - n), by_machine=True
        )
    a_touch(lead, "mail_opened", at=now() - timedelta(minutes=2), by_machine=True)
    edit_lead(lead, by=noa, title="A")
    edit_lead(lead, by=noa, title="B")
    found = items_of(lead, noa)
    assert [item.head for item in found] == ["2 small changes", "E-mail opened", "3 page views"]
    assert (found[2].by, len(found[2].fold.lines)) == ("pricing 3", 3)


def test_a_question_stands_with_its_answer(noa, sota):
    lead = a_lead("Sato")
    question = ask_question(lead, by=noa, text="Excel?")
    assert heads(lead, noa) == ["Question"]
    answer_question(question, by=sota, answer="Yes")
    (item,) = items_of(lead, noa)
    assert (item.head, item.question["answer"], item.question["answered_by"]) == (
        "Question and answer", "Yes", sota.name,
    )  # fmt: skip


def test_the_timeline_is_narrowed_to_one_side_or_to_questions(noa, sota):
    lead = a_lead("Sato")
    comment_on_lead(lead, by=noa, text="m")
    comment_on_lead(lead, by=sota, text="s")
    a_touch(lead, "visit", by_machine=True)
    ask_question(lead, by=sota, text="?")
    assert sorted(item.kind for item in items_of(lead, noa, only="marketing")) == [
        "comment",
        "question",
        "touch",
    ]
    assert sorted(item.kind for item in items_of(lead, noa, only="sales")) == [
        "comment",
        "question",
    ]
    assert [item.kind for item in items_of(lead, noa, only="questions")] == ["question"]


def test_a_changed_deal_says_from_what_to_what(noa, sota, rin):
    deal = open_deal(an_accepted(by=noa, taker=sota).lead, by=sota, amount=2_000_000)
    step = DealStep.objects.get(code="quote")
    edit_deal(
        deal,
        by=sota,
        amount=3_500_000,
        step=step,
        expected_on=date(2100, 5, 1),
        name="佐藤様の件",
        owner=rin,
    )
    edit = next(item for item in items_of(deal.lead, noa) if item.head == "Deal changed")
    assert edit.text == (
        "amount: ¥2,000,000 → ¥3,500,000, expected month: – → May 2100, name, sales person: "
        "Sota → Rin, probability: 20% → 60%, step: Discovery → Quote"
    )
    event = LeadEvent.objects.get(verb="deal.edit")
    assert event.data["changes"]["step"] == ["hearing", "quote"]
    assert "佐藤" not in str(event.data)
    with override("ja"):
        edit = next(item for item in items_of(deal.lead, noa) if item.head == "商談を変更")
        assert "金額:200万円 → 350万円、受注予定月:– → 2100年5月" in edit.text


def test_campaigns_are_called_by_their_names(noa):
    lead = a_lead("Sato")
    add_members(create_campaign(by=noa, name="Fair 26"), [lead], by=noa)
    assert heads(lead, noa) == ["Reached by the campaign “Fair 26”"]


@few
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("tecq")), min_size=1, max_size=14),
    st.integers(1, 5),
)
def test_the_older_pages_hold_everything_once_in_order(noa, happened, size):
    """Four tables with many ties: page by page gives what one page gives."""
    lead, base = a_lead("Sato"), now() - timedelta(days=5)
    for hours, table in happened:
        at = base + timedelta(hours=hours)
        if table == "t":
            a_touch(lead, "call", at=at)
        elif table == "e":
            record(lead, "lead.edit", by=None, at=at, fields=[])
        elif table == "c":
            Comment.objects.create(lead=lead, text="x", at=at)
        else:
            Question.objects.create(lead=lead, text="x", asked_at=at)
    whole = read_timeline(lead, size=100).entries
    pages, key = [], ""
    while key is not None:
        page = read_timeline(lead, key=key, size=size)
        pages += page.entries
        key = page.next_key
    assert len(whole) == len(happened)
    assert pages == whole
    assert [entry.at for entry in whole] == sorted((entry.at for entry in whole), reverse=True)


@pytest.mark.parametrize(
    "key", ["x", "W10", "WzEsMiwzXQ", "WyIyMDI2LTAxLTAxIiwwLDFd", "é", "A" * 5000]
)
def test_a_key_nobody_gave_out_is_refused(key, noa):
    with pytest.raises(Malformed):
        read_timeline(a_lead("Sato"), key=key)
    with pytest.raises(Malformed):
        read_timeline(a_lead("Kato"), only="nothing")


def test_reading_takes_one_query_however_much_happened(noa, django_assert_num_queries):
    lead = a_lead("Sato")
    Interaction.objects.bulk_create(
        Interaction(lead=lead, kind="call", direction="in", at=now(), recorded_at=now())
        for _n in range(200)
    )
    with django_assert_num_queries(1):
        assert len(read_timeline(lead).entries) == 60
    with django_assert_num_queries(1):
        read_card(lead.pk, noa)


def moves(*told):
    return [
        Baton(now() - timedelta(days=20 - n), verb, stage) for n, (verb, stage) in enumerate(told)
    ]


def test_the_seam_shows_where_the_baton_is(defaults):
    offered = [("lead.create", "new"), ("lead.qualify", "mql"), ("handoff.offer", "")]
    accepted = [*offered, ("handoff.accept", "sal")]
    for stage, told, place in [
        ("mql", offered[:2], "mql"),
        ("mql", offered, "waiting"),
        ("mql", [*offered, ("handoff.withdraw", "")], "mql"),
        ("sal", accepted, "sal"),
        ("sal", [*accepted, ("handoff.contact", "")], "contacted"),
        ("nurturing", [*offered, ("handoff.return", "nurturing")], "nurturing"),
        ("sql", [*accepted, ("deal.open", "sql")], "sql"),
        ("lost", [], "lost"),
    ]:
        lead = a_lead(stage=stage)
        assert Journey(lead, moves(*told)).place == place


def test_a_second_round_forgets_the_moments_of_the_first(defaults):
    lead = a_lead(stage="mql", at=now() - timedelta(days=30))
    told = moves(
        ("lead.qualify", "mql"),
        ("handoff.offer", ""),
        ("handoff.return", "nurturing"),
        ("lead.qualify", "mql"),
    )
    reached = Journey(lead, told).reached()
    assert reached["mql"] == told[-1].at
    assert "waiting" not in reached


def test_an_unknown_verb_has_plain_words():
    assert sentence_for("nobody.knows").head
    assert LeadEvent
