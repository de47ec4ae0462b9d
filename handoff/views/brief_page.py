"""A frozen brief with what came later laid over it: ready for the page, in the reader's language."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from common.formats import number
from handoff.brief import items_of_content, later
from handoff.models import Deal, Handoff, ReturnReason
from handoff.states import BriefItem
from leads.measures import with_confirmations
from leads.models import Consent, Fact, Lead
from leads.states import Channel, FactField


@dataclass
class FactLine:
    """One thing already heard; `is_new` where it was heard or changed after the offer."""

    field: str
    label: str
    value: str
    at: datetime | None
    by: User | None
    kind: str = ""
    is_new: bool = False
    pk: int | None = None
    confirmed: int = 0
    confirmed_at: datetime | None = None


@dataclass
class Asked:
    """One question of theirs with our answer, if any; `is_new` if either came after the offer."""

    pk: int
    text: str
    asked_at: datetime | None
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: User | None = None
    is_new: bool = False


@dataclass
class BriefPage:
    """What the template of a brief reads."""

    why_now: str
    signals: list[dict]
    next_step: str
    note: str
    who: dict
    facts: list[FactLine]
    not_asked: list[str]
    questions: list[Asked]
    promised: list[dict]
    did: dict
    consents: list[Consent]
    colleagues: list[dict]
    deals: list[dict]
    rounds: list[dict]
    known_by: list[User] = field(default_factory=list)
    items: list[tuple[str, bool]] = field(default_factory=list)
    later_touches: list = field(default_factory=list)
    taken_at: datetime | None = None

    @property
    def may_call(self) -> bool:
        """Not forbidden: an unknown consent is said to be unknown, not taken as a no."""
        return self._allows(Channel.PHONE)

    @property
    def may_mail(self) -> bool:
        return self._allows(Channel.EMAIL)

    def _allows(self, channel) -> bool:
        return not any(one.channel == channel and not one.granted for one in self.consents)

    @property
    def ready(self) -> int:
        """How many of the nine items the offer brought."""
        return sum(done for _name, done in self.items)

    @property
    def missing(self) -> list[str]:
        return [name for name, done in self.items if not done]

    @property
    def evidence(self) -> list[Consent]:
        """How we know of the consents, each source once."""
        return list({(one.at.date(), one.evidence): one for one in self.consents}.values())

    @property
    def who_line(self) -> list[str]:
        """Place in the company, trade and size, where it is; what is not known is left out."""
        who = self.who
        size = who.get("employees")
        parts = (
            " ".join(filter(None, (who.get("department"), who.get("title")))),
            who.get("industry"),
            _("%(n)s employees") % {"n": number(size)} if size else "",
            who.get("prefecture"),
        )
        return [part for part in parts if part]

    @property
    def unanswered(self) -> list[Asked]:
        return [one for one in self.questions if not one.answered_at]

    @property
    def told_to(self) -> User | None:
        """Of whom to say "X told me": whoever heard most recently."""
        known = [one for one in self.facts if one.by and one.at]
        return max(known, key=lambda one: one.at).by if known else None


def read_page(handoff: Handoff, reader: User) -> BriefPage:
    """The brief of `handoff` as a page. Seven queries at most; the content itself came with the handoff.

    It was written for the teams of the company: what it says of other leads and of deals is left
    out where `reader` may not see those.
    """
    brief = getattr(handoff, "brief", None)
    content = brief.content if brief else {}
    since = brief.taken_at if brief else handoff.offered_at
    after = later(handoff, since=since)
    people = _people(content)
    facts = _facts(content.get("facts", []), after.facts, people)
    heard = {fact.field for fact in facts}
    return BriefPage(
        why_now=content.get("why_now", handoff.why_now),
        signals=content.get("signals", []),
        next_step=content.get("next_step", handoff.next_step),
        note=content.get("note", handoff.note),
        who=content.get("who", {}),
        facts=facts,
        not_asked=[one for one in content.get("not_asked", []) if one not in heard],
        questions=_questions(content.get("questions", []), after.questions, people),
        promised=[row | {"owner": people.get(row["owner"])} for row in content.get("promised", [])],
        did=_did(content.get("did", {}), people),
        consents=list(Consent.objects.filter(lead=handoff.lead_id).current()),
        colleagues=_colleagues(content.get("colleagues", []), people, reader),
        deals=_deals(content.get("deals", []), people, reader),
        rounds=_rounds(content.get("rounds", []), people),
        known_by=[one for pk in content.get("known_by", []) if (one := people.get(pk))],
        items=[(str(BriefItem(code).label), done) for code, done in _items(content)],
        later_touches=after.touches,
        taken_at=since,
    )


def _people(content: dict) -> dict[int, User]:
    """Everybody a brief names by number. One query."""
    ids = {row.get("by") for row in content.get("facts", [])}
    ids |= {row.get("answered_by") for row in content.get("questions", [])}
    ids |= {row.get("owner") for row in content.get("promised", []) + content.get("deals", [])}
    ids |= {row.get("by") for row in content.get("did", {}).get("touches", [])}
    ids |= {row.get("known_to") for row in content.get("colleagues", [])}
    ids |= set(content.get("known_by", []))
    ids |= {row.get("returned_by") for row in content.get("rounds", [])}
    ids.discard(None)
    return User.objects.select_related("team").in_bulk(ids) if ids else {}


def _facts(frozen: list[dict], new, people) -> list[FactLine]:
    """Frozen facts in their order; a later answer to the same thing stands in its place, marked."""
    lines = {
        (row["field"], row["label"]): FactLine(
            row["field"],
            row["label"],
            row["value"],
            parse_datetime(row["at"]),
            people.get(row["by"]),
            row["kind"],
            pk=row["id"],
        )
        for row in frozen
    }
    for fact in new:
        lines[fact.field, fact.label] = FactLine(
            fact.field, fact.label, fact.value, fact.at, fact.by, is_new=True, pk=fact.pk
        )
    _count_confirmations(lines.values())
    order = {code: position for position, code in enumerate(FactField.values)}
    return sorted(lines.values(), key=lambda line: order.get(line.field, 99))


def _count_confirmations(lines) -> None:
    """How often each answer was confirmed since. One query, where anything is known."""
    ids = [line.pk for line in lines]
    rows = with_confirmations(Fact.objects.filter(pk__in=ids)).filter(confirmed__gt=0)
    found = {fact.pk: fact for fact in rows} if ids else {}
    for line in lines:
        if fact := found.get(line.pk):
            line.confirmed, line.confirmed_at = fact.confirmed, fact.confirmed_at


def _items(content: dict) -> list[tuple[str, bool]]:
    """The nine items, for a brief that was written: of an erased one nothing is said."""
    return list(items_of_content(content).items()) if content else []


def _questions(frozen: list[dict], new, people) -> list[Asked]:
    """All questions, those still unanswered first."""
    found = {
        row["id"]: Asked(
            row["id"],
            row["text"],
            parse_datetime(row["asked_at"]),
            row["answer"],
            parse_datetime(row["answered_at"]) if row["answered_at"] else None,
            people.get(row["answered_by"]),
        )
        for row in frozen
    }
    for one in new:
        found[one.pk] = Asked(
            one.pk,
            one.text,
            one.asked_at,
            one.answer,
            one.answered_at,
            one.answered_by,
            is_new=True,
        )
    return sorted(found.values(), key=lambda one: (one.answered_at is not None, one.asked_at))


def _did(did: dict, people) -> dict:
    return {
        "touches": [row | {"by": people.get(row["by"])} for row in did.get("touches", [])],
        "folded": did.get("folded", []),
    }


def _name(row: dict) -> str:
    parts = (row.get("family_name", ""), row.get("given_name", ""))
    ja = (get_language() or "ja").startswith("ja")
    return " ".join(filter(None, parts if ja else reversed(parts)))


def _colleagues(rows: list[dict], people, reader: User) -> list[dict]:
    """The colleagues `reader` may know of. A query for partners only: both teams see every lead."""
    if reader.is_partner and rows:
        seen = Lead.objects.visible_to(reader).filter(pk__in=[row["lead"] for row in rows])
        open_to = set(seen.values_list("pk", flat=True))
        rows = [row for row in rows if row["lead"] in open_to]
    return [row | {"name": _name(row), "known_to": people.get(row["known_to"])} for row in rows]


def _deals(rows: list[dict], people, reader: User) -> list[dict]:
    """The deals as they stand now: an amount of a month ago would mislead. One query, if any."""
    if not rows:
        return []
    now_ = Deal.objects.visible_to(reader).in_bulk([row["deal"] for row in rows])
    return [
        {"deal": deal, "owner": people.get(row["owner"])}
        for row in rows
        if (deal := now_.get(row["deal"]))
    ]


def _rounds(rows: list[dict], people) -> list[dict]:
    """Why it came back before, the last round first. One query, if there was one."""
    if not rows:
        return []
    reasons = {reason.code: reason for reason in ReturnReason.objects.all()}
    return [
        row
        | {
            "reason": reasons.get(row["reason"], row["reason"]),
            "returned_by": people.get(row["returned_by"]),
        }
        for row in rows
    ]
