"""The pages of people, teams, the organisation and the profile: who sees them, and what they answer."""

import pytest
from django.urls import reverse

from accounts.models import Organisation, Team, User
from accounts.states import Role
from common.web import triggers
from tests.factories import PASSWORD, a_team, a_user, the_team

SETTINGS = [
    ("people", []),
    ("person_new", []),
    ("teams", []),
    ("team_new", []),
    ("organisation", []),
]
OF_PERSON = ["person", "closing", "reopening", "renewed_invitation"]
HTMX = {"HTTP_HX_REQUEST": "true"}
YUI = {"family_name": "Kanda", "email": "yui@example.com", "role": "member", "language": "ja"}


@pytest.fixture
def admin(ada, as_user):
    return as_user(ada)


@pytest.mark.parametrize("who", ["noa", "mio", "sota", "ren", "iku", "paz"])
def test_settings_are_forbidden_to_everybody_else(who, request, as_user):
    client = as_user(request.getfixturevalue(who))
    team = the_team("sales")
    urls = [reverse(f"accounts:{name}", args=args) for name, args in SETTINGS]
    urls += [reverse(f"accounts:{name}", args=[1]) for name in OF_PERSON]
    urls += [reverse(f"accounts:{name}", args=[team.pk]) for name in ("team", "retirement")]
    for url in urls:
        answers = {client.post(url).status_code, client.get(url).status_code}
        assert 403 in answers, url
        assert answers <= {403, 405}, url


@pytest.mark.parametrize("who", ["noa", "ren", "iku", "ada", "paz"])
def test_everybody_has_a_profile_and_an_inbox(who, request, as_user):
    client = as_user(request.getfixturevalue(who))
    assert client.get("/profile/").status_code == 200
    assert client.get("/notices/").status_code == 200


def test_nobody_gets_in_without_signing_in(client, db):
    for url in ("/settings/", "/profile/", "/notices/"):
        assert client.get(url).status_code == 302
    assert client.post("/profile/sessions/").status_code == 302


def test_people_are_listed_by_team_as_leads_travel(admin, noa, iku, sota, ren):
    page = admin.get("/settings/")
    kinds = [group["team"].kind if group["team"] else "" for group in page.context["groups"]]
    assert kinds == ["marketing", "inside_sales", "sales", ""]
    sales = page.context["groups"][2]
    assert sales["heads"] == [ren]
    assert {sota, ren} <= set(sales["people"])


def test_the_list_of_people_costs_few_queries(admin, noa, django_assert_max_num_queries):
    for _ in range(30):
        a_user()
    admin.get("/settings/")
    with django_assert_max_num_queries(7):  # … and who is away
        admin.get("/settings/")


def test_people_are_found_by_part_of_name_or_address(admin, noa, sota):
    found = admin.get("/settings/", {"q": "not"})
    assert not found.context["groups"]
    assert "Nobody found" in found.text
    found = admin.get("/settings/", {"q": sota.email[:6]})
    assert [group["people"] for group in found.context["groups"]] == [[sota]]


def test_an_invitation_by_the_dialog_reloads_the_list(admin, defaults):
    team = the_team("sales")
    answer = admin.post("/settings/people/new/", YUI | {"team": team.pk}, **HTMX)
    assert answer["HX-Redirect"] == "/settings/"
    assert User.objects.get(email="yui@example.com").team == team
    assert "yui@example.com" in admin.get("/settings/").text


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "x"}, "email"), ({"team": ""}, "team"), ({"role": "partner"}, "role")],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    admin, defaults, change, field
):
    data = YUI | {"team": the_team("sales").pk} | change
    answer = admin.post("/settings/people/new/", data, **HTMX)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert 'value="Kanda"' in answer.text
    assert not User.objects.filter(email="yui@example.com").exists()


def test_a_person_is_changed_by_the_dialog(admin, noa):
    url = reverse("accounts:person", args=[noa.pk])
    assert f'value="{noa.email}"' in admin.get(url, **HTMX).text
    data = {"family_name": "Nakano", "email": noa.email, "role": "manager", "language": "ja"}
    admin.post(url, data | {"team": noa.team_id}, **HTMX)
    noa.refresh_from_db()
    assert (noa.family_name, noa.role, noa.language) == ("Nakano", "manager", "ja")


def test_dialogs_are_pages_too(admin, noa):
    for name, args in (("person_new", []), ("person", [noa.pk]), ("closing", [noa.pk])):
        page = admin.get(reverse(f"accounts:{name}", args=args))
        assert "<h1>" in page.text


def test_an_account_is_closed_and_opened_again(admin, noa):
    admin.post(reverse("accounts:closing", args=[noa.pk]))
    assert noa.email in admin.get("/settings/?closed=1").text
    assert noa.email not in admin.get("/settings/").text
    admin.post(reverse("accounts:reopening", args=[noa.pk]))
    assert noa.email in admin.get("/settings/").text


