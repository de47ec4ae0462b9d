"""What manage.py does around a command where no server is named: bring the embedded ones."""

import os
import sys
from contextlib import contextmanager

from . import places, servers
from .trouble import Trouble

NEED_NONE = {"help", "version", "--help", "-h", "--version", "makemessages"}
START_THEMSELVES = {"up"}


@contextmanager
def with_servers(arguments: list[str]):
    """The environment and the servers that `arguments` (as in sys.argv) need."""
    command = arguments[1] if len(arguments) > 1 else "help"
    try:
        home = servers.Home(places.var())
        kinds = servers.missing()
        os.environ.update(home.environment())
        if not kinds or command in NEED_NONE:
            yield
            return
        home.make()
        os.environ.setdefault("SECRET_KEY", home.secret_key())
        if command in START_THEMSELVES:
            yield
            return
        with servers.joined_or_started(home, kinds):
            _stand_where_it_runs(home)
            yield
    except KeyboardInterrupt:
        sys.exit(130)  # as the shell would say it
    except Trouble as trouble:
        sys.exit(str(trouble))
    except PermissionError as error:
        sys.exit(f"{error.filename} may not be read or written by this user.")
    except Exception as error:
        sentence = _known_trouble(error)
        if sentence is None or "--traceback" in arguments:
            raise
        sys.exit(sentence)


def _stand_where_it_runs(home: servers.Home) -> None:
    """Links that a command prints lead to the Smarketing that is running, whatever its port."""
    address = home.heard().get("address")
    if address and "PORT" not in os.environ:
        os.environ.setdefault("SITE_URL", address)


def _known_trouble(error: Exception) -> str | None:
    """What to do about an error of the database that everybody meets once."""
    # Known by the driver's class and PostgreSQL's code: Django is not imported here.
    cause = error.__cause__
    code = getattr(cause, "pgcode", "")
    if code == "42P01":
        return "The database is not prepared for this yet: run `manage.py migrate` first."
    # Without a code there was no server to give one, or it refused the connection.
    if type(cause).__name__ == "OperationalError" and code is None:
        said = " ".join(str(cause).split())
        return f"The database of DATABASE_URL cannot be used: {said}"
    if type(error).__module__.startswith("dj_database_url"):
        return "DATABASE_URL cannot be read: write it like postgres://user:password@host:5432/name."
    return None
