"""The commits of a replay."""

from __future__ import annotations

from building import DAY, START, history_at, new_repository, role, write_commit, write_line

from forensics.uploads.steps import replay_line, steps_of
from forensics.uploads.target import targets_of


def steps(history, line):
    (target,) = targets_of(history.containers)
    return steps_of(history, [target], line)[target]


def changed(step_changes):
    return [change.path.removeprefix("roles/") for change in step_changes]


A, B, C = ({f"roles/{name}.json": role(name)} for name in "abc")


def test_a_commit_that_leaves_the_container_alone_is_no_step(tmp_path):
    repository = new_repository(tmp_path)
    ids = write_line(repository, [{"README": ""}, A, A | {"README": "x"}, A | B])
    history = history_at(repository, ids[-1])
    found = steps(history, replay_line(history))
    assert [(step.number, step.commit, changed(step.since_last)) for step in found] == [
        (0, 1, ["a.json"]),
        (1, 3, ["b.json"]),
    ]


def test_at_the_first_commit_everything_is_changed(tmp_path):
    repository = new_repository(tmp_path)
    ids = write_line(repository, [A, A | B, A | B | C])
    history = history_at(repository, ids[-1])
    found = steps(history, replay_line(history, start=1))
    assert [(step.commit, changed(step.by_commit)) for step in found] == [(1, ["a.json", "b.json"]), (2, ["c.json"])]


def test_the_replay_follows_first_parents_unless_all_commits_are_asked_for(tmp_path):
    repository = new_repository(tmp_path)
    root = write_commit(repository, A, time=START)
    side = write_commit(repository, A | B, [root], time=START + 2 * DAY)
    main = write_commit(repository, A | C, [root], time=START + DAY)
    merge = write_commit(repository, A | B | C, [main, side], time=START + 3 * DAY)
    history = history_at(repository, merge)
    names = {history.graph.index(bytes.fromhex(oid)): name for oid, name in ((root, "r"), (side, "s"), (main, "m"))}
    names[history.graph.index(bytes.fromhex(merge))] = "merge"

    first_parents = steps(history, replay_line(history))
    assert [names[step.commit] for step in first_parents] == ["r", "m", "merge"]
    assert changed(first_parents[-1].by_commit) == ["b.json"]

    every = steps(history, replay_line(history, full=True))
    assert [names[step.commit] for step in every] == ["r", "m", "s", "merge"]
    # the tree of the side branch is uploaded after main's, but its commit changed b.json alone
    assert changed(every[2].since_last) == ["b.json", "c.json"]
    assert changed(every[2].by_commit) == ["b.json"]
    assert changed(every[3].since_last) == ["c.json"]
    assert changed(every[3].by_commit) == ["b.json"]


def test_a_merge_that_leaves_the_tree_as_it_was_changes_what_its_first_parent_had_not(tmp_path):
    repository = new_repository(tmp_path)
    root = write_commit(repository, A, time=START)
    main = write_commit(repository, A | {"README": ""}, [root], time=START + DAY)
    side = write_commit(repository, A | B, [root], time=START + 2 * DAY)
    merge = write_commit(repository, A | B, [main, side], time=START + 3 * DAY)
    history = history_at(repository, merge)
    last = steps(history, replay_line(history, full=True))[-1]
    assert last.commit == history.graph.index(bytes.fromhex(merge))
    assert (changed(last.since_last), changed(last.by_commit)) == ([], ["b.json"])


def test_a_container_that_is_gone_has_changed(tmp_path):
    repository = new_repository(tmp_path)
    ids = write_line(repository, [A, {"README": ""}])
    history = history_at(repository, ids[-1])
    found = steps(history, replay_line(history))
    assert [(step.commit, changed(step.since_last)) for step in found] == [(0, ["a.json"]), (1, ["a.json"])]
