"""The clauses of an agreement on paper: every clause a field, lists of reasons row by row."""

from dataclasses import replace

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from handoff.clauses import CLAUSES, Group
from handoff.forms.durations import DurationField
from handoff.forms.fields import sentences
from handoff.models import ReasonTerm, ReturnReason, Terms
from handoff.models.terms import LADDER, faults_of, wrong_step
from handoff.states import BriefItem, ReturnKind
from leads.states import Exclusion, FactField, Grade, TouchKind, TouchResult

# What a touch can bring that a definition may let qualify by itself, and by which kinds of touch.
_TRIGGER_KINDS = (
    TouchKind.FORM,
    TouchKind.CALL,
    TouchKind.WEB_MEETING,
    TouchKind.VISIT_IN_PERSON,
    TouchKind.CHAT,
    TouchKind.EXHIBITION,
    TouchKind.SEMINAR_ATTENDED,
    TouchKind.MAIL_RECEIVED,
    TouchKind.HEARING,
)
_TRIGGER_RESULTS = (TouchResult.DEMO, TouchResult.INTERESTED)
_FITS = [(grade, " · ".join(Grade.values[: place + 1])) for place, grade in enumerate(Grade.values)]
NEW_ROWS = 3


def _trigger_choices(present: tuple) -> list:
    pairs = [(kind, result) for result in _TRIGGER_RESULTS for kind in _TRIGGER_KINDS]
    pairs += [pair for pair in present if pair not in pairs]
    return [
        (f"{kind}:{result}", f"{TouchResult(result).label} ({TouchKind(kind).label})")
        for kind, result in pairs
    ]


def _several(label, choices, help_text=""):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--2"}),
    )


def _number(label, help_text="", **options):
    field = forms.FloatField if options.pop("fraction", False) else forms.IntegerField
    return field(label=label, help_text=help_text, **options)


class ClausesForm(forms.Form):
    """All clauses of a version, and why it is proposed. Whether they can be agreed says `faults_of`."""

    marks_optional = False

    min_fit = forms.ChoiceField(label=_("Fit"), choices=_FITS)
    min_engagement = _number(_("Engagement, at least"), fraction=True)
    required_facts = _several(
        _("Known before a lead qualifies"), [one for one in FactField.choices if one[0] != "other"]
    )
    exclusions = _several(_("Never qualify by themselves"), Exclusion.choices)
    triggers = _several(_("Qualify by themselves, whatever the score"), [])
    hot_fit = forms.ChoiceField(label=_("Fit of a hot lead"), choices=_FITS)
    hot_engagement = _number(_("Engagement of a hot lead, at least"), fraction=True)

    volume_offered = _number(_("Leads offered a month"), _("0: no number is agreed."), initial=0)
    required_brief = _several(_("Required with every offer"), BriefItem.choices)
    offered_automatically = forms.BooleanField(
        label=_("A qualified lead is offered at once, by the routing rules"), required=False
    )
    acknowledge_within = DurationField(
        label=_("Acknowledge a return within"), help_text=_("Both sides owe each other this.")
    )
    answer_within = DurationField(
        label=_("Answer a customer's question within"),
        help_text=_("Owed by the side that holds the lead."),
    )

    accept_within = DurationField(label=_("Accept or return within"))
    hot_accept_within = DurationField(label=_("Accept or return a hot lead within"))
    contact_within = DurationField(label=_("First contact within"))
    hot_contact_within = DurationField(label=_("First contact with a hot lead within"))
    decide_within = DurationField(label=_("Decide within"))
    attempts_before_unreachable = _number(_("Attempts before a lead counts as unreachable"))
    volume_accepted = _number(_("Room for leads a month"), _("0: no number is agreed."), initial=0)

    lapses_after = DurationField(label=_("An offer nobody answers lapses after"))
    lapsed_is_offered_again = forms.BooleanField(
        label=_("A lapsed lead is offered once more before it goes to the managers"),
        required=False,
    )
    ladder_remind = _number(_("Remind the owner at (percent of the time)"))
    ladder_manager = _number(_("Tell the manager at (percent)"), required=False)
    ladder_another = _number(
        _("Give it to another, or to the pool, at (percent)"),
        _("Empty: this step is not taken."),
        required=False,
    )
    pauses_at_most = _number(_("Pauses of one clock at most"), _("0: no clock is paused."))
    pause_at_most = DurationField(label=_("All pauses of a clock together at most"))
    target_kept = _number(_("Share of promises to keep (percent)"))
    why = sentences(_("Why this change?"), required=False, longest=4000)

    PLAIN = (
        "min_fit", "min_engagement", "hot_fit", "hot_engagement", "volume_offered",
        "offered_automatically", "acknowledge_within", "answer_within", "accept_within",
        "hot_accept_within", "contact_within", "hot_contact_within", "decide_within",
        "attempts_before_unreachable", "volume_accepted", "lapses_after", "lapsed_is_offered_again",
        "pauses_at_most", "pause_at_most", "target_kept",
    )  # fmt: skip
    LISTS = ("required_facts", "exclusions", "required_brief")

    def __init__(self, data=None, *, terms: Terms, why: str = "", **kwargs):
        self.terms = terms
        initial = {name: getattr(terms, name) for name in (*self.PLAIN, *self.LISTS)}
        initial["triggers"] = [":".join(pair) for pair in terms.triggers]
        initial |= {f"ladder_{step}": share for step, share in terms.ladder}
        super().__init__(data, initial=initial | {"why": why}, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DurationField):
                field.count_days_of(terms.day_minutes)
        self.fields["triggers"].choices = _trigger_choices(terms.triggers)
        self.reasons = ReasonRows(data, terms=terms)

    def is_valid(self):
        rows_are_valid = self.reasons.is_valid()
        return super().is_valid() and rows_are_valid

    def clean(self):
        cleaned = super().clean()
        if self.errors or not self.reasons.is_valid():
            return cleaned
        for clause, sentence in faults_of(self.clauses()).items():
            self.add_error(self._field_of(clause), str(sentence))
        return cleaned

    def clauses(self) -> Terms:
        """The clauses as they were typed."""
        typed = self.cleaned_data
        return replace(
            self.terms,
            **{name: typed[name] for name in self.PLAIN},
            **{name: tuple(typed[name]) for name in self.LISTS},
            triggers=tuple(tuple(pair.split(":")) for pair in typed["triggers"]),
            ladder=self._ladder(),
            return_reasons=self.reasons.terms(),
        )

    def _ladder(self) -> tuple[tuple[str, int], ...]:
        """The steps that were typed; a field that is marked already has none any more."""
        typed = {step: self.cleaned_data.get(f"ladder_{step}") for step in LADDER}
        return tuple((step, share) for step, share in typed.items() if share is not None)

    def refuse(self, clause: str, sentence: str) -> None:
        """Write a refusal of the verb where it belongs."""
        self.add_error(self._field_of(clause), sentence)

    def _field_of(self, clause: str) -> str | None:
        if clause == "ladder":
            return f"ladder_{wrong_step(self._ladder())}"
        if clause == "return_reasons":
            self.reasons.said = True
        return clause if clause in self.fields else None


