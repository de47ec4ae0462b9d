"""/healthz and /readyz, answered before anything else.

As middleware in the first place, because probes come without a host name, a session or TLS.
"""

import logging

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == "/healthz":
            return JsonResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})
        if request.path_info == "/readyz":
            return _readiness()
        return self.get_response(request)


def _readiness():
    """200 when pages can be served: database there and migrated. The broker is only reported.

    Without the broker notices and jobs wait, and a sweeper brings them later: no reason to take
    the pages away from people.
    """
    parts = {"database": _database(), "broker": _broker()}
    ready = parts["database"] == "ok"
    body = {"status": "ready" if ready else "not ready", **parts}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


# What was migrated once stays so while this process lives: the graph is read until then only.
MIGRATED = "migrated"


def _database() -> str:
    kept = caches["local"]
    try:
        if kept.get(MIGRATED):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return "ok"
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        logger.exception("The database does not answer.")
        return "unreachable"
    if not waiting:
        kept.set(MIGRATED, True, None)
    return "migrations waiting" if waiting else "ok"


def _broker() -> str:
    client = Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except RedisError:
        logger.warning("The broker does not answer.")
        return "unreachable"
    finally:
        client.close()
    return "ok"
