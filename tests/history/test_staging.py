"""The index as a commit: the trees are those that git would write, and nothing is written."""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

import pygit2
import pytest
from building import role, write_line
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from forensics.errors import UsageError
from forensics.history.model import EvidenceError
from forensics.history.staging import open_staged
from forensics.history.walk import History

FILE = pygit2.enums.FileMode.BLOB
NAMES = st.text("ab-.0/", min_size=1, max_size=12)


def repository(directory, *, bare=False):
    return pygit2.init_repository(str(directory / "r"), bare=bare, initial_head="main")


def stage(opened, files):
    opened.index.clear()
    for path, content in files.items():
        opened.index.add(pygit2.IndexEntry(path, opened.create_blob(content), FILE))
    opened.index.write()


def staged(opened, **options):
    evidence = open_staged(Path(opened.workdir), **options)
    (commit,) = evidence.heads
    return evidence, evidence.store.fetch(commit)[1].decode()


def tree_of(text):
    return text.split("\n")[0].removeprefix("tree ")


@examples(40)
@given(st.sets(NAMES, max_size=8))
def test_the_tree_is_the_one_that_git_would_write(tmp_path_factory, names):
    paths = [path for path in names if all(part.strip(".") for part in path.split("/"))]
    paths = [path for path in paths if not any(other.startswith(path + "/") for other in paths)]
    opened = repository(tmp_path_factory.mktemp("staging"))
    stage(opened, {path: path.encode() for path in paths})
    assert tree_of(staged(opened)[1]) == str(opened.index.write_tree())


def test_links_submodules_and_programs_keep_their_modes(tmp_path):
    opened = repository(tmp_path)
    blob = opened.create_blob(b"x")
    modes = (FILE, pygit2.enums.FileMode.BLOB_EXECUTABLE, pygit2.enums.FileMode.LINK, pygit2.enums.FileMode.COMMIT)
    for mode in modes:
        opened.index.add(pygit2.IndexEntry(f"roles/{int(mode)}.json", blob, mode))
    opened.index.write()
    assert tree_of(staged(opened)[1]) == str(opened.index.write_tree())


def test_its_parents_are_head_and_what_is_merged(tmp_path):
    opened = repository(tmp_path)
    stage(opened, {"roles/base.json": role("base").encode()})
    assert "parent" not in staged(opened)[1]
    ids = write_line(opened, [{"roles/base.json": role("base")}, {"roles/base.json": role("base", "recipe[a]")}])
    assert staged(opened)[1].split("\n")[1:2] == [f"parent {ids[1]}"]
    (tmp_path / "r" / ".git" / "MERGE_HEAD").write_text(f"{ids[0]}\nnonsense\n{ids[1]}\n")
    evidence, text = staged(opened)
    assert text.split("\n")[1:3] == [f"parent {ids[1]}", f"parent {ids[0]}"]
    graph = History(evidence).graph
    assert {oid.hex() for oid in graph.ids} == {*ids, evidence.heads[0].hex()}
    assert graph.times[-1] == opened.get(ids[1]).commit_time


def test_the_objects_are_nowhere_in_the_database(tmp_path):
    opened = repository(tmp_path)
    stage(opened, {"roles/base.json": role("base").encode()})
    evidence, text = staged(opened)
    for oid in (evidence.heads[0].hex(), tree_of(text)):
        assert pygit2.Oid(hex=oid) not in opened.odb
    assert evidence.store.read_blob(bytes.fromhex(str(opened.index["roles/base.json"].id))) == role("base").encode()


def test_an_index_that_is_not_this_repositorys_is_not_read(tmp_path):
    opened = repository(tmp_path)
    stage(opened, {"a": b"a"})
    mine = tree_of(staged(opened)[1])
    other = tmp_path / "index"
    other.write_bytes((tmp_path / "r" / ".git" / "index").read_bytes())
    stage(opened, {"b": b"b"})
    assert tree_of(staged(opened, index=other)[1]) != mine
    inside = tmp_path / "r" / ".git" / "index.lock"
    inside.write_bytes(other.read_bytes())
    assert tree_of(staged(opened, index=inside)[1]) == mine


def test_what_no_git_writes_is_one_error(tmp_path):
    opened = repository(tmp_path)
    stage(opened, {"/".join(["d"] * 1500) + "/roles/base.json": b"x"})
    with pytest.raises(EvidenceError, match="nested too deep"):
        staged(opened)


def test_a_bare_repository_has_no_index(tmp_path):
    repository(tmp_path, bare=True)
    with pytest.raises(EvidenceError, match="bare repository, which has no index"):
        open_staged(tmp_path / "r")


def test_unmerged_files_are_named_the_first_three_of_them(tmp_path):
    opened = repository(tmp_path)
    blob = opened.create_blob(b"x")
    for name in "abcde":
        entry = pygit2.IndexEntry(f"roles/{name}.json", blob, FILE)
        opened.index.add_conflict(entry, entry, entry)
    opened.index.write()
    with pytest.raises(UsageError, match=r"^roles/a.json, roles/b.json, roles/c.json and 2 more: unmerged"):
        staged(opened)


def entry(path, oid, mode=0o100644):
    fixed = bytes(24) + struct.pack(">I", mode) + bytes(12) + oid + struct.pack(">H", len(path)) + path
    return fixed + bytes(8 - len(fixed) % 8)


def write_index(opened, *entries):
    """An index that no git would write."""
    data = b"DIRC" + struct.pack(">II", 2, len(entries)) + b"".join(entries)
    (Path(opened.path) / "index").write_bytes(data + hashlib.sha1(data).digest())  # noqa: S324 (as git has it)


@pytest.mark.parametrize(
    "paths",
    [
        [b""], [b"roles/"], [b"/roles/x.json"], [b"roles//x.json"], [b"../x.json"], [b"roles/.git/x.json"],
        [b"roles", b"roles/x.json"], [b"roles/x.json", b"roles"], [b"roles/x.json", b"roles/x.json"],
    ],
    ids=repr,
)  # fmt: skip
def test_a23_paths_that_no_tree_can_hold_are_one_error(paths, tmp_path):
    opened = repository(tmp_path)
    blob = opened.create_blob(role("base").encode()).raw
    write_index(opened, *(entry(path, blob) for path in paths), entry(b"roles/y.json", blob))
    with pytest.raises(EvidenceError, match=r"^the index .* cannot be read: "):
        staged(opened)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path.name)])
def test_a44_what_is_no_file_is_not_opened_as_an_index(make, tmp_path):
    opened = repository(tmp_path)
    for name in ("index", "other"):
        make(tmp_path / "r" / ".git" / name)
        with pytest.raises(EvidenceError, match=rf"^the index .*{name} cannot be read: "):
            staged(opened, index=tmp_path / "r" / ".git" / name)
    with pytest.raises(EvidenceError, match=r"^the index .* cannot be read: "):
        staged(opened)
