"""The import, page by page: nothing is written before somebody has seen what would change."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import jobs
from common.files import MOST_BYTES
from common.jobs import run_chunk
from common.models import Job, StoredFile
from leads.models import Campaign, ImportMapping, Lead
from tests.factories import a_lead
from tests.imports.given import a_file, counts, csv_of, imported, started

pytestmark = pytest.mark.django_db

HEADING = ("管理番号", "姓", "会社名", "メールアドレス", "展示会2025")
ROWS = (
    ("A1", "山田", "見本", "taro@example.com", "1"),
    ("A2", "佐藤", "例示", "sato.example.com", ""),
)
CARDS = csv_of(HEADING, *ROWS)


def upload(client, content=CARDS, name="cards.csv"):
    return client.post(
        reverse("leads:import"), {"file": SimpleUploadedFile(name, content, "text/csv")}
    )


def latest_job() -> Job:
    job = Job.objects.latest("pk")
    while run_chunk(job.pk):
        pass
    job.refresh_from_db()
    return job


def mapped(**other):
    """The columns page as it is sent, with what was chosen for the column nobody knows."""
    places = ["external_id", "family_name", "company.name", "email", ""]
    return {f"column-{at}": place for at, place in enumerate(places)} | {"rows": "leads"} | other


def test_from_the_file_to_the_leads(noa, as_user):
    client = as_user(noa)
    response = upload(client)
    file = StoredFile.objects.get()
    assert response.url == reverse("leads:import_file", args=[file.pk])

    page = client.get(response.url).content.decode()
    assert "cards.csv" in page
    assert 'value="leads" checked' in page
    response = client.get(
        response.url, {"rows": "leads", "encoding": "utf-8", "stage": "mql", "next": "1"}
    )
    columns = response.url
    assert columns.startswith(reverse("leads:import_columns", args=[file.pk]))
    assert "stage=mql" in columns

    page = client.get(columns).content.decode()
    assert 'aria-invalid="true"' in page  # 展示会2025 waits for a decision
    address = columns.partition("?")[0]
    said = mapped(stage="mql", remember="1", name="展示会の名刺")
    response = client.post(address, said)
    check = latest_job()
    assert response.url == reverse("leads:job", args=[check.pk])
    assert not Lead.objects.exists()
    assert ImportMapping.objects.get().name == "展示会の名刺"

    page = client.get(response.url).content.decode()
    assert "sato.example.com" in page
    mended = {"fix-3-3": "sato@example.com"}
    response = client.post(reverse("leads:import_run", args=[check.pk]), mended)
    job = latest_job()
    assert response.url == reverse("leads:job", args=[job.pk])
    assert counts(job) == (2, 0, 0, 0)
    assert set(Lead.objects.values_list("email", "stage")) == {
        ("taro@example.com", "mql"),
        ("sato@example.com", "mql"),
    }
    page = client.get(response.url).content.decode()
    assert f"imported={job.pk}" in page
    check.refresh_from_db()
    assert not check.rejections.exists()


def test_a_column_that_waits_for_a_decision_holds_the_page(noa, as_user):
    client = as_user(noa)
    upload(client)
    address = reverse("leads:import_columns", args=[StoredFile.objects.get().pk])
    said = mapped() | {"column-4": "?"}
    assert client.post(address, said).status_code == 422
    assert not Job.objects.exists()
    assert client.post(address, said | {"rest": "skip"}).status_code == 302


def test_a_mapping_comes_back_for_the_next_file_of_its_kind(noa, as_user):
    client = as_user(noa)
    upload(client)
    file = StoredFile.objects.get()
    address = reverse("leads:import_columns", args=[file.pk])
    client.post(address, mapped(remember="1", name="名刺") | {"column-4": "comment"})
    upload(client)
    page = client.get(
        reverse("leads:import_columns", args=[StoredFile.objects.latest("pk").pk]),
        {"rows": "leads"},
    ).content.decode()
    assert "名刺" in page
    assert 'aria-invalid="true"' not in page


def test_the_preview_follows_the_mapping(noa, as_user):
    client = as_user(noa)
    upload(client)
    address = reverse("leads:import_preview", args=[StoredFile.objects.get().pk])
    page = client.post(
        address, mapped() | {"row": "2"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "佐藤" in page
    assert "sato.example.com" in page
    page = client.post(address, mapped() | {"column-1": "", "row": "999"}).content.decode()
    assert "佐藤" not in page


def test_the_check_can_be_made_again_under_other_terms(noa, as_user):
    a_lead("古田", external_id="A1")
    client = as_user(noa)
    upload(client)
    client.post(reverse("leads:import_columns", args=[StoredFile.objects.get().pk]), mapped())
    check = latest_job()
    assert check.result["updated"] == 1
    page = client.get(reverse("leads:job", args=[check.pk])).content.decode()
    assert "古田" in page
    client.post(reverse("leads:import_check", args=[check.pk]), {"existing": "skip"})
    assert latest_job().result["updated"] == 0


def test_what_holds_for_all_rows_is_asked_for_and_checked(noa, as_user):
    campaign = Campaign.objects.create(name="秋の展示会", created_at=noa.date_joined)
    client = as_user(noa)
    upload(client)
    page = reverse("leads:import_file", args=[StoredFile.objects.get().pk])
    said = {"rows": "leads", "campaign": campaign.pk, "consent": "all", "next": "1"}
    assert client.get(page, said).status_code == 422
    response = client.get(page, said | {"channels": ["email", "phone"], "evidence": "A tick box"})
    assert response.status_code == 302
    params = dict(part.split("=") for part in response.url.partition("?")[2].split("&"))
    hidden = mapped(
        campaign=campaign.pk, consent="all", channels=["email", "phone"], evidence="A tick box"
    )
    client.post(response.url.partition("?")[0], hidden)
    check = latest_job()
    assert check.payload["whole"] == {"campaign": "秋の展示会"}
    assert check.payload["consents"] == {"email": True, "phone": True}
    assert params["evidence"] == "A+tick+box"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\xd0\xcf\x11\xe0x", "old.xls"),
        (b"PK\x03\x04x", "broken.xlsx"),
        (b"\x81\xff\xfe\x00", "x.csv"),
    ],
    ids=["empty", "old", "broken", "bytes"],
)
def test_a_file_that_cannot_be_read_is_answered_with_what_to_do(noa, as_user, content, name):
    client = as_user(noa)
    response = upload(client, content, name)
    if response.status_code == 302:
        response = client.get(response.url)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_bytes_of_no_encoding_can_be_read_in_the_one_that_is_chosen(noa, as_user):
    client = as_user(noa)
    response = upload(
        client, "姓,メール\n山田,a@example.com\n".encode("cp932") + b"\x81\xff,b@example.com\n"
    )
    assert client.get(response.url).status_code == 422
    assert client.get(response.url, {"encoding": "cp932"}).status_code == 200


def test_a_file_that_is_too_large_is_refused_before_it_is_read(noa, as_user):
    headers = {"CONTENT_LENGTH": str(MOST_BYTES + 10 * 1024 * 1024)}
    response = as_user(noa).post(
        reverse("leads:import"), {"file": SimpleUploadedFile("a.csv", CARDS)}, **headers
    )
    assert response.status_code == 413


def test_only_who_may_import_sees_the_page_and_only_their_own_files(noa, sota, paz, as_user):
    file = a_file(CARDS, by=noa)
    assert as_user(paz).get(reverse("leads:import")).status_code == 403
    client = as_user(sota)
    assert client.get(reverse("leads:import")).status_code == 200
    for name in ("import_file", "import_columns"):
        assert client.get(reverse(f"leads:{name}", args=[file.pk])).status_code == 404
    assert client.post(reverse("leads:import_preview", args=[file.pk])).status_code == 404


def test_a_job_is_its_owners_and_the_administrators(noa, sota, ada, as_user):
    job = imported(CARDS, by=noa)
    addresses = [reverse(f"leads:{name}", args=[job.pk]) for name in ("job", "job_rejections")]
    for user, status in ((noa, 200), (ada, 200), (sota, 404)):
        client = as_user(user)
        assert [client.get(one).status_code for one in addresses] == [status, status]
    assert client.post(reverse("leads:job_cancel", args=[job.pk])).status_code == 404


def test_a_running_job_shows_its_progress_and_can_be_stopped(noa, as_user):
    job = started(CARDS, by=noa, here=False)
    client = as_user(noa)
    address = reverse("leads:job", args=[job.pk])
    assert 'hx-trigger="every 1s"' in client.get(address).content.decode()
    piece = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert piece.startswith("<section")
    client.post(reverse("leads:job_cancel", args=[job.pk]))
    response = client.get(address, headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert client.get(address).status_code == 200


def test_rows_that_did_not_go_in_come_back_as_a_file_that_goes_in_once_mended(noa, as_user):
    rows = (*ROWS, ("A3", "=cmd()", "", "nobody.example.com", ""))
    job = imported(csv_of(HEADING, *rows), by=noa, name="cards.csv")
    response = as_user(noa).get(reverse("leads:job_rejections", args=[job.pk]))
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert "'=cmd()" in content.decode()
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert found[0] == [*HEADING, "Reason / 理由"]
    assert "@" in found[1][-1]
    mended = (
        content.decode()
        .replace("sato.example.com,,", "sato@example.com,,")
        .replace("nobody.example.com,,", "nobody@example.com,,")
    )
    assert counts(imported(mended, by=noa)) == (2, 0, 0, 0)
    assert Lead.objects.filter(family_name="=cmd()").exists()


def test_a_failed_import_says_why(noa, as_user):
    job = started(CARDS, by=noa)
    StoredFile.objects.all().delete()
    job = jobs.run_here(job)
    assert job.state == "failed"
    page = as_user(noa).get(reverse("leads:job", args=[job.pk])).content.decode()
    assert job.error in page


def test_the_sample_files_can_be_imported(noa, as_user):
    client = as_user(noa)
    for encoding in ("", "cp932"):
        content = client.get(reverse("leads:import_sample"), {"encoding": encoding}).content
        assert counts(imported(content, by=noa))[3] == 0


@pytest.mark.parametrize(
    "said",
    [{"rows": "foo"}, {"encoding": "ebcdic"}, {"delimiter": "x"}, {"sheet": "x" * 500}, {"campaign": "9" * 30},
     {"captured_at": "gestern"}, {"stage": "won"}, {"marketer": "x"}, {"consent": "x"}],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_odd_addresses_are_answered_calmly(noa, as_user, said):
    client = as_user(noa)
    file = a_file(CARDS, by=noa)
    for name in ("import_file", "import_columns"):
        response = client.get(
            reverse(f"leads:{name}", args=[file.pk]), said | {"next": "1"}, follow=True
        )
        assert response.status_code in (200, 422)
    response = client.post(reverse("leads:import_columns", args=[file.pk]), mapped() | said)
    assert response.status_code in (302, 422)


def test_pages_ask_little_of_the_database(noa, as_user, django_assert_max_num_queries):
    client = as_user(noa)
    file = a_file(CARDS, by=noa)
    check = imported(CARDS, by=noa, dry_run=True)
    job = imported(CARDS, by=noa)
    for address in (
        reverse("leads:import"),
        reverse("leads:import_columns", args=[file.pk]) + "?rows=leads",
        reverse("leads:job", args=[check.pk]),
        reverse("leads:job", args=[job.pk]),
    ):
        client.get(address)
        with django_assert_max_num_queries(25):
            assert client.get(address).status_code == 200


def test_unknown_people_can_be_let_in_from_the_check(noa, as_user):
    a_lead("佐藤", external_id="A1", stage="mql", mql_at=noa.date_joined)
    client = as_user(noa)
    check = imported(
        csv_of(("mql_id", "won_date", "sr_id"), ("A1", "2026-03-01", "x9")),
        "deals",
        by=noa,
        dry_run=True,
    )
    page = client.get(reverse("leads:job", args=[check.pk])).content.decode()
    assert 'name="create_people"' in page
    client.post(reverse("leads:import_check", args=[check.pk]), {"create_people": "1"})
    assert counts(latest_job()) == (1, 0, 0, 0)
