"""The shared cache, and what stands in for it while Redis is away."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _patient(name):
    def ask(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as gone:
            log.warning("cache not reached, this process remembers alone: %s", gone)
            return getattr(caches["local"], name)(*args, **kwargs)

    ask.__name__ = name
    return ask


class PatientRedisCache(RedisCache):
    """While Redis does not answer, each process keeps what it caches by itself.

    The limits on sign-in tries live in the cache: without Redis people must still be able to
    sign in, and the limits still hold, per process.
    """

    add = _patient("add")
    get = _patient("get")
    set = _patient("set")
    touch = _patient("touch")
    delete = _patient("delete")
    has_key = _patient("has_key")
    incr = _patient("incr")
    get_many = _patient("get_many")
    set_many = _patient("set_many")
    delete_many = _patient("delete_many")
    clear = _patient("clear")


class ProcessCache(LocMemCache):
    """What a process keeps for a moment, as the object it is: read it, never change it.

    Django's own writes a pickle and reads it at every look: a page that explains a score looks at
    the rules a hundred times.
    """

    # What LocMemCache has and its published types do not tell.
    _lock: Any
    _cache: Any
    _has_expired: Callable[[str], bool]
    _set: Callable[..., None]
    _delete: Callable[[str], bool]

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._set(key, value, timeout)
                return True
            return False

    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(key, value, timeout)

    def incr(self, key, delta=1, version=None):
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                raise ValueError(f"Key '{key}' not found")
            self._cache[key] += delta
            self._cache.move_to_end(key, last=False)
            return self._cache[key]
