"""The shape of what people type about people. Rules are the verbs'."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.forms import SetPasswordForm
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team, User, WorkingCalendar
from accounts.states import Language, Maskable, Role, TeamKind
from common import formats
from common.clock import page_now
from common.forms import DayInput
from common.refusals import NotAllowed, Refusal

# Where people are; a zone that is set already is offered too.
ZONES = (
    "Asia/Tokyo", "Asia/Seoul", "Asia/Taipei", "Asia/Shanghai", "Asia/Hong_Kong",
    "Asia/Singapore", "Asia/Manila", "Asia/Bangkok", "Asia/Jakarta", "Asia/Ho_Chi_Minh",
    "Asia/Kolkata", "Asia/Dubai", "Australia/Perth", "Australia/Sydney", "Pacific/Auckland",
    "Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Chicago",
    "America/New_York", "America/Toronto", "America/Mexico_City", "America/Sao_Paulo",
    "Europe/London", "Europe/Lisbon", "Europe/Paris", "Europe/Madrid", "Europe/Berlin",
    "Europe/Amsterdam", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Helsinki",
    "Europe/Istanbul", "Africa/Cairo", "Africa/Johannesburg", "UTC",
)  # fmt: skip
COUNTRIES = [
    ("JP", _("Japan")),
    ("AU", _("Australia")),
    ("BR", _("Brazil")),
    ("CA", _("Canada")),
    ("CN", _("China")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("HK", _("Hong Kong")),
    ("IN", _("India")),
    ("ID", _("Indonesia")),
    ("IT", _("Italy")),
    ("KR", _("Korea")),
    ("MY", _("Malaysia")),
    ("NL", _("Netherlands")),
    ("NZ", _("New Zealand")),
    ("PH", _("Philippines")),
    ("SG", _("Singapore")),
    ("ES", _("Spain")),
    ("TW", _("Taiwan")),
    ("TH", _("Thailand")),
    ("GB", _("United Kingdom")),
    ("US", _("United States")),
    ("VN", _("Vietnam")),
    ("", _("None: weekdays are working days")),
]


def attempt(form: forms.Form, verb, *things, **how):
    """What `verb` answers to what was typed; None where it refused: the form then says so.

    At the field at fault, where the refusal names one. What is not allowed stays an error of the page.
    """
    try:
        return verb(*things, **how, **form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        name = getattr(refusal, "field", "")
        form.add_error(name if name in form.fields else None, str(refusal))
        return None


class ZoneField(forms.ChoiceField):
    """A time zone, with its distance from UTC today."""

    def __init__(self, *, now_set: str = "", **kwargs):
        zones = list(ZONES)
        if now_set and now_set not in zones and now_set in available_timezones():
            zones.append(now_set)
        super().__init__(choices=lambda: [(zone, _zone_label(zone)) for zone in zones], **kwargs)


def _zone_label(zone: str) -> str:
    offset = datetime.now(ZoneInfo(zone)).strftime("%z")
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{place} (UTC{offset[:3]}:{offset[3:]})" if zone != "UTC" else "UTC"


class PersonForm(forms.Form):
    """Who a person is here: for an invitation, and for a change."""

    marks_optional = False

    family_name = forms.CharField(label=_("Family name"), max_length=60)
    given_name = forms.CharField(label=_("Given name"), max_length=60, required=False)
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("No team: administrators only"),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.MEMBER)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language,
        help_text=_("Of pages and mails. Everybody can change their own."),
    )

    def __init__(self, *args, person: User | None = None, **kwargs):
        if person is not None:
            kwargs["initial"] = {
                name: getattr(person, name)
                for name in ("family_name", "given_name", "email", "team", "role", "language")
            }
        super().__init__(*args, **kwargs)
        own_team = person.team_id if person else None
        self.fields["team"].queryset = Team.objects.filter(Q(is_active=True) | Q(pk=own_team))
        self.fields["role"].help_text = _(
            "A manager acts for the whole team and signs for it; an administrator sets things up and"
            " takes no leads; a partner sees only what is entrusted to their team."
        )


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=TeamKind,
        help_text=_("Says on which side of a handoff the team stands. It cannot be changed later."),
    )
    is_partner = forms.BooleanField(
        label=_("An outside partner, such as an agency"),
        required=False,
        help_text=_("Sees only the leads entrusted to it. It cannot be changed later."),
    )


class TeamNameForm(forms.Form):
    marks_optional = False

    name = forms.CharField(label=_("Name"), max_length=60)
    calendar = forms.ModelChoiceField(
        WorkingCalendar.objects.all(),
        label=_("Works by the calendar"),
        required=False,
        empty_label=None,
        help_text=_("Its promises count these hours. Clocks that run keep their due moments."),
    )


class SeatForm(forms.Form):
    """The terms of a partner's seat."""

    purpose = forms.CharField(
        label=_("What they do for us"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("After it they can no longer sign in. Everybody is told a week before."),
    )
    masked = forms.MultipleChoiceField(
        label=_("They do not see"),
        choices=Maskable.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Of the leads entrusted to them. It holds for what was shown before, too."),
    )


class OrganisationForm(forms.Form):
    marks_optional = False

    name = forms.CharField(label=_("Name of the organisation"), max_length=100)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=COUNTRIES[:-1],
        help_text=_("Telephone numbers without a country code are read as of there."),
    )
    fiscal_month = forms.TypedChoiceField(label=_("Fiscal year begins in"), coerce=int)

    def __init__(self, *args, organisation: Organisation, **kwargs):
        names = ("name", "time_zone", "country", "fiscal_month")
        kwargs["initial"] = {name: getattr(organisation, name) for name in names}
        super().__init__(*args, **kwargs)
        zone = ZoneField(label=_("Time zone"), now_set=organisation.time_zone)
        fields = {"name": self.fields.pop("name"), "time_zone": zone, **self.fields}
        self.fields = fields
        known = dict(COUNTRIES)
        if organisation.country not in known:
            self.fields["country"].choices = [*COUNTRIES[:-1], (organisation.country,) * 2]
        self.fields["fiscal_month"].choices = [(n, _month_name(n)) for n in range(1, 13)]


