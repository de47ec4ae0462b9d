"""Inviting people, changing what they are, closing and opening accounts."""

import pytest
from allauth.account.models import EmailAddress

from accounts.actions import (
    create_team,
    deactivate_person,
    edit_person,
    invite_person,
    keep_team_while,
    reactivate_person,
    resend_invitation,
    retire_team,
)
from accounts.actions import teams as team_verbs
from accounts.models import Notice, User
from accounts.states import Role, TeamKind
from common.refusals import Malformed, NotAllowed, Refusal
from tests.factories import PASSWORD, a_team, a_user, an_mql, the_team

pytestmark = pytest.mark.usefixtures("in_english")


def invite(ada, **changes):
    person = {"email": "Yui@Example.com ", "family_name": "Kanda", "team": the_team(TeamKind.SALES)}
    return invite_person(by=ada, **person | changes)


def edit(person, ada, **changes):
    kept = {name: getattr(person, name) for name in ("email", "family_name", "role", "team")}
    return edit_person(person, by=ada, **kept | changes)


def test_an_invited_person_waits_for_their_password_and_gets_a_mail(ada):
    yui = invite(ada)
    assert yui.email == "yui@example.com"
    assert yui.awaits_invitation
    letter = Notice.objects.get(to=yui)
    assert (letter.kind, letter.mail_due, letter.by) == ("account.invited", True, ada)
    assert letter.read_at, "a letter does not lie in the inbox"


@pytest.mark.parametrize("email", ["nonsense", "", "a@b@c.example"])
def test_what_is_not_an_address_is_refused_at_its_field(ada, email):
    with pytest.raises(Malformed) as refusal:
        invite(ada, email=email)
    assert refusal.value.field == "email"


def test_an_address_is_taken_once_however_it_is_written(ada, noa):
    with pytest.raises(Malformed, match="Noa signs in with this address"):
        invite(ada, email=noa.email.upper())


def test_a_closed_account_is_to_be_opened_not_invited_again(ada, noa):
    deactivate_person(noa, by=ada)
    with pytest.raises(Malformed, match="Open that one again"):
        invite(ada, email=noa.email)


def test_everybody_but_an_administrator_belongs_to_a_team(ada):
    with pytest.raises(Malformed) as refusal:
        invite(ada, team=None)
    assert refusal.value.field == "team"
    assert invite(ada, team=None, role=Role.ADMINISTRATOR).team is None


def test_partners_belong_to_a_partner_team_and_nobody_else_does(ada):
    agency = a_team(TeamKind.INSIDE_SALES, "Agency", is_partner=True)
    with pytest.raises(Malformed, match="role Partner"):
        invite(ada, team=agency)
    with pytest.raises(Malformed, match="role Partner"):
        invite(ada, role=Role.PARTNER)
    assert invite(ada, team=agency, role=Role.PARTNER).is_partner


def test_nobody_joins_a_retired_team(ada):
    with pytest.raises(Malformed, match="retired"):
        invite(ada, team=a_team(TeamKind.SALES, "Old", is_active=False))


def test_a_new_invitation_is_only_for_who_has_no_password(ada, noa):
    yui = invite(ada)
    before = yui.invited_at
    assert resend_invitation(yui, by=ada).invited_at > before
    with pytest.raises(Refusal, match="already chosen"):
        resend_invitation(noa, by=ada)
    deactivate_person(yui, by=ada)
    with pytest.raises(Refusal, match="closed"):
        resend_invitation(yui, by=ada)


def test_a_changed_address_leaves_no_other_to_sign_in_with(ada, noa):
    EmailAddress.objects.create(user=noa, email=noa.email, verified=True, primary=True)
    noa = edit(noa, ada, email="noa.new@example.com")
    assert noa.email == "noa.new@example.com"
    assert not EmailAddress.objects.filter(user=noa).exists()


def test_whose_role_changes_is_told(ada, noa):
    edit(noa, ada, role=Role.MANAGER)
    assert Notice.objects.get(to=noa).kind == "account.changed"
    edit(noa, ada, role=Role.MANAGER, family_name="Other")
    assert Notice.objects.filter(to=noa).count() == 1


def test_a_person_may_stay_in_a_team_that_was_retired_meanwhile(ada, noa):
    noa.team.is_active = False
    noa.team.save()
    assert edit(noa, ada, family_name="Nakano").family_name == "Nakano"


