"""What the clock starts. Each task finds what is due by itself and may run twice without harm."""

SCHEDULE: dict[str, dict] = {
    "drain-outbox": {
        "task": "accounts.tasks.drain_outbox",
        "schedule": 60,
        # While no worker runs the clock goes on: one waiting task is enough.
        "options": {"expires": 60},
    },
}
