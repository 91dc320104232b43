"""What git lists between two trees, and which deleted files it shows as renamed, against git itself."""

from __future__ import annotations

import json
import subprocess

import pytest
from building import Executable, Link, history_at, new_repository, set_main, write_commit
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from forensics.history.listing import listed
from forensics.history.renames import RenamesUnknown

KEPT = {"roles/kept.json": "{}"}
DIRECTORIES = ["roles", "attic", "x/roles"]
NAMES = ["a.json", "b.json", "base.json", "0.json", "b.rb"]
CONTENTS = st.one_of(
    st.builds(
        lambda name, recipes, indent, end: json.dumps({"name": name, "run_list": recipes}, indent=indent) + end,
        st.sampled_from(["base", "web"]),
        st.lists(st.sampled_from([f"recipe[{letter}]" for letter in "abcdef"]), max_size=6, unique=True),
        st.sampled_from([None, 2]),
        st.sampled_from(["", "\n"]),
    ),
    st.sampled_from(["", "one\r\ntwo\r\nthree", "x\0y\n" * 5, "long " * 40]),
)
PATHS = st.builds(lambda directory, name: f"{directory}/{name}", st.sampled_from(DIRECTORIES), st.sampled_from(NAMES))
ENTRIES = st.one_of(
    CONTENTS, CONTENTS, st.builds(Executable, CONTENTS), st.builds(Link, st.sampled_from(["kept.json", "gone"]))
)
TREES = st.dictionaries(PATHS, ENTRIES, max_size=8)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return new_repository(tmp_path_factory.mktemp("renames") / "repository.git")


def told_by_git(repository, before, after):
    """The lines of git diff: letters, and for renames both paths."""
    asked = ["git", "-C", repository.path, "diff", "--name-status", "-z", before, after]
    try:
        fields = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
    except FileNotFoundError:
        pytest.skip("git is not installed here")
    lines, at = [], 0
    while at < len(fields):
        length = 3 if fields[at][0] in "RC" else 2
        lines.append((fields[at][0], *fields[at + 1 : at + length]))
        at += length
    return lines


def found_here(history):
    trees = history.graph.trees
    changes = listed(history._trees, "", trees[0], trees[1])
    deleted = [each.path for each in changes if each.after is None]
    renamed = history.renames()(0, 1, deleted)
    old_of = {new: old for old, new in renamed.items()}
    for each in changes:
        if each.after is None:
            if each.path not in renamed:
                yield "D", each.path
        elif each.before is None:
            yield ("R", old_of[each.path], each.path) if each.path in old_of else ("A", each.path)
        else:
            yield "T" if each.deleted else "M", each.path


@examples(75)
@given(TREES, TREES, st.lists(st.tuples(PATHS, PATHS), max_size=5))
def test_git_lists_the_same(repository, before, others, moves):
    after = dict(before)
    for old, new in moves:
        if old in after and not isinstance(after[old], Link | Executable):
            after[new] = after.pop(old).replace("web", "mail")
    commits = [write_commit(repository, KEPT | before)]
    commits.append(write_commit(repository, KEPT | after | others, commits[:1], time=1_400_000_100))
    set_main(repository, commits[1])
    assert list(found_here(history_at(repository, commits[1]))) == told_by_git(repository, *commits)


def test_a_range_that_grows_is_followed(tmp_path):
    text = "".join(f"line {number}\n" for number in range(30))
    repository = new_repository(tmp_path / "repository.git")
    trees = [{"roles/a.json": text, **KEPT}, KEPT, KEPT | {"attic/b.json": text + "more\n"}, KEPT]
    commits = []
    for number, tree in enumerate(trees):
        commits.append(write_commit(repository, tree, commits[-1:], time=1_400_000_000 + number))
    renames = history_at(repository, commits[-1]).renames()
    answers = [renames(0, end, ["roles/a.json"]) for end in (1, 2, 3)]
    assert answers == [{}, {"roles/a.json": "attic/b.json"}, {}]


def test_a_content_that_is_not_there_leaves_it_open(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    text = "one\ntwo\nthree\n"
    commits = [write_commit(repository, KEPT | {"roles/a.json": text})]
    commits.append(write_commit(repository, KEPT | {"roles/b.json": text + "four\n"}, commits[:1], time=1_400_000_100))
    set_main(repository, commits[1])
    oid = repository[commits[1]].tree["roles/b.json"].id
    (tmp_path / "repository.git" / "objects" / str(oid)[:2] / str(oid)[2:]).unlink()
    with pytest.raises(RenamesUnknown):
        history_at(repository, commits[1]).renames()(0, 1, ["roles/a.json"])
