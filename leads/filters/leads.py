"""What the list of leads can be narrowed by. Every filter stands on an index, or ends early."""

from datetime import date, datetime, time, timedelta

import django_filters as df
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.forms import NumberInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.models.sight import hidden_from
from accounts.states import Maskable
from common.clock import page_now
from common.forms import DayInput
from leads.actions.attributes import clean_attribute
from leads.filters.choices import (
    CONSENT_CHOICES,
    CONSENTS,
    REACHED_CHOICES,
    SIZE_CHOICES,
    SIZES,
    TOUCHED_CHOICES,
)
from leads.models import AttributeDefinition, Campaign, Company, ImportedLead, Lead, Source
from leads.scoring import threshold
from leads.states import AttributeOf, AttributeType, Grade, Stage

# Up to so many companies their leads are looked up one by one; more of them are met soon enough
# while walking the list in its order.
FEW = 2000
OWN = "own_"
# They would tell an agency who works here and what else is being done.
NOT_FOR_PARTNERS = ("source", "campaign", "member", "team", "owner", "imported", "imported_as")
# What the terms of a seat hide is no way to find leads by either.
HIDDEN_WITH = {Maskable.ADDRESS: ("prefecture",), Maskable.SCORE: ("fit", "engagement")}
_SENSIBLE = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


def _hidden_filters(reader: User) -> list[str]:
    codes = hidden_from(reader)
    return [name for code, names in HIDDEN_WITH.items() if code in codes for name in names]


def _people(_request):
    return User.objects.active().exclude(team=None).select_related("team")


class PersonFilter(df.ModelChoiceFilter):
    """A person by name."""

    def __init__(self, **options):
        super().__init__(queryset=_people, **options)

    @property
    def field(self):
        field = super().field
        field.label_from_instance = lambda user: user.name
        return field


def of_companies(rows: QuerySet, companies: QuerySet) -> QuerySet:
    """Leads of these companies, by whichever way is quick: for few of them, or for many."""
    ids = list(companies.order_by().values_list("pk", flat=True)[: FEW + 1])
    return rows.filter(company__in=ids if len(ids) <= FEW else companies)


class FilterForm(forms.Form):
    """Nothing in a filter is required, so nothing says that it is optional."""

    marks_optional = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if getattr(field, "empty_label", None) is not None:
                field.empty_label = _("Any")
                field.widget.choices = field.choices


