"""The story of a lead until it qualifies: how it came in, and what made it warmer."""

import random
from datetime import datetime, timedelta

from common import now
from handoff.actions import answer_question, ask_question, disqualify_lead
from leads.actions.facts import learn_fact
from leads.actions.stages import qualify_lead
from leads.actions.touches import log_touch
from leads.models import Lead
from leads.scoring import fit_of
from leads.states import CampaignKind, Channel, MemberStatus, Stage, TouchKind, TouchResult
from smarketing.demo import rounds, selling
from smarketing.demo.books import Book
from smarketing.demo.campaigns import Effort
from smarketing.demo.companies import Home, person_at
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World

LANDING = {
    CampaignKind.CONTENT: "/download/ledger-template",
    CampaignKind.SEARCH: "/contact",
    CampaignKind.ADVERTISING: "/lp/maintenance",
}


def make_person(world: World, home: Home, effort: Effort, number: int) -> Person:
    """Somebody who will come in by `effort`; nothing is written yet."""
    rng = random.Random(f"{world.hours.seed}:{number}")
    book = Book(home.language, rng)
    at = effort.moment(rng, world.start, world.end)
    lead = Lead(
        company=home.company,
        source=effort.source if rng.random() < 0.96 else None,
        campaign=effort.campaign,
        landing_page=LANDING.get(effort.kind, ""),
        captured_at=at,
        stage_since=at,
        last_touch_at=at,
        created_at=at,
        updated_at=at,
        team=world.cast.teams["marketing"],
        marketer=effort.campaign.owner,
        prefecture=home.company.prefecture,
        attributes=_own_fields(rng, book),
        **person_at(rng, home),
    ).derive()
    lead.fit_points, lead.fit = fit_of(lead)
    warmth = effort.warmth * rng.lognormvariate(-0.35, 0.8)
    return Person(lead, home, effort, book, rng, warmth)


def _own_fields(rng: random.Random, book: Book) -> dict:
    if rng.random() < 0.6:
        return {}
    ledger = rng.choice(("表計算", "表計算", "紙", "社内システム", "他社製品"))
    return {"machines": book.slots["machines"], "ledger": ledger}


def life(world: World, person: Person) -> Story:
    """From the first contact on, for as long as somebody works with the lead."""
    person.captured()
    arrive(person)
    yield world.soon("marketing", now(), 500, 1.0)
    if person.lead.stage == Stage.NEW and person.chance(0.93):
        person.nurtured()
    yield from follow(world, person)
    yield world.soon("marketing", now(), 900)
    if person.chance(0.06) and person.with_marketing():
        lead = person.go_live()
        disqualify_lead(lead, by=lead.marketer, reason=person.book.say("disqualify"))


def arrive(person: Person) -> None:
    """The touch by which the lead came in, and what it allowed us then."""
    book, campaign = person.book, person.effort.campaign
    kind, words, status, evidence = ARRIVALS[person.effort.kind](book)
    person.joined(campaign, status)
    person.allowed(Channel.EMAIL, person.chance(0.9), evidence)
    if person.lead.phone and person.chance(0.6):
        person.allowed(Channel.PHONE, person.chance(0.93), evidence)
    person.touched(kind, words, campaign=campaign)


ARRIVALS = {
    CampaignKind.EXHIBITION: lambda book: (
        *book.rng.choice(
            ((TouchKind.EXHIBITION, book.say("exhibition")), (TouchKind.CARD, book.say("cards")))
        ),
        MemberStatus.ATTENDED,
        "展示会のアンケート",
    ),
    CampaignKind.WEBINAR: lambda book: (
        TouchKind.SEMINAR_ATTENDED, "", MemberStatus.ATTENDED, "ウェビナーの申込フォーム"
    ),
    CampaignKind.SEMINAR: lambda book: (
        TouchKind.SEMINAR_ATTENDED, "", MemberStatus.ATTENDED, "セミナーの申込フォーム"
    ),
    CampaignKind.CONTENT: lambda book: (
        TouchKind.DOWNLOAD, book.say("downloads"), MemberStatus.RESPONDED, "資料請求のフォーム"
    ),
    CampaignKind.SEARCH: lambda book: (
        TouchKind.FORM, book.say("forms"), MemberStatus.RESPONDED, "お問い合わせのフォーム"
    ),
    CampaignKind.ADVERTISING: lambda book: (
        TouchKind.AD, book.say("ads"), MemberStatus.RESPONDED, "広告の申込フォーム"
    ),
    CampaignKind.REFERRAL: lambda book: (
        TouchKind.MAIL_RECEIVED, book.say("mail_received"), MemberStatus.RESPONDED, "ご紹介のメール"
    ),
}  # fmt: skip


