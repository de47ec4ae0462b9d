"""What a card of the board says. A board has a hundred of them: written in Python, no queries."""

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import formats
from common.clock import page_now
from common.templatetags.ui import avatar
from handoff.board.cards import Card
from handoff.templatetags.handoffs import hold, last_words, promise, tel
from leads.scoring import engagement_of

register = template.Library()

# Two lines of a card, in the wider letters of Japanese and in ours.
LONGEST = {True: 36, False: 66}


@register.filter
def is_late(card: Card) -> bool:
    return bool(card.clock and not card.clock.paused_at and card.clock.due_at <= page_now())


@register.filter
def card_hold(card: Card) -> str:
    """Which edges the sheet has: who holds it."""
    if card.deal or card.code == "ready":
        return "sl" if card.deal or card.handoff else "mk"
    return hold(card.handoff)


@register.simple_tag(takes_context=True)
def card_top(context, card: Card):
    """The promise that runs; of a deal its amount; until when it is the customer's turn."""
    if card.code == "paused" and card.pause:
        words = _("until %(day)s") % {"day": formats.day(card.pause.until)}
        return SafeString(f'<span class="clock clock--paused">{escape(words)}</span>')
    if card.deal:
        return SafeString(
            f'<span class="bcard__amt">{escape(formats.yen(card.deal.amount))}</span>'
        )
    if card.clock:
        return promise(context, card.clock, bare=True)
    if card.handoff:
        return SafeString(f'<span class="bcard__next">{escape(_("Passed on, waiting"))}</span>')
    since = _("since %(moment)s") % {"moment": formats.when(card.lead.stage_since)}
    return SafeString(f'<span class="bcard__next">{escape(since)}</span>')


@register.simple_tag
def card_score(card: Card):
    """Fit and engagement now, in fewer bytes than `score` of the design system."""
    if not card.lead.fit:  # hidden from this reader
        return ""
    fit, heat = escape(card.lead.fit), round(engagement_of(card.lead.heat, at=page_now()))
    words = escape(f"{_('Fit')} {card.lead.fit}, {_('Engagement')} {heat}")
    return SafeString(
        f'<b class="bscore" role="img" aria-label="{words}" data-fit="{fit}">{heat}</b>'
    )


@register.simple_tag
def card_link(card: Card) -> str:
    """The page where one goes on with it: the brief until there was a contact, then the lead."""
    if card.deal:
        return reverse("handoff:deal", args=[card.deal.pk])
    if card.code in ("offered", "accepted", "returned", "paused"):
        return reverse("handoff:detail", args=[card.handoff.pk])
    return reverse("leads:detail", args=[card.lead.pk])


@register.simple_tag
def card_step(card: Card):
    """The sentence of the next step, or that there is none."""
    if card.code == "returned":
        return escape(_back(card.handoff))
    if step := card.follow_up:
        moment = escape(formats.when(step.due_at))
        late = " late" if step.due_at <= page_now() else ""
        return SafeString(f'<b class="bcard__due{late}">{moment}</b> {escape(_short(step.what))}')
    if card.needs_step:
        return SafeString(f'<span class="bcard__lack">{escape(_("No next step"))}</span>')
    said = card.handoff and (card.handoff.next_step or card.handoff.why_now)
    return escape(_short(said or last_words(card.lead.last_touch)))


def _back(handoff) -> str:
    words = str(handoff.return_reason or "")
    if handoff.revisit_on:
        again = _("wanted back %(day)s") % {"day": formats.day(handoff.revisit_on)}
        words = formats.joined([words, again])
    return words


def _short(words: str) -> str:
    words = " ".join((words or "").split())
    most = LONGEST[formats.in_japanese()]
    return words if len(words) <= most else words[: most - 1] + "…"


@register.simple_tag
def card_who(card: Card):
    """Giver and taker while it is passed; then who has it."""
    name = card.taker or card.giver
    marks = avatar(name)
    if card.code in ("offered", "returned"):
        people = (card.taker, card.giver) if card.code == "returned" else (card.giver, card.taker)
        marks = f'{avatar(people[0])}<i class="bcard__to"></i>{avatar(people[1])}'
        name = people[1]
    elif card.code == "ready":
        name = card.taker if card.handoff else card.giver
        marks = avatar(name)
    words = name.name if name else _("Anybody") if card.code == "offered" else _("Nobody yet")
    # Beside two faces and a button there is no room for the name: it is there for ears.
    seen = "vh" if card.code == "offered" and "accept" in card.moves else "truncate"
    return SafeString(f'{marks}<span class="{seen}">{escape(words)}</span>')


@register.simple_tag
def card_button(card: Card):
    """The move that is next, as a button; board.js puts the way to all others beside it."""
    return SafeString(_button(card))


def _button(card: Card) -> str:
    verb = card.moves[0] if card.moves else ""
    if verb == "accept":
        words = pgettext("verb", "Accept") if card.taker else pgettext("verb", "Claim")
        at = reverse("handoff:acceptance", args=[card.handoff.pk])
        return f'<button class="btn btn--hand btn--sm" form="take" formaction="{at}">{escape(words)}</button>'
    if verb == "contact" and card.code == "accepted" and card.lead.call_number:
        at = reverse("handoff:touch_new", args=[card.lead.pk])
        number, words = escape(tel(card.lead.call_number)), escape(pgettext("verb", "Call"))
        if card.lead.consent_phone is not False:
            return f'<a class="btn btn--sm" href="tel:{number}" data-after-call="{at}?kind=call">{words}</a>'
    if verb not in _DIALOGS:
        return ""
    name, of_lead, query, context, words = _DIALOGS[verb]
    args = [card.lead.pk] if of_lead else [] if "lead=" in query else [card.handoff.pk]
    at = reverse(name, args=args) + query.format(card.lead.pk)
    return f'<a class="btn btn--sm" href="{escape(at)}" data-dialog>{escape(pgettext(context, words))}</a>'


# Of each move: URL name, whether it is of the lead, what follows the address, and its word.
_DIALOGS = {
    "acknowledge": ("handoff:acknowledgement", False, "", "verb", "Acknowledge"),
    "offer": ("handoff:offer_new", False, "?lead={}", "verb", "Offer"),
    "pass_on": ("handoff:offer_new", False, "?lead={}", "verb", "Pass on"),
    "contact": ("handoff:touch_new", True, "?kind=call", "verb", "Log"),
    "withdraw": ("handoff:withdrawal", False, "", "verb", "Withdraw"),
}