class LeadFilter(df.FilterSet):
    """Leads by where they stand, how they fit, where they came from and who looks after them."""

    q = df.CharFilter(method="by_words", label=_("Search"), max_length=100)
    stage = df.MultipleChoiceFilter(choices=Stage.choices, distinct=False, label=_("Stage"))
    fit = df.MultipleChoiceFilter(choices=Grade.choices, distinct=False, label=_("Fit"))
    engagement = df.NumberFilter(
        method="by_engagement",
        label=_("Engagement at least"),
        min_value=1,
        max_value=10_000,
        widget=NumberInput(attrs={"inputmode": "numeric"}),
    )
    touched = df.ChoiceFilter(choices=TOUCHED_CHOICES, method="by_touch", label=_("Last touch"))
    consent = df.ChoiceFilter(choices=CONSENT_CHOICES, method="by_consent", label=_("Consent"))
    source = df.ModelChoiceFilter(
        queryset=Source.objects.all(),
        null_label=_("Not stated"),
        null_value="none",
        label=_("Source"),
    )
    campaign = df.ModelChoiceFilter(
        queryset=Campaign.objects.all(),
        null_label=_("None"),
        null_value="none",
        label=_("Came by campaign"),
    )
    member = df.ModelChoiceFilter(
        field_name="memberships__campaign",
        queryset=Campaign.objects.all(),
        label=_("Reached by campaign"),
    )
    team = df.ModelChoiceFilter(queryset=Team.objects.all(), label=_("Accountable team"))
    owner = PersonFilter(method="by_owner", label=_("Looked after by"))
    captured_from = df.DateFilter(
        method="from_day", label=_("Captured from"), widget=DayInput(), validators=_SENSIBLE
    )
    captured_to = df.DateFilter(
        method="to_day", label=_("Captured to"), widget=DayInput(), validators=_SENSIBLE
    )
    reached = df.ChoiceFilter(choices=REACHED_CHOICES, method="by_milestone", label=_("Reached"))
    prefecture = df.CharFilter(
        method="by_prefecture",
        label=_("Prefecture"),
        max_length=20,
        widget=forms.TextInput(attrs={"list": "prefecture-names", "autocomplete": "off"}),
    )
    industry = df.CharFilter(
        method="by_industry",
        label=_("Industry"),
        max_length=100,
        widget=forms.TextInput(attrs={"list": "industry-names", "autocomplete": "off"}),
    )
    size = df.ChoiceFilter(choices=SIZE_CHOICES, method="by_size", label=_("Company size"))
    company = df.ModelChoiceFilter(queryset=Company.objects.all(), label=_("Company"))
    # The number of an import's job: the results of imports lead here.
    imported = df.NumberFilter(
        method="by_import", label=_("Import no."), min_value=1, max_value=10**15
    )
    imported_as = df.ChoiceFilter(
        choices=[("new", _("Came in new")), ("updated", _("Were changed"))],
        method="by_import",
        label=_("By the import"),
    )

    class Meta:
        model = Lead
        fields: list[str] = []
        form = FilterForm

    def __init__(
        self,
        *args,
        own_fields: list[AttributeDefinition] | None = None,
        reader: User | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        if reader is not None and reader.is_partner:
            for name in (*NOT_FOR_PARTNERS, *_hidden_filters(reader)):
                del self.filters[name]
        for definition in () if Maskable.OWN in hidden_from(reader) else own_fields or ():
            name = OWN + definition.code
            self.filters[name] = _own_filter(definition)
            self.filters[name].parent, self.filters[name].model = self, Lead

    def by_words(self, rows, _name, value):
        return rows.matching(value)

    def by_engagement(self, rows, _name, value):
        return rows.filter(heat__gte=threshold(float(value), at=page_now()))

    def by_touch(self, rows, _name, value):
        within = value.startswith("in")
        since = page_now() - timedelta(days=int(value.removeprefix("in").removeprefix("not")))
        return rows.filter(**{"last_touch_at__gte" if within else "last_touch_at__lt": since})

    def by_consent(self, rows, _name, value):
        return rows.filter(**CONSENTS[value])

    def by_owner(self, rows, _name, value):
        return rows.filter(Q(marketer=value) | Q(seller=value))

    def by_import(self, rows, name, value):
        if name == "imported_as":
            return rows.filter(imports__what=value, imports__job=self._job())
        return rows.filter(pk__in=ImportedLead.objects.filter(job=value).values("lead"))

    def _job(self):
        return self.form.cleaned_data.get("imported") or 0

    def from_day(self, rows, _name, value):
        return rows.filter(captured_at__gte=_start_of(value))

    def to_day(self, rows, _name, value):
        return rows.filter(captured_at__lt=_start_of(value + timedelta(days=1)))

    def by_milestone(self, rows, _name, value):
        return rows.filter(**{f"{value}_at__isnull": False})

    def by_prefecture(self, rows, _name, value):
        """The lead's own prefecture or, where none is noted, its company's."""
        companies = Company.objects.filter(prefecture=value)
        ids = list(companies.order_by().values_list("pk", flat=True)[: FEW + 1])
        theirs = ids if len(ids) <= FEW else companies
        return rows.filter(Q(prefecture=value) | Q(prefecture="", company__in=theirs))

    def by_industry(self, rows, _name, value):
        return of_companies(rows, Company.objects.filter(industry=value))

    def by_size(self, rows, _name, value):
        least, most = SIZES[value]
        companies = Company.objects.filter(employees__gte=least)
        return of_companies(rows, companies.filter(employees__lte=most) if most else companies)


def _start_of(day: date) -> datetime:
    """Midnight at which `day` begins for the reader."""
    return datetime.combine(day, time(), timezone.get_current_timezone())


def own_fields(of: str = AttributeOf.LEAD) -> list[AttributeDefinition]:
    """The own fields in use, in their order."""
    return list(AttributeDefinition.objects.filter(of=of, retired_at=None))


def _own_filter(definition: AttributeDefinition) -> df.Filter:
    """A filter by one own field: an index answers "contains this value", whatever the type."""
    options = {"label": str(definition), "method": _by_own(definition)}
    kind = AttributeType(definition.type)
    if kind == AttributeType.CHOICE:
        return df.ChoiceFilter(choices=[(one, one) for one in definition.choices], **options)
    if kind == AttributeType.YES_NO:
        return df.ChoiceFilter(choices=[("1", _("Yes")), ("0", _("No"))], **options)
    if kind == AttributeType.DATE:
        return df.DateFilter(widget=DayInput(), **options)
    if kind == AttributeType.NUMBER:
        return df.NumberFilter(max_value=10**15, min_value=-(10**15), **options)
    return df.CharFilter(max_length=100, **options)


def _by_own(definition: AttributeDefinition):
    def by_value(rows, _name, value):
        kept = clean_attribute(definition, value)
        return rows.filter(attributes__contains={definition.code: kept})

    return by_value
