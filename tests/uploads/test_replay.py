"""The replay against a naive re-execution, and what is hard about replaying a history at all."""

from __future__ import annotations

import subprocess
from functools import partial

import pytest
from building import DAY, START, Link, history_at, role, ruby_role, write_commit
from hypothesis import event, given
from hypothesis import strategies as st
from in_memory import InMemory
from naive_replay import Commit, Source, first_parent_line, full_line, states
from trying import examples

from forensics.chef.objects import Kind
from forensics.history.model import NothingToExamineError
from forensics.uploads.declarations import Declarations
from forensics.uploads.loading import load_for_from_file, load_for_upload, load_in_place
from forensics.uploads.replay import replay, steps_under
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.steps import replay_line
from forensics.uploads.target import targets_of

CONTAINERS = {Kind.ROLE: "chef/roles", Kind.ENVIRONMENT: "environments", Kind.DATA_BAG_ITEM: "data_bags/users"}
NAMES = ["a", "b", "a-1", "sub"]
RECIPES = [(), ("x",), ("x", "y"), ("x", "x")]

json_text = st.one_of(
    st.builds(role, st.sampled_from(NAMES)),
    st.builds(lambda name, recipes: role(name, *recipes), st.sampled_from(NAMES), st.sampled_from(RECIPES)),
    st.sampled_from(
        [
            '{"name": "a",}',  # does not parse
            '{"run_list": ["x"]}',  # no name: only knife upload takes it
            '{"name": "a", "run_list": null}',  # ends knife upload
            '{"name": "b", "unknown": 1}',  # knife upload sends what from file drops
            '{"name": "a",\n "run_list": ["recipe[x]"]}',  # another spelling of the same
            '{"name": "\u00e4"}',  # loads, but cannot be sent
        ]
    ),
)
ruby_text = st.one_of(
    st.builds(lambda name, recipes: ruby_role(name, *recipes), st.sampled_from(NAMES), st.sampled_from(RECIPES)),
    st.sampled_from(
        [
            'run_list "x"\n',  # no name
            'name "a"\ndescription "caf\u00e9"\n',  # refused under LC_ALL=C
            'name "b" +\n',  # a syntax error
        ]
    ),
)
JSON_PATHS = ["a.json", "b.json", "a-1.json", "B.json", "x y.json", "sub/a.json", "sub/.old/b.json", ".#a.json", "a.js"]
RUBY_PATHS = ["a.rb", "b.rb", "a-1.rb", "sub/b.rb"]
file_change = st.one_of(
    st.tuples(st.sampled_from(JSON_PATHS), json_text),
    st.tuples(st.sampled_from(JSON_PATHS[:3]), json_text),
    st.tuples(st.sampled_from(RUBY_PATHS), ruby_text),
    st.sampled_from([("link.json", Link("a.json")), (".#b.json", Link("gone.json"))]),
    st.tuples(st.sampled_from(JSON_PATHS + RUBY_PATHS + ["link.json"]), st.none()),
    st.tuples(st.sampled_from(["README", "../other"]), st.sampled_from(["1", "2"])),  # nothing that is uploaded
)
commit_change = st.tuples(
    st.lists(file_change, max_size=3),
    st.one_of(st.just(0), st.just(0), st.integers(0, 5)),  # how far back the parent is
    st.one_of(st.none(), st.none(), st.integers(0, 5)),  # and a second one
    st.integers(-1, 2),  # days since the parent
    st.one_of(st.none(), st.none(), st.tuples(st.sampled_from(JSON_PATHS), st.sampled_from(JSON_PATHS))),  # a rename
)
histories = st.lists(commit_change, min_size=2, max_size=7)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """One repository for all examples: each examines just the commits behind its own tip."""
    return InMemory(tmp_path_factory.mktemp("naive"))


