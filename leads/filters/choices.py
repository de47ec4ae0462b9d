"""What the filters of leads let one choose from."""

from django.utils.translation import gettext_lazy as _

from leads.states import Stage

# Sizes of companies, as statistics draw the lines in Japan. None: no upper end.
SIZES = {
    "1-29": (1, 29),
    "30-99": (30, 99),
    "100-299": (100, 299),
    "300-999": (300, 999),
    "1000-": (1000, None),
}
SIZE_CHOICES = [
    ("1-29", _("Up to 29 people")),
    ("30-99", _("30 to 99 people")),
    ("100-299", _("100 to 299 people")),
    ("300-999", _("300 to 999 people")),
    ("1000-", _("1,000 people and more")),
]
# in30: touched within 30 days; not30: not touched since.
TOUCHED_CHOICES = [
    ("in7", _("Within 7 days")),
    ("in30", _("Within 30 days")),
    ("in90", _("Within 90 days")),
    ("not30", _("None for 30 days")),
    ("not90", _("None for 90 days")),
    ("not180", _("None for 180 days")),
]
CONSENT_CHOICES = [
    ("email", _("May be mailed")),
    ("phone", _("May be called")),
    ("no_email", _("Must not be mailed")),
    ("no_phone", _("Must not be called")),
]
CONSENTS = {
    "email": {"consent_email": True},
    "phone": {"consent_phone": True},
    "no_email": {"consent_email": False},
    "no_phone": {"consent_phone": False},
}
REACHED_CHOICES = [
    (stage.value, stage.label) for stage in (Stage.MQL, Stage.SAL, Stage.SQL, Stage.WON)
]
