"""From an address to the leads it means: the same for page, export and the neighbours of a lead."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.keyset import Page, page_by_key
from common.refusals import Malformed
from leads.filters.leads import LeadFilter, own_fields
from leads.filters.tabs import BY_CODE, TABS, Tab, orders_for
from leads.models import Lead

# Up to so many rows are gathered and sorted; more of them are met soon enough while walking the
# index of the order. So neither a rare nor a common combination reads the whole table.
SORTED = 2000
COUNTED = 1000
# More are chosen by a filter than by ticking boxes.
CHOSEN = 500


@dataclass(frozen=True)
class Found:
    """The leads an address means, not yet asked for, and how it is to be read."""

    rows: QuerySet[Lead]
    tab: Tab
    order: str
    filter: LeadFilter
    is_chosen: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the tab: a filter, or rows ticked one by one."""
        return self.is_chosen or any(
            value not in (None, "", []) for value in self.filter.form.cleaned_data.values()
        )

    @property
    def is_everything(self) -> bool:
        return self.tab is TABS[0] and not self.is_filtered

    @cached_property
    def _n(self) -> int:
        return self.rows.order_by().values("pk")[: SORTED + 1].count()

    @property
    def count(self) -> tuple[int, bool]:
        """(n, exact), counted to a thousand."""
        return min(self._n, COUNTED), self._n <= COUNTED

    def page(self, key: str, *columns: str, size: int = 25) -> Page:
        """One page of the list after `key`, with these columns only."""
        if self.is_everything or self._n > SORTED:
            rows = self.rows.select_related("company").only(*columns)
            return page_by_key(rows, order=self.order, key=key, size=size)
        column = self.order.lstrip("-")
        # An expression is in no index, so that PostgreSQL cannot choose to walk one.
        rows = self.rows.only("pk").annotate(sorted_by=Coalesce(column, column))
        order = self.order.replace(column, "sorted_by")
        return _with_columns(page_by_key(rows, order=order, key=key, size=size), columns)


def _with_columns(page: Page, columns: tuple[str, ...]) -> Page:
    """The same rows with these columns: read for the page only, not for all that were sorted."""
    rows = Lead.objects.select_related("company").only(*columns).in_bulk([row.pk for row in page])
    return Page([rows[row.pk] for row in page if row.pk in rows], page.next_key)


def find_leads(params: QueryDict, user: User) -> Found:
    """The leads of `params` (tab, order, filters, or ticked ones by `lead`) that `user` may see.

    Raises `Malformed` for a tab, an order or a value that does not exist.
    """
    tab = BY_CODE.get(params.get("tab") or TABS[0].code)
    if tab is None:
        raise Malformed(_("There is no such tab."), field="tab")
    orders = orders_for(user)
    order = params.get("order") or (tab.order if tab.order in orders else TABS[0].order)
    if order not in orders:
        raise Malformed(_("The list cannot be sorted by this."), field="order")
    rows = tab.narrow(Lead.objects.visible_to(user), user)
    chosen = chosen_ids(params)
    if chosen:
        rows = rows.filter(pk__in=chosen)
    found = LeadFilter(params, rows, own_fields=own_fields(), reader=user)
    if not found.is_valid():
        name, errors = next(iter(found.form.errors.items()))
        label = found.form.fields[name].label if name in found.form.fields else ""
        raise Malformed(f"{label}: {errors[0]}", field=name)
    return Found(found.qs, tab, order, found, is_chosen=bool(chosen))


def chosen_ids(params: QueryDict) -> list[int]:
    """The leads ticked in the list. Raises `Malformed` for what is no id, or too many of them."""
    asked = params.getlist("lead")
    if len(asked) > CHOSEN:
        raise Malformed(
            _("At most %(n)s leads can be chosen one by one. Use a filter for more.")
            % {"n": CHOSEN},
            field="lead",
        )
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in asked):
        raise Malformed(_("These leads do not exist."), field="lead")
    return sorted({int(one) for one in asked})
