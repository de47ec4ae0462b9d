"""Known facts: what the lead told us, asked once and kept with who heard it and when."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand_shown
from common import now
from common.refusals import Malformed
from leads.actions.edits import Conflict
from leads.actions.stages import lock_lead
from leads.actions.touches import qualify_if_due
from leads.history import record
from leads.models import Fact, Interaction, Lead
from leads.permissions import demand
from leads.scoring import definition_in_force
from leads.states import FactField

LONGEST = 2000


@transaction.atomic
def learn_fact(
    lead: Lead,
    *,
    by: User | None,
    field: str,
    value: str,
    label: str = "",
    interaction: Interaction | None = None,
    at: datetime | None = None,
    seen: str | None = None,
) -> Fact:
    """Keep an answer of the lead. The same answer again changes nothing; another one supersedes it.

    A superseded answer stays, with the time it was replaced. `label` says what "other" is about.
    `seen` is the answer that stood there when the new one was typed ("" for none): where another
    one stands there by now, it is a `Conflict`.
    """
    lead = lock_lead(lead)
    demand(by, "fact", lead)
    demand_shown(by, [f"fact_{field}"])
    value, label = value.strip(), label.strip()
    _refuse_malformed(field, value, label)
    moment = at or now()
    known = (
        Fact.objects.select_for_update()
        .current()
        .filter(lead=lead, field=field, label=label)
        .first()
    )
    if known and known.value == value:
        return known
    if seen is not None and (known.value if known else "") != seen:
        raise Conflict({"value": known.value if known else ""})
    if known:
        known.superseded_at = moment
        known.save(update_fields=["superseded_at"])
    fact = Fact.objects.create(
        lead=lead, field=field, label=label, value=value, interaction=interaction, by=by, at=moment
    )
    # What was heard in a touch is shown with the touch.
    touch = {"touch": interaction.pk} if interaction else {}
    verb = "fact.change" if known else "fact.learn"
    record(lead, verb, by=by, at=moment, field=field, fact=fact.pk, **touch)
    if field in definition_in_force().required_facts:
        qualify_if_due(lead, now())
    return fact


def _refuse_malformed(field: str, value: str, label: str) -> None:
    if field not in FactField.values:
        raise Malformed(_("Choose what the answer is about."), field="field")
    if not value:
        raise Malformed(_("Write the answer first."), field="value")
    if len(value) > LONGEST:
        raise Malformed(
            _("An answer has at most %(n)s characters.") % {"n": f"{LONGEST:,}"}, field="value"
        )
    if field == FactField.OTHER and not label:
        raise Malformed(_("Say in a word or two what this is about."), field="label")


@transaction.atomic
def forget_fact(fact: Fact, *, by: User) -> Fact:
    """Take an answer out of what is known, such as one noted by mistake. It stays in the history."""
    lead = lock_lead(fact.lead_id)
    demand(by, "fact", lead)
    demand_shown(by, [f"fact_{fact.field}"])
    fact = Fact.objects.select_for_update().get(pk=fact.pk)
    if fact.superseded_at is None:
        fact.superseded_at = now()
        fact.save(update_fields=["superseded_at"])
        record(lead, "fact.forget", by=by, at=fact.superseded_at, field=fact.field, fact=fact.pk)
    return fact
