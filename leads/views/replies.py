"""What the views of leads do alike: find the thing, and answer a clash of two editors."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from common.dialogs import attempt
from leads.actions.edits import Conflict
from leads.filters import chosen_ids
from leads.forms.side_by_side import SideBySideForm
from leads.models import Lead, LeadEvent


def visible_lead(request: HttpRequest, pk: int, *relations: str) -> Lead:
    """The lead with its company, or 404."""
    found = Lead.objects.visible_to(request.user).select_related("company", *relations)
    return get_object_or_404(found, pk=pk)


def chosen_leads(request: HttpRequest) -> list[Lead]:
    """The leads a bulk form names, of those the person may see; the others are passed over."""
    ids = chosen_ids(request.POST if request.method == "POST" else request.GET)
    found = Lead.objects.visible_to(request.user).select_related("company").filter(pk__in=ids)
    return list(found.order_by("pk"))


def attempt_edit(form: SideBySideForm, act, *, who=None):
    """`attempt`, and where two people edited one field, the other's answer shown beside one's own.

    `who(names)` says who wrote them, by column.
    """

    def tried():
        try:
            return act()
        except Conflict as clash:
            form.clash(clash.fields, who(clash.fields) if who else None)
            form.too_late = True
            return None

    return attempt(form, tried)


def who_edited(lead: Lead):
    """Who last changed each of the fields of `lead`, read from its timeline."""

    def named(fields) -> dict[str, str]:
        found = {}
        for name in fields:
            event = (
                LeadEvent.objects.filter(lead=lead, verb="lead.edit", data__fields__contains=[name])
                .newest_first()
                .select_related("by")
                .first()
            )
            if event and event.by:
                found[name] = event.by.name
        return found

    return named
