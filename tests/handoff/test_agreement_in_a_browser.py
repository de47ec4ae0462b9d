"""The agreement under people's hands: proposed at a desk, signed on a phone; and no barriers."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from accounts.actions import name_heads
from handoff.actions.agreement import comment_on_proposal, propose_agreement
from handoff.actions.clocks import agreement_in_force, forget_agreement
from handoff.models import Proposal
from tests.smarketing.test_shell_in_a_browser import barriers

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PAGE = "/handoffs/agreement/"


@pytest.fixture
def heads(mio, ren, ada):
    name_heads(by=ada, marketing_head=mio, sales_head=ren)
    return mio, ren


@pytest.fixture
def proposal(heads, noa):
    terms = replace(agreement_in_force().terms, accept_within=240, exclusions=("customer",))
    made = propose_agreement(by=heads[0], clauses=terms, why="Faster.")
    comment_on_proposal(made, by=noa, text="Good.", clause="sales_accept")
    return made


def test_mio_proposes_and_both_heads_sign_one_of_them_on_a_phone(heads, visit):
    page = visit(heads[0], path=f"{PAGE}proposals/new/")
    page.get_by_label("Attempts before a lead counts as unreachable").fill("5")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator(".pact ins")).to_have_text("5 attempts")
    page.get_by_role("button", name="Sign").click()
    page.locator("#confirm").get_by_role("button", name="Sign").click()
    expect(page.locator(".seal--mk")).to_be_visible()
    made = Proposal.objects.get()
    phone = visit(heads[1], phone=True, path=f"{PAGE}proposals/{made.pk}/")
    phone.get_by_role("button", name="Sign").tap()
    phone.locator("#confirm").get_by_role("button", name="Sign").tap()
    expect(phone.locator(".seal--sl")).to_be_visible()
    forget_agreement()
    assert agreement_in_force().terms.attempts_before_unreachable == 5


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_use_the_agreement(proposal, heads, visit, phone, dark):
    at = f"{PAGE}proposals/{proposal.pk}/"
    for path in (PAGE, at, f"{at}edit/", f"{PAGE}versions/"):
        page = visit(heads[1], phone=phone, dark=dark, path=path)
        assert barriers(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= (390 if phone else 1440), path
