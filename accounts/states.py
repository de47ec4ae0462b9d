"""Roles and kinds of team: pure data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    MEMBER = "member", _("Member")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    PARTNER = "partner", _("Partner")


class TeamKind(TextChoices):
    MARKETING = "marketing", _("Marketing")
    INSIDE_SALES = "inside_sales", _("Inside sales")
    SALES = "sales", _("Sales")


class Side(TextChoices):
    """The two sides of the agreement; inside sales signs with sales."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


class Language(TextChoices):
    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


class Theme(TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Maskable(TextChoices):
    """What the seat of a partner may hide. Which columns that are, each model says in `masks`."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone numbers")
    ADDRESS = "address", _("Address")
    EXTERNAL_ID = "external_id", _("Our own numbers (external id)")
    OWN = "own", _("Own fields")
    SOURCE = "source", _("Source and landing page")
    CAMPAIGN = "campaign", _("Campaigns")
    SCORE = "score", _("Score: fit and engagement")
    WORDS = "words", _("What others noted about touches")
    COMMENTS = "comments", _("Comments of others")
    # The known facts, by their field: "fact_" and the code of `leads.states.FactField`.
    FACT_BUDGET = "fact_budget", _("Known: budget")
    FACT_AUTHORITY = "fact_authority", _("Known: authority")
    FACT_NEED = "fact_need", _("Known: need")
    FACT_TIMING = "fact_timing", _("Known: timing")
    FACT_CURRENT = "fact_current", _("Known: present situation")
    FACT_RIVALS = "fact_rivals", _("Known: alternatives compared")
    FACT_PEOPLE = "fact_people", _("Known: people involved")
    FACT_OTHER = "fact_other", _("Known: anything else")


def side_of(kind: str) -> Side:
    """The side of the agreement a team of `kind` belongs to."""
    return Side.MARKETING if kind == TeamKind.MARKETING else Side.SALES
