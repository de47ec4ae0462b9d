"""Fields that every form of handoffs has."""

from django import forms

LONGEST = 5000


def sentences(
    label, *, required=False, rows=3, help_text="", placeholder="", longest=LONGEST, cls=""
):
    """A field for sentences."""
    attrs = {"rows": rows, "placeholder": placeholder} | ({"class": cls} if cls else {})
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs=attrs),
    )
