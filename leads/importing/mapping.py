"""Which column becomes what: recognised by its heading, remembered from the last time, or said."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Malformed
from leads.importing.fields import Field
from leads.importing.targets import TARGETS, Target
from leads.importing.values import word_key
from leads.models import ImportMapping

# A column that is to be left out, said on purpose.
LEFT_OUT = ""
# What we add to the rows that did not go in; left out by itself when the mended file comes back.
REASON_COLUMN = "Reason / 理由"


def guess_target(heading: list[str]) -> Target:
    """The kind of file whose own words its heading has most of; a file of leads if none."""
    words = {word_key(name) for name in heading}
    return max(
        TARGETS.values(),
        key=lambda one: len(words & {word_key(word) for word in one.telling}),
    )


def recognise(target: Target, heading: list[str]) -> dict[str, str]:
    """Heading → name of a field, `LEFT_OUT` for what nobody needs; unknown columns are missing."""
    known = dict.fromkeys(map(word_key, (*target.ignored, REASON_COLUMN)), LEFT_OUT)
    for one in reversed(target.fields()):
        known |= {word_key(word): one.name for word in (one.name, *_labels(one), *one.names)}
    return {name: known[key] for name in heading if (key := word_key(name)) and key in known}


def _labels(one: Field) -> list[str]:
    """What the field is called in each language: the headings of our own exports."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(one.label))
    return found


def signature(heading: list[str]) -> str:
    """What two files with the same columns have in common."""
    names = [name for name in heading if name != REASON_COLUMN]
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def remembered(target: Target, heading: list[str], *, name: str = "") -> ImportMapping | None:
    """The mapping called `name`, else the one used last for this heading."""
    found = ImportMapping.objects.filter(kind=target.name)
    found = found.filter(name=name) if name else found.filter(signature=signature(heading))
    return found.order_by("-used_at").first()


@transaction.atomic
def remember(
    target: Target, heading: list[str], columns: dict[str, str], *, name: str, by: User | None
) -> ImportMapping:
    """Keep a mapping under a name; the same name again replaces it."""
    mapping, _is_new = ImportMapping.objects.update_or_create(
        kind=target.name,
        name=name.strip()[:100],
        defaults={
            "signature": signature(heading),
            "columns": columns,
            "by": by,
            "used_at": now(),
        },
    )
    return mapping


def settle(target: Target, heading: list[str], said: dict[str, str]) -> dict[str, str]:
    """The mapping for a heading: what is said, else what is recognised. Raises `Malformed` for a
    column the file does not have or a field that does not exist."""
    columns = recognise(target, heading)
    names = {one.name for one in target.fields()}
    by_key = {word_key(name): name for name in heading}
    for wanted, place in said.items():
        name = wanted if wanted in heading else by_key.get(word_key(wanted))
        if name is None:
            raise Malformed(
                _("There is no column “%(column)s” in this file. Its columns are: %(columns)s.")
                % {"column": wanted, "columns": ", ".join(heading)},
                field="map",
            )
        if place and place not in names:
            raise Malformed(
                _("There is no field “%(field)s”. The fields are: %(fields)s.")
                % {"field": place, "fields": ", ".join(sorted(names))},
                field="map",
            )
        columns[name] = place
    return columns


@dataclass(frozen=True)
class Source:
    """A field and the columns it is read from, likeliest first."""

    field: Field
    columns: tuple[tuple[int, str], ...] = field(default_factory=tuple)


def sources(target: Target, heading: list[str], columns: dict[str, str]) -> list[Source]:
    """The fields to be read, in the order of the target's fields, each with its columns."""
    places: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for index, name in enumerate(heading):
        if place := columns.get(name):
            places[place].append((index, name))
    return [
        Source(one, _in_order(one, places[one.name])) for one in target.fields() if places[one.name]
    ]


def _in_order(one: Field, found: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    rank = {word_key(name): at for at, name in enumerate(one.names)}
    if one.joined:
        return tuple(found)
    return tuple(sorted(found, key=lambda pair: rank.get(word_key(pair[1]), len(rank))))
