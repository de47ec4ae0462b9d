"""Hearings: what became of asking for what the lead had told us already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Refusal
from leads.actions.facts import learn_fact
from leads.actions.stages import lock_lead
from leads.history import record
from leads.models import Fact, Hearing, Interaction, Lead
from leads.permissions import demand
from leads.states import Asked

VERBS = {Asked.CONFIRMED: "fact.confirm", Asked.AGAIN: "fact.again"}


@dataclass(frozen=True)
class Occasion:
    """In which touch, and on which leg of which open handoff, something was asked."""

    interaction: Interaction | None = None
    handoff_id: int | None = None
    leg: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Heard:
    """One answer of a hearing: new (`value` alone), or what became of the known one (`fact`)."""

    field: str
    label: str = ""
    value: str = ""
    outcome: str = ""
    fact: int | None = None


NO_OCCASION = Occasion()


@transaction.atomic
def hear(lead: Lead, heard: Iterable[Heard], *, by: User, occasion: Occasion = NO_OCCASION) -> None:
    """Keep all answers of one hearing, or none. Raises `Refusal` where a known one is no more so."""
    lead = lock_lead(lead)
    heard = list(heard)
    known = lead.facts.in_bulk([one.fact for one in heard if one.fact])
    for one in heard:
        fact = known.get(one.fact) if one.fact else None
        if one.fact and fact is None:
            raise Refusal(_("This answer does not stand there any more."))
        _hear_one(lead, one, fact, by, occasion)


def _hear_one(lead: Lead, one: Heard, fact: Fact | None, by: User, occasion: Occasion) -> None:
    if fact and one.outcome == Asked.CONFIRMED:
        confirm_fact(fact, by=by, occasion=occasion)
    elif fact and one.outcome == Asked.AGAIN:
        ask_again(fact, by=by, occasion=occasion)
    elif fact:
        change_fact(fact, by=by, value=one.value, occasion=occasion)
    else:
        learn_fact(
            lead,
            by=by,
            field=one.field,
            label=one.label,
            value=one.value,
            interaction=occasion.interaction,
            at=occasion.at,
        )


def confirm_fact(fact: Fact, *, by: User, occasion: Occasion = NO_OCCASION) -> Hearing:
    """The lead said that a known answer still holds. Twice in one touch is once."""
    return _ask(fact, Asked.CONFIRMED, by, occasion)


def ask_again(fact: Fact, *, by: User, occasion: Occasion = NO_OCCASION) -> Hearing:
    """The lead was asked what we knew: counted as a repeat question. Twice in one touch is once."""
    return _ask(fact, Asked.AGAIN, by, occasion)


@transaction.atomic
def change_fact(fact: Fact, *, by: User, value: str, occasion: Occasion = NO_OCCASION) -> Fact:
    """Another answer takes the place of `fact`, which stays in the history. The same one confirms it."""
    lead = lock_lead(fact.lead_id)
    demand(by, "fact", lead)
    fact = _current(fact)
    if value.strip() == fact.value:
        confirm_fact(fact, by=by, occasion=occasion)
        return fact
    changed = learn_fact(
        lead,
        by=by,
        field=fact.field,
        label=fact.label,
        value=value,
        interaction=occasion.interaction,
        at=occasion.at,
    )
    _keep(fact, Asked.CHANGED, by, occasion)
    return changed


@transaction.atomic
def _ask(fact: Fact, outcome: Asked, by: User, occasion: Occasion) -> Hearing:
    lead = lock_lead(fact.lead_id)
    demand(by, "fact", lead)
    fact = _current(fact)
    if occasion.interaction and (same := _heard_before(fact, outcome, occasion)):
        return same
    hearing = _keep(fact, outcome, by, occasion)
    touch = {"touch": occasion.interaction.pk} if occasion.interaction else {}
    record(
        lead,
        VERBS[outcome],
        by=by,
        at=hearing.at,
        handoff_id=occasion.handoff_id,
        field=fact.field,
        fact=fact.pk,
        **touch,
    )
    return hearing


def _current(fact: Fact) -> Fact:
    """The *locked* fact, still what is known. Raises `Refusal` where another answer stands there."""
    fact = Fact.objects.select_for_update().get(pk=fact.pk)
    if fact.superseded_at is not None:
        raise Refusal(
            _("Another answer was noted meanwhile: %(field)s. Look at it before you go on.")
            % {"field": fact.label or fact.get_field_display()}
        )
    return fact


def _heard_before(fact: Fact, outcome: Asked, occasion: Occasion) -> Hearing | None:
    same = Hearing.objects.filter(fact=fact, outcome=outcome, interaction=occasion.interaction)
    return same.first()


def _keep(fact: Fact, outcome: Asked, by: User, occasion: Occasion) -> Hearing:
    return Hearing.objects.create(
        lead_id=fact.lead_id,
        field=fact.field,
        label=fact.label,
        outcome=outcome,
        fact=fact,
        interaction=occasion.interaction,
        handoff_id=occasion.handoff_id,
        leg=occasion.leg,
        by=by,
        at=occasion.at or now(),
    )
