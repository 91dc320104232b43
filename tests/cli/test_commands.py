"""Every command on every sample story: it runs, says what it should, and its JSON is JSON alone."""

from __future__ import annotations

import json
import re

import pytest
from building import new_repository, role, write_line
from commandline import command

import forensics
import sample_repos
from forensics.uploads.scenario import SHIPPED, USUAL

EVERY_STORY = pytest.mark.parametrize("name", sample_repos.names())


def objects_of(repository):
    """Objects that were live, as OBJECT arguments: a few of each kind."""
    timeline = command("timeline", "-C", repository, "--format", "json").document["timeline"]
    kinds = {}
    for each in sorted({entry["object"] for entry in timeline}):
        kinds.setdefault(each.partition("[")[0], []).append(each)
    return [each for found in kinds.values() for each in found[:4]]


@EVERY_STORY
def test_scan_finds_what_the_story_expects(story, name):
    done = command("scan", story(name), "--format", "json")
    expected = sample_repos.load(name).expect
    found = done.document
    assert found["schema"] == "forensics.scan/1"
    assert {shadow["name"] for shadow in found["shadows"]} == {shadow.name for shadow in expected.shadows}
    assert {divergence["object"] for divergence in found["divergences"]} == {
        divergence.object for divergence in expected.divergences
    }
    usual = {scenario.name for scenario in SHIPPED if scenario.standing == USUAL}
    at_tip = {(shadow.container, shadow.name) for shadow in expected.shadows if shadow.at_head}
    exposed = any(
        each.until is None
        and each.scenario in usual
        and (each.container, re.split(r"[\[\]/]", each.object)[-2]) in at_tip
        for each in expected.divergences
    )
    assert done.code == (1 if exposed else 0)


@EVERY_STORY
def test_scan_in_text_names_every_shadowed_object(story, name):
    done = command("scan", story(name))
    assert done.errors == b""
    for shadow in sample_repos.load(name).expect.shadows:
        assert all(path in done.text for path in shadow.paths)
        assert f"[{shadow.name}]" in done.text or f"/{shadow.name}]" in done.text
    assert ("EXPOSED at the tip: YES" in done.text) == (done.code == 1)


@EVERY_STORY
def test_shadows_are_those_of_the_scan(story, name):
    scanned = command("scan", story(name), "--format", "json").document
    done = command("shadows", story(name), "--format", "json")
    assert done.code == 0
    assert done.document["shadows"] == scanned["shadows"]
    with_commits = command("shadows", story(name), "--commits", "--format", "json").document["shadows"]
    assert [len(shadow["commit_ids"]) for shadow in with_commits] == [shadow["commits"] for shadow in with_commits]
    text = command("shadows", "-C", story(name)).text
    assert text.startswith(f"{len(scanned['shadows'])} shadow")


@EVERY_STORY
@pytest.mark.slow
def test_objects_of_every_kind_have_a_timeline_a_state_and_a_log(story, name):
    path = story(name)
    repository = forensics.open(path)
    printed = set()
    for each in objects_of(path):
        timeline = json.loads(repository.timeline(each).to_json())["timeline"]
        assert {entry["object"] for entry in timeline} == {each}
        states = json.loads(repository.show(each).to_json())["states"]
        last = {(entry["container"], entry["scenario"]): entry["content"] for entry in timeline}
        live = [state for state in states if state["content"] and state["basis"] == "live"]
        assert {(state["container"], state["scenario"]): state["content"] for state in live} == {
            key: content for key, content in last.items() if content
        }
        log = json.loads(repository.log(each).to_json())
        assert log["object"] == each
        # chef-solo and knife upload go by file names: such an object may have been live without being declared
        assert [entry["event"] for entry in log["log"][:1]] in ([], ["added"])
        like = (each.partition("[")[0], bool(live), bool(log["log"]))
        if like not in printed:  # what is printed differs by these
            printed.add(like)
            for words in (["timeline", each], ["show", each], ["log", each]):
                done = command(*words, "-C", path)
                assert (done.code, done.errors) == (0, b"")
                assert each in done.text


def test_a_bare_name_is_a_role(incident):
    one = command("timeline", "base", "-C", incident)
    assert one == command("timeline", "role[base]", "-C", incident)


def test_kinds_narrow_the_timeline(story):
    repository = story("environment-and-data-bag")
    found = command("timeline", "-C", repository, "--kind", "environment", "--format", "json").document["timeline"]
    assert {entry["object"] for entry in found} >= {"environment[production]"}
    assert all(entry["object"].startswith("environment[") for entry in found)


def test_containers_narrow_a_monorepo(story):
    repository = story("two-servers")
    everything = command("timeline", "-C", repository, "--format", "json").document["timeline"]
    containers = sorted({entry["container"] for entry in everything})
    assert len(containers) > 1
    chosen = command("timeline", "-C", repository, "--container", containers[0], "--format", "json").document
    assert chosen["timeline"] == [entry for entry in everything if entry["container"] == containers[0]]


