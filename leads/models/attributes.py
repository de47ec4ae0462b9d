"""Own fields of leads and companies, defined by the administrator."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leads.states import AttributeOf, AttributeType


class AttributeDefinition(models.Model):
    """One own, typed field; values are kept in the `attributes` JSON of the lead or company."""

    of = models.CharField(_("of"), max_length=7, choices=AttributeOf, default=AttributeOf.LEAD)
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and _ only."))],
        help_text=_("Used in imports and exports; cannot be changed later."),
    )
    name = models.CharField(_("name (Japanese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    type = models.CharField(
        _("type"), max_length=6, choices=AttributeType, default=AttributeType.TEXT
    )
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        ordering = ["of", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "code"],
                name="attribute_code_once",
                violation_error_message=_("There is already a field with this code."),
            )
        ]

    def __str__(self):
        ja = (get_language() or "ja").startswith("ja")
        return self.name if ja else (self.name_en or self.name)
