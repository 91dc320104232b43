"""Raw trees: what they hold, how they differ, and what a path leads to."""

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_git import DIRECTORY, FILE, LINK, SUBMODULE, Symlink, blob, repository_at, tree, tree_bytes, tree_of
from raw_git import Submodule as Module

from forensics.history.model import Broken
from forensics.history.raw_tree import Entry, parse_near, parsed
from forensics.history.store import ObjectStore
from forensics.history.trees import TreeReader

# ids and names that look like entries, or like parts of them
TRAPS = [
    trap.ljust(20, b"z")
    for trap in (
        b"100644 a\0",
        b"40000 roles\0",
        b"\0" * 20,
        b" a\0 a\0 a\0",
        b"zzzzzzzzzzzz40000 a\0",
        b"zzzzzzzzzzzzz100644 ",
        b"11111111111111111111",
        b"100644 c\0" + b"100644 c\0 ",
    )
]
IDS = st.one_of(st.sampled_from(TRAPS), st.binary(min_size=20, max_size=20))
NAMES = st.one_of(
    st.sampled_from(
        [b"a", b"b", b"c", b"a b", b"b a", b"100644 a", b"40000 roles", b"roles", b"base.json", b"1", b" "]
    ),
    st.binary(min_size=1, max_size=4).map(lambda name: name.replace(b"\0", b"0").replace(b"/", b"1")),
)
MODES = st.sampled_from([FILE, DIRECTORY, LINK, SUBMODULE, b"100755"])
TREES = st.dictionaries(NAMES, st.tuples(MODES, IDS), max_size=12)
SOURCES = st.sampled_from([FILE, DIRECTORY])


class OnlyTrees:
    """Stands for an object store that holds these trees."""

    def __init__(self, *trees):
        self.trees = {bytes([number + 1]) * 20: data for number, data in enumerate(trees)}
        self.gaps = None

    def read(self, oid, _expected):
        return self.trees[oid]


def as_entries(names):
    return sorted(Entry(mode, name, oid) for name, (mode, oid) in names.items())


def as_bytes(names):
    return tree_bytes((mode, name, oid) for name, (mode, oid) in sorted(names.items()))


def assert_differences(before, after):
    store = OnlyTrees(as_bytes(before), as_bytes(after))
    for known in ([], [b"\2" * 20], [b"\1" * 20, b"\2" * 20]):
        reader = TreeReader(store)
        for oid in known:
            reader.tree(oid)
        removed, added = reader.differences(b"\1" * 20, b"\2" * 20)
        assert sorted(removed) == sorted(set(as_entries(before)) - set(as_entries(after)))
        assert sorted(added) == sorted(set(as_entries(after)) - set(as_entries(before)))
        assert reader.tree(b"\2" * 20) == parsed(as_bytes(after))
        assert not reader.repeated


@given(TREES, TREES)
def test_differences_are_those_of_the_entries_as_sets(before, after):
    assert_differences(before, after)


@given(TREES, st.lists(st.tuples(NAMES, st.none() | st.tuples(MODES, IDS)), max_size=3))
def test_differences_of_trees_that_have_much_in_common(before, edits):
    after = dict(before)
    for name, entry in edits:
        after.pop(name, None)
        if entry is not None:
            after[name] = entry
    assert_differences(before, after)


@given(TREES, TREES)
def test_parsing_near_another_tree_gives_what_parsing_alone_gives(before, after):
    data = as_bytes(after)
    near = parse_near(data, parsed(as_bytes(before)))
    assert near is None or near[0] == parsed(data)


@given(TREES)
def test_every_entry_is_found_by_its_name_and_no_other_is(names):
    raw = parsed(as_bytes(names))
    assert raw.entries() == [Entry(mode, name, oid) for name, (mode, oid) in sorted(names.items())]
    for name, (mode, oid) in names.items():
        assert raw.entry(name) == Entry(mode, name, oid)
    for absent in {b"a", b"roles", b"c", b"100644 a"} - names.keys():
        assert raw.entry(absent) is None


@given(st.lists(st.tuples(MODES, st.sampled_from([b"a", b"b", b"c"]), IDS), max_size=6), TREES)
def test_a16_of_entries_with_one_name_the_last_counts_and_the_tree_is_known(entries, other):
    store = OnlyTrees(tree_bytes(entries), as_bytes(other))
    names = [name for _, name, _ in entries]
    last = {name: Entry(mode, name, oid) for mode, name, oid in entries}
    there = {entry.name: entry for entry in as_entries(other)}
    reader = TreeReader(store)
    removed, added = reader.differences(b"\2" * 20, b"\1" * 20)
    assert sorted(removed) == sorted(entry for name, entry in there.items() if last.get(name) != entry)
    assert sorted(added) == sorted(entry for name, entry in last.items() if there.get(name) != entry)
    if any(names.count(name) > 1 for name in {entry.name for entry in added}):
        assert b"\1" * 20 in reader.repeated


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        (b"040000", DIRECTORY),  # old tools padded modes; histories that people use hold such trees
        (b"40755", DIRECTORY),
        (b"0100644", FILE),
        (b"100664", b"100664"),
        (b"120777", LINK),
        (b"0", SUBMODULE),  # git takes what it does not know for a submodule
        (b"20000", SUBMODULE),
    ],
)
def test_modes_are_read_as_git_reads_them(spelled, meant):
    assert parsed(tree_bytes([(spelled, b"a", b"i" * 20)])).entries() == [Entry(meant, b"a", b"i" * 20)]


