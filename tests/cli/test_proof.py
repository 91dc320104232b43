"""``--evidence``: what logs prove outranks what replays give, in every command that takes it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import pairwise

import pytest
from building import DAY, START, new_repository, role, write_line
from commandline import command
from recorded import imported, stories
from schemas import failures_of
from server_logs import line, log, sha1

import forensics
from forensics.chef.wire import encode
from forensics.cli import exits
from forensics.evidence import reading

ESCAPE = "\x1b[2J<script>alert(1)</script>"
TIP = START + 2 * DAY
BASE = {"roles/base.json": role("base", "recipe[a]")}
COPIED = {**BASE, "roles/base-original.json": role("base", "recipe[b]")}
TREES = [BASE, COPIED, {**COPIED, "roles/base.json": role("base", "recipe[c]")}]
PUT = "PUT /organizations/acme/roles/base"


def sent(*run_list):
    """The hash of what knife sends of such a role."""
    body = {
        "name": "base",
        "description": "",
        "json_class": "Chef::Role",
        "default_attributes": {},
        "override_attributes": {},
        "chef_type": "role",
        "run_list": list(run_list),
        "env_run_lists": {},
    }
    return sha1(encode(body))


A, B, C, FOREIGN = (sent(f"recipe[{each}]") for each in ("a", "b", "c", "elsewhere"))


def failures(document):
    """What the document's own schema says is wrong with it."""
    return failures_of(document["schema"].removeprefix("forensics.").partition("/")[0], document)


def put(at, content_hash, **others):
    return line(PUT, time=at, content_hash=content_hash, **others)


def ending(at):
    """A line that changes nothing: logs cover the time up to it."""
    return line("GET /organizations/acme/roles/web", time=at, status=404)


@pytest.fixture
def place(tmp_path):
    write_line(new_repository(tmp_path / "r.git"), TREES)
    return tmp_path


def asked(place, name, *words, lines=(), options=()):
    log(place / "access.log", *lines)
    return command(name, *words, "-C", place / "r.git", "--evidence", place / "access.log", *options)


def proven(place, *words, lines, options=()):
    """The entries of the timeline of ``role[base]`` that evidence gives."""
    answer = asked(place, "timeline", "base", *words, lines=lines, options=("--format", "json", *options)).document
    assert failures(answer) == []
    return [each for each in answer["timeline"] if each["scenario"].startswith("evidence")]


def test_the_timeline_of_a_recorded_story_is_what_was_live_entry_for_entry(tmp_path):
    kinds = {"roles": "role", "environments": "environment", "nodes": "node"}
    for story in stories("evidence"):
        answer = forensics.open(imported(story, tmp_path), every_ref=True).timeline(
            evidence=[str(story / "complete" / "access.log")], scenarios=["glob"]
        )
        expected = {}
        for each in json.loads((story / "live.json").read_text("utf-8")):
            directory, _, name = each["object"].rpartition("/")
            bag = directory.rpartition("/")[2]
            object_ = f"{kinds[directory]}[{name}]" if directory in kinds else f"data_bag_item[{bag}/{name}]"
            expected.setdefault(object_, []).append(each)
        found = {}
        for entry in answer.entries:
            if entry.scenario == "evidence":
                found.setdefault(entry.object, []).append(entry)
        assert found.keys() == expected.keys()
        for object_, entries in found.items():
            for entry, truth in zip(entries, expected[object_], strict=True):
                assert 0 <= datetime.fromisoformat(entry.time).timestamp() - truth["time"] < 60
                of_repository = truth["file"] is not None and not truth["locally_edited"]
                versions = {(each.path, each.blob) for each in entry.matches}
                if of_repository:
                    assert (truth["file"], truth["blob"]) in versions
                    assert (entry.certainty, entry.blob) == ("exact", truth["blob"])
                    assert entry.content is not None
                else:
                    assert not versions
                    gone = truth["file"] is None and "edited_on_server" not in truth
                    assert (entry.certainty, entry.content) == ("exact" if gone else "unknown", None)
            for one, other in pairwise(entries):
                assert one.until == other.time  # a whole log leaves no time open


