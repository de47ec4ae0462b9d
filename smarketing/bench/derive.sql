-- What follows from the ways of the leads (bench_way): handoffs, clocks, deals, the timeline, and
-- what people said. Statements end with a semicolon at the end of a line.

CREATE UNLOGGED TABLE bench_round AS
SELECT row_number() OVER (ORDER BY offered, lead) AS id, bench_way.*,
  CASE ending WHEN 'waiting' THEN 'waiting' WHEN 'held' THEN 'accepted' WHEN 'contacted' THEN 'accepted'
    WHEN 'returned' THEN 'returned' WHEN 'lapsed' THEN 'lapsed' WHEN 'withdrawn' THEN 'withdrawn' ELSE 'converted' END AS state,
  (SELECT id FROM accounts_team WHERE kind = 'marketing' ORDER BY id LIMIT 1) AS marketing,
  lead % 5 < 2 AS named, lead % 100 < 82 AS read
FROM bench_way WHERE offered IS NOT NULL;

INSERT INTO handoff_handoff (id, lead_id, lane_id, leg, round, giver_team_id, giver_id, taker_team_id, taker_id, named, state,
  agreement_version, note, why_now, next_step, fit, engagement, offered_at, answered_at, accepted_at, closed_at, brief_read_at,
  first_attempt_at, first_contact_at, contact_brief_read, speed_minutes, return_kind, return_reason_id, return_note, returned_by_id,
  acknowledged_at, acknowledged_by_id, acknowledgement, acknowledgement_note, tier, unchanged_because, lapses_at)
SELECT r.id, lead, lane, 0, 1, marketing, marketer, team,
  CASE WHEN state IN ('waiting', 'lapsed', 'withdrawn') AND NOT named THEN NULL ELSE rep END, named, state, 1,
  '数字より「夜中に呼び出されない」ことを喜ばれる方です。現場の6名の名前がよく出ます。', '予算の申請に、概算を間に合わせたい。', '概算の前提を確かめる。',
  l.fit, 30 + lead % 70, offered, answered,
  CASE WHEN ending <> 'returned' OR lead % 3 = 0 THEN answered END,
  CASE WHEN state = 'converted' THEN deal WHEN state IN ('returned', 'lapsed', 'withdrawn') THEN closed END,
  CASE WHEN read THEN answered END, attempted, contacted, CASE WHEN contacted IS NOT NULL THEN read END,
  extract(epoch FROM attempted - offered) / 60 * 0.27,
  coalesce(reason.kind, ''), reason.id, CASE WHEN state = 'returned' THEN '今期の予算は使い切ったとのこと。' ELSE '' END,
  CASE WHEN state = 'returned' THEN rep END,
  CASE WHEN state = 'returned' AND closed < now() - interval '2 days' THEN closed + interval '3 hours' END,
  CASE WHEN state = 'returned' AND closed < now() - interval '2 days' THEN marketer END,
  CASE WHEN state = 'returned' AND closed < now() - interval '2 days' THEN 'nurture' ELSE '' END, '', 'mql', '', offered + 3 * (accept_due - offered)
FROM bench_round r JOIN leads_lead l ON l.id = r.lead
LEFT JOIN LATERAL (SELECT id, kind FROM handoff_returnreason ORDER BY (id * 7 + r.lead) % 10 LIMIT 1) reason ON r.state = 'returned';