def test_a_tree_that_breaks_off_is_read_up_to_there(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    data = tree_bytes([(FILE, b"a", b"i" * 20)])
    oid = repository.odb.write(pygit2.enums.ObjectType.TREE, data + b"100644 b\0short").raw
    store = ObjectStore(tmp_path / "r.git" / "objects")
    assert TreeReader(store).tree(oid).entries() == [Entry(FILE, b"a", b"i" * 20)]
    assert [gap.kind for gap in store.gaps.all()] == ["corrupt-tree"]


LINKS = {
    "file": b"content",
    "roles/a.json": b"a",
    "roles/same": Symlink(b"a.json"),
    "roles/up": Symlink(b"../file"),
    "roles/far": Symlink(b"../../outside"),
    "roles/absolute": Symlink(b"/etc/passwd"),
    "roles/nowhere": Symlink(b"gone.json"),
    "roles/me": Symlink(b"me"),
    "roles/one": Symlink(b"two"),
    "roles/two": Symlink(b"one"),
    "roles/chain": Symlink(b"through/a.json"),
    "roles/through": Symlink(b"../linked"),
    "roles/empty": Symlink(b""),
    "roles/nul": Symlink(b"a.json\0"),
    "roles/long": Symlink(b"./" * 3000 + b"a.json"),
    "roles/slash": Symlink(b"a.json/"),
    "roles/dotted": Symlink(b"././/a.json"),
    "roles/below-file": Symlink(b"a.json/../a.json"),
    "roles/top": Symlink(b".."),
    "linked": Symlink(b"roles"),
    "module": Module(),
    "roles/module": Symlink(b"../module/roles/a.json"),
    "deep/x/roles": Symlink(b"../../roles"),
    "deep/physical": Symlink(b"x/roles/../file"),
}


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("roles/a.json", b"a"),
        ("roles//./a.json", b"a"),
        ("roles/same", b"a"),
        ("roles/up", b"content"),
        ("roles/chain", b"a"),
        ("roles/dotted", b"a"),
        ("linked/same", b"a"),
        ("deep/x/roles/same", b"a"),
        ("deep/physical", b"content"),  # .. leads to the parent of where the link went
        ("roles/far", "outside"),
        ("roles/absolute", "outside"),
        ("../file", "outside"),
        ("roles/nowhere", "dangling"),
        ("roles/empty", "dangling"),
        ("roles/nul", "dangling"),
        ("roles/long", "dangling"),
        ("roles/slash", "dangling"),
        ("roles/below-file", "dangling"),
        ("roles/a.json/", "dangling"),
        ("nothing", "dangling"),
        ("roles/me", "loop"),
        ("roles/one", "loop"),
        ("roles/module", "submodule"),
        ("module", "submodule"),
        ("roles", DIRECTORY),
        ("linked", DIRECTORY),
        ("linked/", DIRECTORY),
        ("roles/top", DIRECTORY),
        ("", DIRECTORY),
    ],
)
def test_a24_paths_lead_where_the_kernel_would_go_but_never_out_of_the_tree(tmp_path, path, leads_to):
    repository = repository_at(tmp_path / "r.git")
    root = tree_of(repository, LINKS)
    found = TreeReader(ObjectStore(tmp_path / "r.git" / "objects")).resolve(root, path.encode())
    if isinstance(found, Broken):
        assert found.reason == leads_to
    elif leads_to == DIRECTORY:
        assert found.mode == DIRECTORY
    else:
        assert found.oid == blob(repository, leads_to)


def test_a_loop_of_many_links_ends(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    links = {f"l{number}": Symlink(f"l{number + 1}".encode()) for number in range(60)}
    root = tree_of(repository, {**links, "l60": b"reached"})
    reader = TreeReader(ObjectStore(tmp_path / "r.git" / "objects"))
    assert reader.resolve(root, b"l15") == Broken("loop", "l56")
    assert reader.resolve(root, b"l30").oid == blob(repository, b"reached")


@pytest.mark.slow
def test_a26_a_hundred_thousand_entries_are_compared_by_what_differs(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    entries = [(FILE, b"role-%06d.json" % number, b"%020d" % number) for number in range(100_000)]
    before = tree(repository, *entries)
    entries[50_000] = (FILE, entries[50_000][1], b"z" * 20)
    after = tree(repository, *entries)
    reader = TreeReader(ObjectStore(tmp_path / "r.git" / "objects"))
    removed, added = reader.differences(before, after)
    assert [entry.oid for entry in removed + added] == [b"%020d" % 50_000, b"z" * 20]
    assert len(reader.differences(None, after)[1]) == 100_000