def test_logs_with_gaps_claim_nothing_of_the_times_that_they_do_not_cover(tmp_path):
    for story in stories("evidence"):
        repository = forensics.open(imported(story, tmp_path), every_ref=True)
        whole = repository.timeline(evidence=[str(story / "complete" / "access.log")], scenarios=["glob"]).entries
        logs = sorted(map(str, (story / "gaps").glob("access.log*")))
        gaps = repository.timeline(evidence=logs, scenarios=["glob"]).entries
        truth = {}
        for each in whole:
            if each.scenario == "evidence":
                truth.setdefault(each.object, []).append(each)
        checked = unknown = 0
        for entry in gaps:
            if entry.scenario != "evidence":
                continue
            unknown += entry.source is None
            if entry.certainty != "exact":
                continue
            # at its beginning and until it ends, the same was live as by the whole log
            for moment in {entry.time, entry.until}:
                then = [each for each in truth[entry.object] if each.time <= moment <= each.until]
                assert any(each.content == entry.content for each in then), (entry.object, moment)
                checked += 1
        assert checked
        assert unknown


def test_what_logs_prove_at_the_tip_outranks_what_would_have_been(place):
    right = [put(TIP + 60, B), put(TIP + 120, C, user=f"mallory{ESCAPE}"), ending(TIP + DAY)]
    assert command("scan", "-C", place / "r.git").code == exits.FOUND
    outcome = asked(place, "scan", lines=right)
    assert outcome.code == exits.OK
    text = " ".join(outcome.text.split())
    assert "Exposed at the tip: no" in text
    assert "is not what happened: access.log:2 shows roles/base.json live from 2014-05-15 16:55:20" in text
    assert "role[base] WAS LIVE with another file's content, roles/base-original.json, from" in text
    assert "proven by access.log:1" in text
    assert "refuted glob" in text
    assert "by access.log:2" in text
    assert "\x1b" not in outcome.text
    findings = asked(place, "scan", lines=right, options=("--format", "json")).document["findings"]
    (finding,) = [each for each in findings if each["rule"] == "live-divergence"]
    assert not finding["at_tip"]
    assert "; not so at the tip: access.log:2 shows roles/base.json live from 2014-05-15T16:55:20" in finding["message"]


def test_the_scenario_is_none_without_evidence(place):
    outcome = command("scan", "-C", place / "r.git", "--scenario", "evidence")
    assert outcome.code == exits.USAGE
    assert b"give that with --evidence FILE" in outcome.errors


def test_a_replay_that_was_never_so_is_told_as_that(place):
    lines = [put(START + 60, A), put(TIP + 60, C), ending(TIP + DAY)]
    document = asked(place, "scan", lines=lines, options=("--format", "json")).document
    assert {each["by_evidence"]["says"] for each in document["divergences"]} == {"contradicted"}
    (finding,) = [each for each in document["findings"] if each["rule"] == "live-divergence"]
    assert "; not what happened: access.log:2 shows roles/base.json live from" in finding["message"]
    fits = {each["scenario"]: each["agrees"] for each in document["proof"]["objects"][0]["fits"]}
    assert fits["glob"] is False
    assert fits["glob-sh"] is True
    assert "NOT what happened" in asked(place, "scan", lines=lines).text


def test_a_row_of_a_table_proves_its_moment_and_nothing_of_what_follows(place):
    at = datetime.fromtimestamp(TIP + 60).astimezone().isoformat()
    row = {"time": at, "action": "put", "object": "role[base]", "content_hash": B}
    (place / "own.jsonl").write_text(json.dumps(row) + "\n")
    options = ("-C", place / "r.git", "--evidence", place / "own.jsonl", "--format", "json")
    entries = [each for each in command("timeline", "base", *options).document["timeline"] if "time" in each]
    (entry,) = [each for each in entries if each["certainty"] == "exact"]
    assert entry["time"] == entry["until"]
    document = command("scan", *options).document
    assert any("each line proves its own moment" in each for each in document["proof"]["notes"])


def test_what_was_committed_after_it_was_sent_is_known_all_the_same(place):
    (entry,) = proven(place, lines=[put(TIP - 3600, C), ending(TIP + DAY)])
    assert (entry["path"], entry["certainty"]) == ("roles/base.json", "exact")
    assert entry["note"].startswith("committed only afterwards")


