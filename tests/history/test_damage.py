"""Objects that are missing, corrupt or of another type become gaps; the rest is read."""

import hashlib
import os
import zlib

import pygit2
import pytest
from raw_git import (
    DIRECTORY,
    FILE,
    Symlink,
    blob,
    commit,
    commit_files,
    containers_at,
    damage,
    files_at,
    gap_kinds,
    history_of,
    loose,
    repository_at,
    tree,
    tree_bytes,
    tree_of,
)

from forensics.history import store as stores
from forensics.history.model import UNREADABLE, Change, EvidenceError, Gap, NothingToExamineError
from forensics.history.repository import open_evidence


def objects_of(repository):
    """A role in the third of four commits, whose second is the first to have another role; and that one's blob."""
    trees = [
        {"environments/e.json": b"e"},
        {"environments/e.json": b"e", "roles/x.json": b"x"},
        {"environments/e.json": b"e", "roles/x.json": b"x", "roles/y.json": b"y"},
    ]
    ids = []
    for number, files in enumerate([*trees, trees[2]]):
        ids.append(commit_files(repository, files, ids[-1:], when=number))
    return ids


def corrupt_bytes(repository, _):
    """The bytes of another object in the place of this one: valid zlib data that does not match the id."""
    return loose(repository, blob(repository, b"something else")).read_bytes()


