"""The warm introduction: a mail of the giving side to the lead that names who will call."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from common import now
from common.kick import kick_once
from common.refusals import Malformed, Refusal
from handoff.actions.locks import lock_handoff
from handoff.models import Handoff, Introduction
from handoff.notify import mail_introductions
from handoff.permissions import demand
from handoff.states import State
from leads.actions.touches import log_touch
from leads.history import record
from leads.models import Consent, Lead
from leads.states import Channel, Direction, TouchKind

LONGEST_SUBJECT, LONGEST_TEXT = 200, 5000
# From here on names are written in Japanese: kana, then kanji, then half-width kana.
_JAPANESE = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uff66", "\uff9f"))


@dataclass(frozen=True)
class Draft:
    """The mail as it is proposed: the giver may change every word of it."""

    subject: str
    text: str


@transaction.atomic
def introduce_taker(handoff: Handoff, *, by: User, subject: str, text: str) -> Introduction:
    """Make the lead and the taker of an accepted handoff acquainted, by mail in the name of `by`.

    Answers go to the taker. The mail is sent after the transaction, once; it stands on the
    timeline as an e-mail of ours. Raises `Refusal` without the lead's address or consent to mails,
    and where the taker was introduced already.
    """
    handoff = lock_handoff(handoff)
    demand(by, "introduce", handoff)
    subject, text = " ".join(subject.split()), text.strip()
    known = Introduction.objects.filter(handoff=handoff).first()
    if known and (known.by_id, known.subject, known.text) == (by.pk, subject, text):
        return known
    if why := why_not_introduced(handoff):
        raise Refusal(why)
    _refuse_malformed(subject, text)
    moment = now()
    touch = log_touch(
        handoff.lead,
        by=by,
        kind=TouchKind.MAIL_SENT,
        direction=Direction.OUTBOUND,
        at=moment,
        words=f"{subject}\n\n{text}",
    )
    introduction = Introduction.objects.create(
        handoff=handoff,
        touch=touch,
        by=by,
        reply_to=handoff.taker.email,
        to=handoff.lead.email,
        subject=subject,
        text=text,
        created_at=moment,
    )
    handoff.introduced_at = moment
    handoff.save(update_fields=["introduced_at"])
    record(
        handoff.lead,
        "handoff.introduce",
        by=by,
        at=moment,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        touch=touch.pk,
    )
    kick_once(mail_introductions)
    return introduction


def why_not_introduced(handoff: Handoff) -> str:
    """Why the taker cannot be introduced now; "" if nothing stands against it. One query at most."""
    if handoff.introduced_at:
        return _("The taker was introduced already.")
    if handoff.state != State.ACCEPTED:
        return _("Only who has accepted a lead is introduced to it.")
    if not handoff.lead.email:
        return _("No e-mail address of this lead is known.")
    if not _may_be_mailed(handoff.lead):
        return _("The lead has not allowed e-mails.")
    return ""


def _may_be_mailed(lead: Lead) -> bool:
    consent = Consent.objects.filter(lead=lead, channel=Channel.EMAIL).current().first()
    return bool(consent and consent.granted)


def _refuse_malformed(subject: str, text: str) -> None:
    if not subject:
        raise Malformed(gettext_lazy("A mail needs a subject."), field="subject")
    if not text:
        raise Malformed(gettext_lazy("Write the mail first."), field="text")
    if len(subject) > LONGEST_SUBJECT:
        raise Malformed(gettext_lazy("This subject is too long."), field="subject")
    if len(text) > LONGEST_TEXT:
        raise Malformed(gettext_lazy("This mail is too long."), field="text")


def language_of(lead: Lead) -> str:
    """The language a lead is written to: Japanese, unless neither its name nor its company's is."""
    words = f"{lead.family_name}{lead.given_name}{lead.company.name if lead.company else ''}"
    japanese = any(low <= one <= high for one in words for low, high in _JAPANESE)
    return "ja" if japanese or not words else "en"


def draft_introduction(handoff: Handoff, *, by: User, language: str) -> Draft:
    """The mail that introduces the taker, in `language`. Reads what is loaded, writes nothing."""
    with override(language if language in dict(settings.LANGUAGES) else "ja"):
        words = {
            "salutation": _salutation(handoff.lead),
            "giver": by.name,
            "giver_team": str(by.team),
            "taker": handoff.taker.name,
            "colleague": _within_a_sentence(handoff.taker),
            "taker_team": str(handoff.taker_team),
            "taker_email": handoff.taker.email,
            "us": Organisation.current().name,
        }
        return Draft(_("%(us)s: introducing %(taker)s") % words, (_mail() % words).strip())


def _salutation(lead: Lead) -> str:
    """As letters begin: in Japanese with the company on a line of its own."""
    words = _("Dear %(lead)s,") % {"lead": lead.name}
    is_ja = (get_language() or "").startswith("ja")
    return f"{lead.company.name}\n{words}" if is_ja and lead.company else words


def _within_a_sentence(someone: User) -> str:
    """A colleague after the first mention: 高梨, in English the full name."""
    is_ja = (get_language() or "").startswith("ja")
    return someone.family_name if is_ja and someone.family_name else someone.name


def _mail() -> str:
    """The text, in the language of the moment."""
    return _(
        "%(salutation)s\n"
        "\n"
        "Thank you for your interest in %(us)s. From now on my colleague %(taker)s (%(taker_team)s)"
        " looks after you and will be in touch shortly.\n"
        "\n"
        "I have passed on everything you told me, so you will not have to say it twice. If you have"
        " a question before that, simply answer this mail: it reaches %(colleague)s (%(taker_email)s).\n"
        "\n"
        "Kind regards,\n"
        "%(giver)s\n"
        "%(us)s, %(giver_team)s"
    )
