"""A file of touches: what happened with leads we have, as other systems export it."""

from django.utils.translation import gettext_lazy as _

from accounts.states import TeamKind
from leads.actions.captures import TouchDraft, capture_touches
from leads.importing import fields, values
from leads.importing.fields import Field, choice, column, person, plain, text
from leads.importing.lead_rows import IGNORED
from leads.importing.targets import Target
from leads.models import Interaction, Lead
from leads.states import Direction, TouchKind, TouchResult

WHOSE, TOUCH = _("Whose"), _("The touch")

KIND_WORDS = {
    "電話": TouchKind.CALL, "架電": TouchKind.CALL, "コール": TouchKind.CALL, "phone": TouchKind.CALL,
    "phone call": TouchKind.CALL, "メール": TouchKind.MAIL_SENT, "email": TouchKind.MAIL_SENT,
    "メール送信": TouchKind.MAIL_SENT, "email sent": TouchKind.MAIL_SENT, "メール開封": TouchKind.MAIL_OPENED,
    "開封": TouchKind.MAIL_OPENED, "email opened": TouchKind.MAIL_OPENED, "open": TouchKind.MAIL_OPENED,
    "クリック": TouchKind.MAIL_CLICKED, "メールクリック": TouchKind.MAIL_CLICKED, "email link clicked":
    TouchKind.MAIL_CLICKED, "click": TouchKind.MAIL_CLICKED, "メール受信": TouchKind.MAIL_RECEIVED,
    "email received": TouchKind.MAIL_RECEIVED, "フォーム": TouchKind.FORM, "問い合わせ": TouchKind.FORM,
    "お問い合わせ": TouchKind.FORM, "form submitted on website": TouchKind.FORM, "資料請求": TouchKind.DOWNLOAD,
    "資料ダウンロード": TouchKind.DOWNLOAD, "ダウンロード": TouchKind.DOWNLOAD, "サイト訪問": TouchKind.VISIT,
    "webサイト訪問": TouchKind.VISIT, "page view": TouchKind.VISIT, "pageview": TouchKind.VISIT,
    "page visited on website": TouchKind.VISIT, "セミナー申込": TouchKind.SEMINAR_REGISTERED,
    "セミナー参加": TouchKind.SEMINAR_ATTENDED, "セミナー": TouchKind.SEMINAR_ATTENDED,
    "ウェビナー": TouchKind.SEMINAR_ATTENDED, "webinar": TouchKind.SEMINAR_ATTENDED,
    "展示会": TouchKind.EXHIBITION, "名刺": TouchKind.CARD, "名刺交換": TouchKind.CARD, "広告": TouchKind.AD,
    "web会議": TouchKind.WEB_MEETING, "オンライン商談": TouchKind.WEB_MEETING, "訪問": TouchKind.VISIT_IN_PERSON,
    "面談": TouchKind.VISIT_IN_PERSON, "商談": TouchKind.VISIT_IN_PERSON, "チャット": TouchKind.CHAT,
    "olark chat conversation": TouchKind.CHAT, "メモ": TouchKind.NOTE, "質問": TouchKind.QUESTION,
    "ヒアリング": TouchKind.HEARING,
}  # fmt: skip
DIRECTION_WORDS = {
    "受信": Direction.INBOUND, "着信": Direction.INBOUND, "inbound": Direction.INBOUND, "incoming": Direction.INBOUND,
    "発信": Direction.OUTBOUND, "送信": Direction.OUTBOUND, "outbound": Direction.OUTBOUND,
    "outgoing": Direction.OUTBOUND,
}  # fmt: skip
RESULT_WORDS = {
    "通話": TouchResult.REACHED, "接続": TouchResult.REACHED, "connected": TouchResult.REACHED,
    "不在": TouchResult.ABSENT, "留守電": TouchResult.LEFT_MESSAGE, "left voicemail": TouchResult.LEFT_MESSAGE,
    "応答なし": TouchResult.NO_ANSWER, "no answer": TouchResult.NO_ANSWER, "デモ希望": TouchResult.DEMO,
    "興味あり": TouchResult.INTERESTED, "興味なし": TouchResult.NOT_INTERESTED, "配信停止": TouchResult.UNSUBSCRIBED,
    "email bounced": TouchResult.BOUNCED, "unsubscribed": TouchResult.UNSUBSCRIBED,
}  # fmt: skip

