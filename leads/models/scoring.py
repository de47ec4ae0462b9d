"""The rules behind a score, and the definition of a qualified lead in force."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.states import Grade, TouchKind, TouchResult


class RuleSet(models.Model):
    """One version of the scoring rules. The one in force gives the points; old ones stay."""

    version = models.PositiveIntegerField(unique=True)
    half_life = models.PositiveSmallIntegerField(
        _("half-life (days)"), default=30, validators=[MinValueValidator(7), MaxValueValidator(365)]
    )
    epoch = models.DateTimeField(
        help_text="Heat is measured from here: the creation of the rule set."
    )
    cut_a = models.SmallIntegerField(_("grade A from"), default=60)
    cut_b = models.SmallIntegerField(_("grade B from"), default=40)
    cut_c = models.SmallIntegerField(_("grade C from"), default=20)
    in_force = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("rule set")
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], name="rule_set_one_in_force", condition=Q(in_force=True)
            ),
            models.CheckConstraint(
                name="rule_set_cuts_descend",
                condition=Q(cut_a__gt=models.F("cut_b"), cut_b__gt=models.F("cut_c")),
            ),
        ]


class FitRule(models.Model):
    """Points for what a lead or its company *is*."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="fit_rules")
    field = models.CharField(
        max_length=60, help_text="`title`, `company.employees`, `attributes.x`, …"
    )
    operator = models.CharField(
        max_length=10, help_text="is, in, contains, at_least, at_most, filled"
    )
    value = models.JSONField(default=None, null=True)
    points = models.SmallIntegerField(_("points"))
    label = models.CharField(max_length=80, help_text="In Japanese.")
    label_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]


class EngagementRule(models.Model):
    """Points for what a lead *does*: the first rule that fits a touch gives its points."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="engagement_rules")
    kind = models.CharField(max_length=18, choices=TouchKind)
    result = models.CharField(
        max_length=14, choices=TouchResult, blank=True, help_text="Empty: any."
    )
    words = models.CharField(
        max_length=60, blank=True, help_text="A word that must occur; empty: any."
    )
    points = models.FloatField(_("points"))
    most_per_week = models.PositiveSmallIntegerField(
        null=True, help_text="Further touches of this rule within seven days give nothing."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]


class QualifyingDefinition(models.Model):
    """What makes an MQL, copied from the agreement in force: `leads` cannot look up to it."""

    agreement_version = models.PositiveIntegerField(unique=True)
    min_fit = models.CharField(max_length=1, choices=Grade, default=Grade.B)
    min_engagement = models.FloatField(default=60)
    triggers = models.JSONField(
        default=list, help_text="[kind, result] pairs that qualify by themselves."
    )
    required_facts = models.JSONField(
        default=list, help_text="Fields of facts that must be known first."
    )
    exclusions = models.JSONField(default=list, help_text="Kinds of leads that never qualify.")
    in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], name="definition_one_in_force", condition=Q(in_force=True)
            ),
        ]
