"""The companies of a set of rows: found by id or by exact name, else made; known ones only gain."""

import re
from datetime import datetime

from common.copying import copy_new
from common.text import normalise, normalise_company
from leads.actions.captures.drafts import LeadDraft
from leads.models import Company

# The short ways of writing a legal form. Its place stays: 株式会社X and X株式会社 can be two companies.
_FORMS = {
    "(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社", "(資)": "合資会社", "(名)": "合名会社",
    "(社)": "社団法人", "(財)": "財団法人", "(医)": "医療法人", "(学)": "学校法人",
}  # fmt: skip
_SHORT = re.compile("|".join(re.escape(short) for short in _FORMS))


def full_form(name: str) -> str:
    """The name by which two spellings are one company: ㈱X, (株)X and 株式会社 X."""
    return _SHORT.sub(lambda found: _FORMS[found[0]], normalise(name)).replace(" ", "")


class Companies:
    """The companies a set of drafts speaks of; `of(draft)` gives one, `write()` saves what changed."""

    def __init__(self, drafts: list[LeadDraft], *, at: datetime):
        self.at = at
        self.new: list[Company] = []
        self.changed: dict[int, tuple[Company, set[str]]] = {}
        self.by_id: dict[str, Company] = {}
        self.by_name: dict[str, Company] = {}
        self.by_form: dict[str, Company] = {}
        said = [draft.company for draft in drafts if draft.company]
        if said:
            self._load(said)

    def _load(self, said: list[dict]) -> None:
        keys = {normalise_company(one["name"])[:200] for one in said if one.get("name")}
        ids = {one["external_id"] for one in said if one.get("external_id")}
        # Locked, so that what somebody edits meanwhile is not written over; after them come the leads,
        # as everywhere. Not FOR UPDATE: a lead that is given this company must not wait for us.
        rows = Company.objects.select_for_update(no_key=True).order_by("pk")
        found = {one.pk: one for one in rows.filter(key__in=keys)}
        if ids:
            more = rows.filter(external_id__in=ids).exclude(external_id="")
            found |= {one.pk: one for one in more if one.pk not in found}
        for pk in sorted(found):
            self._learn(found[pk])

    def _learn(self, company: Company) -> None:
        self.by_name.setdefault(company.name, company)
        self.by_form.setdefault(full_form(company.name), company)
        if company.external_id:
            self.by_id.setdefault(company.external_id, company)

    def of(self, draft: LeadDraft) -> tuple[Company | None, set[str]]:
        """(the company the draft names, what of it we did not know before this draft)."""
        said = draft.company
        name = said.get("name", "")
        if not name and not said.get("external_id"):
            return None, set()
        company = self._find(said, name)
        if company is None and not name:
            return None, set()
        if company is None:
            company = Company(name=name, created_at=self.at)
            self.new.append(company)
        gained = self._fill(company, said, draft.company_attributes)
        self._learn(company)
        if gained and company.pk:
            self.changed.setdefault(company.pk, (company, set()))[1].update(gained)
        return company, gained if company.pk else set()

    def _find(self, said: dict, name: str) -> Company | None:
        if (wanted := said.get("external_id")) and wanted in self.by_id:
            return self.by_id[wanted]
        found = self.by_name.get(name) or (self.by_form.get(full_form(name)) if name else None)
        if found and wanted and found.external_id and found.external_id != wanted:
            return None
        return found

    def _fill(self, company: Company, said: dict, attributes: dict) -> set[str]:
        """Rows of one company disagree (a branch's address): the first to say something is kept."""
        gained = {
            name for name, value in said.items() if name != "name" and not getattr(company, name)
            and value not in ("", None)
        }  # fmt: skip
        for name in gained:
            setattr(company, name, said[name])
        own = {code: value for code, value in attributes.items() if code not in company.attributes}
        if own:
            company.attributes = {**company.attributes, **own}
            gained.add("attributes")
        return gained

    def write(self) -> list[Company]:
        """Save new and changed companies; gives those changed in a way that their leads' fit may show."""
        for company in [*self.new, *(one for one, _names in self.changed.values())]:
            company.derive()
        copy_new(self.new)
        if self.changed:
            columns = set().union(*(names for _one, names in self.changed.values())) | {"search"}
            Company.objects.bulk_create(
                [self.changed[pk][0] for pk in sorted(self.changed)],
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=sorted(columns),
            )
        graded = {"employees", "industry", "attributes"}
        return [company for company, names in self.changed.values() if names & graded]
