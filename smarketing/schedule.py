"""What the clock starts. Each task finds what is due by itself and may run twice without harm."""

SCHEDULE: dict[str, dict] = {}
