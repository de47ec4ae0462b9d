"""Return, acknowledge, withdraw, reassign: as dialogs, and as pages without scripts."""

from datetime import timedelta

import pytest

from common import now
from handoff.actions import return_lead
from handoff.models import Handoff
from handoff.states import State
from tests.factories import a_reason, an_accepted, an_offer

HTMX = {"HX-Request": "true"}


def path(handoff, noun):
    return f"/handoffs/{handoff.pk}/{noun}/"


def test_the_return_dialog_shows_the_two_lists_and_who_will_hear_of_it(as_user, noa, sota):
    handoff = an_offer(by=noa)
    page = as_user(sota).get(path(handoff, "return"), headers=HTMX).content.decode()
    assert page.index("Not a fit") < page.index("A competitor") < page.index("Not now")
    assert page.index("Not now") < page.index("No budget yet")
    assert "<b>Noa</b> is told at once" in page


def test_a_return_without_scripts_leads_back_to_the_brief(as_user, noa, sota):
    handoff = an_offer(by=noa)
    day = (now() + timedelta(days=90)).date()
    answer = as_user(sota).post(
        path(handoff, "return"),
        {"reason": a_reason("too_early").pk, "note": "In spring", "revisit_on": day.isoformat()},
    )
    assert (answer.status_code, answer.url) == (302, f"/handoffs/{handoff.pk}/")
    handoff.refresh_from_db()
    assert (handoff.state, handoff.return_note, handoff.revisit_on) == (
        "returned",
        "In spring",
        day,
    )


def test_with_scripts_the_page_the_dialog_was_opened_from_loads_again(as_user, noa, sota):
    handoff = an_offer(by=noa)
    answer = as_user(sota).post(
        path(handoff, "return"),
        {"reason": a_reason().pk},
        headers={**HTMX, "HX-Current-URL": "http://testserver/handoffs/?tab=claim&scope=me"},
    )
    assert answer.headers["HX-Redirect"] == "/handoffs/?tab=claim&scope=me"


def test_no_answer_leads_to_another_site(as_user, noa, sota):
    handoff = an_offer(by=noa)
    answer = as_user(sota).post(
        path(handoff, "return"),
        {"reason": a_reason().pk},
        headers={**HTMX, "HX-Current-URL": "https://evil.example/handoffs/"},
    )
    assert answer.headers["HX-Redirect"] == f"/handoffs/{handoff.pk}/"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_was_typed_survives_a_mistake(as_user, noa, sota, headers):
    handoff = an_offer(by=noa)
    reason = a_reason("too_early")
    answer = as_user(sota).post(
        path(handoff, "return"),
        {"reason": reason.pk, "note": "Ask again in spring"},
        headers=headers,
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ask again in spring" in page
    assert f'value="{reason.pk}" required checked' in page
    assert "say from when you would like the lead back" in page
    assert Handoff.objects.get(pk=handoff.pk).state == State.WAITING


def test_an_empty_return_asks_for_a_reason(as_user, noa, sota):
    answer = as_user(sota).post(path(an_offer(by=noa), "return"), {})
    assert answer.status_code == 422
    assert "Choose a reason." in answer.content.decode()


def test_a_return_for_too_little_asks_what_is_missing_beside_the_words(as_user, noa, sota):
    handoff, said = an_offer(by=noa), {"reason": a_reason("too_little_known").pk, "note": ""}
    dialog = as_user(sota).get(path(handoff, "return"), headers=HTMX).content.decode()
    assert "with a sentence on what is missing" in dialog
    answer = as_user(sota).post(path(handoff, "return"), said, headers=HTMX)
    assert answer.context["form"].errors["note"] == ["Say in a sentence what is missing."]
    assert "Say in a sentence what is missing." in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == State.WAITING


def test_too_late_keeps_the_words_and_says_who_was_faster(as_user, noa, sota, rin):
    handoff = an_offer(by=noa)
    return_lead(handoff, by=rin, reason=a_reason())
    answer = as_user(sota).post(
        path(handoff, "return"), {"reason": a_reason().pk, "note": "My words"}, headers=HTMX
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Rin has already returned this lead." in page
    assert "My words" in page


def test_the_giver_acknowledges_and_says_what_will_be_done(as_user, noa, sota):
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason(), note="No money")
    client = as_user(noa)
    assert "No money" in client.get(path(handoff, "acknowledgement")).content.decode()
    answer = client.post(path(handoff, "acknowledgement"), {"answer": "disagree", "note": ""})
    assert answer.status_code == 422
    answer = client.post(
        path(handoff, "acknowledgement"), {"answer": "nurture", "note": "From April"}
    )
    assert answer.status_code == 302
    handoff.refresh_from_db()
    assert (handoff.acknowledged_by, handoff.acknowledgement) == (noa, "nurture")


def test_a_second_acknowledgement_is_told_who_did_it(as_user, noa, mio, sota):
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason())
    as_user(mio).post(path(handoff, "acknowledgement"), {"answer": "fixed"})
    answer = as_user(noa).get(path(handoff, "acknowledgement"))
    assert answer.status_code == 409
    assert "Mio has already acknowledged" in answer.content.decode()


