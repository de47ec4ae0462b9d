#!/usr/bin/env python
"""Runs one management command, with the embedded servers where no others are named."""

import os
import sys


def main():
    # Before anything of ours is imported: the Celery app would settle for production's.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings.dev")
    from smarketing.embedded.commands import with_servers

    with with_servers(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
