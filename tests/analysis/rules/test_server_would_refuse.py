"""The rule that warns of what the real Chef Infra Server refuses."""

from __future__ import annotations

import json

from building import role
from rule_findings import found

RULE = "server-would-refuse"


def test_what_every_server_takes_is_passed_over(tmp_path):
    tree = {
        "roles/a.json": role("a", "recipe[x]"),
        "environments/prod.json": '{"name": "prod"}',
        "data_bags/users/dana.json": '{"id": "dana", "anything": 1}',
        "nodes/n.json": '{"name": "n", "owner": "ops"}',
        "roles/broken.json": "{",
    }
    assert found(tmp_path, RULE, tree)[0] == []


def test_an_unknown_key_is_named_with_the_command_that_sends_it(tmp_path):
    (finding,), ids = found(tmp_path, RULE, {"roles/a.json": role("a")}, {"roles/a.json": role("a", owner="ops")})
    assert (finding.rule, finding.severity, finding.at_tip) == ("server-would-refuse", "note", True)
    assert (finding.object, finding.paths, finding.commit) == ("role[a]", ("roles/a.json",), ids[1])
    assert finding.message == (
        "roles/a.json: the real Chef Infra Server (erchef) refuses it, though chef-zero takes it: "
        "400 Invalid key owner in request body (knife upload)"
    )


def test_what_both_commands_send_is_told_once(tmp_path):
    item = json.dumps({"id": "dana", "blob": "x" * 1_000_000})
    (finding,), _ = found(tmp_path, RULE, {"data_bags/users/dana.json": item})
    assert (finding.object, finding.severity) == ("data_bag_item[users/dana]", "warning")
    assert "413 JSON must be no more than 1000000 bytes" in finding.message
    (finding,), _ = found(tmp_path / "2", RULE, {"roles/a.json": role("a", "x@1")})
    assert finding.message.endswith("recipe[x@1] (knife role from file and knife upload)")


def test_a_file_that_knife_upload_does_not_reach_is_not_held_against_it(tmp_path):
    assert found(tmp_path, RULE, {"roles/sub/a.json": role("a", owner="ops")})[0] == []


def test_what_is_mended_is_no_finding(tmp_path):
    assert found(tmp_path, RULE, {"roles/a.json": role("a", owner="ops")}, {"roles/a.json": role("a")})[0] == []
