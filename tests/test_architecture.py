"""The house stands as its plan says: order of the apps, migrations, lock files."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(settings.BASE_DIR)
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def test_apps_look_down_and_never_up():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


def test_there_is_a_lock_file_for_production_for_running_and_for_developing():
    assert [lock.name for lock in LOCKS] == [
        "requirements-dev.lock",
        "requirements-run.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_holds_hashes_and_no_address(lock):
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert " --hash=sha256:" in block, block


def test_the_lock_files_agree():
    pinned = {
        lock.name: dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.M)) for lock in LOCKS
    }
    production = pinned["requirements.lock"]
    for name, versions in pinned.items():
        assert versions | production == versions, name
