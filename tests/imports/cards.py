"""A file of business cards, as most tests of imports tell of it."""

from leads.models import CampaignMember, Company, Consent, Fact, Lead, LeadEvent, Source
from tests.imports.given import csv_of

HEADING = (
    "管理番号",
    "姓",
    "名",
    "会社名",
    "役職",
    "メールアドレス",
    "電話番号",
    "流入元",
    "獲得日",
)
YAMADA = (
    "A1",
    "山田",
    "太郎",
    "(株)見本",
    "課長",
    "taro@example.com",
    "03-6739-8462",
    "展示会",
    "2026/11/02",
)
SUZUKI = ("", "鈴木", "花子", "例示商事", "", "hana@example.com", "", "", "2026-11-03")
NOBODY = ("", "", "", "無名商会", "", "", "", "", "")


def cards(*rows) -> bytes:
    return csv_of(HEADING, *rows)


def state_of_the_world():
    """Everything an import could change, to compare."""
    return {
        model: sorted(map(repr, model.objects.values_list()))
        for model in (Lead, Company, Source, LeadEvent, Consent, Fact, CampaignMember)
    }
