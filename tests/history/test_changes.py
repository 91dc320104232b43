"""Versions of containers, the changes between them, and the checkout of a commit."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from in_memory import InMemory
from raw_git import (
    DIRECTORY,
    EXECUTABLE,
    FILE,
    LINK,
    Symlink,
    blob,
    commit,
    commit_files,
    files_at,
    history_of,
    repository_at,
    tree,
)
from trying import examples

from forensics.chef.objects import Kind
from forensics.history.listing import Side
from forensics.history.model import Broken, Change, Container

ROLES = Container("roles", Kind.ROLE)
CONTENTS = st.sampled_from([b"a", b"b", b"c"])
LINKS = st.sampled_from(
    [b"a.json", b"../roles/b.rb", b"../shared", b"../../x", b"/etc", b"loop.json", b"sub", b"sub/a.json"]
)
PATHS = st.sampled_from(
    [
        "roles/a.json",
        "roles/b.rb",
        "roles/loop.json",
        "roles/sub/a.json",
        "roles/sub/deep/c.js",
        "roles/README",
        "shared",
        "environments/a.json",
        "data_bags/u/i.json",
        "data_bags/u/sub/i.json",
        "other/roles/x.rb",
    ]
)
FILES = st.dictionaries(PATHS, CONTENTS | LINKS.map(Symlink), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def shared_repository(tmp_path_factory):
    """One repository for all examples: objects do not disturb each other."""
    return InMemory(tmp_path_factory.mktemp("shared"))


def naive_files(repository, files, container):
    """What a reader of the whole tree finds: regular files only (links are proved one by one elsewhere)."""
    allowed = (".json",) if container.kind is Kind.DATA_BAG_ITEM else (".json", ".rb", ".js")
    found = {}
    for path, content in files.items():
        inside = path.startswith(container.path + "/") and path.endswith(allowed)
        direct = "/" not in path[len(container.path) + 1 :]
        if inside and isinstance(content, bytes) and (direct or container.kind is not Kind.DATA_BAG_ITEM):
            found[path] = blob(repository, content)
    return found


@examples(60)
@given(st.lists(st.tuples(FILES, st.integers(0, 3)), min_size=1, max_size=8))
def test_applying_the_changes_gives_the_files_along_any_path_through_a_history(shared_repository, steps):
    repository = shared_repository
    ids = [commit_files(repository, {"roles/first.json": b"1"}, when=0)]
    trees = [{"roles/first.json": b"1"}]
    for number, (files, back) in enumerate(steps):
        parents = [ids[-1]] if back == 0 or back >= len(ids) else [ids[-1 - back], ids[-1]]
        ids.append(commit_files(repository, files, parents, when=number % 3))
        trees.append(files)
    history = history_of(repository, ids[-1])
    seen = {container for state in history.states for container in state}
    replayed = {container: {} for container in seen}
    before = dict.fromkeys(seen)
    for oid, files in zip(ids, trees, strict=True):
        if oid not in history.graph.ids:
            continue
        state = history.state(history.graph.ids.index(oid))
        for container in seen:
            version = state.get(container)
            changes = history.changes(container, before[container], version)
            assert [change.path for change in changes] == sorted(change.path for change in changes)
            for change in changes:
                assert change.before != change.after
                assert replayed[container].pop(change.path, None) == change.before
                if change.after is not None:
                    replayed[container][change.path] = change.after
            assert replayed[container] == history.files(container, version)
            regular = {
                path: file for path, file in replayed[container].items() if not isinstance(files.get(path), Symlink)
            }
            assert regular == naive_files(repository, files, container)
            before[container] = version


@examples(25)
@given(st.lists(FILES, min_size=1, max_size=6))
def test_a_state_does_not_depend_on_the_commits_before_it(shared_repository, trees):
    repository = shared_repository
    ids = []
    for number, files in enumerate(trees):
        ids.append(commit_files(repository, {**files, "roles/always.json": b""}, ids[-1:], when=number))
    history = history_of(repository, ids[-1])
    for oid, files in zip(ids, trees, strict=True):
        alone = commit_files(repository, {**files, "roles/always.json": b""}, when=99)
        assert history.state(history.graph.ids.index(oid)) == history_of(repository, alone).state(0)


def linked(tmp_path, *trees):
    repository = repository_at(tmp_path / "r.git")
    ids = []
    for number, files in enumerate(trees):
        ids.append(commit_files(repository, files, ids[-1:], when=number))
    return repository, history_of(repository, ids[-1]), ids


def test_a24_links_in_a_container_are_followed_inside_the_tree_or_are_gaps(tmp_path):
    repository, history, ids = linked(
        tmp_path,
        {
            "roles/base.json": b"base",
            "roles/same.json": Symlink(b"base.json"),
            "roles/outer.json": Symlink(b"../shared/x.txt"),
            "roles/gone.json": Symlink(b"nothing.json"),
            "roles/etc.json": Symlink(b"/etc/passwd"),
            "roles/up.json": Symlink(b"../../x.json"),
            "roles/loop.json": Symlink(b"loop.json"),
            "roles/dir.json": Symlink(b"../shared"),
            "roles/README": Symlink(b"nothing"),
            "roles/.#base.json": Symlink(b"sid@i7.7793:1254066929"),
            "roles/sub/deep.json": Symlink(b"../base.json"),
            "shared/x.txt": b"x",
        },
    )
    assert files_at(history, ids[0]) == {
        "roles/base.json": blob(repository, b"base"),
        "roles/same.json": blob(repository, b"base"),
        "roles/sub/deep.json": blob(repository, b"base"),
        "roles/outer.json": blob(repository, b"x"),
        "roles/gone.json": Broken("dangling", "nothing.json"),
        "roles/.#base.json": Broken("dangling", "sid@i7.7793:1254066929"),
        "roles/etc.json": Broken("outside", "/etc/passwd"),
        "roles/up.json": Broken("outside", "../../x.json"),
        "roles/loop.json": Broken("loop", "loop.json"),
        "roles/dir.json": Broken("directory", "roles/dir.json"),
    }
    # an editor's lock leads to a process, and is no gap
    assert [(gap.kind, gap.path, gap.commit) for gap in history.gaps] == [
        (kind, path, ids[0].hex())
        for kind, path in [
            ("dangling-symlink", "roles/gone.json"),
            ("loop-symlink", "roles/loop.json"),
            ("outside-symlink", "roles/etc.json"),
            ("outside-symlink", "roles/up.json"),
        ]
    ]


def test_what_a_link_leads_to_changes_with_the_rest_of_the_tree(tmp_path):
    role = {"roles/a.json": Symlink(b"../shared.json")}
    repository, history, ids = linked(
        tmp_path,
        {**role, "shared.json": b"1"},
        {**role, "shared.json": b"2"},
        {**role, "shared.json": b"2", "README": b""},
        role,
        {"roles/a.json": b"2"},
    )
    one, two = blob(repository, b"1"), blob(repository, b"2")
    gone = Broken("dangling", "../shared.json")
    assert [files_at(history, oid)["roles/a.json"] for oid in ids] == [one, two, two, gone, two]
    assert history.state_of[1] == history.state_of[2]
    versions = [history.state(number)[ROLES] for number in range(5)]
    assert [history.changes(ROLES, *pair) for pair in itertools.pairwise(versions)] == [
        [Change("roles/a.json", one, two, listed=False)],
        [],
        [Change("roles/a.json", two, gone, listed=False)],
        [Change("roles/a.json", gone, two)],
    ]
    assert history.changes(ROLES, versions[1], versions[4]) == []  # a file in place of a link to the same content


def test_a_mode_change_is_no_change(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    role = blob(repository, b"{}")
    ids = []
    for mode in (FILE, EXECUTABLE, b"100664"):
        roles = tree(repository, (mode, b"a.json", role))
        ids.append(commit(repository, tree(repository, (DIRECTORY, b"roles", roles)), ids[-1:]))
    history = history_of(repository, ids[-1])
    versions = [history.state(number)[ROLES] for number in range(3)]
    assert history.changes(ROLES, versions[0], versions[1]) == history.changes(ROLES, versions[1], versions[2]) == []


BESIDE = ["b.json", "README", "link.json", "sub/c.json"]
BESIDE_CONTENTS = CONTENTS | st.just(Symlink(b"a.json")) | st.none()


@examples(200)
@given(
    st.lists(
        st.tuples(CONTENTS, st.sampled_from([FILE, EXECUTABLE, b"100664"]), st.sampled_from(BESIDE), BESIDE_CONTENTS),
        min_size=2,
        max_size=5,
    )
)
def test_changes_are_plain_where_git_lists_nothing_else_and_plain_files_only(shared_repository, steps):
    ids = []
    for content, mode, path, beside in steps:
        entries = [(mode, b"a.json", blob(shared_repository, content))]
        name, _, below = path.partition("/")
        if beside is not None:
            of_beside = blob(shared_repository, beside.target if isinstance(beside, Symlink) else beside)
            kind = LINK if isinstance(beside, Symlink) else FILE
            if below:
                of_beside, kind = tree(shared_repository, (kind, below.encode(), of_beside)), DIRECTORY
            entries.append((kind, name.encode(), of_beside))
        roles = tree(shared_repository, *sorted(entries, key=lambda each: each[1]))
        ids.append(commit(shared_repository, tree(shared_repository, (DIRECTORY, b"roles", roles)), ids[-1:]))
    history = history_of(shared_repository, ids[-1])
    versions = [history.state(number)[ROLES] for number in range(len(ids))]
    for before, after in itertools.pairwise(versions):
        changes = history.plain_changes(ROLES, before, after)
        if changes is None:
            continue
        listed = [(each.path, each.before, each.after) for each in history.listed(ROLES, before, after)]
        plain = [
            (each.path, each.before and Side(FILE, each.before), each.after and Side(FILE, each.after))
            for each in changes
        ]
        assert listed == plain


def test_an_edit_of_a_role_is_plain(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    first = commit_files(repository, {"roles/a.json": b"1", "roles/b.json": b"1"})
    history = history_of(repository, commit_files(repository, {"roles/a.json": b"2", "roles/b.json": b"1"}, [first]))
    before, after = (history.state(number)[ROLES] for number in range(2))
    assert [each.path for each in history.plain_changes(ROLES, before, after)] == ["roles/a.json"]


def test_a_snapshot_reads_what_a_checkout_would_hold(tmp_path):
    _, history, ids = linked(
        tmp_path,
        {"roles/a.json": b"a", "roles/l.json": Symlink(b"a.json"), "linked": Symlink(b"roles"), "é": b"e"},
        {"roles/a.json": b"b", "out": Symlink(b"../x")},
    )
    first, second = history.snapshot(0), history.snapshot(1)
    assert first.read("roles/a.json") == first.read("roles/../linked/l.json") == b"a"
    assert second.read("roles/a.json") == b"b"
    assert first.read("é") == b"e"
    assert [first.kind(path) for path in ("roles", "linked", "roles/l.json", "nothing", "")] == [
        "directory",
        "directory",
        "file",
        None,
        "directory",
    ]
    assert first.names("linked") == ["a.json", "l.json"]
    assert first.names("nothing") == first.names("roles/a.json") == []
    for path in ("nothing", "roles", "../roles/a.json"):
        with pytest.raises(FileNotFoundError):
            first.read(path)
    assert second.kind("out") is None
    assert len(ids) == 2


def test_a22_a23_names_that_are_no_text_or_no_paths_are_kept_as_they_are(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    role = blob(repository, b"{}")
    names = [b'"quoted".json', b"..\\x.json", b"caf\xe9.json", b"line\nbreak.json", b"\x1b[31m.json"]
    roles = tree(repository, *((FILE, name, role) for name in names))
    odd = tree(repository, (DIRECTORY, b"roles", roles))
    head = commit(repository, tree(repository, (DIRECTORY, b"\xff", odd)))
    history = history_of(repository, head)
    expected = [(b"\xff/roles/" + name).decode("utf-8", "surrogateescape") for name in names]
    assert files_at(history, head).keys() == set(expected)
    assert all(history.snapshot(0).read(path) == b"{}" for path in expected)
