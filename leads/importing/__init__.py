"""Files of other systems into leads and touches: read, mapped, judged, written in sets, reported.

reading → mapping → drafts → (leads.actions.captures) → report. Apps above add kinds of rows by
`targets.register_target`.
"""
