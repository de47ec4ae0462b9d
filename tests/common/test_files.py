"""Files in the database: whole however they were cut, readable from anywhere, and not kept for ever."""

from datetime import timedelta

import pytest

from common import files, now, time_at
from common.csvs import cell, in_portions
from common.jobs import Kind, register, start_job
from common.models import StoredFile
from common.refusals import Malformed

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 10_000  # two pieces and a half


def test_a_file_comes_back_as_it_went_in_and_can_be_read_from_anywhere():
    file = files.store([CONTENT[:7], CONTENT[7:]], name="a.bin")
    assert (file.size, file.pieces.count()) == (len(CONTENT), 3)
    assert b"".join(files.pieces_of(file)) == CONTENT == file.content
    with files.open_stored(file) as stream:
        assert stream.read() == CONTENT
        for at in (0, 1, files.PIECE - 1, files.PIECE, len(CONTENT) - 1, len(CONTENT) + 5):
            stream.seek(at)
            assert stream.read(300) == CONTENT[at : at + 300]
        assert stream.seek(-10, 2) == len(CONTENT) - 10
        assert stream.read() == CONTENT[-10:]


def test_a_file_that_is_too_large_leaves_nothing():
    with pytest.raises(Malformed):
        files.store([b"x" * files.MEGABYTE] * 3, name="large", most=2 * files.MEGABYTE)
    assert not StoredFile.objects.exists()


def test_old_files_go_unless_a_job_still_needs_them():
    old, needed, fresh = (files.store([b"x"], name=name) for name in ("old", "needed", "fresh"))
    register(Kind("test-files", lambda job: True))
    start_job("test-files", by=None, files=[needed])
    later = now() + files.KEPT_FOR + timedelta(days=1)
    StoredFile.objects.filter(pk=fresh.pk).update(created_at=later)
    with time_at(later):
        assert files.forget_old_files(at=later) == 1
    assert set(StoredFile.objects.values_list("name", flat=True)) == {"needed", "fresh"}
    assert old.name == "old"


@pytest.mark.parametrize("text", ["=1+1", "+81 3", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_defused(text):
    assert cell(text) == f"'{text}"


def test_numbers_stay_numbers_and_nothing_is_nothing():
    assert [cell(value) for value in (-5, 1.5, None, True, "a-b", "")] == [
        "-5",
        "1.5",
        "",
        "TRUE",
        "a-b",
        "",
    ]


def test_a_csv_begins_with_its_mark_and_ends_its_lines_as_excel_does():
    text = "".join(in_portions(["名", "n"], [["山,田", 1], ['"', None]]))
    assert text == '\ufeff名,n\r\n"山,田",1\r\n"""",\r\n'
