"""A file of deals: its fields, with the names they have in the exports of other systems."""

from functools import cache

from django.utils.translation import gettext_lazy as _

from accounts.states import TeamKind
from handoff.actions.captures import DealDraft, capture_deals
from handoff.models import Deal, DealStep, LostReason
from handoff.states import DealState
from leads.importing import fields, values
from leads.importing.fields import Field, Reading, choice, column, person, plain
from leads.importing.problems import Bad
from leads.importing.targets import Target
from leads.importing.touch_rows import LEAD_FIELDS

DEAL, PEOPLE = _("The deal"), _("People")

STATE_WORDS = {
    "受注": DealState.WON, "成約": DealState.WON, "closed won": DealState.WON, "closedwon": DealState.WON,
    "受注済み": DealState.WON, "失注": DealState.LOST, "closed lost": DealState.LOST, "closedlost": DealState.LOST,
    "進行中": DealState.OPEN, "商談中": DealState.OPEN, "in progress": DealState.OPEN,
}  # fmt: skip
_state = choice(DealState, STATE_WORDS)


def _step(cell: str, reading: Reading):
    """A step of the pipeline; "closed won" and its like say the state instead."""
    if found := _steps().get(values.word_key(cell)):
        return found
    try:
        return DealState(_state(cell, reading))
    except Bad as bad:
        choices = ", ".join(DealStep.objects.values_list("code", flat=True))
        raise Bad("not_a_choice", value=values.shown(cell), choices=choices) from bad


def _lost_reason(cell: str, reading: Reading):
    """One of the agreed reasons; other words are kept as a note."""
    return _reasons().get(values.word_key(cell), cell[:2000])


def _steps() -> dict[str, DealStep]:
    return _called(tuple(DealStep.objects.all()))


def _reasons() -> dict[str, LostReason]:
    return _called(tuple(LostReason.objects.all()))


@cache
def _called(rows: tuple) -> dict:
    names = ("name_en", "name", "code")
    return {values.word_key(getattr(row, name)): row for name in names for row in rows}


FIELDS = [
    *LEAD_FIELDS,
    Field("external_id", _("External id"), column(Deal, "external_id"), ("商談id", "案件id", "商談番号", "案件番号",
          "deal id", "opportunity id"), DEAL),
    Field("name", _("Deal name"), column(Deal, "name"), ("商談名", "案件名", "deal name", "opportunity name"), DEAL),
    Field("won_at", _("Won on"), fields.past, ("受注日", "受注日時", "成約日", "won date", "won at", "closed won date"),
          DEAL, is_date=True),
    Field("lost_at", _("Lost on"), fields.past, ("失注日", "失注日時", "lost date", "lost at", "closed lost date"), DEAL,
          is_date=True),
    Field("closed_at", _("Closes on"), fields.moment, ("完了予定日", "完了日", "クローズ日", "close date", "closed date"),
          DEAL, is_date=True),
    Field("opened_at", _("Opened on"), fields.past, ("商談化日", "商談開始日", "案件作成日", "商談作成日", "作成日", "作成日時",
          "create date", "created date", "open date", "opened at"), DEAL, is_date=True),
    Field("state", _("Open, won or lost"), _state, ("受注/失注", "結果", "状態", "state", "status"), DEAL, for_file=True),
    Field("step", _("Step"), _step, ("フェーズ", "商談フェーズ", "案件フェーズ", "商談ステージ", "deal stage", "stage", "phase",
          "step"), DEAL),
    Field("amount", _("Amount"), plain(values.yen), ("金額", "受注金額", "商談金額", "案件金額", "amount", "deal amount",
          "value"), DEAL),
    Field("probability", _("Probability"), plain(values.percent), ("確度", "確度(%)", "受注確度", "probability",
          "probability (%)"), DEAL),
    Field("expected_on", _("Expected month"), fields.day, ("受注予定日", "受注予定月", "見込み月", "expected close date",
          "expected on"), DEAL, is_date=True),
    Field("lost_reason", _("Lost reason"), _lost_reason, ("失注理由", "lost reason", "closed lost reason", "loss reason"),
          DEAL),
    Field("owner", _("Sales person"), person(TeamKind.SALES), ("sr id", "営業担当", "営業担当者", "担当営業", "商談所有者",
          "案件所有者", "担当者", "担当", "deal owner", "opportunity owner", "owner"), PEOPLE, for_file=True),
    Field("inside_sales", _("Inside sales"), person(TeamKind.INSIDE_SALES), ("sdr id", "インサイドセールス",
          "インサイドセールス担当", "is担当", "sdr", "inside sales"), PEOPLE, for_file=True),
]  # fmt: skip


def put(draft: DealDraft, name: str, value) -> None:
    if name.startswith("lead."):
        draft.lead[name.removeprefix("lead.")] = value
    elif name == "step" and isinstance(value, DealState):
        draft.values.setdefault("state", value)
    elif name == "lost_reason" and isinstance(value, str):
        draft.values["lost_note"] = value
    else:
        draft.values[name] = value


def keys_of(draft: DealDraft) -> tuple[list[str], list[str]]:
    """A deal is known by its id, else by its lead, name and when it closed."""
    said = draft.values
    if external := said.get("external_id"):
        return [f"id:{external}"], [f"id:{external}"]
    whose = draft.lead.get("external_id") or draft.lead.get("email", "")
    days = (str(said.get(one, ""))[:10] for one in ("won_at", "lost_at", "closed_at"))
    parts = [whose, said.get("name", ""), *days]
    key = "all:" + "\x1f".join(parts)
    return [key], [key]


DEALS = Target(
    name="deals",
    label=_("Deals"),
    fields=lambda: FIELDS,
    draft=DealDraft,
    put=put,
    incomplete=lambda draft: None,
    keys=keys_of,
    capture=capture_deals,
    telling=frozenset({
        "won date", "won at", "受注日", "失注日", "商談名", "案件名", "商談id", "案件id", "deal name", "deal stage", "amount",
        "opportunity name", "opportunity id", "close date", "受注金額", "商談フェーズ",
    }),
)  # fmt: skip
