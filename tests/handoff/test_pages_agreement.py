"""The pages of the agreement: read by all, proposed by managers, signed by heads."""

import html
import re
from dataclasses import replace

import pytest

from accounts.actions import name_heads
from handoff.actions import accept_lead, return_lead
from handoff.actions.agreement import (
    comment_on_proposal,
    edit_proposal,
    propose_agreement,
    sign_proposal,
)
from handoff.actions.clocks import agreement_in_force
from handoff.models import Proposal
from tests.factories import a_reason, an_accepted, an_agreement, an_mql, an_offer

PAGE = "/handoffs/agreement/"
NEW = f"{PAGE}proposals/new/"


@pytest.fixture
def heads(mio, ren, ada):
    name_heads(by=ada, marketing_head=mio, sales_head=ren)
    return mio, ren


@pytest.fixture
def proposal(heads):
    terms = replace(agreement_in_force().terms, accept_within=240, required_facts=("need",))
    return propose_agreement(by=heads[0], clauses=terms, why="Too slow.")


def of(proposal, more="") -> str:
    return f"{PAGE}proposals/{proposal.pk}/{more}"


def filled(form) -> dict[str, object]:
    """What a browser sends back of a form nobody touched."""
    sent: dict[str, object] = {}
    rows = form.reasons.rows
    bound = [*form, *(field for row in rows for field in row), *rows.management_form]
    for field in bound:
        value = field.value()
        if isinstance(getattr(field.field.widget, "widgets", None), list):
            for n, part in enumerate(field.field.widget.decompress(value)):
                sent[f"{field.html_name}_{('number', 'unit')[n]}"] = part
        elif value is not None and value is not False and value != "":
            sent[field.html_name] = "on" if value is True else value
    return sent


def test_a_manager_proposes_by_a_form_and_only_what_was_touched_changes(as_user, heads):
    client = as_user(heads[0])
    sent = filled(client.get(NEW).context["form"])
    sent |= {"accept_within_number": "1.5", "accept_within_unit": "hours", "why": "Faster"}
    sent |= {"hot_accept_within_number": "45", "hot_accept_within_unit": "minutes"}
    answer = client.post(NEW, sent)
    made = Proposal.objects.get()
    assert (answer.status_code, answer.url) == (302, of(made))
    expected = replace(made.base.terms, accept_within=90, hot_accept_within=45)
    assert (made.terms, made.why) == (expected, "Faster")


def test_working_days_are_counted_by_the_calendar(as_user, heads):
    client = as_user(heads[0])
    sent = filled(client.get(NEW).context["form"])
    assert (sent["decide_within_number"], sent["decide_within_unit"]) == (10, "days")
    client.post(NEW, sent | {"decide_within_number": "12"})
    assert Proposal.objects.get().terms.decide_within == 12 * 540


