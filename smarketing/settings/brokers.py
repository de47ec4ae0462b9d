"""One REDIS_URL, as Celery and as Django's cache want it said."""

from urllib.parse import parse_qs, urlsplit

# Clearing the cache empties its whole database, so it must not be the broker's.
CACHE_OFFSET = 8


def broker_url(url: str) -> str:
    """`unix:///path?db=N` is said differently by Celery; anything else it takes as it is."""
    if url.startswith("unix://"):
        return f"redis+socket://{urlsplit(url).path}?virtual_host={_database(url)}"
    return url


def cache_url(url: str) -> str:
    """The same server, eight databases further."""
    return further(url, CACHE_OFFSET)


def further(url: str, by: int) -> str:
    """The same server, `by` databases further."""
    parts = urlsplit(url)
    database = _database(url) + by
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={database}"
    return parts._replace(path=f"/{database}").geturl()


def _database(url: str) -> int:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return int(parse_qs(parts.query).get("db", ["0"])[0])
    return int(parts.path.strip("/") or 0)