INSERT INTO handoff_brief (handoff_id, taken_at, content)
SELECT r.id, offered, jsonb_build_object(
  'why_now', '予算の申請に、概算を間に合わせたい。', 'next_step', '概算の前提を確かめる。', 'note', '折り返しは午後が確実です。',
  'signals', jsonb_build_array(jsonb_build_object('kind', 'visit', 'result', '', 'at', offered, 'words', '料金プラン', 'campaign', '', 'points', 8.0)),
  'who', jsonb_build_object('family_name', l.family_name, 'given_name', l.given_name, 'department', l.department, 'title', l.title,
    'company', c.name, 'industry', c.industry, 'employees', c.employees, 'prefecture', c.prefecture, 'fit', l.fit),
  'facts', (SELECT jsonb_agg(jsonb_build_object('id', l.id * 3 + n, 'field', (ARRAY['budget', 'need', 'timing'])[n], 'label', '',
    'value', '来期 300万円前後。12月に申請', 'at', offered, 'by', marketer, 'kind', 'call')) FROM generate_series(1, 3) n),
  'not_asked', jsonb_build_array('authority', 'current', 'rivals'), 'questions', '[]'::jsonb, 'promised', '[]'::jsonb,
  'did', jsonb_build_object('touches', (SELECT jsonb_agg(jsonb_build_object('kind', 'call', 'result', 'reached', 'direction', 'out',
    'at', offered, 'words', '台数と点検の頻度を伺った。', 'minutes', 8 + n, 'campaign', '', 'by', marketer)) FROM generate_series(1, 6) n),
    'folded', jsonb_build_array(jsonb_build_object('kind', 'visit', 'n', 9, 'latest', offered))),
  'consents', jsonb_build_array(jsonb_build_object('channel', 'email', 'granted', true, 'at', came, 'evidence', '資料請求のフォーム')),
  'colleagues', '[]'::jsonb, 'deals', '[]'::jsonb, 'rounds', '[]'::jsonb)
FROM bench_round r JOIN leads_lead l ON l.id = r.lead JOIN leads_company c ON c.id = l.company_id;

INSERT INTO handoff_clock (kind, handoff_id, lead_id, side, team_id, owner_id, agreement_version, minutes, started_at, warn_at, due_at, stopped_at, void, warned_at, breached_at,
  calendar_version, escalated)
SELECT kind, id, lead, side, clock.team, owner, 1, minutes, started, started + (due - started) * 0.8, due, stopped, false,
  CASE WHEN coalesce(stopped, now()) > started + (due - started) * 0.8 THEN started + (due - started) * 0.8 END,
  CASE WHEN coalesce(stopped, now()) > due THEN due END, 1, 0
FROM bench_round r, LATERAL (VALUES
  ('accept', 'sales', r.team, CASE WHEN state = 'waiting' AND NOT named THEN NULL ELSE rep END, 480, offered, accept_due, coalesce(answered, closed)),
  ('contact', 'sales', r.team, rep, 1440, answered, contact_due, attempted),
  ('decide', 'sales', r.team, rep, 4800, answered, decide_due, CASE WHEN state = 'converted' THEN deal WHEN state = 'returned' THEN closed END),
  ('acknowledge', 'marketing', marketing, marketer, 480, CASE WHEN state = 'returned' THEN closed END, acknowledge_due,
    CASE WHEN closed < now() - interval '2 days' THEN closed + interval '3 hours' END)
) AS clock (kind, side, team, owner, minutes, started, due, stopped)
WHERE started IS NOT NULL AND due IS NOT NULL;

INSERT INTO handoff_deal (lead_id, handoff_id, name, team_id, owner_id, state, step_id, amount, currency, probability, expected_on, opened_at, won_at, lost_at, lost_reason_id, lost_note, external_id, imported, updated_at)
SELECT lead, id, '設備台帳の導入', team, rep, CASE ending WHEN 'sql' THEN 'open' ELSE ending END,
  (SELECT s.id FROM handoff_dealstep s ORDER BY (s.id * 7 + lead) % 4 LIMIT 1), 1200000 + lead % 60 * 100000, 'JPY',
  CASE ending WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE 40 END, date_trunc('month', deal + interval '70 days'), deal,
  CASE WHEN ending = 'won' THEN closed END, CASE WHEN ending = 'lost' THEN closed END,
  CASE WHEN ending = 'lost' THEN (SELECT min(id) + lead % 6 FROM handoff_lostreason) END, '', '', false, coalesce(closed, deal)
FROM bench_round r WHERE deal IS NOT NULL;

INSERT INTO leads_leadevent (lead_id, verb, at, recorded_at, by_id, via, stage_from, stage_to, team_id, handoff_id, deal_id, agreement_version, data)
SELECT w.lead, verb, moment, moment, actor, 'page', stage_from, stage_to,
  CASE WHEN stage_to IN ('sal', 'sql', 'won', 'lost') THEN w.team ELSE (SELECT id FROM accounts_team WHERE kind = 'marketing' ORDER BY id LIMIT 1) END,
  CASE WHEN verb LIKE 'handoff.%' THEN r.id END, NULL, 1, data