def test_scenarios_narrow_the_scan(incident):
    found = command("scan", incident, "--scenario", "glob", "--scenario", "changed", "--format", "json").document
    assert [scenario["name"] for scenario in found["scenarios"]] == ["glob", "changed"]
    assert {divergence["scenario"] for divergence in found["divergences"]} == {"glob"}


def test_the_scenarios_are_listed():
    done = command("scenarios", "--format", "json")
    names = [scenario["name"] for scenario in done.document["scenarios"]]
    assert names[:3] == ["glob", "glob-sh", "glob-c"]
    text = command("scenarios").text
    assert all(name in text for name in names)


def test_show_tells_the_state_at_a_date_and_at_a_commit(incident):
    shown = {}
    for when in ("2013-09-30", "2014-10-20", "HEAD", None):
        at = ["--at", when] if when else []
        states = command("show", "base", "-C", incident, *at, "--format", "json").document["states"]
        shown[when] = {state["scenario"]: state["path"] for state in states}
    assert shown["HEAD"] == shown[None]
    assert shown["2014-10-20"]["glob"] == "roles/base-original.json"
    assert shown["2013-09-30"]["glob"] == "roles/base.json"


def test_show_tells_what_the_timeline_tells_at_every_change(incident):
    timeline = command("timeline", "base", "-C", incident, "--format", "json").document["timeline"]
    moments = list(dict.fromkeys((entry["from_date"], entry["from_commit"]) for entry in timeline))
    for date, at in sorted(moments)[::4]:
        states = command("show", "base", "-C", incident, "--at", at, "--format", "json").document["states"]
        expected = {entry["scenario"]: entry["content"] for entry in timeline if entry["from_date"] <= date}
        assert {state["scenario"]: state["content"] for state in states if state["content"]} == expected


def test_show_expands_for_an_environment(story):
    found = command(
        "show", "base", "-C", story("opsmatic-2014"), "--environment", "production", "--format", "json"
    ).document
    assert {state["expanded"]["environment"] for state in found["states"]} == {"production"}


def test_a_time_range_cuts_the_report_and_not_the_knowledge(incident):
    cut = command("timeline", "base", "-C", incident, "--since", "2014-10-01", "--format", "json").document["timeline"]
    everything = command("timeline", "base", "-C", incident, "--format", "json").document["timeline"]
    assert 0 < len(cut) < len(everything)
    assert [entry for entry in everything if entry in cut] == cut
    log = command("log", "base", "-C", incident, "--until", "2013-12-31", "--format", "json").document["log"]
    assert log
    assert all(entry["date"] < "2014" for entry in log)


def test_a_replay_may_begin_later_on_an_empty_server(incident):
    first = command("timeline", "base", "-C", incident, "--format", "json").document["timeline"][3]
    start = first["from_commit"]
    later = command("timeline", "-C", incident, "--replay-from", start, "--format", "json").document["timeline"]
    assert min(entry["from_date"] for entry in later) == first["from_date"]


def test_the_full_history_is_replayed_on_demand(story):
    repository = story("side-branch-three-way")
    line = command("timeline", "-C", repository, "--format", "json").document["timeline"]
    full = command("timeline", "-C", repository, "--history", "full", "--format", "json").document["timeline"]
    assert {entry["from_commit"] for entry in line} < {entry["from_commit"] for entry in full}


def test_verbose_tells_no_less(incident):
    short, long = command("scan", incident), command("scan", incident, "--verbose")
    assert len(long.text) > len(short.text)
    assert "--verbose lists them" in short.text
    assert "--verbose lists them" not in long.text


def test_json_is_the_same_whatever_concerns_only_text(incident):
    plain = command("scan", incident, "--format", "json")
    assert plain == command("scan", incident, "--format", "json", "--verbose", "--color", "always", "--quiet")
    assert json.loads(plain.output) == plain.document


def test_a_timeline_warns_where_nobody_knows_how_a_locale_sorts_a_name(tmp_path):
    files = {"roles/base.json": role("base"), "roles/ጤና.json": role("base", "old"), "roles/web.json": role("web")}
    write_line(new_repository(tmp_path / "r.git"), [files])
    done = command("timeline", "base", "-C", tmp_path / "r.git")
    assert done.code == 0
    (warning,) = done.errors.decode().splitlines()
    assert "warning: roles/ጤና.json: where the name stands in en_US.UTF-8 order is not known" in warning
    assert "glob, changed-locale" in warning
    assert not command("timeline", "base", "-C", tmp_path / "r.git", "--quiet").errors
    assert not command("timeline", "base", "-C", tmp_path / "r.git", "--scenario", "glob-sh").errors
