"""The people who sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.calendars import BusinessCalendar
from accounts.models.calendars import WorkingCalendar
from accounts.models.organisation import Team
from accounts.states import Language, Role, Theme


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def in_team(self, team):
        return self.filter(team=team)

    def managers(self):
        return self.filter(role=Role.MANAGER)

    def administrators(self):
        return self.filter(role=Role.ADMINISTRATOR)

    def awaiting(self):
        """Active people who have not chosen a password yet."""
        return self.active().filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def with_team(self):
        return self.select_related("team")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        """A user who signs in with `email` (kept in lower case); no password: cannot sign in yet."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, role=Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: signs in by e-mail, belongs to one team, has one role."""

    email = models.EmailField(_("e-mail"), unique=True)
    family_name = models.CharField(_("family name"), max_length=60)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    role = models.CharField(_("role"), max_length=13, choices=Role, default=Role.MEMBER)
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        verbose_name=_("team"),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.JAPANESE
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Tokyo")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    single_keys = models.BooleanField(
        _("single-key shortcuts"), default=True, help_text=_("J, K, A, R … act without Ctrl.")
    )
    notices_by_mail = models.BooleanField(_("notices also by e-mail"), default=True)
    external_name = models.CharField(
        max_length=100, blank=True, help_text="What an imported file calls this person."
    )
    is_active = models.BooleanField(_("active"), default=True)
    invited_at = models.DateTimeField(
        null=True, editable=False, help_text="When the last invitation went out."
    )
    sessions_number = models.PositiveIntegerField(
        default=0, editable=False, help_text="Raised to end all sessions of this person."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["family_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["family_name", "given_name", "id"]
        indexes = [models.Index(Lower("external_name"), name="user_external_name")]
        constraints = [
            CheckConstraint(
                name="user_of_a_team_unless_administrator",
                condition=Q(role=Role.ADMINISTRATOR) | Q(team__isnull=False),
                violation_error_message=_("Everybody but an administrator belongs to a team."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """Full name: family name first in Japanese, given name first in English."""
        ja = (get_language() or "ja").startswith("ja")
        parts = (self.family_name, self.given_name) if ja else (self.given_name, self.family_name)
        return " ".join(filter(None, parts)) or self.email

    @property
    def initial(self) -> str:
        """The character on the person's avatar."""
        return (self.family_name or self.email)[:1].upper()

    @property
    def team_kind(self) -> str:
        return self.team.kind if self.team_id else ""

    @property
    def business_calendar(self) -> BusinessCalendar:
        """When this person works: as their team does."""
        return self.team.business_calendar if self.team_id else WorkingCalendar.default()

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_partner(self) -> bool:
        return self.role == Role.PARTNER

    @property
    def is_staff(self) -> bool:
        """Django's admin is behind the administrator role."""
        return self.is_active and self.is_administrator

    @property
    def awaits_invitation(self) -> bool:
        """Invited, or let in by an import, and has not chosen a password yet."""
        return self.is_active and not self.has_usable_password()

    def _get_session_auth_hash(self, secret=None):
        """Sessions end with the password, with the role, and when `sessions_number` is raised."""
        key_salt = "accounts.models.User.session"
        value = f"{self.password}:{self.role}:{self.sessions_number}"
        return salted_hmac(key_salt, value, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm, obj=None):
        return self.is_staff

    def has_module_perms(self, app_label):
        return self.is_staff
