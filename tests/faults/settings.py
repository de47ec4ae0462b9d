"""settings.test, with mail that goes out: to the mail server of the test that asked for it."""

import os

from smarketing.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("FAULTS_MAIL_PORT", "0"))
EMAIL_USE_TLS = False
EMAIL_TIMEOUT = 5