class HeadsForm(forms.Form):
    """Who signs the agreement. `candidates`: for each side those who may."""

    marks_optional = False

    marketing_head = forms.ModelChoiceField(
        label=_("Head of marketing"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Signs the agreement for marketing."),
    )
    sales_head = forms.ModelChoiceField(
        label=_("Head of sales"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Signs the agreement for inside sales and sales."),
    )

    def __init__(self, *args, organisation: Organisation, candidates: dict, **kwargs):
        kwargs["initial"] = {
            name: getattr(organisation, name) for name in ("marketing_head", "sales_head")
        }
        super().__init__(*args, **kwargs)
        for side, people in candidates.items():
            field = self.fields[f"{side}_head"]
            field.queryset = people
            field.label_from_instance = lambda user: f"{user.name} ({user.team.name})"


def _month_name(number: int) -> str:
    month = page_now().date().replace(month=number, day=1)
    return f"{number}月" if formats.in_japanese() else formats.month(month).split()[0]


class ProfileForm(forms.Form):
    family_name = forms.CharField(label=_("Family name"), max_length=60)
    given_name = forms.CharField(label=_("Given name"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    notices_by_mail = forms.BooleanField(
        label=_("Notices also by e-mail"),
        required=False,
        help_text=_(
            "Offers, answers and promises that are due. The inbox here has them in any case."
        ),
    )
    single_keys = forms.BooleanField(
        label=_("Single keys as shortcuts"),
        required=False,
        help_text=_(
            "J, K, A, R and others act at once. Switch this off if you dictate or press keys by mistake."
        ),
    )
    FIELDS = (
        "family_name",
        "given_name",
        "language",
        "time_zone",
        "single_keys",
        "notices_by_mail",
    )

    def __init__(self, *args, person: User, **kwargs):
        kwargs["initial"] = {name: getattr(person, name) for name in self.FIELDS}
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = ZoneField(label=_("Time zone"), now_set=person.time_zone)
        self.order_fields(self.FIELDS)


class FirstPasswordForm(SetPasswordForm):
    """The password an invited person chooses, judged like every other."""
