"""The test suite: stricter than production, and quick."""

from .dev import *

# Whitenoise would look through all files again for every client of every test.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Argon2 takes 70 ms by design; tests sign in by the hundred.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "WARNING"
