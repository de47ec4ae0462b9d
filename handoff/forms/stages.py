"""Moves of the lead itself: each asks for a sentence at most."""

from django import forms

from handoff.forms.fields import sentences


class ReasonForm(forms.Form):
    """One field of words, needed or not as the move asks; `name` is the verb's argument."""

    def __init__(self, *args, name: str, label, required: bool, help_text="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[name] = sentences(label, required=required, help_text=help_text)
