"""`make check`: everything that can be judged without running a page. Says all it finds, then fails.

`python scripts/check.py NAME…` runs only those.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Enough for the production settings to be judged; nothing is reached.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "smarketing.settings.base",
    "SECRET_KEY": "for-the-check-only-0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "smarketing.example.co.jp",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


ORDER = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)
DJADE = str(Path(sys.executable).with_name("djade"))  # a program of its own, not a module


def steps() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Each step's command, and what its environment has besides ours."""
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    return {
        "style": (python("-m", "ruff", "check", "."), {}),
        "format": (python("-m", "ruff", "format", "--check", "."), {}),
        "templates": ([DJADE, "--check", "--target-version", "5.2", *templates], {}),
        "order": (python("-c", ORDER), {}),
        "migrations": (python("manage.py", "makemigrations", "--check", "--dry-run"), {}),
        "deploy": (
            python("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            PRODUCTION,
        ),
        "translations": (python("scripts/check_translations.py"), PRODUCTION),
        "types": (python("-m", "mypy"), {}),
    }


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def run(name: str, command: list[str], extra: dict[str, str]) -> bool:
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | extra, capture_output=True, text=True)
    good = done.returncode == 0
    print(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - start:.1f} s)", flush=True)
    if not good:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return good


def main(wanted: list[str]) -> int:
    chosen = {name: step for name, step in steps().items() if not wanted or name in wanted}
    failed = [
        name for name, (arguments, extra) in chosen.items() if not run(name, arguments, extra)
    ]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
