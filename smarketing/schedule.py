"""What the clock starts. Each task finds what is due by itself and may run twice without harm."""

from celery.schedules import crontab


def every(seconds: int, task: str) -> dict:
    # While no worker runs the clock goes on: one waiting task is enough.
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


def nightly(hour: int, minute: int, task: str) -> dict:
    return {"task": task, "schedule": crontab(hour=hour, minute=minute)}


SCHEDULE: dict[str, dict] = {
    "drain-outbox": every(60, "accounts.notify.drain_outbox"),
    "mail-introductions": every(60, "handoff.notify.mail_introductions"),
    "sweep-jobs": every(10, "common.tasks.sweep_jobs"),
    "sweep-clocks": every(60, "handoff.tasks.sweep_clocks"),
    "follow-conditions": every(2, "handoff.tasks.follow_conditions"),
    "sweep-conditions": every(60, "handoff.tasks.sweep_conditions"),
    "offer-qualified-leads": every(2, "handoff.tasks.offer_qualified_leads"),
    "watch-seats": nightly(8, 0, "handoff.tasks.watch_seats"),
    "forget-files": nightly(3, 10, "common.tasks.forget_files"),
    "forget-sessions": nightly(3, 20, "smarketing.tasks.forget_sessions"),
}
