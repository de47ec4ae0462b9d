"""Rows as CSV on standard output, or into a file: the same filters as the lists."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone, translation

from accounts.models import Organisation, User
from accounts.states import Role
from common.csvs import in_portions
from common.keyset import portions
from common.refusals import Refusal
from common.terminal import terminal_language
from leads.exporting.exports import EXPORTS, Export, cells
from leads.permissions import demand


class Command(BaseCommand):
    help = "Export leads, touches, deals or handoffs as CSV that opens right in Excel."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=sorted(EXPORTS))
        parser.add_argument(
            "--filter",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="a filter as the address of the list has it, such as stage=mql",
        )
        parser.add_argument("--output", type=Path, help="a file; else standard output")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="whose export this is")

    def handle(self, *, what: str, output: Path | None, email: str | None = None, **options):
        user = self._person(email) if email else User(role=Role.ADMINISTRATOR, is_active=True)
        zone = user.time_zone if email else Organisation.current().zone
        with (
            translation.override(user.language if email else terminal_language()),
            timezone.override(zone),
        ):
            try:
                demand(user, "export")
                self._write(EXPORTS[what], self._params(options["filter"]), user, output)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal

    def _person(self, email: str) -> User:
        person = User.objects.active().filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody here signs in as {email}.")
        return person

    def _params(self, said: list[str]) -> QueryDict:
        params = QueryDict(mutable=True)
        for one in said:
            name, equals, value = one.partition("=")
            if not equals:
                raise CommandError(f"--filter {one}: write it as KEY=VALUE.")
            params.appendlist(name, value)
        return params

    def _write(self, export: Export, params: QueryDict, user: User, output: Path | None) -> None:
        if unknown := params.keys() - export.filters():
            names = ", ".join(sorted(export.filters()))
            raise CommandError(
                f"--filter {unknown.pop()}: there is no such filter. There are: {names}."
            )
        rows = cells(export, portions(export.found(params, user)))
        text = in_portions(export.heading(), rows)
        if output is None:
            for portion in text:
                self.stdout.write(portion, ending="")
            return
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                file.writelines(text)
        except OSError as closed:
            raise CommandError(f"{output}: {closed.strerror}") from closed
