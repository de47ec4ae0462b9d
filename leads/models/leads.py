"""The lead: one person we may sell to."""

import re
from collections.abc import Iterable

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import CheckConstraint, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import MaskedModel, Team, User
from accounts.models.sight import hidden
from accounts.states import Maskable
from common.text import digits, place, search_text
from leads.models.arrivals import without_source
from leads.models.campaigns import Campaign
from leads.models.companies import Company
from leads.states import CLOSED, Grade, Stage


class Source(MaskedModel):
    """Where leads come from, in the organisation's own words ("paid search", "展示会", "unknown")."""

    masks = {Maskable.SOURCE: {"name": ""}}

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self):
        return self.name


# A number as people write it: 052-000-4821, (03)1234-5678. The search text holds its digits.
_NUMBER = re.compile(r"[\d()+.\-]{5,}")


def _needles(word: str) -> list[str]:
    """What the search text holds if it has `word`: anywhere from three characters on, else at a
    word's start; of a number its digits."""
    found = [word if len(word) >= 3 else f" {word}"]
    plain = digits(word)
    if plain != word and len(plain) >= 4 and _NUMBER.fullmatch(word):
        found.append(plain)
    return found


def _has_word(word: str) -> Q:
    found = Q()
    for needle in _needles(word):
        found |= Q(search__contains=needle)
    return found


def _openly(found: QuerySet, words: list[str]) -> QuerySet:
    """Those of `found` that have the words in what the reader may see: a hidden e-mail is no way
    to find anybody. A partner holds few leads, so they are read one by one."""
    seen = [
        lead.pk
        for lead in found.select_related("company")
        if all(any(one in lead.derive().search for one in _needles(word)) for word in words)
    ]
    return found.filter(pk__in=seen)


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both teams read every lead; a partner only those entrusted to their team."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            return self.filter(entrusted_to=user.team_id)
        return self

    def open(self):
        return self.exclude(stage__in=CLOSED)

    def at(self, *stages):
        return self.filter(stage__in=stages)

    def ready_to_offer(self):
        """Qualified, and no offer of it waits. The relation is of the app above, by its name only."""
        return self.filter(stage=Stage.MQL).exclude(handoffs__state="waiting")

    def matching(self, words: str):
        """Leads whose name, kana, company, e-mail or phone has each word, at a word's start or
        (from three characters on) anywhere in it. Uses the trigram index in every case."""
        found, wanted = self, search_text(words).split()
        for word in wanted:
            found = found.filter(_has_word(word))
        return _openly(found, wanted) if wanted and hidden() else found

    def with_row_facts(self):
        """What a row of a list shows, in the same query."""
        return self.select_related("company", "marketer__team", "seller__team", "source")


# What the funnel counts by, and the columns it reads: they stand in its indexes.
_MOMENTS = ("mql_at", "offered_at", "sal_at", "contacted_at", "sql_at", "won_at")
_FUNNEL = ("id", "captured_at", *_MOMENTS, "source", "campaign", "team", "stage")


