"""What can be exported: columns, and the rows an address means. Apps above add theirs when they start."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone, translation

from accounts.models import User


@dataclass(frozen=True)
class Column:
    """One column: its field (as `import_file --map` says it), its heading, and how a row fills it."""

    name: str
    label: Any
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Export:
    """One kind of file. `rows(params, user)` are those the person may see and the filters mean;
    `filters()` names all filters there are."""

    name: str
    label: Any
    columns: Callable[[], list[Column]]
    rows: Callable[[QueryDict, User], QuerySet]
    filters: Callable[[], set[str]]
    related: tuple[str, ...] = ()

    def heading(self) -> list[str]:
        """In the language now active."""
        return [str(column.label) for column in self.columns()]

    def found(self, params: QueryDict, user: User) -> QuerySet:
        return self.rows(params, user).order_by("pk").select_related(*self.related)


EXPORTS: dict[str, Export] = {}


def register_export(export: Export) -> Export:
    EXPORTS[export.name] = export
    return export


def cells(export: Export, rows: Iterable[Model]) -> Iterator[list]:
    """The rows as lists of values, in the language and zone that are active at the first of them.

    A streamed answer is written after the page's own language and zone have ended.
    """
    columns = export.columns()
    language, zone = translation.get_language(), timezone.get_current_timezone()
    for row in rows:
        with translation.override(language), timezone.override(zone):
            yield [column.value(row) for column in columns]


def person(user: User | None) -> str:
    return user.name if user else ""