def test_another_files_content_that_logs_prove_fails_though_no_replay_gives_it(place):
    options = ("--scenario", "glob-sh")
    assert command("scan", "-C", place / "r.git", *options).code == exits.OK
    wrong = [put(TIP + 60, C), put(TIP + 120, B), ending(TIP + DAY)]
    outcome = asked(place, "scan", lines=wrong, options=options)
    assert outcome.code == exits.FOUND
    text = " ".join(outcome.text.split())
    assert "EXPOSED at the tip: YES" in text
    assert (
        "role[base] WAS LIVE with another file's content, roles/base-original.json, from 2014-05-15 16:55:20 to "
        "2014-05-16 16:53:20, proven by access.log:2"
    ) in text
    document = asked(place, "scan", lines=wrong, options=(*options, "--format", "json")).document
    assert failures(document) == []
    (finding,) = [each for each in document["findings"] if each["rule"] == "live-divergence"]
    assert finding["at_tip"]
    assert "proven by access.log:2 at 2014-05-15T16:55:20+00:00" in finding["message"]
    (told,) = document["proof"]["objects"]
    (fit,) = told["fits"]
    assert (fit["scenario"], fit["agrees"], fit["source"]["line"], fit["given"]) == (
        "glob-sh",
        False,
        2,
        "roles/base.json",
    )


def test_where_the_logs_end_before_the_tip_replays_still_count(place):
    early = [put(START + 60, A), ending(START + DAY)]
    outcome = asked(place, "scan", lines=early)
    assert outcome.code == exits.FOUND
    assert "No log tells of: any time to 2014-05-13 16:54:20; 2014-05-14 16:53:20 to any time." in outcome.text
    (known, unknown) = proven(place, lines=early)
    assert (known["path"], known["until"], known["certainty"]) == (
        "roles/base.json",
        "2014-05-14T16:53:20+00:00",
        "exact",
    )
    assert (unknown["time"], unknown["certainty"], unknown["content"]) == (known["until"], "unknown", None)


def test_a_content_that_no_file_has_is_neither_the_right_one_nor_another_files(place):
    outcome = asked(place, "scan", lines=[put(TIP + 60, FOREIGN), ending(TIP + DAY)])
    text = " ".join(outcome.text.split())
    assert "Exposed at the tip: not by another file, but a content was live that no file here has" in text
    assert "access.log:1 shows a content that no file here has from" in text
    assert "may be of another branch, or of a later commit" in text
    assert outcome.code == exits.OK


def test_a_deletion_ends_an_object_and_nothing_is_known_before_the_first_request(place):
    lines = [put(TIP + 60, B), line("DELETE /organizations/acme/roles/base", time=TIP + 90), ending(TIP + DAY)]
    first, gone = proven(place, lines=lines)
    assert (first["source"]["line"], first["proof"], first["user"]) == (1, "hash", "alice")
    assert (gone["content"], gone["certainty"], gone["source"]["line"]) == (None, "exact", 2)
    text = asked(place, "show", "base", "--at", "2014-05-14", lines=lines, options=("--scenario", "evidence")).text
    assert "not known" in text
    assert "nothing is proven before the first request that is logged" in " ".join(text.split())
    at = datetime.fromtimestamp(TIP + 75).astimezone().isoformat()
    shown = asked(place, "show", "base", "--at", at, lines=lines, options=("--format", "json")).document
    assert failures(shown) == []
    state = shown["states"][0]  # what is proven stands first
    assert (state["scenario"], state["path"]) == ("evidence", "roles/base-original.json")
    assert state["proven"]["source"]["line"] == 1
    assert state["expanded"]["recipes"] == ["b"]


def test_files_of_one_content_are_all_named_and_which_it_was_does_not_matter(place):
    write_line(new_repository(place / "same.git"), [{**BASE, "roles/base-copy.json": BASE["roles/base.json"]}])
    log(place / "access.log", put(START + 60, A), ending(START + DAY))
    options = ("-C", place / "same.git", "--evidence", place / "access.log", "--format", "json")
    entries = command("timeline", "base", *options).document["timeline"]
    (entry,) = [each for each in entries if each["scenario"] == "evidence"]
    assert {each["path"] for each in entry["matches"]} == {"roles/base.json", "roles/base-copy.json"}
    assert (entry["path"], entry["certainty"]) == (None, "exact")
    assert entry["content"]["run_list"] == ["recipe[a]"]
    assert not [each for each in command("scan", *options).document["divergences"] if each["scenario"] == "evidence"]


def test_organizations_are_told_apart(place):
    other = line("PUT /organizations/other/roles/base", time=TIP + 70, content_hash=B)
    lines = [put(TIP + 60, C), other, ending(TIP + DAY)]
    assert {(each["scenario"], each["organization"], each["path"]) for each in proven(place, lines=lines)} == {
        ("evidence of acme", "acme", "roles/base.json"),
        ("evidence of other", "other", "roles/base-original.json"),
    }
    document = asked(place, "scan", lines=lines, options=("--format", "json")).document
    assert failures(document) == []
    assert "no [[server]] of forensics.toml says whose the containers are" in document["proof"]["notes"][0]
    assert all(each["fits"] == [] for each in document["proof"]["objects"])
    config = place / "forensics.toml"
    config.write_text('[[server]]\ndirectories = ["."]\norganization = "acme"\n')
    entries = proven(place, lines=lines, options=("--config", config))
    assert {(each["scenario"], each["path"]) for each in entries} == {("evidence", "roles/base.json")}


