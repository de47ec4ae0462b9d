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


def side_of(kind: str) -> Side:
    """The side of the agreement a team of `kind` belongs to."""
    return Side.MARKETING if kind == TeamKind.MARKETING else Side.SALES
