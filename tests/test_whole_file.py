"""A file is written whole or not at all, and nothing that is there loses its permissions or is lost."""

from __future__ import annotations

import pytest

from forensics.whole_file import write_whole


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path):
    target = tmp_path / "report"
    target.write_bytes(b"old")
    target.chmod(0o600)
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_what_came_to_be_there_meanwhile_stays(tmp_path):
    target = tmp_path / "report"
    target.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        write_whole(target, b"new", replace=False)
    assert target.read_bytes() == b"precious"
    write_whole(tmp_path / "other", b"new", replace=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "report"]
