"""The second round of a lead: what sales waits for comes true, and the lead goes back by itself."""

from datetime import datetime, timedelta

from common import now
from handoff.actions import log_contact
from handoff.actions.second_rounds import settle_condition
from handoff.models import Handoff, ReturnCondition
from handoff.states import ConditionKind
from leads.models import Fact
from leads.states import TouchKind, TouchResult
from smarketing.demo import selling
from smarketing.demo.handing import await_answer
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World


def come_back(world: World, person: Person) -> Story:
    """As long as sales waits for something: it comes true, or its day passes. Returns how it ended."""
    while (condition := _watched(person)) is not None:
        comes_true = condition.kind == ConditionKind.DATE or person.chance(0.7)
        yield _moment(world, person, condition, comes_true=comes_true)
        condition = _watched(person)
        if condition and comes_true and person.with_marketing():
            _meet(person, condition)
        settle_condition(person.lead.pk)
        handoff = _offered_again(person)
        if handoff is None:
            break
        answered = yield from await_answer(world, person, handoff)
        ending = yield from selling.carry_on(world, person, answered)
        if ending != selling.BACK:
            return ending
    return selling.BACK


def _watched(person: Person) -> ReturnCondition | None:
    return ReturnCondition.objects.watching().filter(lead=person.lead.pk).first()


def _offered_again(person: Person) -> Handoff | None:
    rows = Handoff.objects.waiting().select_related("lead", "taker", "taker_team", "giver_team")
    return rows.filter(lead=person.lead.pk, by_condition__isnull=False).first()


def _moment(world: World, person: Person, condition, *, comes_true: bool) -> datetime:
    day = world.hours.on(condition.on, 9) + timedelta(minutes=1)
    if condition.kind == ConditionKind.DATE or not comes_true:
        return day
    some_weeks = now() + timedelta(days=person.rng.randint(9, 50))
    return min(world.hours.after(some_weeks, person.rng.randint(1, 400)), day)


def _meet(person: Person, condition: ReturnCondition) -> None:
    """Marketing hears the answer, or the lead comes by itself; a day needs nobody."""
    if condition.kind == ConditionKind.TOUCH:
        person.touched(TouchKind.FORM, person.book.say("forms"))
    if condition.kind != ConditionKind.FACT:
        return
    log_contact(
        person.lead,
        by=person.lead.marketer,
        kind=TouchKind.CALL,
        result=TouchResult.REACHED,
        words=person.book.say("call_reached"),
        facts={condition.field: _another_answer(person, condition.field)},
    )


def _another_answer(person: Person, field: str) -> str:
    """What was known when it came back does not count: something new is heard."""
    known = Fact.objects.current().filter(lead=person.lead.pk, field=field)
    said = set(known.values_list("value", flat=True))
    answers = [person.book.filled(one) for one in person.book.words["facts"][field]]
    return person.rng.choice([one for one in answers if one not in said])
