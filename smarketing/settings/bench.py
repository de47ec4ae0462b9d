"""`manage.py bench`: production's settings, without https and with a queue that nobody works on."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" + "0123456789" * 4)
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1")
os.environ.setdefault("SECURE_SSL_REDIRECT", "off")
os.environ.setdefault("TRUSTED_PROXIES", "0")

from .base import *

SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_PROXY_SSL_HEADER = None
# Tasks are queued as ever, but the workers of this installation must not see them.
CELERY_TASK_DEFAULT_QUEUE = "bench"
CACHES["default"]["KEY_PREFIX"] = "smarketing-bench"
# Nothing is collected for it: no file is asked for.
STATIC_ROOT = BASE_DIR / "static"
# Hashing all files takes longer than measuring; their names are looked up all the same.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
