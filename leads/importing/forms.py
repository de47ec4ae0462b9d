"""What a person says about a file: which it is, how it is read, what holds for all its rows."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.states import TeamKind
from common.forms import DayInput
from common.models import StoredFile
from leads.actions.captures import Existing
from leads.actions.captures.leads import IMPORTABLE
from leads.importing.formats import DELIMITERS, ENCODINGS, Format
from leads.importing.targets import TARGETS
from leads.importing.workbooks import sheet_names
from leads.models import Campaign, Source
from leads.states import Channel, Stage, TouchKind

IN_COLUMNS, SAME_FOR_ALL, NOT_YET = "columns", "all", "none"
CONSENTS = [
    (IN_COLUMNS, _("It is in columns of the file")),
    (SAME_FOR_ALL, _("Everybody gave it in the same way")),
    (NOT_YET, _("We do not have it yet")),
]
EXISTING = [
    (Existing.UPDATE.value, _("The file wins")),
    (Existing.FILL.value, _("Only fill gaps")),
    (Existing.SKIP.value, _("Leave them")),
]


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
        },
    )


class OptionsForm(forms.Form):
    """How the file is read and what holds for every row of it; lives in the address."""

    marks_optional = False

    rows = forms.ChoiceField(label=_("What the rows are"), widget=forms.RadioSelect)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Cells are parted by"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    stage = forms.ChoiceField(
        label=_("Where they stand"),
        required=False,
        choices=[("", pgettext_lazy("import", "As the file says, else new"))]
        + [(stage.value, stage.label) for stage in IMPORTABLE if stage != Stage.NEW],
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), label=_("Campaign"), required=False, empty_label=_("None")
    )
    captured_at = forms.DateField(label=_("Day of the contact"), required=False, widget=DayInput())
    marketer = forms.ModelChoiceField(
        User.objects.none(), label=_("Marketer"), required=False, empty_label=_("As the file says")
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=100)
    consent = forms.ChoiceField(
        label=_("Consent to be contacted"), choices=CONSENTS, initial=IN_COLUMNS, required=False
    )
    channels = forms.MultipleChoiceField(
        label=_("For"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.CharField(
        label=_("How we know"),
        required=False,
        max_length=300,
        help_text=_("Such as: tick box on the exhibition's form"),
    )
    kind = forms.ChoiceField(
        label=_("Kind of touch"),
        required=False,
        choices=[("", _("As the file says")), *TouchKind.choices],
    )
    create_people = forms.BooleanField(
        label=_("Add people nobody knows as inactive members"), required=False
    )

    OF = {
        "leads": ("stage", "campaign", "captured_at", "marketer", "source", "consent"),
        "touches": ("kind", "campaign", "create_people"),
        "deals": ("create_people",),
    }

    def __init__(self, data, *, file: StoredFile, form: Format, guess: str):
        data = data.copy()
        if not data.get("rows"):
            data["rows"] = guess
        data.setdefault("encoding", form.encoding)
        data.setdefault("delimiter", form.delimiter)
        data.setdefault("consent", IN_COLUMNS)
        super().__init__(data)
        self.read_as = form
        self.fields["rows"].choices = [(one.name, one.label) for one in TARGETS.values()]
        self.fields["encoding"].choices = list(ENCODINGS.items())
        self.fields["delimiter"].choices = list(DELIMITERS.items())
        sheets = sheet_names(file) if form.is_xlsx else []
        self.fields["sheet"].choices = [(name, name) for name in sheets]
        self.fields["marketer"].queryset = _marketers()
        self.fields["marketer"].label_from_instance = lambda person: person.name
        self._keep_only(data["rows"], form, sheets)

    def _keep_only(self, rows: str, form: Format, sheets: list[str]) -> None:
        """Only what makes sense for this kind of file and rows."""
        for name in {one for names in self.OF.values() for one in names} - set(
            self.OF.get(rows, ())
        ):
            del self.fields[name]
        if "consent" not in self.fields:
            del self.fields["channels"], self.fields["evidence"]
        if form.is_xlsx:
            del self.fields["encoding"], self.fields["delimiter"]
        if len(sheets) < 2:
            del self.fields["sheet"]

    def clean(self):
        said = super().clean()
        if said.get("consent") == SAME_FOR_ALL:
            if not said.get("channels"):
                self.add_error("channels", _("Choose what they agreed to."))
            if not said.get("evidence", "").strip():
                self.add_error("evidence", _("Say how we know: a form, a call, a card."))
        return said

    @property
    def whole(self) -> dict[str, str]:
        """What holds for every row, as a cell would say it."""
        said = self.cleaned_data
        found = {name: said.get(name) or "" for name in ("stage", "source", "kind")}
        found["campaign"] = said["campaign"].name if said.get("campaign") else ""
        found["marketer"] = said["marketer"].email if said.get("marketer") else ""
        found["captured_at"] = said["captured_at"].isoformat() if said.get("captured_at") else ""
        return {name: value for name, value in found.items() if value}

    @property
    def consents(self) -> dict[str, bool]:
        said = self.cleaned_data
        if said.get("consent") != SAME_FOR_ALL:
            return {}
        return dict.fromkeys(said["channels"], True)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All that was said, to go along with the next form."""
        return [
            (name, value)
            for name in self.fields
            for value in self.data.getlist(name)
            if value and name in self.fields
        ]


def _marketers():
    people = User.objects.active().filter(team__kind=TeamKind.MARKETING, team__is_partner=False)
    return people.select_related("team").order_by("family_name", "given_name", "pk")


def known_sources() -> list[str]:
    """The sources there are, to choose from while typing."""
    return list(Source.objects.order_by("name").values_list("name", flat=True)[:100])