DAMAGES = {
    "missing": lambda *_: None,
    "corrupt": corrupt_bytes,
    "corrupt zlib": lambda *_: b"no zlib data",
    "corrupt end": lambda repository, oid: loose(repository, oid).read_bytes()[:-6],
    "corrupt header": lambda *_: zlib.compress(b"strange 3\0abc"),
    "corrupt emptiness": lambda *_: b"",
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a14_a15_a_blob_that_cannot_be_read_is_a_gap_that_names_the_first_commit(tmp_path, how):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    x = blob(repository, b"x")
    damage(repository, x, DAMAGES[how](repository, x))
    history = history_of(repository, ids[-1])
    assert history.gaps == ()
    assert history.blob(x) is None
    assert history.blob(blob(repository, b"y")) == b"y"
    (gap,) = history.gaps
    assert (gap.kind, gap.oid) == (f"{how.partition(' ')[0]}-blob", x.hex())
    assert (gap.path, gap.commit) == ("roles/x.json", ids[1].hex())
    assert "\n" not in gap.detail


@pytest.mark.parametrize("how", DAMAGES)
def test_a14_a15_a_tree_that_cannot_be_read_is_a_gap_and_the_rest_is_read(tmp_path, how):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    roles = tree_of(repository, {"x.json": b"x"})
    damage(repository, roles, DAMAGES[how](repository, roles))
    history = history_of(repository, ids[-1])
    (gap,) = history.gaps
    assert (gap.kind, gap.oid) == (f"{how.partition(' ')[0]}-tree", roles.hex())
    assert (gap.path, gap.commit) == ("roles", ids[1].hex())
    assert list(files_at(history, ids[1])) == ["environments/e.json"]
    assert len(files_at(history, ids[2])) == 3


@pytest.mark.parametrize("how", DAMAGES)
def test_a14_a15_a_commit_that_cannot_be_read_ends_the_history_there(tmp_path, how):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    damage(repository, ids[1], DAMAGES[how](repository, ids[1]))
    history = history_of(repository, ids[-1])
    assert history.graph.ids == ids[2:]
    (gap,) = history.gaps
    assert (gap.kind, gap.oid, gap.commit) == (f"{how.partition(' ')[0]}-commit", ids[1].hex(), ids[2].hex())


def test_a_root_tree_and_a_nested_one_are_located_too(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    files = {"roles/x.json": b"x", "docs/a/b/c": b"c"}
    first = commit_files(repository, files)
    second = commit_files(repository, {**files, "roles/sub/z.json": b"z"}, [first], when=1)
    third = commit_files(repository, {"gone": b"3"}, [second], when=2)
    for path in ({"b/c": b"c"}, {"gone": b"3"}, {"z.json": b"z"}):
        damage(repository, tree_of(repository, path))
    history = history_of(repository, third)
    assert [(gap.kind, gap.path, gap.commit) for gap in history.gaps] == [
        ("missing-tree", None, third.hex()),
        ("missing-tree", "docs/a/", first.hex()),
        ("missing-tree", "roles/sub", second.hex()),
    ]
    assert files_at(history, second) == {"roles/x.json": blob(repository, b"x")}
    assert files_at(history, third) == {"roles/x.json": UNREADABLE}, "what was there is not gone"


def test_what_an_unreadable_directory_held_is_unknown_until_it_can_be_read_again(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    files = {"roles/x.json": b"x", "roles/a/y.json": b"y", "data_bags/users/ada.json": b"a"}
    ids = [commit_files(repository, files)]
    for number, name in enumerate(("roles/a/z.json", "roles/z.json", "data_bags/more/z.json"), 1):
        ids.append(commit_files(repository, {**files, name: b"%d" % number}, ids[-1:], when=number))
        ids.append(commit_files(repository, files, ids[-1:], when=number))
    for gone in ({"y.json": b"y", "z.json": b"1"}, {"x.json": b"x", "a/y.json": b"y", "z.json": b"2"}):
        damage(repository, tree_of(repository, gone))
    damage(repository, tree_of(repository, {"users/ada.json": b"a", "more/z.json": b"3"}))
    history = history_of(repository, ids[-1])
    there = {path: blob(repository, content) for path, content in files.items()}
    assert files_at(history, ids[1]) == there | {"roles/a/y.json": UNREADABLE}
    assert files_at(history, ids[3]) == there | {"roles/a/y.json": UNREADABLE, "roles/x.json": UNREADABLE}
    assert files_at(history, ids[5]) == there | {"data_bags/users/ada.json": UNREADABLE}
    for readable in (0, 2, 4, 6):
        assert files_at(history, ids[readable]) == there
    container = next(each for each in history.state(1) if each.path == "roles")
    before, after = (history.state(commit)[container] for commit in (0, 1))
    y = blob(repository, b"y")
    assert history.changes(container, before, after) == [Change("roles/a/y.json", y, UNREADABLE)]
    assert history.changes(container, after, before) == [Change("roles/a/y.json", UNREADABLE, y)]
    (gone,), (back,) = history.listed(container, before, after), history.listed(container, after, before)
    assert (gone.path, gone.before.oid, gone.deleted) == ("roles/a/y.json", y, False)
    assert (back.path, back.after.oid, back.deleted) == ("roles/a/y.json", y, False)


def test_where_no_directory_can_be_read_nobody_can_tell_whether_there_are_objects(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    head = commit_files(repository, {"roles/x.json": b"x"})
    damage(repository, tree_of(repository, {"roles/x.json": b"x"}))
    with pytest.raises(EvidenceError, match="cannot be told"):
        history_of(repository, head)


@pytest.mark.parametrize("how", ["missing", "corrupt"])
def test_a_head_that_cannot_be_read_is_an_error_that_names_it(tmp_path, how):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    damage(repository, ids[-1], DAMAGES[how](repository, ids[-1]))
    with pytest.raises(EvidenceError, match=f"HEAD names {ids[-1].hex()}, which is missing or corrupt"):
        history_of(repository, ids[-1])


def test_a16_a_mode_that_lies_about_the_type_is_a_gap(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    inner = tree_of(repository, {"x.json": b"x"})
    file = blob(repository, b"file")
    roles = tree(repository, (FILE, b"a.json", inner), (DIRECTORY, b"b", file), (FILE, b"c.json", file))
    head = commit(repository, tree(repository, (DIRECTORY, b"environments", inner), (DIRECTORY, b"roles", roles)))
    history = history_of(repository, head)
    assert history.blob(inner) is None
    assert sorted(files_at(history, head)) == ["environments/x.json", "roles/a.json", "roles/c.json"]
    found = {(gap.kind, gap.path, gap.commit, gap.detail) for gap in history.gaps}
    assert found == {
        ("type-mismatch", "roles/a.json", head.hex(), "the entry says blob, the object is a tree"),
        ("type-mismatch", "roles/b", head.hex(), "the entry says tree, the object is a blob"),
    }


def test_a_malformed_tree_is_called_corrupt_and_read_up_to_there(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    good = (DIRECTORY, b"roles", tree_of(repository, {"x.json": b"x"}))
    data = tree_bytes([good]) + b"\0junk40000 nodes\0" + good[2]
    broken = repository.odb.write(pygit2.enums.ObjectType.TREE, data).raw
    first = commit(repository, tree(repository, (DIRECTORY, b"chef", broken)))
    second = commit(repository, tree(repository, (DIRECTORY, b"roles", broken)), [first])
    history = history_of(repository, second)
    assert containers_at(history, first) == [("chef/roles", "role")]
    (gap,) = history.gaps
    assert (gap.kind, gap.oid, gap.commit) == ("corrupt-tree", broken.hex(), first.hex())


def test_a12_what_a_partial_clone_left_out_is_promised_not_corrupt(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    repository.config["remote.origin.promisor"] = "true"
    repository.config["remote.origin.url"] = "ext::touch " + str(tmp_path / "fetched")
    history = history_of(repository, ids[-1])
    assert history.gaps == ()  # being a partial clone is no gap
    x, y = blob(repository, b"x"), blob(repository, b"y")
    damage(repository, x)
    damage(repository, y, b"rubbish")
    assert history.blob(x) is history.blob(y) is None
    assert sorted(gap.kind for gap in history.gaps) == ["corrupt-blob", "promised-blob"]
    assert not (tmp_path / "fetched").exists()


def test_a26_a_blob_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    repository = repository_at(tmp_path / "r.git")
    head = commit_files(repository, {"roles/big.json": b"x" * 5000, "roles/link.json": Symlink(b"y" * 5000)})
    monkeypatch.setattr(stores, "LARGEST_BLOB", 4999)
    history = history_of(repository, head)
    assert history.blob(blob(repository, b"x" * 5000), "roles/big.json") is None
    big = blob(repository, b"x" * 5000).hex()
    link = blob(repository, b"y" * 5000).hex()
    detail = "5000 bytes, more than the 4999 that are read"
    assert Gap("oversized-blob", detail, big, "roles/big.json", head.hex()) in history.gaps
    assert Gap("oversized-blob", detail, link, "roles/link.json", head.hex()) in history.gaps


def test_gaps_are_the_same_however_often_they_are_asked_for(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    x = blob(repository, b"x")
    damage(repository, x)
    history = history_of(repository, ids[-1])
    history.blob(x, "asked/for/as.json")
    assert history.gaps == history.gaps
    assert [(gap.path, gap.commit) for gap in history.gaps] == [("asked/for/as.json", ids[1].hex())]


def test_a18_a_history_without_objects_has_nothing_to_examine(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    with pytest.raises(NothingToExamineError, match="no commit has roles/"):
        history_of(repository, commit_files(repository, {"README": b"x"}))
    with pytest.raises(NothingToExamineError, match="no commit yet"):
        open_evidence(repository_at(tmp_path / "empty.git").path and tmp_path / "empty.git")


@pytest.mark.parametrize(
    "how", [lambda data: data[:-1] + b"\0", lambda data: data[:50], lambda data: b"\xff" * len(data)]
)
def test_a15_a_damaged_pack_index_is_an_error_that_names_it(tmp_path, how):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    repository.pack()
    (index,) = (tmp_path / "r.git" / "objects" / "pack").glob("*.idx")
    damaged = how(index.read_bytes())
    index.unlink()
    index.write_bytes(damaged)
    with pytest.raises(EvidenceError, match=r"\.idx is corrupt"):
        history_of(repository, ids[-1])


def sealed(table):
    return table + hashlib.sha1(table, usedforsecurity=False).digest()


FANOUT, HEADER = 256 * 4, 8


@pytest.mark.parametrize(
    "how",
    [
        lambda data, offsets: data[:offsets] + b"\x7f\xff\xff\xff" + data[offsets + 4 : -20],
        lambda data, offsets: data[:offsets] + b"\x80\x00\x00\x05" + data[offsets + 4 : -20],
        lambda data, offsets: data[:offsets] + b"\0\0\0\0" + data[offsets + 4 : -20],
        lambda data, _: data[:HEADER] + b"\0\0\0\xff" + data[HEADER + 4 : -20],
        lambda data, _: data[: HEADER + FANOUT - 4] + b"\x7f\0\0\0" + data[HEADER + FANOUT : -20],
        lambda data, _: data[:-60] + data[-40:-20],
    ],
    ids=["beyond", "wide", "header", "fanout", "count", "short"],
)
def test_a15_a_pack_index_that_leads_out_of_its_pack_is_not_followed(tmp_path, how):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    repository.pack()
    (index,) = (tmp_path / "r.git" / "objects" / "pack").glob("*.idx")
    data = index.read_bytes()
    count = int.from_bytes(data[HEADER + FANOUT - 4 : HEADER + FANOUT], "big")
    damaged = sealed(how(data, HEADER + FANOUT + count * 24))
    index.unlink()
    index.write_bytes(damaged)
    with pytest.raises(EvidenceError, match=r"\.idx is corrupt"):
        history_of(repository, ids[-1])


def test_a15_a_damaged_pack_yields_what_it_still_holds(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    repository.pack()
    for path in (tmp_path / "r.git" / "objects").glob("??/*"):
        path.unlink()
    (pack,) = (tmp_path / "r.git" / "objects" / "pack").glob("*.pack")
    data = pack.read_bytes()
    seen = set()
    for number, at in enumerate(range(12, len(data) - 20, 9)):
        # under another name each time: libgit2 remembers packs by their names
        name = pack.with_name(f"pack-{number:040x}.pack")
        pack.rename(name).unlink()
        pack.with_suffix(".idx").rename(name.with_suffix(".idx"))
        pack = name
        pack.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        try:
            history = history_of(repository, ids[-1])
        except (EvidenceError, NothingToExamineError):
            continue
        for commit_id in history.graph.ids:
            for oid in files_at(history, commit_id).values():
                assert oid == UNREADABLE or isinstance(oid, bytes)
                if oid != UNREADABLE:
                    history.blob(oid)
        seen.update(gap.kind for gap in history.gaps)
    assert seen <= {f"{word}-{kind}" for word in ("corrupt", "missing") for kind in ("blob", "tree", "commit")} | {
        "type-mismatch"
    }
    assert {"corrupt-blob", "corrupt-tree", "corrupt-commit"} <= seen


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_a15_a_packed_object_that_does_not_match_its_id_is_corrupt(tmp_path, kind):
    repository = repository_at(tmp_path / "r.git")
    ids = objects_of(repository)
    repository.pack()
    wanted = {"blob": blob(repository, b"x"), "tree": tree_of(repository, {"x.json": b"x"}), "commit": ids[0]}[kind]
    for path in (tmp_path / "r.git" / "objects").glob("??/*"):
        path.unlink()
    (index,) = (tmp_path / "r.git" / "objects" / "pack").glob("*.idx")
    claimed = wanted[:-1] + bytes([wanted[-1] ^ 1])
    table = index.read_bytes()[:-20].replace(wanted, claimed)
    index.unlink()
    index.write_bytes(table + hashlib.sha1(table, usedforsecurity=False).digest())
    store = open_evidence(tmp_path / "r.git", rev=ids[-1].hex()).store
    assert store.read(claimed, {"commit": stores.COMMIT, "tree": stores.TREE, "blob": stores.BLOB}[kind]) is None
    (gap,) = store.gaps.all()
    assert (gap.kind, gap.oid) == (f"corrupt-{kind}", claimed.hex())


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/null")])
def test_what_is_no_file_where_an_object_should_be_is_a_gap_and_not_waited_for(tmp_path, make):
    repository = repository_at(tmp_path / "r.git")
    head = commit_files(repository, {"roles/x.json": b"x"})
    x = blob(repository, b"x")
    damage(repository, x)
    make(loose(repository, x))
    history = history_of(repository, head)
    assert history.blob(x) is None
    assert gap_kinds(history) == ["corrupt-blob"]
