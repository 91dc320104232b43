"""A replay of some objects gives of them what a replay of all gives, and of the others nothing."""

from __future__ import annotations

from building import examine, role, ruby_role

from forensics.uploads.replay import replay
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.steps import replay_line

BASE = {"roles/base.json": role("base", "ntp"), "roles/web.json": role("web"), "roles/plain.rb": ruby_role("plain")}
TREES = (
    BASE,
    BASE | {"roles/base-original.json": role("base", "old"), "roles/x y.json": role("x y")},
    BASE | {"roles/m.json": "{", "roles/web.json": role("web", "a"), "roles/plain.rb": ruby_role("plain", "b")},
    BASE | {"roles/web.rb": ruby_role("web", "c"), "roles/sub/base.json": role("base", "d")},
    {"roles/base.json": role("base", "e")},
)


def test_only_the_objects_that_are_wanted_are_recorded_and_just_as_ever(tmp_path):
    examination, _ = examine(tmp_path, *TREES)
    history, declarations, targets = examination.history, examination.declarations, examination.targets

    def replayed(only):
        line = replay_line(history)
        (found,) = replay(history, declarations, targets, line, SHIPPED, only and {targets[0]: frozenset(only)})
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
