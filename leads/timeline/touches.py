"""How touches look on the timeline: their icons, and which of them are small noise that folds."""

from leads.states import TouchKind

ICONS = {
    TouchKind.FORM: "form",
    TouchKind.VISIT: "page",
    TouchKind.MAIL_SENT: "mail",
    TouchKind.MAIL_OPENED: "mail",
    TouchKind.MAIL_CLICKED: "mail",
    TouchKind.MAIL_RECEIVED: "mail",
    TouchKind.DOWNLOAD: "doc",
    TouchKind.SEMINAR_REGISTERED: "seminar",
    TouchKind.SEMINAR_ATTENDED: "seminar",
    TouchKind.EXHIBITION: "expo",
    TouchKind.CARD: "card",
    TouchKind.AD: "ad",
    TouchKind.CALL: "phone",
    TouchKind.WEB_MEETING: "video",
    TouchKind.VISIT_IN_PERSON: "pin",
    TouchKind.CHAT: "chat",
    TouchKind.NOTE: "note",
    TouchKind.QUESTION: "question",
    TouchKind.HEARING: "noask",
}
VISITS, MAILS, MOVES = "visits", "mails", "moves"
_NOISE = {
    TouchKind.VISIT: VISITS,
    TouchKind.AD: VISITS,
    TouchKind.MAIL_OPENED: MAILS,
    TouchKind.MAIL_CLICKED: MAILS,
}


def family_of(touch: dict) -> str:
    """The family of noise a touch folds with, or "" where it stands by itself.

    A mail that a person wrote is no noise, a mailing is.
    """
    if touch["kind"] == TouchKind.MAIL_SENT:
        return "" if touch["by"] and not touch["machine"] else MAILS
    return _NOISE.get(touch["kind"], "")
