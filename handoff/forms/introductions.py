"""The mail that introduces the taker: every word of it may be changed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.actions.introductions import LONGEST_SUBJECT, LONGEST_TEXT
from handoff.forms.fields import sentences


class IntroductionForm(forms.Form):
    """Subject and text."""

    marks_optional = False

    subject = forms.CharField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        error_messages={"required": _("A mail needs a subject.")},
    )
    text = sentences(_("Text"), rows=14, longest=LONGEST_TEXT, required=True)