class ReasonForm(forms.Form):
    """One reason: its names, and what it asks for. One that is not ticked as used is retired."""

    marks_optional = False

    code = forms.CharField(required=False, widget=forms.HiddenInput())
    kind = forms.ChoiceField(choices=ReturnKind, widget=forms.HiddenInput())
    name = forms.CharField(label=_("In Japanese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("In English"), max_length=80, required=False)
    needs_revisit = forms.BooleanField(label=_("asks for a date"), required=False)
    to_marketing = forms.BooleanField(label=_("back to marketing"), required=False)
    used = forms.BooleanField(label=_("in use"), required=False)

    def clean(self):
        typed = super().clean()
        named = [name for name in ("name", "name_en") if typed.get(name)]
        if not typed.get("code"):  # an empty row at the end of a list: what is named is meant
            typed["used"] = bool(named)
        if typed.get("used") and len(named) < 2:
            missing = "name_en" if "name" in named else "name"
            self.add_error(missing, _("Name the reason in both languages."))
        return typed

    @property
    def is_new(self) -> bool:
        return not self["code"].value()


_Rows = forms.formset_factory(ReasonForm, extra=0)


class ReasonRows:
    """The rows of both lists: those in use, those retired before, and some empty ones."""

    def __init__(self, data, *, terms: Terms):
        self.said = False
        self.rows = _Rows(data, prefix="reason", initial=None if data else _initial(terms))

    def is_valid(self) -> bool:
        return not self.rows.is_bound or self.rows.is_valid()

    def terms(self) -> tuple[ReasonTerm, ...]:
        """The reasons in use, those of one list together, in the order of the page."""
        taken = set(ReturnReason.objects.values_list("code", flat=True))
        found = []
        for form in self.rows:
            typed = form.cleaned_data
            if not typed.get("used") or not typed.get("name"):
                continue
            code = typed["code"] if typed["code"] in taken else _new_code(typed["name_en"], taken)
            names = ("kind", "name", "name_en", "needs_revisit", "to_marketing")
            found.append(ReasonTerm(code=code, **{name: typed[name] for name in names}))
        return tuple(sorted(found, key=lambda one: one.kind != ReturnKind.REJECTED))

    @property
    def groups(self):
        """(list, its rows) in the order of the agreement."""
        return [
            (kind, [form for form in self.rows if form["kind"].value() == kind])
            for kind in (ReturnKind.REJECTED, ReturnKind.RECYCLED)
        ]


def _initial(terms: Terms) -> list[dict]:
    used = [vars(one) | {"used": True} for one in terms.return_reasons]
    codes = {one["code"] for one in used}
    retired = ReturnReason.objects.exclude(code__in=codes).values(
        "code", "kind", "name", "name_en", "needs_revisit", "to_marketing"
    )
    empty = [{"kind": kind, "used": True} for kind in ReturnKind.values for _n in range(NEW_ROWS)]
    return [*used, *retired, *empty]


def _new_code(name: str, taken: set[str]) -> str:
    """A code nobody has, made of the English name."""
    stem = slugify(name).replace("-", "_")[:24] or "reason"
    code, n = stem, 2
    while code in taken:
        code, n = f"{stem}_{n}", n + 1
    taken.add(code)
    return code


class CommentForm(forms.Form):
    """A word to the discussion, about one clause or about the whole."""

    clause = forms.ChoiceField(label=_("About"), required=False)
    text = sentences(_("Your comment"), required=True, rows=2, longest=4000, cls="textarea--sm")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups = [
            (group.label, [(one.code, one.title) for one in CLAUSES.values() if one.group == group])
            for group in Group
        ]
        self.fields["clause"].choices = [("", _("The whole proposal")), *groups]
