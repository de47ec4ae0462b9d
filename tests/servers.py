"""The tests' own PostgreSQL and Valkey, where DATABASE_URL and REDIS_URL name no others.

settings.test has put their addresses into the environment by now; here they are started once,
before any process that runs tests, and stopped after all of them. Their data may be lost with
the machine (no fsync).
"""

import fcntl
import os
from contextlib import ExitStack

import psycopg2
import pytest
import redis

from smarketing.embedded import places, servers
from smarketing.embedded.trouble import Trouble
from smarketing.translations import compile_translations


def home() -> servers.Home:
    return servers.Home(places.var() / "test", durable=False)


def ours() -> list:
    """The kinds of server whose address is the one of our own."""
    sockets = home().sockets
    return [kind for kind in servers.ALL if os.environ.get(kind.VARIABLE) == kind.url(sockets)]


def start(config) -> None:
    if config.option.collectonly or config.option.help or config.option.version:
        return
    config.our_servers = ExitStack()
    compile_translations()
    kinds = ours()
    if not kinds:
        return
    try:
        config.our_servers.enter_context(_running(kinds))
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from None


def _running(kinds):
    place = home()
    places.make_directory(place.path.parent, mode=0o755)
    place.make()
    with ExitStack() as stack:
        lock = stack.enter_context(place.open_lock("lock"))
        users = stack.enter_context(place.open_lock("users"))
        if not servers.take(lock, fcntl.LOCK_EX):
            raise Trouble(f"Another run of the tests uses {place.path}; wait for its end.")
        stack.enter_context(servers.started(place, kinds, users=users, role="tests", patience=0))
        return stack.pop_all()


def stop(config) -> None:
    if hasattr(config, "our_servers"):
        config.our_servers.close()


def described() -> str:
    """For the head of the run: against which servers it speaks."""
    try:
        with psycopg2.connect(_some_database(), connect_timeout=5) as connection:
            number = connection.server_version
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            told = client.info("server")
    except (psycopg2.Error, redis.RedisError) as error:
        return f"servers: {error}"
    broker = (
        f"{told.get('server_name', 'redis')} {told.get('valkey_version', told['redis_version'])}"
    )
    whose = "our own" if ours() else "named by the environment"
    return f"servers: PostgreSQL {number // 10000}.{number % 10000}, {broker} ({whose})"


def _some_database() -> str:
    from django.db import connection

    parts = connection.settings_dict
    named = {"host": parts["HOST"], "port": parts["PORT"], "user": parts["USER"]}
    named |= {"password": parts["PASSWORD"], "dbname": "postgres"}
    return " ".join(f"{key}='{value}'" for key, value in named.items() if value)