LEAD_FIELDS = [
    Field("lead.external_id", _("Lead's external id"), column(Lead, "external_id"), ("mql id", "リードid", "lead id",
          "prospect id", "contact id", "record id", "管理番号", "顧客id", "顧客番号", "会員番号", "会員id", "名刺id"),
          WHOSE),
    Field("lead.email", _("Lead's e-mail"), plain(values.email), ("メールアドレス", "e-mail", "email address", "メール",
          "電子メール", "contact email", "mail"), WHOSE),
    Field("lead.name", _("Lead's name"), text(120), ("氏名", "お名前", "名前", "full name", "name", "contact name"),
          WHOSE),
]  # fmt: skip

FIELDS = [
    *LEAD_FIELDS,
    Field("kind", _("Kind"), choice(TouchKind, KIND_WORDS), ("種別", "接点種別", "活動種別", "接点", "activity type",
          "type", "event type", "kind", "アクティビティ"), TOUCH, for_file=True),
    Field("at", _("When"), fields.past, ("日時", "接点日時", "活動日時", "活動日", "接点日", "接触日", "日付", "timestamp",
          "activity date", "date", "datetime", "occurred at", "created at", "at"), TOUCH, is_date=True, for_file=True),
    Field("direction", _("Direction"), choice(Direction, DIRECTION_WORDS), ("方向", "受発信", "direction"), TOUCH,
          for_file=True),
    Field("result", _("Result"), choice(TouchResult, RESULT_WORDS), ("結果", "result", "outcome", "call outcome"), TOUCH),
    Field("words", _("What was said"), text(20_000), ("内容", "詳細", "本文", "コメント", "メモ", "subject", "body",
          "description", "notes", "words"), TOUCH, lines=True, joined=True),
    Field("minutes", _("Minutes"), plain(lambda cell: values.whole_number(cell, most=1440)), ("分", "時間(分)",
          "所要時間", "minutes", "duration (minutes)"), TOUCH),
    Field("campaign", _("Campaign"), text(120), ("施策", "施策名", "キャンペーン", "キャンペーン名", "campaign",
          "campaign name"), TOUCH, for_file=True),
    Field("by", _("Who of us"), person(TeamKind.MARKETING), ("担当", "担当者", "記録者", "owner", "user", "by"), TOUCH),
    Field("external_id", _("External id"), column(Interaction, "external_id"), ("活動id", "接点id", "activity id",
          "engagement id", "event id", "touch id"), TOUCH),
]  # fmt: skip


def put(draft: TouchDraft, name: str, value) -> None:
    if name.startswith("lead."):
        draft.lead[name.removeprefix("lead.")] = value
    elif name in ("campaign", "by"):
        setattr(draft, name, value)
    else:
        draft.values[name] = value


def keys_of(draft: TouchDraft) -> tuple[list[str], list[str]]:
    """A touch is known by its id, else by all it says."""
    if external := draft.values.get("external_id"):
        return [f"id:{external}"], [f"id:{external}"]
    said = [draft.lead.get("external_id") or draft.lead.get("email", ""), draft.campaign]
    said += [
        str(draft.values.get(name, "")) for name in ("kind", "at", "direction", "result", "words")
    ]
    key = "all:" + "\x1f".join(said)
    return [key], [key]


TOUCHES = Target(
    name="touches",
    label=_("Touches"),
    fields=lambda: FIELDS,
    draft=TouchDraft,
    put=put,
    incomplete=lambda draft: None,
    keys=keys_of,
    capture=capture_touches,
    telling=frozenset(
        {"活動日時", "活動日", "接点日時", "activity date", "activity type", "活動種別", "接点種別"}
    ),
    ignored=IGNORED,
)
