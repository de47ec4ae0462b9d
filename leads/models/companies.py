"""The organisations leads belong to."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MaskedModel, User
from accounts.states import Maskable
from common.text import normalise_company, place, search_text


class CompanyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody reads every company; a partner those of the leads entrusted to them."""
        if user.is_partner:
            return self.filter(leads__entrusted_to=user.team_id).distinct()
        return self

    def matching(self, words: str):
        """Companies in whose name, kana or domain each word occurs, as with leads."""
        found = self
        for word in search_text(words).split():
            found = found.filter(search__contains=word if len(word) >= 3 else f" {word}")
        return found


class Company(MaskedModel):
    """An organisation we may sell to."""

    masks = {
        Maskable.PHONE: {"phone": ""},
        Maskable.ADDRESS: {"postal_code": "", "prefecture": "", "address": ""},
        Maskable.EXTERNAL_ID: {"external_id": ""},
        Maskable.OWN: {"attributes": dict},
    }

    name = models.CharField(_("company name"), max_length=200)
    name_kana = models.CharField(_("company name (kana)"), max_length=200, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    corporate_number = models.CharField(
        _("corporate number"),
        max_length=13,
        blank=True,
        validators=[RegexValidator(r"^\d{13}$", _("A corporate number has 13 digits."))],
    )
    domain = models.CharField(_("domain"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    prefecture = models.CharField(_("prefecture"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("owner"),
    )
    is_competitor = models.BooleanField(
        _("competitor"),
        default=False,
        help_text=_("Their people never qualify by themselves, where the agreement says so."),
    )
    attributes = models.JSONField(default=dict, blank=True)
    key = models.CharField(
        max_length=200, editable=False, help_text="The name, normalised, for exact matches."
    )
    search = models.TextField(editable=False)
    created_at = models.DateTimeField()

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="company_search"),
            models.Index(fields=["key"], name="company_key"),
            models.Index(fields=["domain"], name="company_domain", condition=~Q(domain="")),
            models.Index(fields=["industry"], name="company_industry"),
            models.Index(fields=["prefecture"], name="company_prefecture"),
            models.Index(fields=["employees"], name="company_employees"),
            models.Index(fields=["name", "id"], name="company_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                name="company_external_id_once",
                condition=~Q(external_id=""),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def place(self) -> str:
        """Prefecture and address, the prefecture once."""
        return place(self.prefecture, self.address)

    def derive(self):
        """Fill the columns that follow from the others; every writer calls it before saving."""
        self.key = normalise_company(self.name)[:200]
        self.search = search_text(self.name, self.key, self.name_kana, self.domain)
        return self