def build(repository, changes, container, kind):
    """Write the commits; give them by id, and the tip."""
    commits = {}
    initial = '{"id": "a"}' if kind is Kind.DATA_BAG_ITEM else role("a")
    order = []
    for edits, back, other, days, rename in changes:
        parents = []
        if order:
            parents = [order[-1 - min(back, len(order) - 1)]]
            if other is not None:
                parents.append(order[-1 - min(other, len(order) - 1)])
        base = commits[parents[0]] if parents else None
        files = dict(base.files) if base else {f"{container}/a.json": initial}
        if rename and f"{container}/{rename[0]}" in files:
            files[f"{container}/{rename[1]}"] = files.pop(f"{container}/{rename[0]}")
        for path, content in edits:
            where = path[3:] if path.startswith("../") else f"{container}/{path}"
            if content is None:
                files.pop(where, None)
            elif kind is Kind.DATA_BAG_ITEM and isinstance(content, str):
                files[where] = content.replace('"name"', '"id"')
            else:
                files[where] = content
        time = (base.time if base else START) + days * DAY
        commit = write_commit(repository, files, tuple(dict.fromkeys(parents)), time=time)
        commits[commit] = Commit(commit, tuple(dict.fromkeys(parents)), time, files)
        order.append(commit)
    return commits, order[-1]


def source_of(history, live):
    if live is None:
        return None
    return Source(live.path, history.blob(live.blob), history.graph.ids[live.commit].hex())


def git_diff(repository, before, after):
    """The lines of git diff --name-status: the command reads nothing but two commits of ours."""
    try:
        asked = ["git", "-C", repository.written_out(before, after), "diff", "--name-status", before, after]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    except FileNotFoundError:
        pytest.skip("git is not installed here, which tells in which order it lists renames")


def assert_equals_naive_execution(history, commits, line, container, kind, repository):
    """Compare every scenario after every commit of the line."""
    (target,) = [each for each in targets_of(history.containers) if each.label.path == container]
    positions = {oid.hex(): position for position, oid in enumerate(history.graph.ids)}
    declarations = Declarations(history.blob)
    steps = steps_under(history, declarations, [target], [positions[each.id] for each in line], SHIPPED)
    (replayed,) = replay(declarations, steps, SHIPPED)
    numbers = {step.commit: step.number for step in replayed.steps}
    for timeline in replayed.timelines:
        step = -1
        expected_states = states(commits, line, container, kind, timeline.scenario, partial(git_diff, repository))
        for commit, expected in zip(line, expected_states, strict=True):
            step = numbers.get(positions[commit.id], step)
            for name in {*timeline.events, *expected}:
                found = timeline.at(name, step)
                lives = (None,) if found is None else found.possible or (found.live,)
                sources = {source_of(history, live) for live in lives}
                where = (timeline.scenario.name, name, commit.id)
                assert sources == expected.get(name, {None}), where
                if found is not None and found.possible:
                    event(f"race under {timeline.scenario.name}")
                body_of = BODIES.get(timeline.scenario.uploader, body_from_file)
                assert all(live.body == body_of(kind, live.path, history.blob(live.blob)) for live in lives if live)


def body_from_file(kind, path, data):
    return load_for_from_file(kind, path, data)[1]


BODIES = {
    "knife-upload": load_for_upload,
    "chef-solo": load_in_place,
    "chef-solo-legacy": partial(load_in_place, legacy=True),
}


@examples(300)
@given(histories, st.sampled_from([*CONTAINERS, Kind.ROLE]), st.booleans(), st.integers(0, 8))
def test_a48_every_scenario_equals_a_naive_execution_of_every_upload(repository, changes, kind, full, start):
    container = CONTAINERS[kind]
    commits, tip = build(repository, changes, container, kind)
    try:
        history = history_at(repository, tip)
    except NothingToExamineError:
        return
    line = full_line(commits, tip) if full else first_parent_line(commits, tip)
    assert [history.graph.ids[each].hex() for each in replay_line(history, full=full)] == [each.id for each in line]
    if start < len(line):
        line = line[start:]
    assert_equals_naive_execution(history, commits, line, container, kind, repository)
