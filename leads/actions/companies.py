"""Companies: written, found by name, edited side by side."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand
from common import now
from common.refusals import Malformed
from common.text import normalise_company
from leads.actions.attributes import clean_attributes
from leads.actions.edits import OWN, cleaned, columns_of, put, save_checked, settle_edit
from leads.identity import clean_line
from leads.models import Company, Lead
from leads.scoring import fit_of

EDITABLE = frozenset(
    {
        "name", "name_kana", "corporate_number", "domain", "website", "industry", "employees", "phone",
        "postal_code", "prefecture", "address", "owner", "external_id", "is_competitor",
    }
)  # fmt: skip
# A company's leads carry its name in their search text and its size in their fit.
SEEN_IN_LEADS = frozenset({"name", "name_kana", "industry", "employees"})
MANY = 500


def company_named(name: str, *, at: datetime) -> Company:
    """The company of exactly this name, or a new one. Two people typing the same new name get one.

    Legal forms are part of a name: 株式会社X and X株式会社 can be two companies.
    """
    name = clean_line(name)[:200]
    if not name:
        raise Malformed(_("Write the company's name."), field="company_name")
    key = normalise_company(name)[:200]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"company:{key}"])
    found = Company.objects.filter(key=key, name=name).order_by("pk").first()
    if found:
        return found
    company = Company(name=name, created_at=at).derive()
    company.save(force_insert=True)
    return company


@transaction.atomic
def create_company(*, by: User | None, **fields) -> Company:
    """Write a new company down; a name is enough."""
    demand(by, "company.edit")
    company = Company(created_at=now())
    for name, value in _cleaned(fields).items():
        put(company, name, value)
    _refuse_nameless(company)
    company.derive()
    save_checked(company, force_insert=True)
    return company


@transaction.atomic
def edit_company(
    company: Company, *, by: User | None, seen: dict | None = None, **changes
) -> Company:
    """Change fields of the company, as `edit_lead` does; its leads' search text and fit follow."""
    demand(by, "company.edit")
    # Not FOR UPDATE: a lead that is given this company at the same moment must not wait for us.
    company = Company.objects.select_for_update(of=("self",), no_key=True).get(pk=company.pk)
    changed = settle_edit(company, _cleaned(changes), seen)
    if not changed:
        return company
    _refuse_nameless(company)
    company.derive()
    save_checked(company, update_fields=[*columns_of(changed), "key", "search"])
    if SEEN_IN_LEADS & set(changed) or any(name.startswith(OWN) for name in changed):
        refresh_leads_of(company)
    return company


def refresh_leads_of(company: Company) -> None:
    """Search text and fit of the company's leads, written anew in sets, each lead locked first."""
    after = 0
    while True:
        leads = list(
            Lead.objects.select_for_update(of=("self",))
            .filter(company=company, pk__gt=after)
            .order_by("pk")[:MANY]
        )
        for lead in leads:
            lead.company = company
            lead.fit_points, lead.fit = fit_of(lead)
            lead.derive()
        Lead.objects.bulk_update(leads, ["search", "fit", "fit_points"], batch_size=MANY)
        if len(leads) < MANY:
            return
        after = leads[-1].pk


def _cleaned(fields: dict) -> dict:
    own = {name.removeprefix(OWN): fields[name] for name in fields if name.startswith(OWN)}
    plain = {name: value for name, value in fields.items() if not name.startswith(OWN)}
    found = cleaned(plain, allowed=EDITABLE, model=Company)
    return found | {OWN + code: value for code, value in clean_attributes("company", own).items()}


def _refuse_nameless(company: Company) -> None:
    if not company.name:
        raise Malformed(_("Write the company's name."), field="name")
