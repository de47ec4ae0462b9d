"""The first administrator, or another one.

The first one finds an installation that has its teams, lanes and agreement: see `setup`.
"""

import getpass
import os
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.actions import create_administrator
from accounts.identity import INVITATION_LASTS, invitation_url
from accounts.models import User
from accounts.states import Language
from common.refusals import Refusal
from handoff.actions.defaults import lay_defaults

PASSWORD = "SMARKETING_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    help = (
        "Makes an administrator: asks for what is missing, or takes it from the options. The password"
        f" comes from the terminal or from {PASSWORD}; with --link a one-time link is printed instead."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", help="the address to sign in with")
        parser.add_argument("--family-name", default="")
        parser.add_argument("--given-name", default="")
        parser.add_argument("--language", choices=Language.values, default=Language.JAPANESE)
        parser.add_argument(
            "--link", action="store_true", help="print a link to choose the password"
        )
        parser.add_argument(
            "--no-input", action="store_true", help="fail rather than ask at the terminal"
        )

    def handle(self, **options):
        self.may_ask = sys.stdin.isatty() and not options["no_input"]
        email = options["email"] or self.ask("E-mail: ", "an e-mail address")
        name = options["family_name"] or self.ask("Family name: ", "--family-name")
        given_name = options["given_name"] or (self.ask("Given name: ") if self.may_ask else "")
        password = None if options["link"] else self.password(email, name)
        person = self.create(
            email=email,
            family_name=name,
            given_name=given_name,
            password=password,
            language=options["language"],
        )
        lay_defaults()
        self.stdout.write(f"{person.email} is an administrator.")
        if password is None:
            self.stdout.write(f"Choose a password here, within {INVITATION_LASTS.days} days:")
            self.stdout.write(invitation_url(person))

    def create(self, **person) -> User:
        with translation.override("en"):
            try:
                return create_administrator(**person)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal

    def ask(self, prompt: str, missing: str = "") -> str:
        if not self.may_ask:
            raise CommandError(f"Give {missing}: there is no terminal to ask at.")
        return input(prompt).strip()

    def password(self, email: str, name: str) -> str:
        given = os.environ.get(PASSWORD)
        if given is not None:
            self.refuse_weak(given, email, name)
            return given
        if not self.may_ask:
            raise CommandError(f"Set {PASSWORD}, or give --link: there is no terminal to ask at.")
        while True:
            given = getpass.getpass("Password: ")
            try:
                self.refuse_weak(given, email, name)
            except CommandError as weak:
                self.stderr.write(str(weak))
                continue
            if given == getpass.getpass("Password, once more: "):
                return given
            self.stderr.write("The two are not the same.")

    @staticmethod
    def refuse_weak(password: str, email: str, name: str) -> None:
        try:
            with translation.override("en"):
                validate_password(password, User(email=email, family_name=name))
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages)) from weak
