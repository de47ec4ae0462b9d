"""The permission table as data: what is not named is refused, and a slip opens no door."""

import re

import pytest
from django.conf import settings

from accounts import permissions
from accounts.permissions import can, table, words_for
from accounts.states import Role
from tests.factories import a_user

APPS = ("accounts", "leads", "handoff", "exchange", "kpi", "smarketing")
# can(user, "noun.verb"), demand(user, "noun.verb"), and `f"noun.{verb}"` are read by hand.
ASKED = re.compile(r"\b(?:can|demand|allowed|words_for)\(\s*[\w.]+,\s*\"([a-z_]+\.[a-z_]+)\"")


def sources():
    for app in APPS:
        yield from (settings.BASE_DIR / app).rglob("*.py")


@pytest.mark.nodb
def test_every_permission_the_code_asks_for_is_in_the_table():
    asked = {verb for path in sources() for verb in ASKED.findall(path.read_text())}
    assert "people.manage" in asked, "the pattern still finds them"
    assert asked <= table().keys()


@pytest.mark.nodb
def test_every_role_and_word_of_the_table_exists():
    for verb, roles in table().items():
        assert roles.keys() <= set(Role.values), verb
        assert all(words <= permissions.WORDS for words in roles.values()), verb


@pytest.mark.nodb
@pytest.mark.parametrize(
    "slip",
    [
        '[lead]\nview = { boss = "all" }',
        '[lead]\nview = { member = "al" }',
        '[lead]\nview = { member = ["all", "everybody"] }',
    ],
)
def test_a_slip_in_the_table_is_refused(slip, tmp_path, monkeypatch):
    (tmp_path / "permissions.toml").write_text(slip)
    monkeypatch.setattr(permissions, "__file__", str(tmp_path / "permissions.py"))
    table.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"boss|al|everybody"):
            table()
    finally:
        table.cache_clear()


def test_a_verb_that_is_not_named_is_an_error_not_a_yes(noa):
    with pytest.raises(KeyError):
        can(noa, "lead.frobnicate")


def test_who_is_closed_or_nobody_may_do_nothing(noa):
    assert can(noa, "lead.view")
    noa.is_active = False
    assert not any(words_for(noa, verb) for verb in table())
    assert not any(words_for(None, verb) for verb in table())


def test_words_are_judged_by_the_teams_around_a_thing(noa, sota, rin, ren):
    team, other = sota.team_id, noa.team_id
    assert can(sota, "handoff.accept", taker=team)
    assert not can(sota, "handoff.accept", taker=other)
    assert not can(sota, "handoff.accept", taker=team, named=rin.pk)
    assert can(ren, "handoff.accept", taker=team, named=rin.pk)
    assert can(noa, "handoff.offer", giver=other)
    assert not can(sota, "handoff.offer", giver=other)
    assert can(noa, "lead.qualify")
    assert not can(sota, "lead.qualify")


def test_ones_own_needs_no_team(ada, noa):
    assert can(ada, "profile.edit", own=True)
    assert not can(noa, "profile.edit", own=False)


def test_the_administrator_sets_up_but_takes_no_leads(ada):
    team = a_user("Somebody").team_id
    assert can(ada, "people.manage")
    assert not can(ada, "handoff.accept", taker=team, giver=team, accountable=team)
    assert not can(ada, "deal.win", accountable=team)
