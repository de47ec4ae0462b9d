"""Deals: the list and its sums, one deal, its moves; the agreement to be read."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from common import now
from common.forms import YenField
from handoff.actions import edit_deal, open_deal
from handoff.actions.clocks import agreement_in_force
from handoff.actions.defaults import sign_agreement
from handoff.measures import Kept
from handoff.models import Clock, Deal
from handoff.states import DealState
from tests.factories import a_lost_reason, an_accepted, an_offer

HTMX = {"HX-Request": "true"}
MAY = date(2100, 5, 1)


def a_deal(noa, sota, **what) -> Deal:
    handoff = an_accepted(by=noa, taker=sota)
    return open_deal(handoff.lead, by=sota, **what)


def test_a_rep_opens_a_deal_from_the_brief(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    url = f"/handoffs/leads/{handoff.lead_id}/deals/new/"
    client = as_user(sota)
    step = client.get(url).context["form"].initial["step"]
    answer = client.post(
        url, {"amount": "３００万円", "step": step.pk, "expected_on": "2100-05", "name": "First"}
    )
    deal = Deal.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/handoffs/deals/{deal.pk}/")
    assert (deal.amount, deal.expected_on, deal.probability) == (3_000_000, MAY, step.probability)


def test_a_wrong_amount_keeps_the_form(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    url = f"/handoffs/leads/{handoff.lead_id}/deals/new/"
    step = as_user(sota).get(url).context["form"].initial["step"]
    answer = as_user(sota).post(url, {"amount": "a lot", "step": step.pk, "name": "Kept name"})
    assert answer.status_code == 422
    assert "Kept name" in answer.content.decode()
    assert "a lot" in answer.content.decode()
    assert not Deal.objects.exists()


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("3000000", 3_000_000),
        ("3,000,000", 3_000_000),
        ("¥3,000,000", 3_000_000),
        ("300万", 3_000_000),
        ("３００万円", 3_000_000),
        ("1億2000万", 120_000_000),
        ("1億2千万", 120_000_000),
        ("1.5億", 150_000_000),
        ("¥3.2M", 3_200_000),
        ("500k", 500_000),
        ("0", 0),
    ],
)
def test_yen_are_read_however_they_are_typed(typed, yen):
    assert YenField().clean(typed) == yen


@pytest.mark.parametrize("typed", ["-5", "abc", "1e9", "3万x", "9" * 40, "--", "1..2"])
def test_what_is_no_amount_is_said_to_be_none(typed):
    with pytest.raises(ValidationError):
        YenField().clean(typed)


def test_the_months_add_up_to_the_list(as_user, noa, sota):
    a_deal(noa, sota, amount=1_000_000, probability=50, expected_on=MAY)
    a_deal(noa, sota, amount=3_000_000, probability=10, expected_on=MAY)
    a_deal(noa, sota, amount=500_000, probability=100)
    a_deal(noa, sota)
    context = as_user(sota).get("/handoffs/deals/").context
    months = [(row.month, row.n, row.amount, row.weighted) for row in context["months"]]
    assert months == [(MAY, 2, 4_000_000, 800_000), (None, 2, 500_000, 500_000)]
    assert (context["count"], context["amount"], context["weighted"]) == (4, 4_500_000, 1_300_000)
    assert len(context["page"]) == 4


def test_the_month_of_a_sum_opens_exactly_its_deals(as_user, noa, sota):
    in_may = a_deal(noa, sota, amount=1, expected_on=MAY)
    a_deal(noa, sota, amount=2)
    context = as_user(sota).get("/handoffs/deals/", {"month": "2100-05"}).context
    assert [row.pk for row in context["page"]] == [in_may.pk]
    assert context["count"] == 1


def test_pages_of_deals_follow_each_other(as_user, noa, sota, monkeypatch):
    monkeypatch.setattr("handoff.views.deals.SIZE", 2)
    made = {a_deal(noa, sota, expected_on=MAY if n % 2 else None).pk for n in range(5)}
    client, seen, key = as_user(sota), [], ""
    while True:
        page = client.get("/handoffs/deals/", {"after": key}).context["page"]
        seen += [row.pk for row in page]
        key = page.next_key
        if not key:
            break
    assert sorted(seen) == sorted(made)


def test_a_deal_is_won_with_what_was_sold(as_user, noa, sota):
    deal = a_deal(noa, sota, amount=100)
    client = as_user(sota)
    day = now().date() - timedelta(days=1)
    answer = client.post(
        f"/handoffs/deals/{deal.pk}/win/", {"amount": "120", "won_on": day.isoformat()}
    )
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.state, deal.amount) == (DealState.WON, 120)
    assert "Won" in client.get(f"/handoffs/deals/{deal.pk}/").content.decode()
    assert len(client.get("/handoffs/deals/", {"state": "won"}).context["page"]) == 1


def test_a_win_in_the_future_is_refused_in_the_form(as_user, noa, sota):
    deal = a_deal(noa, sota)
    answer = as_user(sota).post(f"/handoffs/deals/{deal.pk}/win/", {"won_on": "2999-01-01"})
    assert answer.status_code == 422


def test_a_deal_is_lost_with_a_reason_and_the_lead_may_be_recycled(as_user, noa, sota):
    deal = a_deal(noa, sota)
    client = as_user(sota)
    url = f"/handoffs/deals/{deal.pk}/loss/"
    assert client.post(url, {"note": "Kept"}).status_code == 422
    reason = a_lost_reason()
    client.post(url, {"reason": reason.pk, "note": "Too dear", "recycle": "on"})
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason, deal.lost_note) == ("lost", reason, "Too dear")
    assert deal.lead.stage == "nurturing"
    page = client.get("/handoffs/deals/", {"state": "lost", "reason": reason.pk}).context["page"]
    assert len(page) == 1


def test_only_what_was_changed_is_written(as_user, noa, sota):
    deal = a_deal(noa, sota, amount=100, name="Old")
    client = as_user(sota)
    form = client.get(f"/handoffs/deals/{deal.pk}/edit/").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    # Meanwhile a colleague changes the amount.
    edit_deal(deal, by=sota, amount=900)
    client.post(f"/handoffs/deals/{deal.pk}/edit/", {**sent, "amount": "900", "name": "New"})
    deal.refresh_from_db()
    assert (deal.name, deal.amount) == ("New", 900)


def test_a_manager_takes_a_mistaken_win_back(as_user, noa, sota, ren):
    deal = a_deal(noa, sota)
    as_user(sota).post(f"/handoffs/deals/{deal.pk}/win/", {})
    url = f"/handoffs/deals/{deal.pk}/correction/"
    assert as_user(sota).get(url).status_code == 403
    assert as_user(ren).post(url, {"why": ""}).status_code == 422
    assert as_user(ren).post(url, {"why": "Wrong line"}).status_code == 302
    assert Deal.objects.get(pk=deal.pk).state == DealState.OPEN


def test_a_closed_deal_is_not_edited(as_user, noa, sota):
    deal = a_deal(noa, sota)
    as_user(sota).post(f"/handoffs/deals/{deal.pk}/win/", {})
    assert as_user(sota).get(f"/handoffs/deals/{deal.pk}/edit/").status_code == 409


def test_who_sees_and_moves_deals(as_user, noa, sota, ada, paz):
    deal = a_deal(noa, sota)
    for user in (noa, ada):
        assert as_user(user).get(f"/handoffs/deals/{deal.pk}/").status_code == 200
        assert as_user(user).post(f"/handoffs/deals/{deal.pk}/win/", {}).status_code == 403
    assert as_user(paz).get(f"/handoffs/deals/{deal.pk}/").status_code == 404
    assert as_user(paz).get("/handoffs/deals/").status_code == 403
    assert Deal.objects.get(pk=deal.pk).state == DealState.OPEN


def test_the_agreement_shows_both_sides_and_says_that_it_is_a_draft(as_user, noa, mio, sota, ren):
    client = as_user(sota)
    page = client.get("/handoffs/agreement/").content.decode()
    for words in ("What marketing promises", "What sales promises", "Draft mode", "8 h", "Not now"):
        assert words in page, words
    sign_agreement(agreement_in_force(), marketing_head=mio, sales_head=ren)
    page = client.get("/handoffs/agreement/").content.decode()
    assert "Draft mode" not in page
    assert page.count("signed ") >= 2


def test_a_clause_shows_how_it_was_kept(as_user, noa, sota):
    for minutes in (-10, 10):
        handoff = an_offer(by=noa)
        due = now() - timedelta(hours=1)
        handoff.clocks.update(due_at=due, stopped_at=due + timedelta(minutes=minutes))
    Clock.objects.filter(handoff=an_offer(by=noa)).update(void=True, due_at=now())
    accept = as_user(sota).get("/handoffs/agreement/").context["groups"]["sales"][0]
    assert accept.kept == Kept(kept=1, due=2)
    assert accept.is_missed


def test_everybody_reads_the_agreement(as_user, noa, ada, paz):
    for user in (noa, ada, paz):
        assert as_user(user).get("/handoffs/agreement/").status_code == 200


def test_pages_of_deals_ask_few_questions(as_user, noa, sota, django_assert_max_num_queries):
    deal = a_deal(noa, sota, expected_on=MAY)
    client = as_user(sota)
    for url in ("/handoffs/deals/", f"/handoffs/deals/{deal.pk}/"):
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


def test_the_lists_without_a_page_are_behind_the_administrator(as_user, sota, ada):
    for name in ("returnreason", "lostreason", "dealstep", "lane"):
        url = f"/admin/handoff/{name}/"
        assert as_user(ada).get(url).status_code == 200
        assert as_user(sota).get(url).status_code in (302, 403)
    assert as_user(ada).get("/admin/handoff/handoff/").status_code == 404


def test_a_kept_clause_opens_exactly_its_promises(as_user, noa, sota):
    for _ in range(2):
        due = now() - timedelta(hours=1)
        an_offer(by=noa).clocks.update(due_at=due, stopped_at=due)
    client = as_user(sota)
    page = client.get("/handoffs/agreement/").content.decode()
    address = re.search(r'href="(/kpi/sla_kept/[^"]+in=clause:accept[^"]+)"', page)[1]
    answer = client.get(html.unescape(address))
    assert answer.status_code == 200
    assert len(answer.context["lines"]) == 2


def test_an_old_form_does_not_undo_what_somebody_changed_meanwhile(as_user, noa, sota, ren):
    deal = open_deal(an_accepted(by=noa, taker=sota).lead, by=sota, name="Pilot", amount=2_000_000)
    page = f"/handoffs/deals/{deal.pk}/edit/"
    client = as_user(sota)
    form = client.get(page).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    assert 'name="initial-amount"' in client.get(page).content.decode()
    edit_deal(deal, by=ren, amount=9_000_000)
    sent = {name: str(value) for name, value in shown.items()}
    sent |= {f"initial-{name}": value for name, value in sent.items()}
    client.post(page, sent | {"name": "Pilot in Nagoya"})
    deal.refresh_from_db()
    assert (deal.name, deal.amount) == ("Pilot in Nagoya", 9_000_000)