def test_closing_the_last_administrator_is_a_refusal_not_an_error(admin, ada):
    url = reverse("accounts:closing", args=[ada.pk])
    assert admin.post(url).status_code == 409
    toast = triggers(admin.post(url, **HTMX))["toast"]
    assert "your own account" in toast["text"]


def test_the_last_administrator_in_the_form_is_a_sentence_in_the_form(admin, ada):
    data = {"family_name": "Ada", "email": ada.email, "role": "member", "language": "en"}
    answer = admin.post(
        reverse("accounts:person", args=[ada.pk]), data | {"team": the_team("sales").pk}, **HTMX
    )
    assert answer.status_code == 422
    assert "Somebody must be able to administer" in answer.text


def test_teams_are_added_renamed_retired_and_used_again(admin, defaults):
    admin.post("/settings/teams/new/", {"name": "Field", "kind": "sales"})
    team = Team.objects.get(name="Field")
    admin.post(reverse("accounts:team", args=[team.pk]), {"name": "Field south"})
    admin.post(reverse("accounts:retirement", args=[team.pk]))
    team.refresh_from_db()
    assert (team.name, team.is_active) == ("Field south", False)
    assert "Field south" in admin.get("/settings/teams/").text
    admin.post(reverse("accounts:restoration", args=[team.pk]))
    team.refresh_from_db()
    assert team.is_active


def test_a_second_team_of_a_name_is_said_at_the_name(admin, defaults):
    a_team("sales", "Field")
    answer = admin.post("/settings/teams/new/", {"name": "Field", "kind": "sales"}, **HTMX)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"name"}


def test_a_team_with_people_is_not_retired(admin, noa):
    assert admin.post(reverse("accounts:retirement", args=[noa.team_id])).status_code == 409


HOURS = {
    "name": "Suikyo",
    "time_zone": "Asia/Tokyo",
    "country": "JP",
    "fiscal_month": "1",
}


def test_the_organisation_is_changed_and_used_at_once(admin):
    assert admin.post("/settings/organisation/", HOURS).status_code == 302
    organisation = Organisation.current()
    assert (organisation.name, organisation.fiscal_month) == ("Suikyo", 1)
    assert "Suikyo" in admin.get("/settings/organisation/").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"country": "XX"}, "country"),
        ({"fiscal_month": "13"}, "fiscal_month"),
        ({"name": ""}, "name"),
    ],
)
def test_impossible_hours_are_refused(admin, change, field):
    answer = admin.post("/settings/organisation/", HOURS | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert Organisation.current().name == "Smarketing"


PROFILE = {"family_name": "Noa", "language": "ja", "time_zone": "Europe/Berlin"}


def test_one_changes_ones_own_profile_and_nothing_else(noa, as_user):
    client = as_user(noa)
    strange = {"role": "administrator", "email": "evil@example.com", "is_active": ""}
    client.post("/profile/", PROFILE | strange)
    noa.refresh_from_db()
    assert (noa.language, noa.time_zone) == ("ja", "Europe/Berlin")
    assert (noa.single_keys, noa.notices_by_mail) == (False, False)
    assert (noa.role, noa.is_active) == (Role.MEMBER, True)
    assert "evil" not in noa.email
    page = client.get("/profile/")
    assert '<html lang="ja"' in page.text
    assert 'data-keys="off"' in page.text


def test_a_time_zone_that_does_not_exist_is_refused(noa, as_user):
    answer = as_user(noa).post("/profile/", PROFILE | {"time_zone": "Mars/Base"})
    assert answer.status_code == 422
    noa.refresh_from_db()
    assert noa.time_zone == "Asia/Tokyo"


def test_pages_come_in_the_readers_language(noa, client, as_user):
    assert 'lang="en"' in client.get("/accounts/login/", headers={"accept-language": "en"}).text
    assert 'lang="ja"' in client.get("/accounts/login/", headers={"accept-language": "ja"}).text
    page = as_user(noa).get("/profile/", headers={"accept-language": "ja"})
    assert 'lang="en"' in page.text


def test_the_person_and_their_team_are_one_query(noa, as_user, django_assert_num_queries):
    client = as_user(noa)
    client.get("/profile/")
    with django_assert_num_queries(4):  # session; person with team; the shell; days away
        client.get("/profile/")


def test_names_with_strange_characters_are_kept_or_refused_never_broken(admin, defaults):
    team = the_team("sales").pk
    for name in ("髙橋𠮷野家", "O'Neil", "<b>x</b>", "a" * 60):
        data = YUI | {"family_name": name, "team": team, "email": f"p{len(name)}@example.com"}
        assert admin.post("/settings/people/new/", data).status_code == 302
    for name in ("a" * 61, "", "\0"):
        data = YUI | {"family_name": name, "team": team}
        assert admin.post("/settings/people/new/", data).status_code in (400, 422)
    assert "<b>x</b>" not in admin.get("/settings/").text


def test_the_password_is_asked_for_by_the_library_alone(noa, as_user):
    """Nothing of ours shows or takes a password hash."""
    page = as_user(noa).get("/profile/").text
    assert PASSWORD not in page
    assert noa.password not in page
