"""With ``server = "erchef"`` a refused upload is one that Chef refused: it stops a command, or leaves its file out."""

from __future__ import annotations

import json

import pytest
from building import examine, role, ruby_role
from uploads.knife_support import knife
from uploads.knife_support import live as there

from forensics.analysis.examination import Examination
from forensics.uploads.declarations import Declarations
from forensics.uploads.server import HttpRefused, Server, Stored

BIG = role("m", description="x" * 1_000_000)
ROLES = {"roles/a.json": role("a"), "roles/m.json": role("m"), "roles/z.json": role("z")}


def replayed(tmp_path, *trees, server="erchef"):
    known, _ = examine(tmp_path, *trees)
    declarations = Declarations(known.history.blob, server=server)
    examination = Examination(known.history, declarations, known.options)
    return {timeline.scenario.name: timeline for one in examination.replays for timeline in one.timelines}


def live(timeline):
    return {name: events[-1].live.commit for name, events in timeline.events.items() if events[-1].live}


def test_a_refused_body_stops_from_file_like_any_refusal(tmp_path):
    timelines = replayed(tmp_path, ROLES, {path: text.replace("[]", '["recipe[n]"]') for path, text in ROLES.items()})
    assert live(timelines["glob"]) == {"a": 1, "m": 1, "z": 1}
    second = {"roles/a.json": role("a", "recipe[n]"), "roles/m.json": BIG, "roles/z.json": role("z", "recipe[n]")}
    timelines = replayed(tmp_path / "big", ROLES, second)
    for name in ("glob", "changed"):
        assert live(timelines[name]) == {"a": 1, "m": 0, "z": 0}
        (stop,) = timelines[name].aborts
        assert (stop.path, stop.problem.kind, stop.unsent) == ("roles/m.json", "server-refused", 1)
    assert live(timelines["knife-upload"]) == {"a": 1, "m": 0, "z": 1}
    assert timelines["knife-upload"].aborts == []
    # no server is asked
    assert live(timelines["chef-solo"]) == {"a": 1, "m": 1, "z": 1}


def test_chef_zero_takes_it(tmp_path):
    assert set(live(replayed(tmp_path, {"roles/m.json": BIG}, server="chef-zero")["glob"])) == {"m"}


def test_an_unknown_key_is_dropped_by_from_file_and_refused_for_upload(tmp_path):
    timelines = replayed(tmp_path, {"roles/a.json": role("a", owner="ops"), "roles/b.json": role("b")})
    assert set(live(timelines["glob"])) == {"a", "b"}
    assert set(live(timelines["knife-upload"])) == {"b"}


def test_a_plain_ruby_role_is_looked_at_too(tmp_path):
    timelines = replayed(tmp_path, {"roles/a.rb": ruby_role("a", "x@1"), "roles/b.rb": ruby_role("b", "recipe[x]")})
    assert live(timelines["glob"]) == {}
    assert timelines["glob"].aborts[0].path == "roles/a.rb"
    assert set(live(timelines["knife-upload"])) == {"b"}


def test_a_name_that_is_no_text_is_refused(tmp_path):
    timelines = replayed(tmp_path, {"roles/7.json": json.dumps({"name": 7})})
    assert live(timelines["glob"]) == {}


FILES = {"roles/a.json": role("a", "x@1").encode(), "roles/b.json": role("b", owner="ops").encode()}


def test_a_command_that_was_run_meets_the_same_server():
    outcome, server = knife("role from file roles/b.json roles/a.json", FILES, Server(strict=True))
    assert (outcome.exit, outcome.problem.error_class) == (100, "Net::HTTPClientException")
    assert outcome.problem.message == "400 Field 'run_list' is not a valid run list: recipe[x@1]"
    assert there(server) == {"role[b]": "roles/b.json"}
    assert set(there(knife("role from file roles/b.json roles/a.json", FILES)[1])) == {"role[a]", "role[b]"}


def test_an_upload_that_was_run_leaves_out_what_is_refused():
    outcome, server = knife("upload roles", {**FILES, "roles/c.json": role("c").encode()}, Server(strict=True))
    assert (outcome.exit, there(server)) == (1, {"role[c]": "roles/c.json"})
    assert set(there(knife("upload roles", FILES)[1])) == {"role[a]", "role[b]"}


def test_a_strict_server_takes_a_body_that_its_path_names_and_no_rename():
    server = Server(strict=True).copy()
    server.save(("role", "a"), Stored({"name": "a"}))
    server.put(("role", "a"), Stored({"run_list": []}))
    with pytest.raises(HttpRefused, match="mismatch") as refused:
        server.put(("role", "a"), Stored({"name": "b"}))
    assert refused.value.status == 400
    with pytest.raises(HttpRefused, match="Invalid key owner"):
        server.save(("role", "c"), Stored({"name": "c", "owner": "ops"}))
    server.save(("data_bag", "bag"), Stored({"name": "bag"}))
    server.save(("data_bag_item", "bag/x"), Stored({"id": "x"}))