def test_the_giver_withdraws_after_being_told_what_it_means(as_user, noa):
    handoff = an_offer(by=noa)
    client = as_user(noa)
    assert "can be offered again" in client.get(path(handoff, "withdrawal")).content.decode()
    assert client.post(path(handoff, "withdrawal"), {"reason": ""}).status_code == 302
    assert Handoff.objects.get(pk=handoff.pk).state == State.WITHDRAWN


def test_a_manager_gives_the_lead_to_somebody_else(as_user, noa, sota, rin, ren):
    handoff = an_accepted(by=noa, taker=sota)
    client = as_user(ren)
    assert "Rin" in client.get(path(handoff, "taker")).content.decode()
    assert client.post(path(handoff, "taker"), {"taker": ""}).status_code == 422
    assert client.post(path(handoff, "taker"), {"taker": rin.pk}).status_code == 302
    assert Handoff.objects.get(pk=handoff.pk).taker == rin


def test_giving_it_to_whoever_has_it_says_that_nothing_changed(as_user, noa, sota, rin, ren):
    client = as_user(ren)

    def said(handoff, taker):
        answer = client.post(path(handoff, "taker"), {"taker": taker}, follow=True)
        return str(next(iter(answer.context["messages"])))

    pool = an_offer(by=noa)
    assert said(pool, "") == "Nothing changed: it still waits for anyone in the team."
    assert said(pool, rin.pk) == "Passed to another person."
    assert said(pool, rin.pk) == "Nothing changed: it stays with Rin."
    assert said(pool, "") == "It waits for anyone in the team again."
    held = an_accepted(by=noa, taker=sota)
    assert said(held, sota.pk) == "Nothing changed: it stays with Sota."
    assert not held.lead.events.filter(verb="handoff.reassign").exists()


def test_only_people_of_the_taking_team_can_be_chosen(as_user, noa, sota, ren):
    handoff = an_offer(by=noa)
    answer = as_user(ren).post(path(handoff, "taker"), {"taker": noa.pk})
    assert answer.status_code == 422
    assert Handoff.objects.get(pk=handoff.pk).taker is None


@pytest.mark.parametrize("noun", ["return", "acknowledgement", "withdrawal", "taker"])
def test_whose_move_it_is_not_is_refused_at_once(as_user, noa, sota, ada, noun):
    handoff = an_offer(by=noa)
    assert as_user(ada).get(path(handoff, noun)).status_code == 403
    assert as_user(ada).post(path(handoff, noun), _valid(noun, sota)).status_code == 403
    assert Handoff.objects.get(pk=handoff.pk).state == State.WAITING


def _valid(noun, sota):
    return {
        "return": {"reason": a_reason().pk},
        "acknowledgement": {"answer": "fixed"},
        "taker": {"taker": sota.pk},
    }.get(noun, {})


@pytest.mark.parametrize("noun", ["return", "acknowledgement", "withdrawal", "taker"])
def test_a_partner_finds_nothing_here(as_user, noa, paz, noun):
    handoff = an_offer(by=noa)
    assert as_user(paz).get(path(handoff, noun)).status_code == 404
    assert as_user(paz).post(path(handoff, noun), {}).status_code == 404


@pytest.mark.parametrize("noun", ["acceptance", "reading"])
def test_what_changes_something_is_never_a_get(as_user, noa, sota, noun):
    assert as_user(sota).get(path(an_offer(by=noa), noun)).status_code == 405


@pytest.mark.parametrize("words", ["\0", "a\ud800b"])
def test_broken_characters_change_nothing(as_user, noa, sota, words):
    handoff = an_offer(by=noa)
    body = f"reason={a_reason().pk}&note=" + ("%00" if words == "\0" else "a%ED%A0%80b")
    answer = as_user(sota).post(
        path(handoff, "return"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (302, 400)
    if answer.status_code == 400:
        assert Handoff.objects.get(pk=handoff.pk).state == State.WAITING


def test_a_note_longer_than_a_note_is_kept_in_the_form(as_user, noa, sota):
    answer = as_user(sota).post(
        path(an_offer(by=noa), "return"), {"reason": a_reason().pk, "note": "x" * 5001}
    )
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()