def test_a_trace_tells_when_a_recipe_really_was_in_a_live_role(place):
    lines = [put(TIP + 60, B), put(TIP + 120, C), ending(TIP + DAY)]
    found = asked(place, "trace", "recipe[b]", lines=lines, options=("--format", "json")).document
    assert failures(found) == []
    (stretch,) = [each for each in found["live"] if each["scenario"] == "evidence"]
    assert stretch["path"] == "roles/base-original.json"
    assert stretch["proven"]["source"]["line"] == 1
    text = " ".join(asked(place, "trace", "recipe[b]", lines=lines).text.split())
    assert "proven by access.log:1" in text


@pytest.mark.parametrize("format_", ["html", "markdown"])
def test_reports_show_what_is_proven_and_no_text_of_a_log_as_it_is(place, format_):
    lines = [
        put(TIP + 60, B, user=f"mallory{ESCAPE}"),
        line(f"PUT /organizations/acme/roles/{ESCAPE}", time=TIP + 61),
        line(f"PUT /organizations/{ESCAPE}/roles/base", time=TIP + 62, content_hash=B),
        ending(TIP + DAY),
    ]
    outcome = asked(place, "report", lines=lines, options=("--format", format_))
    assert "WAS LIVE" in outcome.text
    assert "access.log:1" in outcome.text
    assert "\x1b" not in outcome.text
    if format_ == "html":  # Markdown has it in code spans
        assert "<script>alert(1)" not in outcome.text
        assert 'class="unknown"' in outcome.text


def test_the_same_evidence_is_read_once_for_all_questions(place, monkeypatch):
    log(place / "access.log", put(TIP + 60, B), ending(TIP + DAY))
    read, count = reading.read, []
    monkeypatch.setattr(reading, "read", lambda files: count.append(files) or read(files))
    repository = forensics.open(place / "r.git")
    given = {"evidence": [str(place / "access.log")]}
    assert repository.scan(**given).failed()
    repository.timeline("base", **given)
    repository.show("base", **given)
    repository.evidence(*given["evidence"])
    assert len(count) == 1


def test_a_report_as_a_database_has_a_table_for_each_frame(place):
    lines = [put(TIP + 60, B, user=f"mallory{ESCAPE}"), ending(TIP + DAY)]
    assert asked(place, "report", lines=lines, options=("--format", "sqlite")).code == exits.USAGE
    file = place / "report.db"
    assert asked(place, "report", lines=lines, options=("--format", "sqlite", "--output", file)).code == exits.FOUND
    with closing(sqlite3.connect(file)) as base:
        tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        assert tables == {"columns", *forensics.open(place / "r.git").report().frames}
        (told,) = base.execute("SELECT live, paths, line, user FROM proven_spans").fetchall()
        assert told == (1, "roles/base-original.json", 1, r"mallory\x1b[2J<script>alert(1)</script>")
        fits = dict(base.execute("SELECT scenario, agrees FROM scenario_fits"))
        assert (fits["glob"], fits["glob-sh"]) == (1, 0)
        spans = "SELECT meaning FROM columns WHERE \"table\" = 'proven_spans' AND \"column\" = 'paths'"
        assert base.execute(spans).fetchone()[0].startswith("The files that have the content")


def test_a_timeline_goes_to_timesketch_with_what_is_proven_and_what_is_replayed(place):
    lines = [put(TIP + 60, B, user=f"mallory{ESCAPE}"), ending(TIP + DAY)]
    options = ("--format", "timesketch", "--scenario", "glob")
    events = [
        json.loads(each) for each in asked(place, "timeline", "base", lines=lines, options=options).text.splitlines()
    ]
    assert {each["scenario"] for each in events} == {"glob", "evidence"}
    assert [each["datetime"] for each in events] == sorted(each["datetime"] for each in events)
    assert all(each.keys() >= {"message", "datetime", "timestamp_desc"} for each in events)
    (proof,) = [each for each in events if each["scenario"] == "evidence"]
    assert proof["timestamp_desc"] == "Live on the Chef server since, as logs prove"
    assert proof["message"].startswith("role[base]: roles/base-original.json is live, proven by ")