def test_the_last_administrator_stays(ada):
    with pytest.raises(Refusal, match="Somebody must be able to administer"):
        edit(ada, ada, role=Role.MEMBER, team=the_team(TeamKind.SALES))
    with pytest.raises(Refusal, match="your own account"):
        deactivate_person(ada, by=ada)
    with pytest.raises(Refusal, match="Somebody must be able to administer"):
        deactivate_person(ada, by=None)


def test_an_invited_administrator_cannot_take_over_yet(ada):
    invite(ada, team=None, role=Role.ADMINISTRATOR)
    with pytest.raises(Refusal, match="Somebody must be able to administer"):
        edit(ada, ada, role=Role.MEMBER, team=the_team(TeamKind.SALES))
    a_user("Eva", role=Role.ADMINISTRATOR)
    assert not edit(ada, ada, role=Role.MEMBER, team=the_team(TeamKind.SALES)).is_administrator


def test_a_closed_account_cannot_sign_in_and_opens_again(ada, noa, client):
    assert not deactivate_person(noa, by=ada).is_active
    assert not deactivate_person(noa, by=ada).is_active, "once more is no error"
    assert not client.login(email=noa.email, password=PASSWORD)
    assert reactivate_person(noa, by=ada).is_active
    assert client.login(email=noa.email, password=PASSWORD)


def test_who_never_had_a_password_is_invited_when_let_in(ada, defaults):
    """Owners that an import brought: inactive people with a name from the file."""
    owner = User.objects.create_user(
        "x@example.com", family_name="X", team=the_team(TeamKind.SALES), is_active=False
    )
    owner = reactivate_person(owner, by=ada)
    assert owner.awaits_invitation
    assert owner.invited_at
    assert Notice.objects.get(to=owner).kind == "account.invited"


def test_nobody_comes_back_into_a_retired_team(ada, noa):
    deactivate_person(noa, by=ada)
    noa.team.is_active = False
    noa.team.save()
    with pytest.raises(Malformed, match="retired"):
        reactivate_person(noa, by=ada)


def test_a_team_goes_only_when_nothing_needs_it(ada, noa, monkeypatch):
    monkeypatch.setattr(team_verbs, "_REASONS", [])
    team = create_team(by=ada, name="Field", kind=TeamKind.SALES)
    keep_team_while(lambda one: "It still holds a lane." if one == team else None)
    with pytest.raises(Refusal, match="still holds a lane"):
        retire_team(team, by=ada)
    monkeypatch.setattr(team_verbs, "_REASONS", [])
    assert not retire_team(team, by=ada).is_active
    with pytest.raises(Refusal, match="1 person belongs"):
        retire_team(noa.team, by=ada)


def test_a_team_with_leads_or_a_lane_stays(ada, noa):
    marketing = noa.team
    an_mql(team=marketing)
    deactivate_person(noa, by=ada)
    with pytest.raises(Refusal, match="accountable for 1 lead"):
        retire_team(marketing, by=ada)
    with pytest.raises(Refusal, match="The lane"):
        retire_team(the_team(TeamKind.SALES), by=ada)


def test_two_teams_of_one_name_are_refused(ada):
    create_team(by=ada, name="Field", kind=TeamKind.SALES)
    with pytest.raises(Malformed) as refusal:
        create_team(by=ada, name=" Field ", kind=TeamKind.MARKETING)
    assert refusal.value.field == "name"


@pytest.mark.parametrize("who", ["noa", "mio", "ren", "paz"])
def test_only_the_administrator_manages_people(who, ada, request):
    user = request.getfixturevalue(who)
    somebody = a_user("Somebody")
    verbs = [
        lambda: invite(user),
        lambda: edit(somebody, user, family_name="New"),
        lambda: deactivate_person(somebody, by=user),
        lambda: reactivate_person(somebody, by=user),
        lambda: resend_invitation(somebody, by=user),
        lambda: create_team(by=user, name="Field", kind=TeamKind.SALES),
        lambda: retire_team(somebody.team, by=user),
    ]
    for verb in verbs:
        with pytest.raises(NotAllowed):
            verb()


def test_who_is_slower_to_take_an_address_is_told(ada, noa, sota, monkeypatch):
    # Both were told that the address is free, and one saved it.
    monkeypatch.setattr("accounts.actions.people._free_address", lambda email, but: email)
    with pytest.raises(Malformed) as refusal:
        edit(noa, ada, email=sota.email)
    assert refusal.value.field == "email"
