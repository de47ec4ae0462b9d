"""Argon2id with bounded memory."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """46 MiB, one pass, one lane (OWASP's first choice).

    Django's default takes 100 MiB a sign-in: a flood of sign-ins would be a flood of memory.
    """

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1