def follow(world: World, person: Person) -> Story:
    """The long part: mails, visits, downloads, until it qualifies or fades; what sales does then, and again."""
    spells = 1 + int(person.rng.expovariate(1 / (0.9 + 2.2 * person.warmth)))
    for _spell in range(min(spells, 14)):
        yield _days_later(person, 2, 24)
        if not person.with_marketing():
            return
        yield from _spell_of_interest(world, person)
        if person.lead.stage == Stage.MQL:
            ending = yield from selling.qualified(world, person)
            if ending == selling.BACK:
                ending = yield from rounds.come_back(world, person)
            if ending != selling.BACK:
                return
            yield _days_later(person, 15, 30)


def _days_later(person: Person, least: float, mean: float) -> datetime:
    days = least + person.rng.expovariate(1 / mean)
    return now() + timedelta(days=days)


def _spell_of_interest(world: World, person: Person) -> Story:
    """A mail, and what it sets off: some only open it, some read the prices for an evening."""
    _mailed(person)
    if person.chance(min(0.75, 0.22 * person.warmth)):
        for deed in person.rng.sample(DEEDS, person.rng.randint(2, 6)):
            yield _days_later(person, 0.02, 0.9)
            deed(world, person)
            if person.lead.stage == Stage.MQL:
                return
        yield from _judged(world, person)


def _mailed(person: Person) -> None:
    if not person.lead.email or not person.chance(0.85):
        return
    words = person.book.say("mails")
    person.touched(TouchKind.MAIL_SENT, words)
    if person.chance(0.004):
        person.touched(TouchKind.MAIL_SENT, words, result=TouchResult.UNSUBSCRIBED)
        person.allowed(Channel.EMAIL, False, "配信停止の手続き")
    elif person.chance(min(0.8, 0.3 + 0.2 * person.warmth)):
        person.touched(TouchKind.MAIL_OPENED, words)
        if person.lead.stage != Stage.MQL and person.chance(min(0.6, 0.15 * person.warmth)):
            person.touched(TouchKind.MAIL_CLICKED, words)


def _visits(world: World, person: Person) -> None:
    person.touched(TouchKind.VISIT, person.book.say("visits"))


def _reads_prices(world: World, person: Person) -> None:
    person.touched(TouchKind.VISIT, person.book.say("priced_visits"))


def _downloads(world: World, person: Person) -> None:
    person.touched(TouchKind.DOWNLOAD, person.book.say("downloads"))


def _writes(world: World, person: Person) -> None:
    person.touched(TouchKind.FORM, person.book.say("forms"))


def _chats(world: World, person: Person) -> None:
    person.touched(TouchKind.CHAT, person.book.say("chats"), by=person.lead.marketer)


def _attends(world: World, person: Person) -> None:
    webinars = [
        effort.campaign
        for effort in world.efforts
        if effort.kind == CampaignKind.WEBINAR and effort.campaign.starts_on <= now().date()
    ]
    if webinars:
        status = TouchKind.SEMINAR_ATTENDED if person.chance(0.7) else TouchKind.SEMINAR_REGISTERED
        came = status == TouchKind.SEMINAR_ATTENDED
        person.joined(webinars[-1], MemberStatus.ATTENDED if came else MemberStatus.REGISTERED)
        person.touched(status, campaign=webinars[-1])


def _asks(world: World, person: Person) -> None:
    """A question by mail: marketing owes an answer, on its own clock."""
    lead = person.go_live()
    text, answer = person.book.question()
    if person.chance(0.5):
        current = person.book.say("facts", "current")
        learn_fact(lead, by=lead.marketer, field="current", value=current)
    question = ask_question(lead, by=lead.marketer, text=text)
    at = world.soon("marketing", now(), 170)
    world.plan(at, answer_question, question, by=lead.marketer, answer=answer)


def _wants_a_demo(world: World, person: Person) -> None:
    person.touched(TouchKind.FORM, person.book.say("demo_forms"), result=TouchResult.DEMO)


DEEDS = [_visits] * 12 + [_reads_prices] * 6 + [_downloads, _writes, _attends, _chats] * 3 + [_asks]


def _judged(world: World, person: Person) -> Story:
    """Warm, but short of the definition: it asks for a demo, or a marketer sees more in it than the rules."""
    if person.chance(min(0.3, 0.08 * person.warmth)):
        yield _days_later(person, 0.1, 2)
        _wants_a_demo(world, person)
    elif person.chance(min(0.2, 0.04 * person.warmth)):
        yield world.soon("marketing", now(), 600)
        if not person.with_marketing():
            return
        lead = person.go_live()
        words = person.book.say("call_reached")
        log_touch(lead, by=lead.marketer, kind="call", result="reached", words=words)
        person.refresh()
        if lead.stage != Stage.MQL:
            qualify_lead(lead, by=lead.marketer, judgement=person.book.say("judgement"))
            person.refresh()
