"""The pages of leads: what they show, what they keep when something is wrong, and who may see them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common import now
from common.web import triggers
from leads.actions import comment_on_lead, edit_lead, learn_fact, log_touch, plan_follow_up
from leads.models import Comment, Lead
from tests.factories import a_company, a_lead, a_touch, a_user, an_mql, an_offer

HTMX = {"HX-Request": "true"}


def text(answer):
    return answer.content.decode()


def the_form(answer):
    """The fields of the form in a page, as a browser would send them back."""
    page = text(answer)
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        names = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = names.get("type", "text")
        if names.get("name") and (kind not in ("checkbox", "radio") or " checked" in tag):
            found[names["name"]] = names.get("value", "")
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = chosen.group(1) if chosen else ""
    for name, inner in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = inner.strip()
    return found


# --- one lead ----------------------------------------------------------------------------------


def a_full_lead(noa, sota):
    lead = an_mql(
        "佐伯", given_name="千尋", company=a_company("鳴瀬精密", employees=320), phone="052-000-4821",
        email="c@naruse.example", marketer=noa,
    )  # fmt: skip
    a_lead("Other", company=lead.company)
    for n in range(70):
        a_touch(lead, "visit", at=now() - timedelta(hours=n), by_machine=True, points=3)
    touch = log_touch(lead, by=sota, kind="call", result="reached")
    learn_fact(lead, by=noa, field="budget", value="300万円", interaction=touch)
    plan_follow_up(lead, by=noa, what="見積を送る", due_at=now() + timedelta(days=1), owner=sota)
    comment_on_lead(lead, by=sota, text="木曜に伺います")
    an_offer(lead, by=noa, taker=sota)
    return lead


def test_a_lead_with_its_fragment_takes_fifteen_queries(
    noa, sota, as_user, django_assert_max_num_queries
):
    lead = a_full_lead(noa, sota)
    client = as_user(noa)
    page = f"/leads/{lead.pk}/"
    client.get(page)
    with django_assert_max_num_queries(15):
        whole = text(client.get(page))
        client.get(reverse("handoff:of_lead", args=[lead.pk]), headers=HTMX)
    for words in (
        "佐伯",
        "鳴瀬精密",
        "300万円",
        "見積を送る",
        "木曜に伺います",
        'href="tel:+81-52-000-4821"',
    ):
        assert words in whole
    assert f'hx-get="{reverse("handoff:of_lead", args=[lead.pk])}"' in whole
    assert len(whole) < 90_000


def test_the_older_part_comes_by_its_key(noa, sota, as_user):
    lead = a_full_lead(noa, sota)
    client = as_user(noa)
    key = re.search(r"after=([\w-]+)", text(client.get(f"/leads/{lead.pk}/"))).group(1)
    older = client.get(f"/leads/{lead.pk}/timeline/?after={key}", headers=HTMX)
    assert "tl__item" in text(older)
    assert "<html" not in text(older)
    assert client.get(f"/leads/{lead.pk}/timeline/?after={key}").status_code == 302
    assert client.get(f"/leads/{lead.pk}/?after=nonsense").status_code == 400
    assert client.get(f"/leads/{lead.pk}/timeline/?only=x", headers=HTMX).status_code == 400


URLS = (
    "/leads/{0}/", "/leads/{0}/edit/", "/leads/{0}/timeline/", "/leads/{0}/facts/new/", "/leads/{0}/consents/new/",
    "/leads/{0}/follow-ups/new/", "/leads/{0}/next/", "/leads/{0}/previous/",
)  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_a_partner_finds_nothing_where_nothing_was_entrusted(url, paz, noa, as_user):
    ours, theirs = a_lead("Ours"), a_lead("Theirs", entrusted_to=paz.team, team=paz.team)
    client = as_user(paz)
    assert client.get(url.format(ours.pk)).status_code == 404
    assert client.get(url.format(theirs.pk)).status_code in (200, 302)


@pytest.mark.parametrize(
    "url", ["comments/", "facts/new/", "consents/new/", "follow-ups/new/", "edit/"]
)
def test_a_partner_writes_nothing_where_nothing_was_entrusted(url, paz, noa, as_user):
    ours = a_lead("Ours")
    answer = as_user(paz).post(f"/leads/{ours.pk}/{url}", {"text": "x", "what": "x", "value": "x"})
    assert answer.status_code == 404
    assert not Comment.objects.exists()


def test_a_partner_sees_no_campaigns_and_companies_of_theirs_only(paz, noa, as_user):
    ours, theirs = a_company("Ours"), a_company("Theirs")
    a_lead(company=ours), a_lead(company=theirs, entrusted_to=paz.team)
    client = as_user(paz)
    assert client.get(f"/leads/companies/{ours.pk}/").status_code == 404
    assert client.get(f"/leads/companies/{theirs.pk}/").status_code == 200
    assert "Ours" not in text(client.get("/leads/companies/"))
    assert client.get("/leads/campaigns/").status_code == 403
    assert client.get("/leads/new/").status_code == 403


def test_nobody_reads_leads_without_signing_in(client, defaults):
    lead = a_lead("Sato")
    for url in ("/leads/", f"/leads/{lead.pk}/", "/leads/companies/", "/leads/fields/"):
        assert client.get(url).url.startswith("/accounts/login/")


# --- a new lead --------------------------------------------------------------------------------


def test_a_name_and_a_company_make_a_lead(noa, as_user):
    answer = as_user(noa).post("/leads/new/", {"family_name": "佐藤", "company_name": "鳴瀬精密"})
    lead = Lead.objects.get()
    assert answer.url == f"/leads/{lead.pk}/"
    assert (lead.company.name, lead.marketer) == ("鳴瀬精密", noa)


def test_what_was_typed_stays_where_something_is_wrong(noa, as_user):
    typed = {"family_name": "佐藤", "email": "nobody", "phone": "12", "prefecture": "愛知県"}
    answer = as_user(noa).post("/leads/new/", typed, headers=HTMX)
    assert answer.status_code == 422
    assert "“nobody” is not an e-mail address" in text(answer)
    assert "“12” is not a phone number" in text(answer)
    assert 'value="佐藤"' in text(answer)
    assert not Lead.objects.exists()


def test_nobody_is_written_down_twice_unnoticed(noa, as_user):
    known = a_lead("Sato", email="sato@example.jp")
    client = as_user(noa)
    typed = {"family_name": "Sato", "email": "ＳＡＴＯ@example.jp"}
    answer = client.post("/leads/new/", typed, headers=HTMX)
    assert answer.status_code == 409
    assert f'href="/leads/{known.pk}/"' in text(answer)
    client.post("/leads/new/", typed | {"anyway": "1"}, headers=HTMX)
    assert Lead.objects.count() == 2


def test_the_day_of_capture_is_a_day_of_the_past(noa, as_user):
    client = as_user(noa)
    today = timezone.localdate()
    client.post("/leads/new/", {"family_name": "A", "captured_on": today.isoformat()})
    assert Lead.objects.get().captured_at <= now()
    tomorrow = (today + timedelta(days=1)).isoformat()
    answer = client.post("/leads/new/", {"family_name": "B", "captured_on": tomorrow})
    assert answer.status_code == 422


# --- editing -----------------------------------------------------------------------------------


def test_the_form_changes_only_what_was_touched(noa, sota, as_user):
    lead = a_lead("Sato", title="係長", department="A", company=a_company("X"))
    client = as_user(noa)
    opened = the_form(client.get(f"/leads/{lead.pk}/edit/"))
    edit_lead(lead, by=sota, department="B")
    answer = client.post(f"/leads/{lead.pk}/edit/", opened | {"title": "課長"})
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert (lead.title, lead.department) == ("課長", "B")


def test_two_people_in_one_field_see_each_other(noa, sota, as_user):
    lead = a_lead("Sato", title="係長", company=a_company("X"))
    client = as_user(noa)
    opened = the_form(client.get(f"/leads/{lead.pk}/edit/"))
    edit_lead(lead, by=sota, title="部長", company="Y")
    mine = opened | {"title": "課長", "company_name": "Z"}
    answer = client.post(f"/leads/{lead.pk}/edit/", mine, headers=HTMX)
    assert answer.status_code == 409
    assert f"{sota.name} wrote “部長” here meanwhile" in text(answer)
    assert f"{sota.name} wrote “Y” here meanwhile" in text(answer)
    again = the_form(answer)
    assert (again["title"], again["initial-title"], again["company_name"]) == ("課長", "部長", "Z")
    assert client.post(f"/leads/{lead.pk}/edit/", again).status_code == 302
    lead.refresh_from_db()
    assert (lead.title, lead.company.name) == ("課長", "Z")


def test_a_name_cannot_be_taken_from_who_has_nothing_else(noa, as_user):
    lead = a_lead("Sato")
    client = as_user(noa)
    opened = the_form(client.get(f"/leads/{lead.pk}/edit/"))
    answer = client.post(f"/leads/{lead.pk}/edit/", opened | {"family_name": ""})
    assert answer.status_code == 422
    assert "Write the name or the company at least." in text(answer)


# --- what is said on the page ------------------------------------------------------------------


def test_a_comment_comes_back_with_the_timeline(sota, as_user):
    lead = a_lead("Sato")
    client = as_user(sota)
    answer = client.post(f"/leads/{lead.pk}/comments/", {"text": "木曜に\n伺います"}, headers=HTMX)
    assert "木曜に<br>伺います" in text(answer)
    assert "<html" not in text(answer)
    assert (
        client.post(f"/leads/{lead.pk}/comments/", {"text": " "}, headers=HTMX).status_code == 400
    )
    assert client.post(f"/leads/{lead.pk}/comments/", {"text": "x"}).url == f"/leads/{lead.pk}/"
    assert client.get(f"/leads/{lead.pk}/comments/").status_code == 405


def test_words_of_people_are_words_and_not_markup(noa, as_user):
    lead = a_lead("<b>Sato</b>", company=a_company("<i>X</i>"), title='"><script>')
    comment_on_lead(lead, by=noa, text="<script>alert(1)</script>")
    client = as_user(noa)
    for url in (
        "/leads/",
        f"/leads/{lead.pk}/",
        f"/leads/companies/{lead.company_id}/",
        "/leads/suggest/?q=sato",
    ):
        page = text(client.get(url))
        for bad in ("<script>alert", "<b>Sato", "<i>X", '"><script>'):
            assert bad not in page


def test_ones_own_words_are_taken_back_and_others_are_not(noa, sota, as_user):
    lead = a_lead("Sato")
    mine, theirs = (
        comment_on_lead(lead, by=noa, text="mine"),
        comment_on_lead(lead, by=sota, text="theirs"),
    )
    touch = log_touch(lead, by=noa, kind="note", words="slip")
    client = as_user(noa)
    answer = client.post(f"/leads/comments/{mine.pk}/withdrawal/", headers=HTMX)
    assert triggers(answer)["toast"]["text"] == "Your comment is taken back."
    assert client.post(f"/leads/comments/{theirs.pk}/withdrawal/", headers=HTMX).status_code == 403
    assert (
        client.post(
            f"/handoffs/touches/{touch.pk}/withdrawal/", headers=HTMX | {"HX-Target": "story"}
        ).status_code
        == 200
    )
    assert not lead.touches.exists()


def test_a_fact_is_noted_changed_and_taken_back(noa, as_user):
    lead = a_lead("Sato")
    client = as_user(noa)
    new = f"/leads/{lead.pk}/facts/new/"
    client.post(new, {"field": "budget", "value": "300万円", "seen": ""})
    fact = lead.facts.get()
    opened = the_form(client.get(f"{new}?fact={fact.pk}"))
    assert (opened["field"], opened["seen"]) == ("budget", "300万円")
    client.post(new, opened | {"value": "500万円"})
    late = client.post(new, opened | {"value": "200万円"}, headers=HTMX)
    assert late.status_code == 409
    assert "We know this already: “500万円”" in text(late)
    assert the_form(late)["seen"] == "500万円"
    client.post(f"/leads/facts/{lead.facts.current().get().pk}/removal/")
    assert not lead.facts.current().exists()


def test_consents_and_next_steps_are_noted(noa, as_user):
    lead = a_lead("Sato")
    client = as_user(noa)
    client.post(
        f"/leads/{lead.pk}/consents/new/", {"channel": "phone", "granted": "1", "evidence": "call"}
    )
    lead.refresh_from_db()
    assert lead.consent_phone is True
    assert (
        client.post(
            f"/leads/{lead.pk}/consents/new/", {"channel": "phone", "granted": "1"}
        ).status_code
        == 422
    )
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    step = {"what": "見積", "kind": "call", "on": tomorrow, "owner": noa.pk, "promised": "on"}
    client.post(f"/leads/{lead.pk}/follow-ups/new/", step)
    planned = lead.follow_ups.get()
    assert planned.promised
    client.post(
        f"/leads/follow-ups/{planned.pk}/date/",
        {"on": (timezone.localdate() + timedelta(9)).isoformat()},
    )
    client.post(f"/leads/follow-ups/{planned.pk}/completion/")
    planned.refresh_from_db()
    assert planned.done_by == noa
    assert planned.due_at > now() + timedelta(days=7)
    client.post(f"/leads/follow-ups/{planned.pk}/completion/", {"undo": "1"})
    planned.refresh_from_db()
    assert planned.done_at is None


def test_chosen_leads_are_given_to_somebody_together(noa, mio, as_user):
    leads = [a_lead(f"L{n}") for n in range(3)]
    refused = a_lead("Sal", stage="sal", team=noa.team)
    client = as_user(mio)
    opened = client.get("/leads/assignment/", {"lead": [lead.pk for lead in leads]})
    assert "Who looks after these 3 leads?" in text(opened)
    ids = [lead.pk for lead in [*leads, refused]]
    answer = client.post("/leads/assignment/", {"lead": ids, "to": noa.pk})
    assert "Marketing does not hold this lead now" in text(answer)
    assert Lead.objects.filter(marketer=noa).count() == 3


@pytest.mark.parametrize(
    ("lead", "status"),
    [("", 400), ("0", 403), ("abc", 400), ("9" * 30, 400), ("-1", 400), ("１", 400)],
)
def test_a_choice_of_nothing_is_no_error(lead, status, noa, as_user):
    assert as_user(noa).get("/leads/assignment/", {"lead": lead}).status_code == status


def test_a_stranger_cannot_be_told_whose_page_it_was(noa, as_user):
    other = a_user("Eri", kind="marketing", is_active=False)
    assert (
        as_user(noa).post("/leads/assignment/", {"lead": a_lead().pk, "to": other.pk}).status_code
        == 422
    )
