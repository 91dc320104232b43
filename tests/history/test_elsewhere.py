"""Files anywhere in a history, whatever directory they lie in."""

from __future__ import annotations

import subprocess

import pytest
from building import Link, history_at, new_repository, role, write_commit
from support import clone

from forensics.history.elsewhere import commits_with, files_ending
from forensics.history.repository import open_evidence
from forensics.history.walk import History

BASE = {"roles/base.json": role("base")}


def found(history, *endings):
    return sorted((path, oid.hex()) for path, oid in files_ending(history, tuple(each.encode() for each in endings)))


def blob_of(repository, commit, path):
    return str(repository[commit].tree[path].id)


def test_every_content_of_every_file_is_given_once(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    first = write_commit(repository, {**BASE, "a.json": "1", "x/y/b.rb": "1", "README": "1"})
    second = write_commit(repository, {**BASE, "a.json": "2", "x/y/b.rb": "1", "x/c.json": "1"}, [first])
    back = write_commit(repository, {**BASE, "a.json": "1", "x/y/b.rb": "1"}, [second])
    assert found(history_at(repository, back), ".json", ".rb") == sorted(
        [
            ("a.json", blob_of(repository, first, "a.json")),
            ("a.json", blob_of(repository, second, "a.json")),
            ("roles/base.json", blob_of(repository, first, "roles/base.json")),
            ("x/c.json", blob_of(repository, second, "x/c.json")),
            ("x/y/b.rb", blob_of(repository, first, "x/y/b.rb")),
        ]
    )


def test_a_directory_that_comes_back_is_found_at_every_path(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    first = write_commit(repository, {**BASE, "one/a.json": "1"})
    second = write_commit(repository, {**BASE, "two/a.json": "1"}, [first])
    third = write_commit(repository, {**BASE, "one": "now a file"}, [second])
    fourth = write_commit(repository, {**BASE, "one/a.json": "2", "one/b.json": "1"}, [third])
    paths = [path for path, _ in found(history_at(repository, fourth), ".json")]
    assert paths == ["one/a.json", "one/a.json", "one/b.json", "roles/base.json", "two/a.json"]


def test_links_are_not_files(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    commit = write_commit(repository, {**BASE, "link.json": Link("roles/base.json")})
    assert [path for path, _ in found(history_at(repository, commit), ".json")] == ["roles/base.json"]


def test_the_commits_that_hold_a_content_are_told(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    ids = [write_commit(repository, {**BASE, "a.json": "1"}, time=1)]
    for number, content in enumerate(("1", "2", "1"), 2):
        ids.append(write_commit(repository, {**BASE, "a.json": content, str(number): ""}, ids[-1:], time=number))
    history = history_at(repository, ids[-1])
    assert commits_with(history, "a.json", bytes.fromhex(blob_of(repository, ids[0], "a.json"))) == [0, 1, 3]
    assert commits_with(history, "none.json", bytes.fromhex(blob_of(repository, ids[0], "a.json"))) == []


def test_what_is_found_is_what_git_lists():
    path = clone("mguterl/chef-repo")
    listing = ["git", "log", "HEAD", "--format=", "--raw", "-z", "--no-abbrev", "--no-renames", "-m", "--root"]
    try:
        log = subprocess.run(listing, cwd=path, capture_output=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("git is not installed here, whose list this compares with")
    fields = iter(log.decode().split("\0"))
    listed = set()
    for change in fields:
        if change.strip():
            _, mode, _, oid, letter = change.strip().split(" ")
            name = next(fields)
            if mode.startswith("100") and letter != "D" and name.endswith((".json", ".rb")):
                listed.add((name, oid))
    assert len(listed) > 100
    assert found(History(open_evidence(path)), ".json", ".rb") == sorted(listed)
