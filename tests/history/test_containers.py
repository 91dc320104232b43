"""Where containers are: the outermost directory of a name that holds objects, links and data bags included."""

import pytest
from in_memory import InMemory
from raw_git import (
    DIRECTORY,
    FILE,
    Submodule,
    Symlink,
    blob,
    commit,
    commit_files,
    containers_at,
    files_at,
    gap_kinds,
    history_of,
    repository_at,
    tree,
    tree_of,
)

from forensics.history.model import NothingToExamineError


def containers(tmp_path, files):
    repository = repository_at(tmp_path / "r.git")
    head = commit_files(repository, files)
    return containers_at(history_of(repository, head), head)


@pytest.mark.parametrize(
    ("path", "container", "kind"),
    [
        ("roles/base.json", "roles", "role"),
        ("environments/prod.rb", "environments", "environment"),
        ("nodes/web1.json", "nodes", "node"),
        ("chef/roles/base.json", "chef/roles", "role"),
        ("roles/x/environments/e.json", "roles", "role"),
        ("nodes/roles/nodes/n.json", "nodes", "node"),
        ("data_bags/users/ada.json", "data_bags/users", "data_bag_item"),
        ("test/data_bags/users/ada.json", "test/data_bags/users", "data_bag_item"),
        ("data_bags/roles/r.json", "data_bags/roles", "data_bag_item"),
        ("data_bags/data_bags/r.json", "data_bags/data_bags", "data_bag_item"),
        ("roles/data_bags/users/x.json", "roles", "role"),
        ("cookbooks/roles/recipes/default.rb", "cookbooks/roles", "role"),
        ("a b/roles/x.json", "a b/roles", "role"),
        ("roles\n/roles/x.json", "roles\n/roles", "role"),
    ],
)
def test_the_outermost_directory_of_the_name_is_the_container(tmp_path, path, container, kind):
    assert containers(tmp_path, {path: b"{}"}) == [(container, kind)]


def test_containers_stand_in_byte_order_and_each_kind_apart(tmp_path):
    paths = [
        "roles/a.json",
        "environments/e.json",
        "b/roles/r.json",
        "data_bags/x/i.json",
        "data_bags/w/i.json",
        "é/nodes/n",
    ]
    assert containers(tmp_path, dict.fromkeys(paths, b"{}")) == [
        ("b/roles", "role"),
        ("data_bags/w", "data_bag_item"),
        ("data_bags/x", "data_bag_item"),
        ("environments", "environment"),
        ("roles", "role"),
        ("é/nodes", "node"),
    ]


@pytest.mark.parametrize(
    "path", ["Roles/a.json", "role/a.json", "roles", "rolesx/a.json", "data_bags/item.json", "nodes "]
)
def test_nothing_else_is_a_container(tmp_path, path):
    with pytest.raises(NothingToExamineError, match="no commit has roles/"):
        containers(tmp_path, {path: b"{}"})


