"""What an import notes about its rows as they go by: counts, examples, refused rows, touched leads."""

from collections import Counter

from django.db import connection

from accounts.models import User
from common.models import Job
from leads.actions.captures import Outcome, What
from leads.importing.drafts import Drafter
from leads.importing.people import People
from leads.importing.problems import Problem
from leads.importing.reading import Row
from leads.models import ImportedLead, ImportRejection

# Of a check: examples of what would change, for people to look at.
EXAMPLES = 50

Sound = list[tuple[Row, object]]
Rejected = list[tuple[Row, list[Problem]]]


def count_rows(
    job: Job, sound: Sound, outcomes: list[Outcome], rejected: Rejected, drafter: Drafter
) -> None:
    """Add a set to the counts; every row is in exactly one of them."""
    result = dict(job.result)
    counts = Counter(one.what.value for one in outcomes if one.what != What.REJECTED)
    for what, n in counts.items():
        result[what] += n
    result["rejected"] += len(rejected)
    result["repeats"] += sum(draft.repeats for _row, draft in sound)
    flags = Counter(flag for one in outcomes for flag in one.data.get("flags", ()))
    result["flags"] = dict(Counter(result["flags"]) + flags)
    result["placeholders"] = dict(Counter(result["placeholders"]) + drafter.placeholders)
    drafter.placeholders = Counter()
    job.result = result


def count_people(job: Job, made: list[User]) -> None:
    """Name the people this set brought."""
    job.result = {
        **job.result,
        "people": [*job.result["people"], *(one.family_name for one in made)],
    }


def foresee(job: Job, sound: Sound, outcomes: list[Outcome], people: People) -> None:
    """What a check shows: who would be added, and whom the file knows differently, field by field."""
    examples = list(job.result.get("examples", []))
    for (row, _draft), outcome in zip(sound, outcomes, strict=True):
        if len(examples) >= EXAMPLES:
            break
        if outcome.what == What.UPDATED and outcome.lead.pk is not None:
            changes = [[name, _plain(old), _plain(new)] for name, old, new in outcome.changes]
            examples.append({"line": row.line, "lead": outcome.lead.pk, "changes": changes})
    new = sorted({one.family_name for one in people.new})
    job.result = {**job.result, "people": new, "examples": examples}


def _plain(value) -> str | bool:
    if isinstance(value, bool):
        return value
    return "" if value is None else str(value)


def note_leads(job: Job, outcomes: list[Outcome]) -> None:
    """The list behind the counts; a lead that came in by this file stays new in it."""
    found: dict[int, str] = {}
    for outcome in outcomes:
        if outcome.what in (What.NEW, What.UPDATED):
            found.setdefault(outcome.lead.pk, outcome.what.value)
    table = ImportedLead._meta.db_table
    with connection.cursor() as cursor:
        # One statement instead of a thousand objects that nobody looks at.
        cursor.execute(
            f"INSERT INTO {table} (job_id, lead_id, what)"
            " SELECT %s, unnest(%s::bigint[]), unnest(%s::text[]) ON CONFLICT DO NOTHING",
            [job.pk, list(found), list(found.values())],
        )


def keep_rejections(job: Job, rejected: Rejected) -> None:
    """Keep the rows that did not go in, as they were, with every reason."""
    ImportRejection.objects.bulk_create(
        ImportRejection(
            job=job,
            line=row.line,
            column=first.column[:200],
            code=first.code,
            data={**first.data, "also": [[one.column, one.code, one.data] for one in others]},
            row=[cell.replace("\0", "\ufffd") for cell in row.cells],
        )
        for row, (first, *others) in rejected
    )