class Lead(MaskedModel):
    """One person we may sell to, with where they stand and who is accountable.

    The lead's row is the lock for everything about the lead: every verb takes it first.
    """

    masks = {
        Maskable.EMAIL: {"email": ""},
        Maskable.PHONE: {"phone": "", "mobile": ""},
        Maskable.ADDRESS: {"postal_code": "", "prefecture": "", "address": ""},
        Maskable.EXTERNAL_ID: {"external_id": ""},
        Maskable.OWN: {"attributes": dict},
        Maskable.SOURCE: {"landing_page": ""},
        Maskable.SCORE: {"fit": "", "fit_points": 0, "heat": 0.0},
    }

    family_name = models.CharField(_("family name"), max_length=60, blank=True)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    family_kana = models.CharField(_("family name (kana)"), max_length=60, blank=True)
    given_kana = models.CharField(_("given name (kana)"), max_length=60, blank=True)
    company = models.ForeignKey(
        Company,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("company"),
        db_index=False,
    )
    department = models.CharField(_("department"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    prefecture = models.CharField(_("prefecture"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("source"),
        db_index=False,
    )
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="captured",
        verbose_name=_("campaign"),
        help_text=_("The campaign that brought this lead in."),
        db_index=False,
    )
    landing_page = models.CharField(_("landing page"), max_length=500, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    import_key = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        help_text="What stands for an id where a file gave neither id nor e-mail: a hash of its row.",
    )
    attributes = models.JSONField(default=dict, blank=True)
    captured_at = models.DateTimeField(
        _("captured at"), help_text="First contact; cohorts count by it."
    )

    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.NEW)
    stage_since = models.DateTimeField()
    team = models.ForeignKey(
        Team,
        null=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("team"),
        db_index=False,
    )
    marketer = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("marketer"),
        db_index=False,
    )
    seller = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("sales person"),
        db_index=False,
    )
    entrusted_to = models.ForeignKey(
        Team,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The partner team that may see this lead.",
        db_index=False,
    )
    revisit_on = models.DateField(
        _("revisit on"),
        null=True,
        blank=True,
        help_text="Until then nothing qualifies the lead by itself.",
    )

    awaits_condition = models.BooleanField(
        default=False,
        editable=False,
        help_text="Sales named what must become true first: nothing qualifies it by itself.",
    )

    # When the lead first reached the milestone or a later one; written by `history.milestones`.
    mql_at = models.DateTimeField(null=True)
    sal_at = models.DateTimeField(null=True)
    sql_at = models.DateTimeField(null=True)
    won_at = models.DateTimeField(null=True)
    # Milestones of its handoffs, kept here for the figures: written by `make_offer` and by the
    # first contact, as the earliest of them.
    offered_at = models.DateTimeField(null=True, help_text="When it was first offered.")
    contacted_at = models.DateTimeField(
        null=True, help_text="When a first contact after a handoff was made."
    )

    fit_points = models.SmallIntegerField(default=0)
    fit = models.CharField(_("fit"), max_length=1, choices=Grade, default=Grade.D)
    heat = models.FloatField(
        default=0, help_text="Σ p·2^((t₀−epoch)/h); engagement now follows from it."
    )
    last_touch_at = models.DateTimeField(_("last touch"))
    last_touch = models.CharField(
        max_length=160, blank=True, help_text="Kind and first words, for lists."
    )
    question_open = models.BooleanField(
        default=False, help_text="A question of theirs waits for our answer."
    )
    # The latest word on these channels, so that lists filter by it; None: never asked. Written by
    # `actions.consents`, from the consents themselves.
    consent_email = models.BooleanField(_("may be mailed"), null=True, editable=False)
    consent_phone = models.BooleanField(_("may be called"), null=True, editable=False)

    search = models.TextField(editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="lead_search"),
            models.Index(fields=["last_touch_at", "id"], name="lead_by_last_touch"),
            models.Index(fields=["heat", "id"], name="lead_by_heat"),
            models.Index(fields=["captured_at", "id"], name="lead_by_captured"),
            models.Index(fields=["stage", "last_touch_at", "id"], name="lead_stage_last_touch"),
            models.Index(fields=["stage", "heat", "id"], name="lead_stage_heat"),
            models.Index(fields=["fit", "heat", "id"], name="lead_fit_heat"),
            models.Index(
                fields=["marketer", "last_touch_at", "id"], name="lead_marketer_last_touch"
            ),
            models.Index(fields=["seller", "last_touch_at", "id"], name="lead_seller_last_touch"),
            models.Index(fields=["team", "last_touch_at", "id"], name="lead_team_last_touch"),
            models.Index(fields=["company", "id"], name="lead_company"),
            models.Index(fields=["source", "last_touch_at", "id"], name="lead_source_last_touch"),
            models.Index(
                fields=["campaign", "last_touch_at", "id"], name="lead_campaign_last_touch"
            ),
            models.Index(fields=["email"], name="lead_email", condition=~Q(email="")),
            models.Index(
                fields=["import_key"], name="lead_import_key", condition=~Q(import_key="")
            ),
            models.Index(
                fields=["prefecture"], name="lead_prefecture", condition=~Q(prefecture="")
            ),
            models.Index(fields=["consent_email"], name="lead_consent_email"),
            models.Index(fields=["consent_phone"], name="lead_consent_phone"),
            GinIndex(fields=["attributes"], opclasses=["jsonb_path_ops"], name="lead_attributes"),
            models.Index(
                fields=["last_touch_at", "id"],
                name="lead_question_open",
                condition=Q(question_open=True),
            ),
            models.Index(
                fields=["entrusted_to", "last_touch_at"],
                name="lead_entrusted",
                condition=Q(entrusted_to__isnull=False),
            ),
            # One narrow row per lead for the funnel: the KPI page reads the index, not the table.
            models.Index(
                fields=["captured_at"],
                name="lead_funnel",
                include=[name for name in _FUNNEL if name != "captured_at"],
            ),
            # The same by each milestone: what was reached in a period, and how long it took.
            *(
                models.Index(
                    fields=[moment],
                    name=f"lead_{moment}",
                    include=[name for name in _FUNNEL if name != moment],
                    condition=Q(**{f"{moment}__isnull": False}),
                )
                for moment in _MOMENTS
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                name="lead_external_id_once",
                condition=~Q(external_id=""),
                violation_error_message=_("Another lead has this external id."),
            ),
            CheckConstraint(
                name="lead_not_closed_has_accountable_team",
                condition=Q(stage__in=CLOSED) | Q(team__isnull=False),
            ),
            CheckConstraint(
                name="lead_has_something_to_call_it_by",
                condition=~(
                    Q(family_name="", given_name="", email="", external_id="", phone="", mobile="")
                    & Q(company__isnull=True)
                ),
                violation_error_message=_(
                    "A lead needs a name, an e-mail, a phone number, a company or an id."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """Full name, family name first in Japanese; else the e-mail, phone or external id."""
        ja = (get_language() or "ja").startswith("ja")
        parts = (self.family_name, self.given_name) if ja else (self.given_name, self.family_name)
        return (
            " ".join(filter(None, parts))
            or self.email
            or self.phone
            or self.mobile
            or self.external_id
            or (_("Lead no. %(n)s") % {"n": self.pk} if self.is_masked else "")
        )

    @classmethod
    def hidden_with(cls, names: Iterable[str]) -> set[str]:
        """The codes of `Maskable` that hide these fields ("attributes.<code>" for an own field)."""
        wanted = {name.partition(".")[0] for name in names}
        of = {column: code for code, columns in cls.masks.items() for column in columns}
        of |= {"source": Maskable.SOURCE, "campaign": Maskable.CAMPAIGN}
        return {of[name] for name in wanted & of.keys()}

    def mask(self, codes):
        super().mask(codes)
        self.not_shown = [code.label for code in Maskable if code in codes]
        if Maskable.WORDS in codes:
            self.last_touch = self.last_touch.partition(":")[0]
        self._hide_arrival(codes)

    def _hide_arrival(self, codes: frozenset[str]) -> None:
        row = self.__dict__
        kind, _colon, words = row.get("last_touch", "").partition(":")
        if not kind:
            return
        when = {"at": row.get("last_touch_at"), "captured_at": row.get("captured_at")}
        # Which campaign it came by is not in the line: a campaign of the lead is taken for it.
        touch = {"kind": kind, "words": words, "campaign": row.get("campaign_id")}
        shown = without_source(touch, codes, **when)
        if shown is not touch:
            self.last_touch = f"{shown['kind']}:{shown['words']}".rstrip(":")

    @property
    def has_personal_name(self) -> bool:
        return bool(self.family_name or self.given_name)

    @property
    def kana(self) -> str:
        return " ".join(filter(None, (self.family_kana, self.given_kana)))

    @property
    def label(self) -> str:
        """Company and person in one line, as notices and headings call the lead."""
        return " ".join(filter(None, (self.company.name if self.company else "", self.name)))

    @property
    def is_closed(self) -> bool:
        return self.stage in CLOSED

    @property
    def owner(self):
        """The person who holds the lead on the accountable side, or None."""
        return self.seller if self.stage in (Stage.SAL, Stage.SQL, Stage.WON) else self.marketer

    @property
    def place(self) -> str:
        """Prefecture and address, the prefecture once."""
        return place(self.prefecture, self.address)

    @property
    def call_number(self) -> str:
        """The number to tap: mobile last, since the desk phone is what people gave us first."""
        return self.phone or self.mobile

    @property
    def numbers(self) -> list[str]:
        """Every number there is to call, in the order in which to try them."""
        return [number for number in (self.phone, self.mobile) if number]

    @property
    def won_before_captured(self) -> bool:
        """A deal was won before our first contact: kept and flagged, never dropped."""
        return bool(self.won_at and self.won_at < self.captured_at)

    def derive(self):
        """Fill the search column; every writer calls it before saving."""
        self.search = search_text(
            self.family_name + self.given_name,
            self.family_name,
            self.given_name,
            self.family_kana + self.given_kana,
            self.given_kana,
            self.company.name if self.company else "",
            self.company.key if self.company else "",
            self.email,
            digits(self.phone),
            digits(self.mobile),
            self.external_id,
        )
        return self