def test_only_files_that_somebody_could_upload_are_listed(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    yes = ["roles/a.json", "roles/b.rb", "roles/c.js", "roles/deep/er/d.json", "roles/.e.json", "data_bags/u/i.json"]
    no = ["roles/A.JSON", "roles/README.md", "roles/x/metadata.rb", "data_bags/u/i.rb", "data_bags/u/below/i.json"]
    head = commit_files(repository, {path: path.encode() for path in yes + no})
    assert files_at(history_of(repository, head), head) == {path: blob(repository, path.encode()) for path in yes}


def test_a_container_may_be_a_link_inside_the_tree(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    files = {
        "roles": Symlink(b"chef/shared"),
        "data_bags": Symlink(b"chef/bags"),
        "environments": Symlink(b"file"),
        "nodes": Symlink(b"../nodes"),
        "file": b"",
        "chef/shared/a.json": b"a",
        "chef/bags/users/ada.json": b"ada",
        "chef/bags/teams": Symlink(b"users"),
    }
    first = commit_files(repository, files)
    # the links stay as they are; what they lead to changes
    second = commit_files(repository, {**files, "chef/shared/a.json": b"b"}, [first])
    history = history_of(repository, second)
    ada = blob(repository, b"ada")
    expected = {
        "roles/a.json": blob(repository, b"a"),
        "data_bags/users/ada.json": ada,
        "data_bags/teams/ada.json": ada,
    }
    assert files_at(history, first) == expected
    assert files_at(history, second) == {**expected, "roles/a.json": blob(repository, b"b")}
    assert [(gap.kind, gap.path, gap.commit) for gap in history.gaps] == [("container-elsewhere", "nodes", first.hex())]


def test_a25_submodules_are_gaps_where_they_stand_for_objects(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    files = {
        "roles/a.json": b"a",
        "roles/vendor": Submodule(),
        "data_bags/users": Submodule(),
        "environments": Submodule(),
        "cookbooks/apache": Submodule(),
    }
    head = commit_files(repository, files)
    history = history_of(repository, commit_files(repository, files, [head]))
    assert list(files_at(history, head)) == ["roles/a.json"]
    assert [(gap.kind, gap.path, gap.commit) for gap in history.gaps] == [
        ("container-elsewhere", "data_bags/users", head.hex()),
        ("container-elsewhere", "environments", head.hex()),
        ("submodule", "roles/vendor", head.hex()),
    ]


def test_a16_of_two_containers_of_one_name_the_last_counts_and_both_are_reported(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    a, b = (tree_of(repository, {"x.json": content}) for content in (b"a", b"b"))
    below = tree(repository, (DIRECTORY, b"roles", a), (FILE, b"x", blob(repository, b"")), (DIRECTORY, b"roles", b))
    for root, prefix in ((below, ""), (tree(repository, (DIRECTORY, b"chef", below)), "chef/")):
        head = commit(repository, root)
        history = history_of(repository, head)
        assert files_at(history, head) == {prefix + "roles/x.json": blob(repository, b"b")}
        (gap,) = history.gaps
        assert (gap.kind, gap.path, gap.commit) == ("duplicate-entry", prefix + "roles", head.hex())
        assert a.hex() in gap.detail
        assert b.hex() in gap.detail


def test_a16_a_file_after_the_container_of_its_name_takes_its_place(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    roles = tree_of(repository, {"x.json": b"a"})
    head = commit(repository, tree(repository, (DIRECTORY, b"roles", roles), (FILE, b"roles", blob(repository, b""))))
    first = commit_files(repository, {"roles/x.json": b"a"})
    second = commit(
        repository, tree(repository, (DIRECTORY, b"roles", roles), (FILE, b"roles", blob(repository, b""))), [first]
    )
    history = history_of(repository, second)
    assert head != second
    assert containers_at(history, second) == []
    assert gap_kinds(history) == ["duplicate-entry"]


def test_a16_duplicate_files_of_a_container_are_reported_when_they_appear(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    one, two, three = (blob(repository, content) for content in (b"1", b"2", b"3"))
    plain = (FILE, b"a.json", one), (FILE, b"b.json", two)
    trees = [
        tree(repository, *plain),
        tree(repository, *plain, (FILE, b"a.json", three)),
        tree(repository, (FILE, b"a.json", three)),
        tree(
            repository, *plain, (FILE, b"a.json", three), (DIRECTORY, b"b.json", tree(repository, (FILE, b"c.js", one)))
        ),
    ]
    ids = []
    for roles in trees:
        ids.append(commit(repository, tree(repository, (DIRECTORY, b"roles", roles)), ids[-1:], when=len(ids)))
    history = history_of(repository, ids[-1])
    assert [files_at(history, oid) for oid in ids] == [
        {"roles/a.json": one, "roles/b.json": two},
        {"roles/a.json": three, "roles/b.json": two},
        {"roles/a.json": three},
        {"roles/a.json": three, "roles/b.json/c.js": one},
    ]
    assert [(gap.kind, gap.path, gap.commit) for gap in history.gaps] == [
        ("duplicate-entry", "roles/a.json", ids[1].hex()),
        ("duplicate-entry", "roles/b.json", ids[3].hex()),
    ]


def test_directories_whose_mode_is_padded_are_directories(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    roles = tree_of(repository, {"x.json": b"a"})
    padded = tree(repository, (FILE, b"README", blob(repository, b"")), (b"040000", b"roles", roles))
    head = commit(repository, tree(repository, (b"040000", b"chef", padded)))
    assert containers_at(history_of(repository, head), head) == [("chef/roles", "role")]


def test_a_container_appears_anywhere_among_many_directories(tmp_path):
    repository = InMemory(tmp_path)
    files = {f"cookbooks/c{number:03}/recipes/default.rb": b"%d" % number for number in range(150)}
    files["roles/x.json"] = b"x"
    edits = [
        {"cookbooks/c077/recipes/default.rb": b"new"},
        {"cookbooks/c077/roles/y.json": b"y"},
        {"cookbooks/c077/README": b"z"},
        {"cookbooks/roles": Symlink(b"c077")},
        {"cookbooks/c000/metadata.rb": b"m"},
    ]
    ids = [commit_files(repository, files)]
    for edit in edits:
        files |= edit
        ids.append(commit_files(repository, files, ids[-1:], when=len(ids)))
    history = history_of(repository, ids[-1])
    assert [[path for path, _ in containers_at(history, oid)] for oid in ids] == [
        ["roles"],
        ["roles"],
        ["cookbooks/c077/roles", "roles"],
        ["cookbooks/c077/roles", "roles"],
        ["cookbooks/c077/roles", "cookbooks/roles", "roles"],
        ["cookbooks/c077/roles", "cookbooks/roles", "roles"],
    ]


def test_trees_that_hold_each_other_many_times_end_as_gaps(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    inner = tree_of(repository, {"x.json": b"x"})
    for _ in range(12):
        inner = tree(repository, *((DIRECTORY, b"%d" % number, inner) for number in range(10)))
    good = tree_of(repository, {"a.json": b"a"})
    roles = tree(repository, (DIRECTORY, b"bomb", inner), (FILE, b"near.json", blob(repository, b"n")))
    bomb = commit(repository, tree(repository, (DIRECTORY, b"environments", good), (DIRECTORY, b"roles", roles)))
    history = history_of(repository, bomb)
    assert containers_at(history, bomb) == [("environments", "environment"), ("roles", "role")]
    assert list(files_at(history, bomb)) == ["environments/a.json", "roles/near.json"]
    assert {(gap.kind, gap.path.partition("/")[0]) for gap in history.gaps} == {("oversized-directory", "roles")}
    inner = tree(repository, (DIRECTORY, b"roles", good))
    for _ in range(12):
        inner = tree(repository, *((DIRECTORY, b"%d" % number, inner) for number in range(10)))
    history = history_of(repository, commit(repository, inner))
    assert len(history.states[0]) == 10_000
    assert set(gap_kinds(history)) == {"too-many-containers"}


@pytest.mark.parametrize("top", ["roles", "docs"])
def test_very_deep_directories_end_as_gaps(tmp_path, top):
    repository = InMemory(tmp_path)
    inner = tree_of(repository, {"roles/x.json": b"x"})
    for _ in range(3000):
        inner = tree(repository, (DIRECTORY, b"d", inner))
    inner = tree(repository, (DIRECTORY, b"d", inner), (FILE, b"near.json", blob(repository, b"n")))
    good = tree_of(repository, {"a.json": b"a"})
    head = commit(repository, tree(repository, (DIRECTORY, b"nodes", good), (DIRECTORY, top.encode(), inner)))
    history = history_of(repository, head)
    assert list(files_at(history, head)) == ["nodes/a.json", *(["roles/near.json"] if top == "roles" else [])]
    assert gap_kinds(history) == ["too-deep"]
