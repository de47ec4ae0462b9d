"""Translations made ready without gettext on the machine: each .po into its .mo.

`python -m smarketing.translations` does it for an image; `up` and the tests do it by themselves.
"""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_translations() -> None:
    """Write each .mo that is missing or older than its .po."""
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            # In one step: another process may be reading it.
            new = made.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(new))
            new.replace(made)


if __name__ == "__main__":
    compile_translations()
