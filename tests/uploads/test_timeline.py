"""What was live when, as a replay notes it."""

from __future__ import annotations

from array import array

import pytest

from forensics.chef.objects import Kind
from forensics.history.model import Container
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.target import Target
from forensics.uploads.timeline import Event, Live, Timeline

FIRST, SECOND = (Live(f"roles/{name}.json", name.encode() * 20, 0, {"name": "base"}) for name in "ab")


@pytest.fixture
def timeline():
    roles = Container("roles", Kind.ROLE)
    return Timeline(SHIPPED[0], Target(roles, (roles,)), array("l", range(10)))


def test_an_event_holds_from_its_step_until_the_next(timeline):
    timeline.record("base", Event(2, FIRST))
    timeline.record("base", Event(5, SECOND))
    timeline.record("base", Event(7, None))
    assert [event and event.live for event in (timeline.at("base", step) for step in (1, 2, 4, 5, 6, 7, 9))] == [
        None,
        FIRST,
        FIRST,
        SECOND,
        SECOND,
        None,
        None,
    ]
    assert timeline.at("web", 3) is None
    assert timeline.current("base") == Event(7, None)
    assert timeline.current("web") is None


def test_a_second_change_at_one_step_takes_the_place_of_the_first(timeline):
    timeline.record("base", Event(2, FIRST))
    timeline.record("base", Event(2, SECOND))
    assert timeline.events == {"base": [Event(2, SECOND)]}


def test_live_is_what_has_come_and_not_gone(timeline):
    timeline.record("base", Event(2, FIRST))
    timeline.record("web", Event(3, SECOND))
    timeline.record("web", Event(4, None))
    assert [timeline.live_at(step) for step in (1, 2, 3, 4)] == [
        {},
        {"base": FIRST},
        {"base": FIRST, "web": SECOND},
        {"base": FIRST},
    ]
    assert timeline.events == {"base": [Event(2, FIRST)], "web": [Event(3, SECOND), Event(4, None)]}


def test_all_objects_are_wanted_unless_some_are_named(timeline):
    assert timeline.wants("base")
    timeline.only = frozenset({"web"})
    assert [timeline.wants(name) for name in ("web", "base", None)] == [True, False, False]


def test_an_event_with_several_possibilities_is_not_exact():
    assert Event(1, FIRST).exact
    assert not Event(1, FIRST, (None, FIRST)).exact
