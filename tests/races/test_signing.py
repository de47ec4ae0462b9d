"""Two heads, and whoever edits, at the same moment: one outcome, and nobody signs what they did not see."""

from dataclasses import replace

import pytest

from accounts.actions import name_heads
from common.refusals import Refusal
from handoff.actions.agreement import edit_proposal, propose_agreement, sign_proposal
from handoff.actions.clocks import agreement_in_force
from handoff.models import Agreement, Proposal
from tests.races.together import Crowd

ROUNDS = 6


@pytest.fixture
def heads(mio, ren, ada):
    name_heads(by=ada, marketing_head=mio, sales_head=ren)
    return mio, ren


def a_proposal(head, minutes: int) -> Proposal:
    terms = replace(agreement_in_force().terms, accept_within=minutes)
    return propose_agreement(by=head, clauses=terms, why="")


def test_two_heads_sign_at_once_and_one_version_comes_of_it(heads):
    with Crowd(4) as crowd:
        for n in range(ROUNDS):
            proposal = a_proposal(heads[0], 240 + n)
            deeds = [
                lambda head=head, proposal=proposal: sign_proposal(proposal, by=head, revision=1)
                for head in (*heads, *heads)
            ]
            answers = crowd.all_do(*deeds)
            assert not any(isinstance(answer, Exception) for answer in answers)
            assert Agreement.objects.count() == n + 2
            assert Agreement.objects.in_force().get().version == n + 2


def test_who_signs_while_it_is_edited_signs_what_they_saw_or_nothing(heads):
    mio, ren = heads
    with Crowd(3) as crowd:
        for n in range(ROUNDS):
            proposal = a_proposal(mio, 200 + 2 * n)
            edited = replace(proposal.terms, accept_within=201 + 2 * n)
            crowd.all_do(
                lambda proposal=proposal, edited=edited: edit_proposal(
                    proposal, by=mio, seen_revision=1, clauses=edited, why=""
                ),
                lambda proposal=proposal: sign_proposal(proposal, by=ren, revision=1),
                lambda proposal=proposal: sign_proposal(proposal, by=mio, revision=1),
            )
            proposal.refresh_from_db()
            if proposal.became_id:
                assert (proposal.revision, proposal.became.terms.accept_within) == (1, 200 + 2 * n)
                continue
            assert proposal.revision == 2
            assert proposal.marketing_signed_at is proposal.sales_signed_at is None
            for head in heads:
                sign_proposal(proposal, by=head, revision=2)
            assert Agreement.objects.in_force().get().terms.accept_within == 201 + 2 * n


def test_two_propose_at_once_and_one_is_asked_to_wait(heads):
    terms = agreement_in_force().terms
    with Crowd(2) as crowd:
        answers = crowd.all_do(
            *(
                lambda head=head, n=n: propose_agreement(
                    by=head, clauses=replace(terms, accept_within=160 + n), why=""
                )
                for n, head in enumerate(heads)
            )
        )
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert Proposal.objects.open().count() == 1
