"""The test suite: stricter than production, and quick."""

import os

from smarketing.embedded import places, servers
from tests import strict

# Servers of the tests' own where the environment names none; tests/servers.py starts them.
os.environ.update(servers.Home(places.var() / "test").environment())
# Each process of a test run has a broker and a cache of its own.
_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

from .dev import *  # noqa: E402

REDIS_URL = brokers.further(REDIS_URL, _PROCESS)
CACHES["default"]["LOCATION"] = brokers.cache_url(REDIS_URL)
CELERY_BROKER_URL = brokers.broker_url(REDIS_URL)

# Whitenoise would look through all files again for every client of every test.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
MIDDLEWARE.append("tests.strict.OnlyReadsOnGet")
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = strict.Undefined()

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Argon2 takes 70 ms by design; tests sign in by the hundred.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "WARNING"
