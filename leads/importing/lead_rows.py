"""A file of leads: its fields, with the names they have in the exports of other systems."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from leads.actions.captures import LeadDraft, capture_leads
from leads.actions.captures.leads import IMPORTABLE
from leads.actions.captures.matching import keys_of
from leads.identity import clean_domain, clean_postal_code
from leads.importing import fields, values
from leads.importing.fields import Field, column, own_fields, plain, text
from leads.importing.targets import Target
from leads.models import Company, Lead
from leads.states import AttributeOf, Channel, FactField, Stage

PERSON, COMPANY, ORIGIN = _("Person"), _("Company"), _("Where from")
HEARD, CONSENT, OTHER = _("Already told us"), _("Consent"), _("Other")

IGNORED = (
    "no", "no.", "#", "番号", "行番号", "fax", "fax番号", "ファックス", "ファクス",
    # Of our own export: what follows from the rest, or is decided elsewhere.
    "fit", "適合", "engagement", "関心", "accountable team", "担当チーム", "sales person", "営業担当",
    "last touch", "最後の接点", "mql since", "mqlになった日", "sal since", "salになった日", "sql since",
    "sqlになった日", "won on", "受注日",
)  # fmt: skip
# Rows at one company: said by each of them, kept once.
_STAGE_WORDS = {"lead": Stage.NEW, "marketing qualified lead": Stage.MQL, "有望": Stage.MQL}


# A row may name the stage somebody has already, which then only stays; a whole file may not.
_stage = fields.choice(Stage, _STAGE_WORDS)
_whole_stage = fields.choice(Stage, _STAGE_WORDS, only=IMPORTABLE)


def _lead(name: str, label, *names: str, group=PERSON, read=None, **more) -> Field:
    return Field(name, label, read or column(Lead, name), names, group, **more)


def _company(name: str, label, *names: str, read=None) -> Field:
    return Field(f"company.{name}", label, read or column(Company, name), names, COMPANY)


FIELDS = [
    _lead("external_id", _("External id"), "mql id", "リードid", "lead id", "prospect id", "contact id",
          "record id", "管理番号", "顧客id", "顧客番号", "会員番号", "会員id", "名刺id", "外部id", "external id",
          "取引先責任者id", "id", group=OTHER),
    Field("name", _("Full name"), text(120), ("氏名", "お名前", "名前", "名前(漢字)", "氏名(漢字)", "担当者名",
          "ご担当者名", "顧客名", "full name", "name", "contact name", "lead name"), PERSON),
    _lead("family_name", _("Family name"), "姓", "姓(漢字)", "苗字", "名字", "氏名(姓)", "last name", "family name",
          "surname"),
    _lead("given_name", _("Given name"), "名", "名(漢字)", "氏名(名)", "first name", "given name"),
    Field("name_kana", _("Full name (kana)"), text(120), ("氏名(フリガナ)", "氏名フリガナ", "氏名カナ", "フリガナ",
          "ふりがな", "カナ", "お名前カナ", "名前カナ", "氏名(かな)"), PERSON),
    _lead("family_kana", _("Family name (kana)"), "セイ", "せい", "姓(カナ)", "姓フリガナ", "姓(フリガナ)", "姓(かな)",
          "姓よみ"),
    _lead("given_kana", _("Given name (kana)"), "メイ", "めい", "名(カナ)", "名フリガナ", "名(フリガナ)", "名(かな)",
          "名よみ"),
    _lead("department", _("Department"), "部署名", "部署", "所属部署", "所属", "部門", "department"),
    _lead("title", _("Job title"), "役職", "役職名", "肩書", "肩書き", "job title", "title", "position"),
    _lead("email", _("E-mail"), "e-mail", "email address", "メールアドレス", "メール", "電子メール", "eメール",
          "mail", "メアド", "work email", read=plain(values.email)),
    _lead("phone", _("Phone"), "tel直通", "直通電話", "tel部門", "電話番号", "電話", "tel", "phone", "phone number",
          "business phone", "work phone", "telephone", "tel会社", "会社電話番号", "代表電話", read=fields.phone),
    _lead("mobile", _("Mobile"), "携帯電話", "携帯電話番号", "携帯番号", "携帯", "モバイル", "mobile phone",
          "mobile phone number", "mobile", "cell phone", read=fields.phone),
    _lead("postal_code", _("Postal code"), "郵便番号", "〒", "postal code", "zip", "zip code", "zip/postal code",
          "postcode", read=plain(clean_postal_code)),
    _lead("prefecture", _("Prefecture"), "都道府県", "都道府県名", "prefecture", "state", "state/province",
          "state/region"),
    _lead("address", _("Address"), "住所", "住所1", "所在地", "市区町村", "市区郡", "町名・番地", "番地", "建物名",
          "ビル名", "住所2", "address", "street address", "street", "city", joined=True),
    Field("company.name", _("Company name"), column(Company, "name"), ("会社名", "企業名", "社名", "法人名", "会社",
          "勤務先", "団体名", "組織名", "取引先名", "company name", "company", "account name", "organization",
          "organisation", "associated company"), COMPANY),
    _company("name_kana", _("Company name (kana)"), "会社名フリガナ", "会社名カナ", "会社名(カナ)", "企業名カナ",
             "会社名(フリガナ)"),
    _company("external_id", _("Company's external id"), "会社id", "企業id", "企業コード", "会社コード", "取引先id",
             "account id", "company id"),
    _company("corporate_number", _("Corporate number"), "法人番号", "corporate number",
             read=plain(values.corporate_number)),
    _company("industry", _("Industry"), "業種", "業界", "industry"),
    _company("employees", _("Employees"), "従業員数", "社員数", "従業員規模", "number of employees", "employees",
             "no. of employees", "company size", read=plain(values.people_count)),
    _company("website", _("Website"), "url", "ホームページ", "hp", "webサイト", "website", "website url", "web site",
             read=plain(values.website)),
    _company("domain", _("Domain"), "ドメイン", "company domain name", "domain", read=plain(clean_domain)),
    _company("phone", _("Company's phone"), "会社代表電話", "代表電話番号", "company phone", read=fields.phone),
    _company("postal_code", _("Company's postal code"), "会社郵便番号", read=plain(clean_postal_code)),
    _company("prefecture", _("Company's prefecture"), "会社都道府県"),
    _company("address", _("Company's address"), "会社住所", "本社所在地", "company address"),
    Field("source", _("Source"), text(100), ("origin", "lead source", "リードソース", "流入元", "流入経路", "獲得経路",
          "獲得元", "リード獲得経路", "経路", "original source", "source"), ORIGIN, for_file=True),
    Field("campaign", _("Campaign"), text(120), ("施策", "施策名", "キャンペーン", "キャンペーン名", "campaign",
          "campaign name"), ORIGIN, for_file=True),
    _lead("landing_page", _("Landing page"), "landing page id", "landing page", "ランディングページ", "lp", "流入ページ",
          "first page seen", group=ORIGIN),
    _lead("captured_at", _("First contact"), "first contact date", "初回接点日", "初回接触日", "獲得日", "獲得日時",
          "リード獲得日", "名刺交換日", "交換日", "登録日", "登録日時", "作成日", "作成日時", "created date",
          "create date", "created at", "created", "date created", "first seen", group=ORIGIN, read=fields.past,
          is_date=True, for_file=True),
    Field("stage", _("Stage"), _stage, ("ステージ", "リードステージ", "stage"), ORIGIN, for_file=True,
        whole=_whole_stage),
    Field("marketer", _("Marketer"), fields.MARKETER, ("マーケティング担当", "マーケ担当", "marketer"), OTHER,
          for_file=True),
    Field("comment", _("Comment"), text(5000), ("メモ", "備考", "名刺メモ", "コメント", "memo", "note", "notes",
          "comment", "comments", "remarks"), OTHER, lines=True),
]  # fmt: skip

_CONSENTS = [
    (Channel.EMAIL, "メルマガ可", "メール可", "メール同意", "メール配信同意", "メルマガ希望", "メール許諾", "email opt in", "opt in"),
    (Channel.PHONE, "電話可", "電話同意", "電話連絡可", "phone opt in"),
    (Channel.POST, "dm可", "郵送可"),
    (Channel.THIRD_PARTY, "第三者提供同意", "第三者提供"),
]  # fmt: skip
_REFUSALS = [
    (Channel.EMAIL, "メール不可", "メルマガ不可", "配信停止", "メール配信停止", "do not email", "email opt out",
     "has opted out of email", "unsubscribed from all email"),
    (Channel.PHONE, "電話不可", "do not call"),
]  # fmt: skip
_FACTS = {
    FactField.BUDGET: ("予算", "budget"),
    FactField.AUTHORITY: ("決裁権", "決裁者", "authority"),
    FactField.NEED: ("課題", "ニーズ", "need", "needs", "pain"),
    FactField.TIMING: ("検討時期", "導入時期", "導入予定時期", "timing", "timeframe"),
    FactField.CURRENT: ("現状", "利用中のサービス", "現在の環境"),
    FactField.RIVALS: ("競合", "比較先", "検討中の他社", "competitors"),
    FactField.PEOPLE: ("関係者",),
}


def lead_fields() -> list[Field]:
    """Every place a column of a file of leads can go to, own fields last."""
    yes_or_no = plain(values.yes_or_no)
    consents = [
        Field(
            f"consent.{one.value}",
            format_lazy(_("May be reached: {channel}"), channel=one.label),
            yes_or_no,
            names,
            CONSENT,
        )
        for one, *names in _CONSENTS
    ]
    refusals = [
        Field(
            f"refusal.{one.value}",
            format_lazy(_("Must not be reached: {channel}"), channel=one.label),
            yes_or_no,
            names,
            CONSENT,
        )
        for one, *names in _REFUSALS
    ]
    facts = [
        Field(f"fact.{one.value}", one.label, text(2000), names, HEARD, lines=True)
        for one, names in _FACTS.items()
    ]
    own = own_fields(AttributeOf.LEAD, "attributes.")
    theirs = own_fields(AttributeOf.COMPANY, "company.attributes.")
    return [*FIELDS, *consents, *refusals, *facts, *own, *theirs]


def put(draft: LeadDraft, name: str, value) -> None:
    """Sets what the field `name` says in the draft."""
    home, _dot, rest = name.partition(".")
    if not rest:
        _put_own(draft, name, value)
    elif home == "company":
        attributes = rest.startswith("attributes.")
        place = draft.company_attributes if attributes else draft.company
        place[rest.removeprefix("attributes.")] = value
    elif home == "attributes":
        draft.attributes[rest] = value
    elif home == "fact":
        draft.facts[rest] = value
    elif home == "consent":
        draft.consents.setdefault(rest, value)
    elif value:
        # Forbidden beats allowed; "not forbidden" allows nothing.
        draft.consents[rest] = False


def _put_own(draft: LeadDraft, name: str, value) -> None:
    if name in ("source", "campaign", "marketer", "stage", "comment"):
        setattr(draft, name, value)
    elif name in ("name", "name_kana"):
        family, given = values.full_name(value)
        end = name[4:] or "_name"
        draft.values.setdefault(f"family{end}", family[:60])
        if given:
            draft.values.setdefault(f"given{end}", given[:60])
    else:
        draft.values[name] = value


def incomplete(draft: LeadDraft) -> tuple[str, str] | None:
    """A row must say who it speaks of."""
    said = draft.values
    named = ("external_id", "email", "phone", "mobile", "family_name", "given_name")
    return None if any(said.get(name) for name in named) else ("nobody", "")


LEADS = Target(
    name="leads",
    label=_("Leads"),
    fields=lead_fields,
    draft=LeadDraft,
    put=put,
    incomplete=incomplete,
    keys=keys_of,
    capture=capture_leads,
    ignored=IGNORED,
    whole_in_rows=False,
)
