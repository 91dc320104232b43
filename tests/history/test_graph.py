"""The commit graph: parents first, whatever the dates say."""

import pygit2
from raw_git import START, commit, damage, gap_kinds, history_of, repository_at, set_ref, tree_of

ROLE = {"roles/base.json": b"{}"}


def built(tmp_path, shape, times=None):
    """Commits by name: ``shape`` lists (name, parents), parents first."""
    repository = repository_at(tmp_path / "r.git")
    ids = {}
    for number, (name, parents) in enumerate(shape):
        root = tree_of(repository, {**ROLE, "name": name.encode()})
        when = (times or {}).get(name, START + number)
        ids[name] = commit(repository, root, [ids[parent] for parent in parents], when=when)
    return repository, ids


def names(ids, oids):
    by_id = {oid: name for name, oid in ids.items()}
    return "".join(by_id[oid] for oid in oids)


def test_a21_parents_come_before_children_even_if_the_child_is_older(tmp_path):
    repository, ids = built(tmp_path, [("a", ""), ("b", "a"), ("c", "b")], {"a": 300, "b": 200, "c": 100})
    graph = history_of(repository, ids["c"]).graph
    assert names(ids, graph.ids) == "abc"
    assert list(graph.times) == [300, 200, 100]
    assert graph.parents == [(), (0,), (1,)]


def test_commits_that_could_stand_either_way_are_ordered_by_time(tmp_path):
    shape = [("r", ""), ("x", "r"), ("y", "r"), ("m", "xy")]
    repository, ids = built(tmp_path, shape, {"r": 0, "x": 20, "y": 10, "m": 30})
    assert names(ids, history_of(repository, ids["m"]).graph.ids) == "ryxm"


def test_ties_in_time_are_broken_by_id(tmp_path):
    shape = [("r", ""), ("x", "r"), ("y", "r"), ("z", "r"), ("m", "xyz")]
    repository, ids = built(tmp_path, shape, dict.fromkeys("rxyzm", 5))
    order = history_of(repository, ids["m"]).graph.ids
    assert order[1:4] == sorted([ids["x"], ids["y"], ids["z"]])


def test_the_line_follows_first_parents_only(tmp_path):
    shape = [("r", ""), ("x", "r"), ("y", "r"), ("m", "yx"), ("t", "m")]
    repository, ids = built(tmp_path, shape)
    graph = history_of(repository, ids["t"]).graph
    assert names(ids, [graph.ids[at] for at in graph.line]) == "rymt"


def test_a17_octopus_criss_cross_and_several_roots_count_every_commit_once(tmp_path):
    shape = [
        ("r", ""),
        ("s", ""),  # a second root
        ("a", "r"),
        ("b", "r"),
        ("c", "ab"),  # criss
        ("d", "ba"),  # cross
        ("o", "cdsr"),  # octopus, with a root and an ancestor among its parents
    ]
    repository, ids = built(tmp_path, shape)
    graph = history_of(repository, ids["o"]).graph
    assert sorted(names(ids, graph.ids)) == sorted("rsabcdo")
    assert [names(ids, [graph.ids[p] for p in graph.parents[-1]])] == ["cdsr"]
    for number, parents in enumerate(graph.parents):
        assert all(parent < number for parent in parents)


def test_a17_a_parent_named_twice_counts_once(tmp_path):
    repository, ids = built(tmp_path, [("r", ""), ("m", "rr")])
    graph = history_of(repository, ids["m"]).graph
    assert graph.parents == [(), (0,)]
    assert list(graph.line) == [0, 1]


def test_a21_strange_dates_do_no_harm(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    root = tree_of(repository, ROLE)
    raw = ["-1", "-99999999999999999999", "99999999999999999999999", "9" * 5000, "", "x", "1400000000"]
    at = ()
    for when in raw:
        at = (commit(repository, root, at, when=when, zone="+9999"),)
    history = history_of(repository, at[0])
    assert list(history.graph.times) == [-1, -(2**63) + 1, 2**63 - 1, 2**63 - 1, 0, 0, 1400000000]
    details = [history.details(number) for number in range(len(raw))]
    assert [each.committer.time for each in details[:3]] == [-1, -99999999999999999999, 99999999999999999999999]
    assert details[-1].committer.offset == 99 * 60 + 99


def test_the_date_stands_after_the_last_angle_bracket(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    head = commit(repository, tree_of(repository, ROLE), when=77, who=b"a > 1 b <x> 2 <y@z>")
    history = history_of(repository, head)
    assert list(history.graph.times) == [77]
    assert history.details(0).committer.time == 77


def test_a_committer_line_in_the_message_is_no_date(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    message = b"x\ncommitter Eve <eve@example.org> 12345 +0000\n"
    head = commit(repository, tree_of(repository, ROLE), when="none", message=message)
    assert list(history_of(repository, head).graph.times) == [0]


def test_a11_a_shallow_clone_ends_at_its_boundary_and_says_so(tmp_path):
    repository, ids = built(tmp_path, [("a", ""), ("b", "a"), ("c", "b")])
    (tmp_path / "r.git" / "shallow").write_text(ids["b"].hex() + "\n")
    history = history_of(repository, ids["c"])
    assert names(ids, history.graph.ids) == "bc"
    assert history.graph.boundary == (ids["b"],)
    assert [(gap.kind, gap.commit) for gap in history.gaps] == [("shallow", ids["b"].hex())]


def test_where_the_first_parent_is_missing_the_line_ends(tmp_path):
    repository, ids = built(tmp_path, [("a", ""), ("b", ""), ("m", "ab")])
    damage(repository, ids["a"])
    history = history_of(repository, ids["m"])
    assert names(ids, [history.graph.ids[at] for at in history.graph.line]) == "m"
    assert history.graph.boundary == (ids["m"],)
    assert [(gap.kind, gap.oid, gap.commit) for gap in history.gaps] == [
        ("missing-commit", ids["a"].hex(), ids["m"].hex())
    ]


def test_every_ref_adds_the_commits_that_only_other_branches_reach(tmp_path):
    repository, ids = built(tmp_path, [("a", ""), ("b", "a"), ("s", "a")])
    set_ref(repository, ids["s"], "refs/heads/side")
    set_ref(repository, b"\7" * 20, "refs/heads/lost")
    assert names(ids, history_of(repository, ids["b"]).graph.ids) == "ab"
    history = history_of(repository, ids["b"], every_ref=True)
    assert sorted(names(ids, history.graph.ids)) == ["a", "b", "s"]
    assert names(ids, [history.graph.ids[at] for at in history.graph.line]) == "ab"
    assert gap_kinds(history) == ["missing-commit"]


def test_a_commit_that_is_none_is_a_gap(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    strange = repository.odb.write(pygit2.enums.ObjectType.COMMIT, b"nonsense\n").raw
    head = commit(repository, tree_of(repository, ROLE), [strange])
    history = history_of(repository, head)
    assert [(gap.kind, gap.oid, gap.commit) for gap in history.gaps] == [("corrupt-commit", strange.hex(), head.hex())]
