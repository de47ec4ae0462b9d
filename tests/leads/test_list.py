"""The list of leads: what it finds, in which order, page by page, and at what cost."""

import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import now
from common.keyset import next_to
from common.refusals import Malformed
from handoff.actions import withdraw_offer
from leads.actions import define_attribute, edit_lead, log_touch, record_consent
from leads.filters import TABS, find_leads
from leads.filters.tabs import ORDERS
from leads.measures.rows import COLUMNS
from leads.models import Campaign, Lead, Source
from leads.states import Stage
from tests.factories import a_company, a_lead, an_mql, an_offer


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def found(user, query=""):
    """Names of the leads the address means, in its order."""
    page = find_leads(QueryDict(query), user).page("", *COLUMNS, size=100)
    return [lead.family_name for lead in page]


# --- search ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["佐", "佐伯", "佐伯千尋", "さえき", "サエキ", "ｻｴｷ", "鳴瀬", "瀬精密", "naruse", "052-000-4821", "0520004821",
     "４８２１", "saeki@", "鳴瀬 佐伯", "千尋"],
)  # fmt: skip
def test_people_are_found_by_whatever_one_remembers(words, noa):
    lead = a_lead(
        "佐伯", given_name="千尋", family_kana="サエキ", company=a_company("株式会社鳴瀬精密工業"),
        email="c.saeki@naruse.example", phone="052-000-4821",
    )  # fmt: skip
    a_lead("林", company=a_company("三石物流"))
    assert list(Lead.objects.matching(words)) == [lead]


@pytest.mark.parametrize("words", ["尋", "%", "_", "佐_", "\\", "' or 1=1", "佐伯 三石"])
def test_what_is_not_there_is_not_found(words, noa):
    a_lead("佐伯", given_name="千尋", company=a_company("鳴瀬精密"))
    assert not Lead.objects.matching(words).exists()


# --- tabs and filters --------------------------------------------------------------------------


def test_ready_to_offer_are_the_qualified_ones_nobody_was_offered(noa):
    an_mql("Free")
    offer = an_offer(an_mql("Waiting"), by=noa)
    a_lead("New")
    assert found(noa, "tab=ready") == ["Free"]
    withdraw_offer(offer, by=noa)
    assert sorted(found(noa, "tab=ready")) == ["Free", "Waiting"]


def test_mine_are_those_i_look_after_on_either_side(noa, sota):
    a_lead("A", marketer=noa), a_lead("B", seller=noa), a_lead("C", marketer=sota)
    assert sorted(found(noa, "tab=mine")) == ["A", "B"]


def test_quiet_are_open_leads_without_a_touch_for_90_days(noa):
    long_ago = now() - timedelta(days=91)
    a_lead("Quiet", last_touch_at=long_ago), a_lead("Fresh")
    a_lead("Lost", stage=Stage.LOST, last_touch_at=long_ago)
    assert found(noa, "tab=quiet") == ["Quiet"]


def test_the_other_tabs(noa):
    a_lead("Back", stage=Stage.NURTURING), a_lead("Asked", question_open=True)
    assert found(noa, "tab=back") == ["Back"]
    assert found(noa, "tab=asked") == ["Asked"]


@pytest.fixture
def two(noa, ada):
    """One lead that has everything, and one that has nothing of it."""
    source = Source.objects.create(name="展示会")
    campaign = Campaign.objects.create(name="Fair", created_at=now())
    company = a_company("X", industry="製造", employees=250, prefecture="愛知県")
    lead = a_lead(
        "Yes", stage=Stage.SAL, fit="A", heat=80, source=source, campaign=campaign, company=company,
        seller=noa, mql_at=now(), captured_at=now() - timedelta(days=40), at=now(),
        last_touch_at=now() - timedelta(days=40),
    )  # fmt: skip
    define_attribute(by=ada, of="lead", code="wish", name="希望", type="choice", choices=["A", "B"])
    define_attribute(by=ada, of="lead", code="ok", name="可否", type="yes_no")
    edit_lead(lead, by=noa, **{"attributes.wish": "A", "attributes.ok": "0"})
    record_consent(lead, by=noa, channel="email", granted=True, evidence="form")
    a_lead("No", fit="D")
    return {"source": source.pk, "campaign": campaign.pk, "company": company.pk, "noa": noa.pk,
            "team": lead.team_id, "day": timezone.localdate(now() - timedelta(days=40))}  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["stage=sal", "stage=sal&stage=won", "engagement=20", "touched=not30", "consent=email",
     "source={source}", "campaign={campaign}", "owner={noa}", "captured_to={day}", "reached=mql",
     "prefecture=愛知県", "industry=製造", "size=100-299", "company={company}", "own_wish=A", "own_ok=0",
     "stage=sal&size=100-299&q=yes"],
)  # fmt: skip
def test_each_filter_tells_the_two_apart(query, two, noa):
    assert found(noa, query.format(**two)) == ["Yes"]


