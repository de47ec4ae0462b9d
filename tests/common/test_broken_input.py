"""Broken bytes and refusals: one clear answer in each form, whoever asks."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from common.refusals import Malformed, NotAllowed, Refusal
from common.web import close_dialog, go, toast, triggers

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@login_not_required
def too_late(request):
    raise Refusal("Sota has already accepted this lead.")


@login_not_required
def not_theirs(request):
    raise NotAllowed


@login_not_required
def malformed(request):
    raise Malformed("A date is needed.", field="on")


@login_not_required
def echo(request):
    return HttpResponse(request.POST.get("name", "") + request.GET.get("q", ""))


@login_not_required
def breaks(request):
    raise RuntimeError("broken")


@login_not_required
def done(request):
    return go(request, "/echo/", "Saved.")


def members_only(request):
    return HttpResponse("secret")


urlpatterns = [
    path("too-late/", too_late),
    path("not-theirs/", not_theirs),
    path("malformed/", malformed),
    path("echo/", echo),
    path("breaks/", breaks),
    path("done/", done),
    path("members/", members_only),
    path("accounts/", include("allauth.account.urls")),
    path("", include("common.urls")),
]
handler400 = "common.views.bad_request"
handler403 = "common.views.permission_denied"
handler404 = "common.views.not_found"
handler500 = "common.views.server_error"


@pytest.fixture(autouse=True)
def these_urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def client():
    return Client(headers={"Accept-Language": "en"})


@pytest.mark.parametrize(
    ("url", "status", "sentence"),
    [
        ("/too-late/", 409, "Sota has already accepted this lead."),
        ("/not-theirs/", 403, "Your role does not allow this."),
        ("/malformed/", 400, "A date is needed."),
    ],
)
class TestARefusal:
    def test_is_a_page_for_a_browser(self, client, url, status, sentence):
        answer = client.get(url)
        assert answer.status_code == status
        assert sentence in answer.content.decode()
        assert "<html" in answer.content.decode()

    def test_is_a_toast_over_the_unchanged_page_for_htmx(self, client, url, status, sentence):
        answer = client.post(url, headers=HTMX)
        assert answer.status_code == status
        assert answer.headers["HX-Reswap"] == "none"
        assert triggers(answer)["toast"] == {"text": sentence, "kind": "error"}
        assert "<html" not in answer.content.decode()

    def test_is_json_for_a_client(self, client, url, status, sentence):
        answer = client.get(url, headers={"Accept": "application/json"})
        assert answer.status_code == status
        assert answer.json()["detail"] == sentence


def test_a_malformed_request_names_the_field(client):
    answer = client.get("/malformed/", headers={"Accept": "application/json"})
    assert answer.json() == {"detail": "A date is needed.", "code": "malformed", "field": "on"}


def test_a_refused_form_leads_back_to_where_it_was(client):
    answer = client.post("/too-late/", {"next": "/leads/?q=1"})
    assert 'href="/leads/?q=1"' in answer.content.decode()
    elsewhere = client.post("/too-late/", {"next": "https://evil.example/"})
    assert "evil.example" not in elsewhere.content.decode()


class TestCharactersThatCannotBeStored:
    @pytest.mark.parametrize("url", ["/echo/?q=%00", "/echo/?q=a%00b", "/%00/"])
    def test_in_the_address_are_refused(self, client, url):
        assert client.get(url).status_code in (400, 404)

    def test_in_a_form_are_refused(self, client):
        assert client.post("/echo/", {"name": "a\0b"}).status_code == 400
        posted = client.post(
            "/echo/", b"name=%00", content_type="application/x-www-form-urlencoded"
        )
        assert posted.status_code == 400

    def test_in_a_multipart_form_are_refused(self, client):
        body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\na\x00b\r\n--x--\r\n'
        answer = client.post("/echo/", body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 400

    def test_in_a_cookie_are_refused(self, client):
        client.cookies["theme"] = "x"
        answer = client.get("/echo/", headers={"Cookie": 'x="\\000"'})
        assert answer.status_code == 400

    def test_broken_utf8_is_read_with_replacements(self, client):
        posted = client.post(
            "/echo/", b"name=%ff%ed%a0%80", content_type="application/x-www-form-urlencoded"
        )
        assert posted.status_code == 200

    def test_the_rest_of_unicode_is_let_through(self, client):
        assert client.post("/echo/", {"name": "𠮷野家 😀"}).content.decode() == "𠮷野家 😀"


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=10)
def test_too_many_fields_are_refused_with_a_sentence(client):
    answer = client.post("/echo/", {f"f{n}": "1" for n in range(50)})
    assert answer.status_code == 400
    assert "more fields than we read" in answer.content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_too_much_is_refused_with_a_sentence(client):
    answer = client.post("/echo/", {"name": "x" * 500}, headers=HTMX)
    assert answer.status_code == 413
    assert "too much" in triggers(answer)["toast"]["text"]


def test_a_lost_session_signs_in_the_whole_page_not_a_piece_of_it(client):
    whole = client.get("/members/")
    assert whole.status_code == 302
    headers = HTMX | {"HX-Current-URL": "http://testserver/leads/?q=1"}
    piece = client.get("/members/", headers=headers)
    assert piece.status_code == 204
    assert piece.headers["HX-Redirect"] == "/accounts/login/?next=%2Fleads%2F%3Fq%3D1"


def test_an_unknown_page_is_not_found_in_each_language(client):
    assert "Not found" in client.get("/nowhere/").content.decode()
    japanese = client.get("/nowhere/", headers={"Accept-Language": "ja"})
    assert "見つかりません" in japanese.content.decode()


def test_our_own_fault_is_told_in_both_languages_without_anything_else():
    answer = Client(raise_request_exception=False).get("/breaks/")
    assert answer.status_code == 500
    assert "もう一度" in answer.content.decode()
    assert "try again" in answer.content.decode()


def test_a_form_without_its_token_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/echo/", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "Load it again" in answer.content.decode()


class TestAnswers:
    def test_go_redirects_a_browser_and_htmx_alike(self, client):
        assert client.post("/done/").headers["Location"] == "/echo/"
        assert client.post("/done/", headers=HTMX).headers["HX-Redirect"] == "/echo/"

    def test_events_of_one_answer_add_up(self):
        answer = toast(close_dialog(), "Returned.")
        assert answer.status_code == 204
        assert set(triggers(answer)) == {"toast", "dialog-close"}


class TestThemeAndLanguage:
    def test_a_theme_is_remembered_by_the_browser(self, client):
        answer = client.post("/theme/", {"theme": "dark", "next": "/echo/"})
        assert answer.headers["Location"] == "/echo/"
        assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()

    def test_an_unknown_theme_changes_nothing(self, client):
        client.post("/theme/", {"theme": "pink"})
        assert "theme" not in client.cookies

    def test_a_language_is_remembered_by_the_browser(self, client):
        client.post("/language/", {"language": "ja"})
        assert 'lang="ja"' in client.get("/accounts/login/").content.decode()
        client.post("/language/", {"language": "xx"})
        assert 'lang="ja"' in client.get("/accounts/login/").content.decode()

    def test_neither_leads_to_another_site(self, client):
        answer = client.post("/theme/", {"theme": "dark", "next": "//evil.example/"})
        assert answer.headers["Location"] == "/"

    @pytest.mark.parametrize("there", ["https:", "http:", ""])
    def test_not_even_where_our_own_address_hides_another(self, client, there):
        # Behind our own host a path of two slashes is another host once ours is left out.
        wanted = f"{there}//testserver//evil.example/"
        answer = client.post("/theme/", {"theme": "dark", "next": wanted})
        assert answer.headers["Location"] in ("/evil.example/", "/")
        answer = client.post("/theme/", {"theme": "dark"}, headers={"Referer": wanted})
        assert answer.headers["Location"] in ("/evil.example/", "/")
