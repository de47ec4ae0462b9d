"""Every text of the code has its Japanese, and no translation stands alone.

Collects the texts anew in a copy of the code and compares; the checkout is not touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "ja"
PO = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
NOT_OURS = (".*", "var", "node_modules", "static_collected", "static", "tests", "__pycache__")


def collected() -> polib.POFile:
    """What makemessages finds in the code today."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "code"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_OURS))
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "--locale", LANGUAGE, "--no-location",
             "--no-obsolete", "--verbosity", "0"],
            cwd=copy,
            check=True,
            # Variables of a run that owns a var/ of its own would lead back here.
            env={key: value for key, value in os.environ.items() if key != "SMARKETING_VAR"},
        )  # fmt: skip
        return polib.pofile(str(copy / PO))


def key(entry) -> str:
    return f"{entry.msgctxt} | {entry.msgid}" if entry.msgctxt else entry.msgid


def is_translated(entry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(texts) and "fuzzy" not in entry.flags


def problems() -> list[str]:
    kept = {key(entry): entry for entry in polib.pofile(str(ROOT / PO)) if not entry.obsolete}
    wanted = {key(entry) for entry in collected()}
    return [
        *(f"not in {PO}: {text}" for text in sorted(wanted - kept.keys())),
        *(f"no longer in the code: {text}" for text in sorted(kept.keys() - wanted)),
        *(f"not translated: {text}" for text, entry in kept.items() if not is_translated(entry)),
    ]


def main() -> int:
    if not shutil.which("xgettext"):
        print("The texts cannot be collected without xgettext; on Debian: apt install gettext")
        return 1
    found = problems()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
