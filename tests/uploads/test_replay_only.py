"""A replay of some objects gives of them what a replay of all gives, and of the others nothing."""

from __future__ import annotations

import pytest
from building import examine, history_at, role, ruby_role, write_line
from hypothesis import given
from hypothesis import strategies as st
from in_memory import InMemory
from trying import examples

from forensics.uploads.declarations import Declarations
from forensics.uploads.replay import replay, steps_under
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.steps import replay_line
from forensics.uploads.target import targets_of

BASE = {"roles/base.json": role("base", "ntp"), "roles/web.json": role("web"), "roles/plain.rb": ruby_role("plain")}
TREES = (
    BASE,
    BASE | {"roles/base-original.json": role("base", "old"), "roles/x y.json": role("x y")},
    BASE | {"roles/m.json": "{", "roles/web.json": role("web", "a"), "roles/plain.rb": ruby_role("plain", "b")},
    BASE | {"roles/web.rb": ruby_role("web", "c"), "roles/sub/base.json": role("base", "d")},
    {"roles/base.json": role("base", "e")},
)


# roles of the plainest kind, under their own names and others, and what stops a command among them
PLAIN = st.builds(
    'name "{}"\ndescription "{}"\n'.format, st.sampled_from("abc"), st.sampled_from(["1", "2", "3", "\u00e9"])
)
TEXTS = st.one_of(PLAIN, PLAIN, PLAIN, st.sampled_from([None, 'name "a" +\n', 'run_list "x"\n']))
PATHS = st.sampled_from(["a.rb", "b.rb", "c.rb", "a-copy.rb", ".b.rb", "sub/c.rb", "b.json"])
EDITS = st.lists(st.lists(st.tuples(PATHS, TEXTS), min_size=1, max_size=2), min_size=2, max_size=9)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """One repository for all examples: each examines just the commits behind its own tip."""
    return InMemory(tmp_path_factory.mktemp("only"))


@examples(150)
@given(EDITS, st.frozensets(st.sampled_from("abc"), max_size=2))
def test_whatever_is_edited_what_is_wanted_comes_out_as_ever(repository, edits, wanted):
    files = {f"roles/{name}.rb": f'name "{name}"\ndescription "0"\n' for name in "abc"}
    trees = [files]
    for edit in edits:
        files = files | {f"roles/{path}": text for path, text in edit}
        trees.append({path: text for path, text in files.items() if text is not None})
    history = history_at(repository, write_line(repository, trees)[-1])
    declarations, targets = Declarations(history.blob), targets_of(history.containers)
    steps = steps_under(history, declarations, targets, replay_line(history), SHIPPED)
    (everything,) = replay(declarations, steps, SHIPPED)
    (some,) = replay(declarations, steps, SHIPPED, {targets[0]: wanted})
    for whole, found in zip(everything.timelines, some.timelines, strict=True):
        kept = whole.events.keys() if found.only is None else wanted & whole.events.keys()
        assert found.events == {name: whole.events[name] for name in kept}, whole.scenario.name
        assert found.aborts == whole.aborts, whole.scenario.name


def test_only_the_objects_that_are_wanted_are_recorded_and_just_as_ever(tmp_path):
    examination, _ = examine(tmp_path, *TREES)
    history, declarations, targets = examination.history, examination.declarations, examination.targets

    def replayed(only):
        steps = steps_under(history, declarations, targets, replay_line(history), SHIPPED)
        (found,) = replay(declarations, steps, SHIPPED, only and {targets[0]: frozenset(only)})
        return {timeline.scenario.name: timeline for timeline in found.timelines}

    everything = replayed(None)
    for wanted in ({"base"}, {"web"}, {"plain", "x y"}):
        for name, timeline in replayed(wanted).items():
            if timeline.only is None:  # grocery-delivery deletes objects, so it has to know of all
                assert timeline.scenario.uploader == "grocery-delivery"
                continue
            expected = everything[name].events
            assert timeline.events == {each: expected[each] for each in expected if each in wanted}
            assert timeline.aborts == everything[name].aborts
