"""What manage.py does around a command where no server is named: bring the embedded ones."""

import os
import sys
from contextlib import contextmanager

from . import places, servers
from .trouble import Trouble

# These start the servers themselves, or need none.
WITHOUT_SERVERS = {"up", "help", "version", "--help", "-h", "--version", "makemessages"}


@contextmanager
def with_servers(arguments: list[str]):
    """The environment and the servers that `arguments` (as in sys.argv) need."""
    kinds = servers.missing()
    if not kinds:
        yield
        return
    try:
        home = servers.Home(places.var())
        os.environ.update(home.environment())
        if len(arguments) < 2 or arguments[1] in WITHOUT_SERVERS:
            yield
            return
        home.make()
        os.environ.setdefault("SECRET_KEY", home.secret_key())
        with servers.joined_or_started(home, kinds):
            yield
    except Trouble as trouble:
        sys.exit(str(trouble))
    except PermissionError as error:
        sys.exit(f"{error.filename} may not be read or written by this user.")