@pytest.mark.parametrize(
    "query",
    [
        "touched=in7",
        "source=none",
        "campaign=none",
        "consent=no_email",
        "size=1-29",
        "own_wish=B",
        "own_ok=1",
    ],
)
def test_each_filter_also_finds_the_other(query, two, noa):
    assert "Yes" not in found(noa, query.format(**two))


def test_a_lead_has_the_prefecture_of_its_company_unless_its_own(noa):
    company = a_company("X", prefecture="愛知県")
    a_lead("Company's", company=company), a_lead("Own", company=company, prefecture="東京都")
    assert found(noa, "prefecture=愛知県") == ["Company's"]
    assert found(noa, "prefecture=東京都") == ["Own"]


@pytest.mark.parametrize(
    "query",
    ["tab=nope", "order=nope", "order=search", "order=-heat;drop", "fit=Z", "stage=mql&stage=x", "engagement=abc",
     "engagement=-1", "engagement=nan", "engagement=1e999", "captured_from=soon", "captured_to=9999-12-31",
     "captured_from=0001-01-01", "source=abc", "source=99999999999999999999", "campaign=0x1", "owner=-1", "team=1.5",
     "consent=maybe", "reached=new", "size=0", "company=none", "touched=in0", "own_wish=Z", "q=" + "x" * 101],
)  # fmt: skip
def test_a_value_that_does_not_exist_is_refused_in_a_sentence(query, two, noa, as_user):
    with pytest.raises(Malformed):
        find_leads(QueryDict(query), noa).page("", *COLUMNS)
    answer = as_user(noa).get(f"/leads/?{query}")
    assert answer.status_code == 400
    assert 'class="refusal"' in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["fit=%00", "q=%00", "after=nonsense", "after=WzFd", "after=W10", "q=%ed%a0%80"]
)
def test_broken_input_is_no_error_of_ours(query, noa, as_user):
    a_lead("A")
    assert as_user(noa).get(f"/leads/?{query}").status_code in (200, 400)


def test_a_partner_finds_only_what_is_entrusted(paz, noa, as_user):
    a_lead("Theirs", entrusted_to=paz.team), a_lead("Ours")
    assert found(paz) == ["Theirs"]
    assert found(paz, "q=ours") == []
    page = as_user(paz).get("/leads/").content.decode()
    assert "Theirs" in page
    assert "Ours" not in page


def test_ticked_leads_are_a_list_too(noa, as_user):
    a, b, _c = [a_lead(name) for name in "ABC"]
    assert sorted(found(noa, f"lead={a.pk}&lead={b.pk}")) == ["A", "B"]
    answer = as_user(noa).get(f"/leads/export/?lead={a.pk}")
    assert len(answer.getvalue().decode("utf-8-sig").splitlines()) == 2
    for bad in ("lead=x", "lead=-1", "lead=" + "9" * 20, "&".join(f"lead={n}" for n in range(501))):
        with pytest.raises(Malformed):
            find_leads(QueryDict(bad), noa)


def test_a_partner_is_not_shown_who_works_here_and_what_else_is_done(paz, noa, as_user):
    campaign = Campaign.objects.create(name="Secret Fair", created_at=now())
    Source.objects.create(name="Secret Source")
    lead = a_lead("Theirs", entrusted_to=paz.team, team=paz.team, campaign=campaign)
    client = as_user(paz)
    for url in ("/leads/filters/", f"/leads/{lead.pk}/edit/", f"/leads/{lead.pk}/follow-ups/new/"):
        page = client.get(url).content.decode()
        for secret in ("Secret Fair", "Secret Source", noa.name):
            assert secret not in page
    assert found(paz, f"campaign={campaign.pk + 1}") == ["Theirs"]


