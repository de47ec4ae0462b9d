"""Handing a seat back asks for one sentence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.forms.fields import sentences


class HandBackForm(forms.Form):
    why = sentences(_("Why is it handed back?"), required=True)
