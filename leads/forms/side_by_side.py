"""Forms for editing side by side: they remember what the editor saw, and tell only what changed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from leads.identity import clean_field


class SideBySideForm(forms.Form):
    """A form over a row. `columns` maps fields of the form to fields of the row where they differ.

    While editing, each field carries its first value along (`show_hidden_initial`): what was not
    touched is not sent to the verb, and a field that somebody else changed meanwhile is noticed.
    """

    marks_optional = False
    columns: dict[str, str] = {}

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            self.initial = self.values_of(row) | self.initial
            for field in self.fields.values():
                field.show_hidden_initial = True

    def values_of(self, row) -> dict:
        """What stands in the row, by field of the form."""
        return {name: self.value_of(row, name) for name in self.fields}

    def value_of(self, row, name):
        return row.serializable_value(self.column(name))

    def column(self, name: str) -> str:
        return self.columns.get(name, name)

    def clean(self):
        for name, value in list(self.cleaned_data.items()):
            try:
                self.cleaned_data[name] = clean_field(self.column(name), value)
            except ValidationError as wrong:
                self.add_error(name, wrong)
        return self.cleaned_data

    def changes(self) -> dict:
        """What to tell the verb: while editing only what the editor changed."""
        names = self.changed_data if self.row is not None else self.fields
        return {
            self.column(name): self.cleaned_data[name]
            for name in names
            if name in self.cleaned_data
        }

    def seen(self) -> dict | None:
        """What the editor saw in the fields they changed, as the row keeps it."""
        if self.row is None:
            return None
        return {self.column(name): self._seen(name) for name in self.changed_data}

    def _seen(self, name: str):
        bound = self[name]
        hidden = bound.field.hidden_widget()
        raw = self._widget_data_value(hidden, bound.html_initial_name)
        try:
            return self.kept(name, bound.field.to_python(raw))
        except ValidationError:
            return None

    def kept(self, name: str, value):
        """A value of the form as the row keeps it."""
        return value

    def clash(self, there: dict, who: dict[str, str] | None = None) -> None:
        """Shows what somebody else wrote; what was typed stays, and saving again replaces theirs."""
        self.data = self.data.copy()
        for name in self.fields:
            column = self.column(name)
            if column not in there:
                continue
            value = self.shown(name, there[column])
            self.data[self[name].html_initial_name] = "" if value is None else str(value)
            self.add_error(name, self._words(name, value, (who or {}).get(column, "")))

    def shown(self, name: str, value):
        """A value of the row as the form shows it."""
        return value

    def said(self, name: str, value) -> str:
        """A value of the form in words."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and value:
            found = field.queryset.filter(pk=value).first()
            return field.label_from_instance(found) if found else str(value)
        choices = dict(getattr(field, "choices", ()) or ())
        return str(choices.get(value, value))

    def _words(self, name: str, value, who: str) -> str:
        who = who or _("Somebody")
        if value in (None, ""):
            return _("%(who)s emptied this meanwhile. Save again to keep yours.") % {"who": who}
        said = {"who": who, "value": self.said(name, value)}
        return _("%(who)s wrote “%(value)s” here meanwhile. Save again to keep yours.") % said
