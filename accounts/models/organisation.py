"""The organisation that runs this installation, and its teams."""

from copy import copy
from zoneinfo import ZoneInfo

from django.core.cache import caches
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from accounts.calendars import BusinessCalendar
from accounts.models.calendars import WorkingCalendar
from accounts.states import Side, TeamKind, side_of


class Organisation(models.Model):
    """One row: whose installation this is, and where it is at home.

    When people work stands in the working calendars.
    """

    name = models.CharField(_("name"), max_length=100, default="Smarketing")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Tokyo")
    country = models.CharField(
        _("country"),
        max_length=2,
        default="JP",
        blank=True,
        help_text=_("Telephone numbers without a country code are read as of there."),
    )
    fiscal_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )

    marketing_head = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("head of marketing"),
        help_text=_("Signs the agreement for marketing."),
    )
    sales_head = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("head of sales"),
        help_text=_("Signs the agreement for inside sales and sales."),
    )

    CACHE_KEY = "organisation"

    class Meta:
        verbose_name = _("organisation")
        constraints = [
            CheckConstraint(name="organisation_is_one", condition=Q(pk=1)),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)
        caches["local"].delete(self.CACHE_KEY)

    @classmethod
    def current(cls) -> "Organisation":
        """The one row, or its defaults; kept in the process for half a minute.

        In the process, not in Redis: promises must be computed while the broker is away.
        """
        kept = caches["local"]
        found = kept.get(cls.CACHE_KEY)
        if found is None:
            found = cls.objects.filter(pk=1).first() or cls(pk=1)
            kept.set(cls.CACHE_KEY, found, 30)
        # A form may write into the one it edits; what is kept stays as it was read.
        return copy(found)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class TeamQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def of_kind(self, *kinds):
        return self.filter(kind__in=kinds)

    def in_flow_order(self):
        """As leads travel: marketing, inside sales, sales; outside partners after our own."""
        whens = [models.When(kind=kind, then=place) for place, kind in enumerate(TeamKind.values)]
        return self.order_by(models.Case(*whens), "is_partner", "name")


class Team(models.Model):
    """Some people of one kind who take over leads together."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=TeamKind)
    is_partner = models.BooleanField(
        _("outside partner"),
        default=False,
        help_text=_("An agency: sees only the leads entrusted to it."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    calendar = models.ForeignKey(
        WorkingCalendar,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="teams",
        verbose_name=_("working calendar"),
        help_text=_("None: the default one."),
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["kind", "name"]

    def __str__(self):
        return self.name

    @property
    def side(self) -> Side:
        return side_of(self.kind)

    @property
    def business_calendar(self) -> BusinessCalendar:
        """When this team works: by what its promises are counted. Asks the database twice a minute."""
        return WorkingCalendar.of(self.calendar_id)
