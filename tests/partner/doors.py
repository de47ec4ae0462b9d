"""Every address, by what a partner finds behind it: data, so that a new one must be thought about.

OPEN: a page of their own; nothing of a stranger is on it. CLOSED: not for partners at all.
THINGS: pages about one thing, by what names it: theirs opens, a stranger's does not exist.
"""

OPEN = frozenset(
    """
    exchange:today exchange:now exchange:promise exchange:handed
    leads:list leads:filters leads:suggest leads:companies leads:company_names
    handoff:list handoff:filters handoff:board handoff:board_now handoff:board_filters
    handoff:agreement handoff:seats
    accounts:profile accounts:notices accounts:absences accounts:absence_new
    account_login account_logout account_inactive account_reauthenticate account_change_password
    account_set_password account_reset_password account_reset_password_done
    account_reset_password_from_key account_reset_password_from_key_done
    common:manifest common:service_worker common:offline
    """.split()
)
# They only take a POST, and concern nobody but the person themselves.
OWN_POSTS = frozenset(
    """
    accounts:other_sessions accounts:reading_of_all common:theme common:language
    """.split()
)
CLOSED = frozenset(
    """
    exchange:late exchange:load exchange:unclaimed exchange:week
    leads:new leads:assignment leads:company_new leads:company_edit
    leads:campaigns leads:campaign_new leads:members_new leads:campaign leads:campaign_edit
    leads:member_removal
    leads:attributes leads:attribute_new leads:attribute leads:attribute_retirement
    leads:attribute_restoration
    leads:hearing leads:hearing_sheet leads:hearing_removal leads:hearing_version
    leads:import leads:import_new leads:import_sample leads:import_file leads:import_columns
    leads:import_preview leads:job leads:import_check leads:import_run leads:job_cancel
    leads:job_rejections leads:export leads:export_job leads:job_file
    handoff:routing handoff:routing_draft handoff:routing_condition handoff:routing_rule
    handoff:routing_rule_move handoff:routing_rule_deletion handoff:routing_plan
    handoff:routing_rule_new handoff:routing_trial handoff:routing_force handoff:routing_discard
    handoff:queue handoff:queue_routing
    handoff:agreement_signature handoff:agreement_versions handoff:agreement_version
    handoff:agreement_comparison handoff:proposal_new handoff:proposal handoff:proposal_edit
    handoff:proposal_comments handoff:proposal_signature handoff:signature_removal
    handoff:proposal_withdrawal
    handoff:deals handoff:deal_filters handoff:deal handoff:deal_edit handoff:deal_win
    handoff:deal_loss handoff:deal_correction handoff:deal_new
    kpi:page kpi:figures kpi:filters kpi:piece kpi:by kpi:list kpi:export
    accounts:people accounts:person_new accounts:person accounts:closing accounts:reopening
    accounts:renewed_invitation accounts:teams accounts:team_new accounts:team accounts:seat
    accounts:retirement accounts:restoration accounts:calendars accounts:calendar_new
    accounts:calendar accounts:calendar_days accounts:calendar_days_removal
    accounts:calendar_removal accounts:organisation accounts:organisation_heads
    """.split()
)
# Address → what its number names.
THINGS = {
    **dict.fromkeys(
        """
        leads:detail leads:edit leads:timeline leads:comments leads:fact_new leads:consent_new
        leads:follow_up_new leads:next leads:previous handoff:of_lead handoff:touch_new
        handoff:question_new handoff:lead_move
        """.split(),
        "lead",
    ),
    **dict.fromkeys(
        """
        handoff:detail handoff:reading handoff:acceptance handoff:return handoff:acknowledgement
        handoff:withdrawal handoff:taker handoff:introduction handoff:pause handoff:resumption handoff:news
        """.split(),
        "handoff",
    ),
    "leads:company": "company",
    "handoff:of_company": "company",
    "handoff:answer": "question",
    "leads:comment_withdrawal": "comment",
    "handoff:touch_withdrawal": "touch",
    "leads:fact_removal": "fact",
    "leads:follow_up_done": "follow_up",
    "leads:follow_up_date": "follow_up",
    "exchange:follow_up": "follow_up",
    "accounts:reading": "notice",
    "accounts:absence_removal": "absence",
    "accounts:invitation": "invitation",
    "handoff:offer_new": "offered",
    **dict.fromkeys(
        """
        handoff:seat handoff:register_file handoff:hand_back handoff:seat_job handoff:statement
        handoff:statement_file handoff:statement_rows
        """.split(),
        "seat",
    ),
}
# What else an address asks for, where it is not the number of the thing.
WORDS = {
    "kind": "contact",
    "step": "offered",
    "side": "sales",
    "owner": "pool",
    "what": "late",
    "code": "offered",
    "day": "2026-03-10",
    "month": "2026-03",
    "figure": "entrusted",
    "name": "mql",
    "group": "source",
    "token": "none",
    "verb": "disqualify",
    "uidb36": "1",
    "key": "none",
    "version": 1,
    "number": 0,
    "job_pk": 1,
    "lead_pk": 1,
    "pk": 1,
}
