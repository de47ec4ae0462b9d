"""`make run` and the command line on one's own machine: plain http on localhost, mail as text.

As strict as production wherever that does not stand in the way; DEBUG stays off, so that what is
seen here is what people will see.
"""

import os

# Only for servers and commands started by hand; `make run` makes a secret of its own.
os.environ.setdefault("SECRET_KEY", "only-for-this-machine-" + "0123456789" * 4)
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
os.environ.setdefault("SITE_URL", f"http://localhost:{os.environ.get('PORT') or 8000}")
os.environ.setdefault("TRUSTED_PROXIES", "0")
os.environ.setdefault("SECURE_SSL_REDIRECT", "off")
os.environ.setdefault("SECURE_HSTS_SECONDS", "0")

from .base import *

SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_PROXY_SSL_HEADER = None

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING["handlers"]["console"]["formatter"] = "plain"

# Files are served from where they lie: a change is seen at once, nothing needs collecting.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
