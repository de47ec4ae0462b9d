"""The organisation of the demo: 水鏡システムズ, its teams, people, lanes and own fields."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from accounts.models import Organisation, Team, User
from accounts.states import Role, TeamKind
from handoff.actions.defaults import lay_defaults, sign_agreement
from handoff.models import Lane, Leg
from leads.models import AttributeDefinition, Source
from leads.states import AttributeOf, AttributeType
from smarketing.demo.signins import PASSWORD, SIGN_INS

ORGANISATION = "水鏡システムズ"

# key: (name in the defaults, or None for a new team, name, kind, outside partner)
TEAMS = {
    "marketing": ("マーケティング", "マーケティング部", TeamKind.MARKETING, False),
    "inside": ("インサイドセールス", "インサイドセールス", TeamKind.INSIDE_SALES, False),
    "sales1": ("営業", "営業一課", TeamKind.SALES, False),
    "sales2": (None, "営業二課", TeamKind.SALES, False),
    "agency": (None, "灯台リレーションズ(代理店)", TeamKind.INSIDE_SALES, True),
}

# key: (family name, given name, team, role); those named as a role of SIGN_INS come with it.
PEOPLE = {
    "marketer": ("小野寺", "美咲", "marketing", Role.MEMBER),
    "marketer2": ("河野", "俊介", "marketing", Role.MEMBER),
    "marketer3": ("水野", "沙羅", "marketing", Role.MEMBER),
    "marketing": ("桐生", "恵", "marketing", Role.MANAGER),
    "inside": ("平野", "さくら", "inside", Role.MEMBER),
    "inside2": ("長尾", "拓", "inside", Role.MEMBER),
    "inside3": ("汐留", "七海", "inside", Role.MEMBER),
    "inside_head": ("蓮見", "透", "inside", Role.MANAGER),
    "rep": ("高梨", "健太", "sales1", Role.MEMBER),
    "rep2": ("村瀬", "由紀", "sales1", Role.MEMBER),
    "rep3": ("戸田", "圭", "sales1", Role.MEMBER),
    "sales": ("大久保", "誠", "sales1", Role.MANAGER),
    "rep4": ("若槻", "悠人", "sales2", Role.MEMBER),
    "rep5": ("日向", "美月", "sales2", Role.MEMBER),
    "sales2": ("沢渡", "剛", "sales2", Role.MANAGER),
    "admin": ("三輪", "理恵", None, Role.ADMINISTRATOR),
    "partner": ("灯", "真帆", "agency", Role.PARTNER),
    "partner2": ("船橋", "渉", "agency", Role.PARTNER),
}

# Besides the two of the defaults: code, Japanese, English, (giving kind, taking team) per leg.
LANES = (
    (
        "west",
        "マーケティング → インサイドセールス → 営業二課",
        "Marketing → inside sales → sales 2",
        ((TeamKind.MARKETING, "inside"), (TeamKind.INSIDE_SALES, "sales2")),
    ),
    (
        "agency",
        "マーケティング → 代理店 → 営業二課",
        "Marketing → agency → sales 2",
        ((TeamKind.MARKETING, "agency"), (TeamKind.INSIDE_SALES, "sales2")),
    ),
)

# (of, code, Japanese, English, type, choices)
OWN_FIELDS = (
    (AttributeOf.LEAD, "machines", "設備の台数", "Machines", AttributeType.NUMBER, ()),
    (
        AttributeOf.LEAD,
        "ledger",
        "いまの台帳",
        "Present register",
        AttributeType.CHOICE,
        ("表計算", "紙", "社内システム", "他社製品"),
    ),
    (AttributeOf.COMPANY, "plants", "工場の数", "Plants", AttributeType.NUMBER, ()),
)

SOURCES = ("展示会", "ウェビナー", "資料ダウンロード", "検索", "広告", "紹介", "名刺", "問い合わせ")


@dataclass
class Cast:
    """Who plays: teams, people, lanes and sources by their key."""

    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def members(self, team: Team, *, managers: bool = False) -> list[User]:
        """The people of a team; managers rarely carry leads themselves."""
        return [
            person
            for person in self.people.values()
            if person.team_id == team.pk and (managers or not person.is_manager)
        ]


def lay_cast() -> Cast:
    """Everybody and everything there is before the first lead; agreement 1 is signed by both heads."""
    agreement = lay_defaults()
    organisation = Organisation.current()
    organisation.name = ORGANISATION
    organisation.save()
    cast = Cast(teams=_lay_teams())
    cast.people = _lay_people(cast.teams)
    cast.lanes = _lay_lanes(cast.teams)
    cast.sources = {name: Source.objects.create(name=name) for name in SOURCES}
    _lay_own_fields()
    heads = {"marketing_head": cast.people["marketing"], "sales_head": cast.people["sales"]}
    sign_agreement(agreement, **heads)
    return cast


def _lay_teams() -> dict[str, Team]:
    found = {}
    for key, (default, name, kind, partner) in TEAMS.items():
        team = Team.objects.get(name=default) if default else Team(kind=kind)
        team.name, team.is_partner = name, partner
        team.save()
        found[key] = team
    return found


def _lay_people(teams: dict[str, Team]) -> dict[str, User]:
    addresses = {one.email.split("@")[0]: one.email for one in SIGN_INS}
    password = make_password(PASSWORD)
    people = [
        User(
            email=addresses.get(key, f"{key.replace('_', '-')}@example.com"),
            password=password,
            family_name=family,
            given_name=given,
            team=teams[team] if team else None,
            role=role,
            # Nobody is mailed about what happened long ago; see ending.py.
            notices_by_mail=False,
        )
        for key, (family, given, team, role) in PEOPLE.items()
    ]
    User.objects.bulk_create(people)
    return dict(zip(PEOPLE, people, strict=True))


def _lay_lanes(teams: dict[str, Team]) -> dict[str, Lane]:
    for code, name, name_en, legs in LANES:
        lane = Lane.objects.create(code=code, name=name, name_en=name_en)
        Leg.objects.bulk_create(
            Leg(lane=lane, position=position, giver_kind=giver, taker=teams[taker])
            for position, (giver, taker) in enumerate(legs)
        )
    return {lane.code: lane for lane in Lane.objects.all()}


def _lay_own_fields() -> None:
    AttributeDefinition.objects.bulk_create(
        AttributeDefinition(
            of=of,
            code=code,
            name=name,
            name_en=name_en,
            type=kind,
            choices=list(choices),
            position=position,
        )
        for position, (of, code, name, name_en, kind, choices) in enumerate(OWN_FIELDS)
    )
