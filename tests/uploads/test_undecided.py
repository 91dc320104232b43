"""What every way of uploading leaves live of a file of which it cannot be told what it declares."""

from __future__ import annotations

import pytest
from building import Replayed, role

from forensics.chef.objects import Unresolved

FROM_SETTINGS = 'require "./settings"\nname Settings[:name]\n'
BASE = {"roles/base.json": role("base", "good")}


def certainties(replayed, scenario, name):
    """How certain it is after each commit what is live."""
    events = [replayed.event(scenario, name, number) for number in range(len(replayed.ids))]
    return [None if event is None else event.certainty for event in events]


@pytest.mark.parametrize("scenario", ["glob", "glob-sh", "changed", "grocery-delivery", "knife-upload"])
def test_the_object_that_a_file_is_called_after_may_be_any(tmp_path, scenario):
    replayed = Replayed(
        tmp_path, {"roles/a.rb": 'name "a"\n'}, {"roles/a.rb": FROM_SETTINGS}, {"roles/a.rb": 'name "a"\n'}
    )
    assert certainties(replayed, scenario, "a") == ["exact", "unknown", "exact"]
    event = replayed.event(scenario, "a", 1)
    assert event.undecided.path == "roles/a.rb"


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("glob-sh", ["exact", "exact", "exact"]),
        ("changed-reversed", ["exact", "unknown", "exact"]),
        ("changed", ["exact", "exact", "exact"]),
    ],
)
def test_a_file_that_is_sent_later_settles_it(tmp_path, scenario, expected):
    trees = [BASE | {"roles/a.rb": text} for text in ('name "base"\n', FROM_SETTINGS, 'name "base"\n')]
    for number, tree in enumerate(trees):
        tree["roles/base.json"] = role("base", str(number))
    assert certainties(Replayed(tmp_path, *trees), scenario, "base") == expected


def test_what_it_was_before_stays_as_what_it_is_if_the_file_declares_something_else(tmp_path):
    trees = [BASE | {"roles/z.rb": text} for text in ('name "base"\n', FROM_SETTINGS)]
    replayed = Replayed(tmp_path, *trees)
    assert replayed.path("glob-sh", "base", 1) == "base.json"
    assert replayed.path("changed", "base", 1) == "z.rb"
    assert certainties(replayed, "glob-sh", "base") == certainties(replayed, "changed", "base") == ["exact", "unknown"]


def test_grocery_delivery_deletes_what_such_a_file_may_have_put_there(tmp_path):
    trees = [BASE, BASE | {"roles/a.rb": FROM_SETTINGS}, BASE, {"roles/base.json": role("base", "new")}]
    replayed = Replayed(tmp_path, *trees)
    assert certainties(replayed, "grocery-delivery", "a") == [None, "unknown", "exact", "exact"]
    assert replayed.event("grocery-delivery", "a", 2).live is None
    assert replayed.path("grocery-delivery", "base", 3) == "base.json"
    assert certainties(replayed, "grocery-delivery", "base")[3] == "exact", "no run stops"


def test_a_file_that_is_removed_while_it_cannot_be_told_leaves_it_unknown_until_the_next_upload(tmp_path):
    trees = [BASE, BASE | {"roles/base.rb": FROM_SETTINGS}, BASE, {"roles/base.json": role("base", "new")}]
    replayed = Replayed(tmp_path, *trees)
    assert certainties(replayed, "changed", "base") == ["exact", "unknown", "unknown", "exact"]
    assert certainties(replayed, "glob", "base") == ["exact", "unknown", "exact", "exact"]
    # the stem is the name there, whatever the file says; what cannot be told is each value
    assert certainties(replayed, "chef-solo", "base") == ["exact", "exact", "exact", "exact"]
    assert isinstance(replayed.event("chef-solo", "base", 1).live.body["run_list"], Unresolved)
