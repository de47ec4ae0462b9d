"""The stages of a lead and every other closed list of the leads app: pure data."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    NEW = "new", pgettext_lazy("stage", "New")
    NURTURING = "nurturing", pgettext_lazy("stage", "Nurturing")
    MQL = "mql", pgettext_lazy("stage", "MQL")
    SAL = "sal", pgettext_lazy("stage", "SAL")
    SQL = "sql", pgettext_lazy("stage", "SQL")
    WON = "won", pgettext_lazy("stage", "Won")
    LOST = "lost", pgettext_lazy("stage", "Lost")
    DISQUALIFIED = "disqualified", pgettext_lazy("stage", "Disqualified")


CLOSED = frozenset({Stage.WON, Stage.LOST, Stage.DISQUALIFIED})
OPEN = frozenset(Stage) - CLOSED

# The milestones in their order: reaching a later one counts as having reached those before it.
MILESTONES = (Stage.MQL, Stage.SAL, Stage.SQL, Stage.WON)

# What may follow what. Any other move is refused and changes nothing.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.NEW: frozenset({Stage.NURTURING, Stage.MQL, Stage.DISQUALIFIED}),
    Stage.NURTURING: frozenset({Stage.MQL, Stage.DISQUALIFIED}),
    Stage.MQL: frozenset({Stage.NURTURING, Stage.SAL, Stage.DISQUALIFIED}),
    Stage.SAL: frozenset({Stage.SAL, Stage.NURTURING, Stage.SQL, Stage.DISQUALIFIED}),
    Stage.SQL: frozenset({Stage.WON, Stage.LOST, Stage.NURTURING, Stage.DISQUALIFIED}),
    Stage.WON: frozenset({Stage.SQL}),
    Stage.LOST: frozenset({Stage.NURTURING, Stage.DISQUALIFIED}),
    Stage.DISQUALIFIED: frozenset({Stage.NURTURING}),
}


@dataclass(frozen=True)
class StageVerb:
    """A verb that moves a lead by itself, without a handoff: from where, to where."""

    frm: frozenset[Stage]
    to: Stage


# The verbs of `leads` alone; the moves of a handoff and of a deal stand in handoff/states.py.
VERBS: dict[str, StageVerb] = {
    "nurture": StageVerb(frozenset({Stage.NEW, Stage.MQL}), Stage.NURTURING),
    "qualify": StageVerb(frozenset({Stage.NEW, Stage.NURTURING}), Stage.MQL),
    "disqualify": StageVerb(frozenset(Stage) - {Stage.WON, Stage.DISQUALIFIED}, Stage.DISQUALIFIED),
    "reinstate": StageVerb(frozenset({Stage.DISQUALIFIED}), Stage.NURTURING),
    "recycle": StageVerb(frozenset({Stage.LOST}), Stage.NURTURING),
}


class Via(TextChoices):
    """By which door a move came in."""

    PAGE = "page", _("Page")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    CONNECTOR = "connector", _("Connector")
    CLOCK = "clock", _("Clock")
    COMMAND = "command", _("Command line")


class TouchKind(TextChoices):
    FORM = "form", _("Form")
    VISIT = "visit", _("Website visit")
    MAIL_SENT = "mail_sent", _("E-mail sent")
    MAIL_OPENED = "mail_opened", _("E-mail opened")
    MAIL_CLICKED = "mail_clicked", _("E-mail clicked")
    MAIL_RECEIVED = "mail_received", _("E-mail received")
    DOWNLOAD = "download", _("Download")
    SEMINAR_REGISTERED = "seminar_registered", _("Seminar: registered")
    SEMINAR_ATTENDED = "seminar_attended", _("Seminar: attended")
    EXHIBITION = "exhibition", _("Exhibition")
    CARD = "card", _("Business card")
    AD = "ad", _("Advertisement response")
    CALL = "call", _("Call")
    WEB_MEETING = "web_meeting", _("Web meeting")
    VISIT_IN_PERSON = "meeting", _("Meeting in person")
    CHAT = "chat", _("Chat")
    NOTE = "note", _("Note")
    QUESTION = "question", _("Question")
    HEARING = "hearing", _("Hearing")


class Direction(TextChoices):
    INBOUND = "in", _("From them")
    OUTBOUND = "out", _("From us")


class TouchResult(TextChoices):
    """What came of a touch; of a call first of all."""

    NONE = "", "—"
    REACHED = "reached", pgettext_lazy("touch result", "Reached")
    NO_ANSWER = "no_answer", _("No answer")
    LEFT_MESSAGE = "left_message", _("Left a message")
    ABSENT = "absent", _("Was out")
    DEMO = "demo", _("Asked for a demo")
    INTERESTED = "interested", _("Interested")
    NOT_INTERESTED = "not_interested", _("Not interested")
    BOUNCED = "bounced", _("Bounced")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")


# Kinds by which somebody of ours reaches out to a lead: they count as an attempt of first contact.
CONTACT_KINDS = frozenset(
    {
        TouchKind.CALL,
        TouchKind.WEB_MEETING,
        TouchKind.VISIT_IN_PERSON,
        TouchKind.MAIL_SENT,
        TouchKind.CHAT,
        TouchKind.HEARING,
    }
)


class CampaignKind(TextChoices):
    EXHIBITION = "exhibition", _("Exhibition")
    SEMINAR = "seminar", _("Seminar")
    WEBINAR = "webinar", _("Webinar")
    CONTENT = "content", _("Content")
    MAIL = "mail", _("Mailing")
    ADVERTISING = "advertising", _("Advertising")
    SEARCH = "search", _("Search")
    REFERRAL = "referral", _("Referral")
    OTHER = "other", _("Other")


class MemberStatus(TextChoices):
    TARGETED = "targeted", _("Targeted")
    SENT = "sent", _("Sent")
    RESPONDED = "responded", _("Responded")
    REGISTERED = "registered", _("Registered")
    ATTENDED = "attended", _("Attended")


class FactField(TextChoices):
    """What is heard: BANT first, then what every brief asks for."""

    BUDGET = "budget", _("Budget")
    AUTHORITY = "authority", _("Authority")
    NEED = "need", _("Need")
    TIMING = "timing", _("Timing")
    CURRENT = "current", _("Present situation")
    RIVALS = "rivals", _("Alternatives compared")
    PEOPLE = "people", _("People involved")
    OTHER = "other", _("Other")


# What every first conversation should bring: the lead page and every brief say what of it is unheard.
ASKED_FOR = tuple(field for field in FactField if field != FactField.OTHER)


class Exclusion(TextChoices):
    """Leads that never qualify by themselves, where the agreement says so."""

    CUSTOMER = "customer", _("A customer already")
    COMPETITOR = "competitor", _("A competitor")
    FREE_MAIL = "free_mail", _("A free mail address")
    NO_CONSENT = "no_consent", _("Refuses to be contacted")


class Asked(TextChoices):
    """What came of asking for something that was known already."""

    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Changed")
    AGAIN = "again", _("Asked again")


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    POST = "post", _("Post")
    THIRD_PARTY = "third_party", _("Sharing with third parties")


class Grade(TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class AttributeOf(TextChoices):
    LEAD = "lead", _("Lead")
    COMPANY = "company", _("Company")


class AttributeType(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")


# As addresses write them; an imported address may hold another word.
PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県",
    "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県",
    "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
