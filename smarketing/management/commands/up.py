"""`manage.py up`: the whole product on one machine, in the foreground. `make run` is this."""

import os
import sys
from contextlib import ExitStack
from io import StringIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from smarketing.demo.signins import SIGN_INS
from smarketing.embedded import places, servers, supervisor
from smarketing.embedded.supervisor import say
from smarketing.embedded.trouble import Trouble
from smarketing.translations import compile_translations


class Command(BaseCommand):
    help = "Runs database, broker, web, worker and beat; loads the demo on the first start."
    requires_system_checks = ()

    def handle(self, **options):
        supervisor.stop_as_on_interrupt()
        home = servers.Home(places.var())
        try:
            with supervisor.only_one(home) as users:
                self._run(home, users)
        except supervisor.AlreadyRunning as running:
            say(f"Smarketing is already running at {running}")
        except KeyboardInterrupt:
            say("Stopped.")
        except Trouble as trouble:
            sys.exit(str(trouble))
        except PermissionError as error:
            sys.exit(f"{error.filename} may not be read or written by this user.")

    def _run(self, home, users):
        number = supervisor.port()
        supervisor.check_port(number)
        with ExitStack() as stack:
            embedded = stack.enter_context(_embedded(home, users, address=settings.SITE_URL))
            _prepare()
            running = stack.enter_context(supervisor.programs(home.path, number))
            supervisor.wait_until_ready(running, number)
            _welcome()
            supervisor.watch(running + embedded)


def _embedded(home, users, *, address):
    """The servers that `manage.py` named for us; none where the environment names others."""
    kinds = [kind for kind in servers.ALL if _is_ours(home, kind)]
    if kinds:
        say("Starting the embedded servers…")
    return servers.started(home, kinds, users=users, role="up", patience=3, address=address)


def _is_ours(home, kind) -> bool:
    return os.environ.get(kind.VARIABLE) == kind.url(home.sockets)


def _prepare():
    compile_translations()
    say("Bringing the database up to date…")
    call_command("migrate", verbosity=0, interactive=False)
    if not get_user_model().objects.exists():
        say("Loading the demo: two years of an invented company (first start only)…")
        call_command("demo", stdout=StringIO())  # who may sign in is told at the end
    # Children must not share our connection.
    connections.close_all()


def _welcome():
    say(f"\nSmarketing is running at {settings.SITE_URL}   (Ctrl-C stops it)\n")
    here = set(
        get_user_model()
        .objects.filter(email__in=[person.email for person in SIGN_INS], is_active=True)
        .values_list("email", flat=True)
    )
    connections.close_all()
    for person in SIGN_INS:
        if person.email in here:
            say(f"  {person.role:<18} {person.email:<24} {person.password}")
    say("")