# --- pages of the list -------------------------------------------------------------------------


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    query=st.sampled_from(["", "stage=new"]),
    order=st.sampled_from(list(ORDERS)),
    moments=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    size=st.integers(1, 5),
)
def test_the_pages_hold_every_lead_once_in_order(query, order, moments, size, noa):
    """Whatever the ties: page by page gives what one page gives."""
    Lead.objects.all().delete()
    for n, moment in enumerate(moments):
        at = now() - timedelta(hours=moment)
        a_lead(f"L{n}", captured_at=at, last_touch_at=at, heat=float(moment))
    pages, key = [], ""
    while key is not None:
        page = find_leads(QueryDict(f"{query}&order={order}"), noa).page(key, *COLUMNS, size=size)
        assert len(page.rows) <= size
        pages += [lead.pk for lead in page]
        key = page.next_key
    sign = "-" if order.startswith("-") else ""
    assert pages == list(Lead.objects.order_by(order, f"{sign}pk").values_list("pk", flat=True))


def test_a_lead_that_comes_in_between_shifts_nothing(noa):
    leads = [a_lead(f"L{n}", last_touch_at=now() - timedelta(hours=n)) for n in range(4)]
    first = find_leads(QueryDict(""), noa).page("", *COLUMNS, size=2)
    a_lead("Newest")
    second = find_leads(QueryDict(""), noa).page(first.next_key, *COLUMNS, size=2)
    assert [*first, *second] == leads


def test_the_next_and_the_previous_lead_are_those_of_the_list(noa, as_user):
    a, b, c = [a_lead(f"L{n}", last_touch_at=now() - timedelta(hours=n)) for n in range(3)]
    rows = Lead.objects.all()
    assert next_to(rows, b, order="-last_touch_at") == c
    assert next_to(rows, b, order="-last_touch_at", back=True) == a
    assert next_to(rows, c, order="-last_touch_at") is None
    client = as_user(noa)
    assert client.get(f"/leads/{b.pk}/next/?tab=all").url == f"/leads/{c.pk}/?tab=all"
    assert client.get(f"/leads/{a.pk}/previous/").url == f"/leads/{a.pk}/"


def test_the_list_takes_no_more_queries_for_more_leads(noa, as_user, django_assert_max_num_queries):
    for n in range(30):
        lead = a_lead(f"L{n}", company=a_company(), marketer=noa)
        log_touch(lead, by=noa, kind="call", result="reached")
    client = as_user(noa)
    with django_assert_max_num_queries(10):
        page = client.get("/leads/").content.decode()
    assert page.count("data-row-link") == 25
    assert len(page) < 90_000
    with django_assert_max_num_queries(13):
        client.get("/leads/?tab=mine&fit=D&order=-heat")


def test_the_page_goes_on_where_it_ended(noa, as_user):
    for n in range(27):
        a_lead(f"Lead{n:02}", last_touch_at=now() - timedelta(hours=n))
    client = as_user(noa)
    first = client.get("/leads/").content.decode()
    key = re.search(r"after=([\w-]+)", first).group(1)
    second = client.get(f"/leads/?after={key}").content.decode()
    assert second.count("data-row-link") == 2
    assert "Lead26" in second
    assert "Lead24" not in second


def test_tabs_tell_their_counts_and_an_empty_list_what_to_do(noa, as_user):
    client = as_user(noa)
    assert "Add the first lead" in client.get("/leads/").content.decode()
    for tab in TABS[1:]:
        assert str(tab.empty) in client.get(f"/leads/?tab={tab.code}").content.decode()
    a_lead("A", marketer=noa)
    page = client.get("/leads/?q=zzz").content.decode()
    assert "No lead fits these filters" in page
    assert re.search(r'Mine<span class="tabs__n">1</span>', page)


def test_where_the_baton_is_is_seen_in_the_row(noa, sota, as_user):
    an_offer(an_mql("Waiting", marketer=noa), by=noa)
    page = as_user(noa).get("/leads/").content.decode()
    assert "Offered" in page


def test_the_palette_finds_leads_and_companies(noa, as_user):
    lead = a_lead("佐伯", company=a_company("鳴瀬精密"))
    client = as_user(noa)
    found_ = client.get("/leads/suggest/?q=鳴瀬").content.decode()
    assert f'href="/leads/{lead.pk}/"' in found_
    assert f'href="/leads/companies/{lead.company_id}/"' in found_
    assert "Nobody is called like that" in client.get("/leads/suggest/?q=zz").content.decode()
    assert client.get("/leads/suggest/").content.decode().strip() == ""


def test_the_filter_dialog_knows_what_is_on(noa, as_user):
    page = as_user(noa).get("/leads/filters/?fit=A&engagement=20&order=-heat").content.decode()
    assert 'value="A" checked' in page
    assert 'name="order" value="-heat"' in page