def test_what_cannot_be_agreed_says_so_at_its_field_and_keeps_what_was_typed(as_user, heads):
    client = as_user(heads[0])
    sent = filled(client.get(NEW).context["form"])
    wrong = {"lapses_after_number": "7", "lapses_after_unit": "hours", "ladder_manager": "70"}
    answer = client.post(NEW, sent | wrong)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "An offer lapses no earlier than its answer is due." in page
    assert "Each step of the ladder comes later than the one before." in page
    assert 'value="7"' in page
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("typed", ["", "0", "-3", "a lot", "9" * 30])
def test_a_length_of_time_is_a_number_of_minutes_or_more(as_user, heads, typed):
    client = as_user(heads[0])
    sent = filled(client.get(NEW).context["form"])
    answer = client.post(NEW, sent | {"answer_within_number": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"answer_within"}


def test_a_reason_is_added_and_another_one_retired_by_the_form(as_user, heads):
    client = as_user(heads[0])
    form = client.get(NEW).context["form"]
    sent = filled(form)
    rows = {row["code"].value(): row.prefix for row in form.reasons.rows}
    new = next(row.prefix for row in form.reasons.rows if row.is_new)
    del sent[f"{rows['competitor']}-used"]
    client.post(NEW, sent | {f"{new}-name": "学生", f"{new}-name_en": "A student"})
    reasons = {one.code: one for one in Proposal.objects.get().terms.return_reasons}
    assert "competitor" not in reasons
    assert (reasons["a_student"].kind, reasons["a_student"].name) == ("rejected", "学生")


def test_a_reason_is_named_in_both_languages(as_user, heads):
    client = as_user(heads[0])
    form = client.get(NEW).context["form"]
    new = next(row.prefix for row in form.reasons.rows if row.is_new)
    answer = client.post(NEW, filled(form) | {f"{new}-name": "学生"})
    assert answer.status_code == 422
    assert "Name the reason in both languages." in answer.content.decode()


def test_the_second_proposal_leads_to_the_open_one(as_user, proposal, heads):
    assert as_user(heads[1]).get(NEW).url == of(proposal)


def test_an_edit_of_an_older_revision_is_kept_on_the_page_and_not_written(as_user, proposal, heads):
    client = as_user(heads[1])
    sent = filled(client.get(of(proposal, "edit/")).context["form"])
    client.post(of(proposal, "edit/"), sent | {"revision": 1, "why": "First"})
    answer = client.post(of(proposal, "edit/"), sent | {"revision": 1, "why": "Second"})
    assert answer.status_code == 409
    assert "Second" in answer.content.decode()
    proposal.refresh_from_db()
    assert (proposal.revision, proposal.why) == (2, "First")


def test_a_proposal_shows_what_differs_and_what_is_said(as_user, proposal, noa):
    comment_on_proposal(proposal, by=noa, text="Too short for us", clause="sales_accept")
    page = as_user(noa).get(of(proposal))
    words = page.content.decode()
    assert page.context["changes"] == 2
    assert "<del" in words
    assert "<ins" in words
    for said in ("Too slow.", "Too short for us"):
        assert said in words


def test_everybody_of_both_teams_comments_on_the_page(as_user, proposal, noa, sota, ada):
    for who in (noa, sota, ada):
        sent = {"clause": "hot", "text": f"Says {who.family_name}"}
        answer = as_user(who).post(of(proposal, "comments/"), sent)
        assert answer.status_code == 302
    assert proposal.comments.count() == 3
    assert as_user(noa).post(of(proposal, "comments/"), {"text": ""}).status_code == 422


def test_the_button_to_sign_is_there_for_heads_only(as_user, proposal, heads, noa, ada):
    def offers_it(who) -> bool:
        return of(proposal, "signature/") in as_user(who).get(of(proposal)).content.decode()

    assert [offers_it(who) for who in (*heads, noa, ada)] == [True, True, False, False]
    assert as_user(noa).post(of(proposal, "signature/"), {"revision": 1}).status_code == 403


def test_both_heads_sign_on_the_page_and_it_is_in_force(as_user, proposal, heads):
    first = as_user(heads[1]).post(of(proposal, "signature/"), {"revision": 1})
    assert first.url == of(proposal)
    second = as_user(heads[0]).post(of(proposal, "signature/"), {"revision": 1})
    assert second.url == PAGE
    page = as_user(heads[0]).get(PAGE)
    assert page.context["agreement"].version == 2
    assert page.content.decode().count('class="seal seal--') == 2
    assert as_user(heads[0]).get(of(proposal)).status_code == 200


def test_signing_what_was_changed_meanwhile_is_refused(as_user, proposal, heads):
    sent = filled(as_user(heads[0]).get(of(proposal, "edit/")).context["form"])
    as_user(heads[0]).post(of(proposal, "edit/"), sent | {"revision": 1, "why": "New"})
    answer = as_user(heads[1]).post(of(proposal, "signature/"), {"revision": 1})
    assert answer.status_code == 409
    assert as_user(heads[1]).post(of(proposal, "signature/"), {"revision": "x"}).status_code == 404


def test_a_signature_and_a_proposal_are_taken_back(as_user, proposal, heads):
    client = as_user(heads[0])
    client.post(of(proposal, "signature/"), {"revision": 1})
    client.post(of(proposal, "signature/removal/"))
    proposal.refresh_from_db()
    assert proposal.marketing_signed_at is None
    assert client.post(of(proposal, "withdrawal/")).status_code == 302
    assert "withdrew" in client.get(of(proposal)).content.decode()


def test_the_draft_is_signed_on_its_page(as_user, heads, noa):
    for head in heads:
        assert f"{PAGE}signature/" in as_user(head).get(PAGE).content.decode()
        assert as_user(head).post(f"{PAGE}signature/").status_code == 302
    assert not agreement_in_force().is_draft
    assert f"{PAGE}signature/" not in as_user(noa).get(PAGE).content.decode()


def test_versions_are_read_and_any_two_compared(as_user, noa):
    an_agreement(accept_within=300)
    an_agreement(accept_within=360, min_engagement=75)
    client = as_user(noa)
    rows = client.get(f"{PAGE}versions/").context["rows"]
    assert [len(row["changes"]) for row in rows] == [2, 1, 0]
    assert "8 h" in client.get(f"{PAGE}versions/1/").content.decode()
    compared = client.get(f"{PAGE}comparison/", {"from": "1", "to": "3"})
    assert compared.context["changes"] == 2
    for wrong in ({"from": "1"}, {"from": "1", "to": "9"}, {"from": "x", "to": "2"}):
        assert client.get(f"{PAGE}comparison/", wrong).status_code == 404
    assert client.get(f"{PAGE}versions/9/").status_code == 404


def test_a_partner_reads_only_the_agreement(as_user, paz, proposal):
    client = as_user(paz)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "/handoffs/?tab=" not in page.content.decode()
    for more in (
        "versions/",
        "versions/1/",
        "comparison/?from=1&to=1",
        f"proposals/{proposal.pk}/",
    ):
        assert client.get(PAGE + more).status_code == 403, more
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("who", ["noa", "sota", "ada"])
def test_who_is_no_manager_writes_no_proposal(request, as_user, proposal, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(NEW).status_code == 403
    assert client.get(of(proposal, "edit/")).status_code == 403
    assert client.post(of(proposal, "withdrawal/")).status_code == 403


def test_every_figure_of_a_clause_opens_exactly_its_rows(as_user, noa, sota):
    return_lead(an_accepted(by=noa, taker=sota), by=sota, reason=a_reason("no_need"), note="x")
    accept_lead(an_offer(by=noa), by=sota)
    an_offer(by=noa)
    client = as_user(sota)
    context = client.get(PAGE).context
    rows = {row.code: row.counted for group in context["groups"].values() for row in group}
    counted = {code: one.n for code, one in rows.items() if one}
    assert counted == {
        "volume_offered": 3,
        "volume_accepted": 2,
        "rejected": 1,
        "recycled": 0,
        "lapse": 0,
    }
    page = client.get(PAGE).content.decode()
    doors = re.findall(r'href="(/handoffs/\?tab=all[^"]+)">(\d+)<', page)
    assert len(doors) == len(counted)
    for door, number in doors:
        assert len(client.get(html.unescape(door)).context["page"]) == int(number)


def test_the_leads_that_qualified_are_behind_their_figure(as_user, noa):
    an_mql()
    an_mql()
    client = as_user(noa)
    page = client.get(PAGE)
    assert page.context["qualified"] == 2
    door = re.search(r'href="(/kpi/mql/[^"]+)"', page.content.decode())[1]
    assert len(client.get(html.unescape(door)).context["lines"]) == 2


def test_heads_see_on_today_what_waits_for_them(as_user, proposal, heads, noa):
    today = as_user(heads[1]).get("/").content.decode()
    assert "Things to sign" in today
    assert of(proposal) in today
    sign_proposal(proposal, by=heads[1], revision=1)
    assert of(proposal) not in as_user(heads[1]).get("/").content.decode()
    assert "Things to sign" not in as_user(noa).get("/").content.decode()


def test_the_administrator_names_the_heads(as_user, ada, mio, ren, noa):
    client = as_user(ada)
    page = client.get("/accounts/settings/organisation/")
    if page.status_code == 404:
        page = client.get("/settings/organisation/")
    url = page.request["PATH_INFO"] + "heads/"
    assert client.post(url, {"marketing_head": noa.pk, "sales_head": ""}).status_code == 422
    assert client.post(url, {"marketing_head": mio.pk, "sales_head": ren.pk}).status_code == 302
    assert as_user(mio).post(url, {}).status_code == 403


def test_pages_of_the_agreement_ask_few_questions(
    as_user, proposal, heads, noa, django_assert_max_num_queries
):
    for n in range(4):
        comment_on_proposal(proposal, by=noa, text=f"No. {n}", clause="sales_accept")
    client = as_user(heads[0])
    pages = {
        PAGE: 18,
        of(proposal): 16,
        of(proposal, "edit/"): 14,
        f"{PAGE}versions/": 12,
        f"{PAGE}versions/1/": 12,
        f"{PAGE}comparison/?from=1&to=1": 12,
    }
    for url, most in pages.items():
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_the_editor_counts_in_the_working_days_of_the_proposal(as_user, heads, proposal):
    Proposal.objects.update(clauses=replace(proposal.terms, day_minutes=360).as_data())
    sent = filled(as_user(heads[0]).get(of(proposal, "edit/")).context["form"])
    assert (sent["decide_within_number"], sent["decide_within_unit"]) == (15, "days")
    as_user(heads[0]).post(
        of(proposal, "edit/"), sent | {"revision": 1, "decide_within_number": 20}
    )
    assert Proposal.objects.get().terms.decide_within == 20 * 360


@pytest.mark.parametrize(
    ("step", "share"), [("remind", "100"), ("manager", "70"), ("another", "1001")]
)
def test_the_step_of_the_ladder_that_is_wrong_is_marked(as_user, heads, step, share):
    client = as_user(heads[0])
    sent = filled(client.get(NEW).context["form"])
    answer = client.post(NEW, sent | {f"ladder_{step}": share})
    assert list(answer.context["form"].errors) == [f"ladder_{step}"]


def test_saving_nothing_new_says_so(as_user, heads, proposal):
    client = as_user(heads[0])
    sent = filled(client.get(of(proposal, "edit/")).context["form"])
    answer = client.post(of(proposal, "edit/"), sent | {"revision": 1}, follow=True)
    assert "Nothing was changed." in answer.text
    assert "The managers were told." not in answer.text


def test_today_names_who_changed_the_proposal_last(as_user, heads, proposal):
    assert f"{heads[0].name} proposes to change the agreement (" in as_user(heads[1]).get("/").text
    terms = replace(proposal.terms, accept_within=180)
    edit_proposal(proposal, by=heads[1], seen_revision=1, clauses=terms, why="")
    page = as_user(heads[1]).get("/").text
    assert f"proposes to change the agreement; {heads[1].name} changed the proposal last" in page


def test_a_signed_version_bears_full_dates(as_user, heads, proposal):
    for head in heads:
        proposal = sign_proposal(proposal, by=head, revision=1)
    year, page = proposal.closed_at.year, as_user(heads[0]).get(PAGE).text
    assert len(re.findall(rf"signed \w+ \w+ \d+, {year} \d+:\d\d", page)) == 2
    assert re.search(rf"Version 2, written \w+ \w+ \d+, {year}, in force", page)
    assert len(re.findall(rf">{year}\.\d+\.\d+</text>", page)) == 2
