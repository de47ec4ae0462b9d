"""Two years of marketing: exhibitions, webinars, content, advertisements and mailings."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from leads.models import Campaign, Source
from leads.states import CampaignKind
from smarketing.demo.cast import Cast

# How often each kind brings in a lead, how warm those are, and from where they count.
VOLUME = {
    CampaignKind.EXHIBITION: 5.0,
    CampaignKind.WEBINAR: 1.0,
    CampaignKind.SEMINAR: 1.3,
    CampaignKind.CONTENT: 10.0,
    CampaignKind.ADVERTISING: 7.0,
    CampaignKind.SEARCH: 15.0,
    CampaignKind.REFERRAL: 3.0,
}
WARMTH = {
    CampaignKind.EXHIBITION: 0.55,
    CampaignKind.WEBINAR: 1.5,
    CampaignKind.SEMINAR: 1.6,
    CampaignKind.CONTENT: 1.0,
    CampaignKind.ADVERTISING: 0.6,
    CampaignKind.SEARCH: 1.1,
    CampaignKind.REFERRAL: 2.2,
}
SOURCE = {
    CampaignKind.EXHIBITION: "展示会",
    CampaignKind.WEBINAR: "ウェビナー",
    CampaignKind.SEMINAR: "ウェビナー",
    CampaignKind.CONTENT: "資料ダウンロード",
    CampaignKind.ADVERTISING: "広告",
    CampaignKind.SEARCH: "検索",
    CampaignKind.REFERRAL: "紹介",
}
OWNERS = ("marketer", "marketer2", "marketer3")


@dataclass(frozen=True)
class Effort:
    """A campaign as the demo uses it: when it brings in leads, how many, and how warm."""

    campaign: Campaign
    source: Source
    volume: float
    warmth: float

    @property
    def kind(self) -> str:
        return self.campaign.kind

    def moment(self, rng: random.Random, start: datetime, end: datetime) -> datetime:
        """When somebody comes in by it: within its days and the demo's, later ones more often."""
        opens = max(start.date(), self.campaign.starts_on)
        last = min(end.date(), self.campaign.ends_on or end.date())
        days = max(1, (last - opens).days + 1)
        day = opens + timedelta(days=int(days * rng.random() ** 0.62))
        hour = 10 + 6 * rng.random() if self.kind in ON_SITE else rng.triangular(6, 24, 14)
        at = start.replace(hour=0, minute=0, second=0, microsecond=0)
        return at + timedelta(days=(day - start.date()).days, hours=hour - 9)


ON_SITE = frozenset({CampaignKind.EXHIBITION, CampaignKind.WEBINAR, CampaignKind.SEMINAR})


def lay_campaigns(cast: Cast, *, start: datetime, end: datetime) -> list[Effort]:
    """The campaigns of the time from `start` to `end`, one month beyond included as plans."""
    rows = [
        *_exhibitions(start.date(), end.date()),
        *_webinars(start.date(), end.date()),
        *_evergreens(start.date(), end.date()),
    ]
    campaigns = []
    for n, row in enumerate(sorted(rows, key=lambda row: row["starts_on"])):
        owner = cast.people[OWNERS[n % len(OWNERS)]]
        campaigns.append(Campaign(owner=owner, created_at=_planned(row, start), **row))
    Campaign.objects.bulk_create(campaigns)
    return [
        Effort(one, cast.sources[SOURCE[one.kind]], VOLUME[one.kind], WARMTH[one.kind])
        for one in campaigns
        if one.starts_on <= end.date() and one.kind in VOLUME
    ]


def _planned(row: dict, start: datetime) -> datetime:
    days = (row["starts_on"] - start.date()).days
    return start + timedelta(days=max(0, days - 45))


def _exhibitions(start: date, end: date):
    names = ("中部ものづくり設備フェア", "食と工場のあした展", "みらい保全見本市")
    day, n = start + timedelta(days=40), 0
    while day < end + timedelta(days=60):
        opens = _weekday(day, 2)
        yield {
            "name": f"{names[n % 3]} {opens.year}{'春' if opens.month < 7 else '秋'}",
            "kind": CampaignKind.EXHIBITION,
            "starts_on": opens,
            "ends_on": opens + timedelta(days=2),
            "cost": (4_120_000, 2_650_000, 3_300_000)[n % 3],
            "plan": "ブースで台帳の移し方を実演する。名刺は翌日までに登録し、三日以内に資料を送る。",
            "result": "名刺の半分は台帳を表計算で持つ企業。移行の実演に人が集まった。"
            if opens < end
            else "",
        }
        day += timedelta(days=104)
        n += 1


def _webinars(start: date, end: date):
    day, n = start + timedelta(days=12), 1
    while day < end + timedelta(days=32):
        held = _weekday(day, 3)
        seminar = n % 6 == 0
        yield {
            "name": f"工場見学つき保全セミナー {held:%Y年%-m月}"
            if seminar
            else f"予知保全ウェビナー #{n}",
            "kind": CampaignKind.SEMINAR if seminar else CampaignKind.WEBINAR,
            "starts_on": held,
            "ends_on": held,
            "cost": 620_000 if seminar else 180_000,
            "plan": "60分。前半は停止の記録、後半は質問に答える時間。",
            "result": "質問が多く、移行についてが三分の一。" if held < end else "",
        }
        day += timedelta(days=30)
        n += 1


def _evergreens(start: date, end: date):
    middle = start + (end - start) / 2
    rows = (
        ("設備台帳テンプレート", CampaignKind.CONTENT, start, None, 160_000),
        ("点検表 30種", CampaignKind.CONTENT, start + timedelta(days=90), None, 120_000),
        (f"比較ガイド{middle.year}", CampaignKind.CONTENT, middle, None, 220_000),
        ("検索(自然流入)", CampaignKind.SEARCH, start, None, 480_000),
        (f"検索広告 設備保全 {start.year}", CampaignKind.ADVERTISING, start, middle, 1_640_000),
        (f"検索広告 設備保全 {end.year}", CampaignKind.ADVERTISING, middle, None, 1_880_000),
        ("お客様からの紹介", CampaignKind.REFERRAL, start, None, 90_000),
        ("保全の見える化メール", CampaignKind.MAIL, start, None, 300_000),
    )
    for name, kind, opens, closes, cost in rows:
        yield {
            "name": name, "kind": kind, "starts_on": opens, "ends_on": closes, "cost": cost,
            "plan": "", "result": "",
        }  # fmt: skip


def _weekday(day: date, wanted: int) -> date:
    return day + timedelta(days=(wanted - day.weekday()) % 7)