FROM bench_way w LEFT JOIN bench_round r USING (lead), LATERAL (VALUES
  ('lead.create', w.came, NULL, '', 'new', '{}'::jsonb),
  ('lead.nurture', CASE WHEN w.ending <> 'new' THEN w.came + interval '1 day' END, w.marketer, 'new', 'nurturing', '{"reason": ""}'),
  ('lead.disqualify', CASE WHEN w.ending = 'disqualified' THEN w.came + interval '30 days' END, w.marketer, 'nurturing', 'disqualified', '{}'),
  ('lead.qualify', w.mql, NULL, 'nurturing', 'mql', '{"because": "score", "fit": "A"}'),
  ('handoff.offer', w.offered, w.marketer, '', '', jsonb_build_object('lane', w.lane, 'leg', 0, 'round', 1, 'to_team', w.team, 'to', w.rep)),
  ('handoff.accept', CASE WHEN w.ending <> 'returned' THEN w.answered END, w.rep, 'mql', 'sal', '{"leg": 0, "round": 1}'),
  ('handoff.contact', w.contacted, w.rep, '', '', '{"attempt": true}'),
  ('handoff.return', CASE WHEN w.ending = 'returned' THEN w.closed END, w.rep, 'mql', 'nurturing', '{"reason": "no_budget", "leg": 0, "round": 1}'),
  ('deal.open', w.deal, w.rep, 'sal', 'sql', '{}'),
  ('deal.win', CASE WHEN w.ending = 'won' THEN w.closed END, w.rep, 'sql', 'won', '{}'),
  ('deal.lose', CASE WHEN w.ending = 'lost' THEN w.closed END, w.rep, 'sql', 'lost', '{"reason": "price"}')
) AS happened (verb, moment, actor, stage_from, stage_to, data)
WHERE moment IS NOT NULL ORDER BY moment;

INSERT INTO leads_consent (lead_id, channel, granted, at, evidence, recorded_at)
SELECT lead, 'email', lead % 20 > 0, came, '資料請求のフォーム', came FROM bench_way WHERE lead % 5 < 4;

UPDATE leads_lead SET consent_email = id % 20 > 0 WHERE id % 5 < 4;

INSERT INTO leads_fact (lead_id, field, label, value, by_id, at)
SELECT lead, field, '', '来期 300万円前後。12月に申請', marketer, offered FROM bench_round, unnest(ARRAY['budget', 'need', 'timing']) field;

INSERT INTO leads_comment (lead_id, text, by_id, at)
SELECT lead, '夜間の運用をまだ聞けていません。次に伺います。', marketer, coalesce(offered, came) FROM bench_way WHERE lead % 20 = 0;

INSERT INTO leads_question (lead_id, text, asked_at, by_id, answer, answered_at, answered_by_id)
SELECT lead, '電波の届かない建屋でも使えますか。', coalesce(offered, came), marketer, '使えます。', coalesce(offered, came) + interval '4 hours', marketer
FROM bench_way WHERE lead % 33 = 0;

INSERT INTO leads_followup (lead_id, what, kind, due_at, owner_id, promised, by_id, created_at, done_at, done_by_id)
SELECT lead, '概算見積をお送りする', 'call', CASE WHEN live THEN now() + (lead % 20 - 4) * interval '7 hours' ELSE contacted + interval '3 days' END,
  rep, lead % 4 = 0, rep, contacted, CASE WHEN NOT live THEN contacted + interval '3 days' END, CASE WHEN NOT live THEN rep END
FROM (SELECT *, ending IN ('contacted', 'sql') AS live FROM bench_round) r WHERE contacted IS NOT NULL;

INSERT INTO leads_campaignmember (campaign_id, lead_id, status, at)
SELECT campaign_id, id, 'responded', captured_at FROM leads_lead;

DROP TABLE bench_round;

DROP TABLE bench_way;
