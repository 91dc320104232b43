"""``timeline`` of public histories, against what real knife and a real server made of them commit by commit.

It needs nothing but the command line, a clone of the history and the recording.
"""

from __future__ import annotations

import hashlib
import json

import pytest
from commandline import command
from support import clones, json_lines, vectors

pytestmark = pytest.mark.slow

HASHED = ("name", "description", "run_list", "env_run_lists", "default_attributes", "override_attributes")


def digest_of(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def hash_of(content):
    return None if content is None else digest_of({key: content[key] for key in HASHED})


def timeline_of(header, clone):
    """What the command line says was live: by scenario and commit, the possible hashes of each role that changed."""
    scenarios = [word for name in header["scenarios"] for word in ("--scenario", name)]
    window = ["--rev", header["window_end"], "--replay-from", header["window_start"]]
    chosen = ["--kind", "role", "--container", header["container"], *scenarios]
    done = command("timeline", "-C", clone, *window, *chosen, "--format", "json")
    changes = {}
    for entry in done.document["timeline"]:
        assert entry["container"] == header["container"]
        name = entry["object"].removeprefix("role[").removesuffix("]")
        contents = [each["content"] for each in entry.get("possible", [entry])]
        at = changes.setdefault((entry["scenario"], entry["from_commit"]), {})
        at[name] = {hash_of(content) for content in contents}
    return changes


def failures_of(header, records, changes):
    """Where the recording and the timeline part, in words."""
    servers = {scenario: {} for scenario in header["scenarios"]}
    timelines = {scenario: {} for scenario in header["scenarios"]}
    for record in records:
        scenario, commit = record["scenario"], record["commit"]
        recorded, possible = servers[scenario], timelines[scenario]
        recorded.update(record["roles"])
        possible.update(changes.pop((scenario, commit), {}))
        for name in {*recorded, *possible}:
            if recorded.get(name) not in possible.get(name, {None}):
                yield f"{commit[:12]} {scenario}: {name} is {recorded.get(name)}, not {possible.get(name)}"
        # of several possible contents the recorded one is taken
        live = {name: recorded.get(name) for name in possible if recorded.get(name) is not None}
        if len(live) != record["live"]:
            yield f"{commit[:12]} {scenario}: {record['live']} roles are live, not {len(live)}"
        if digest_of(live)[:16] != record["state"]:
            yield f"{commit[:12]} {scenario}: the state is not {record['state']}"
    for scenario, commit in changes:
        yield f"{commit[:12]} {scenario}: a change where nothing was uploaded"


def test_every_recorded_history_comes_out_of_the_command_line():
    failures, compared = [], 0
    for path in sorted(vectors().glob("timelines/*.jsonl")):
        header, *records = json_lines(path)
        clone = clones() / header["repository"].replace("/", "+") / "repo"
        if not clone.exists():
            continue
        compared += len(records)
        failures += [f"{path.stem} {said}" for said in failures_of(header, records, timeline_of(header, clone))]
    if not compared:
        pytest.skip("no clones of the recorded histories here")
    assert not failures, "\n".join([f"{len(failures)} differ in {compared} records", *failures[:30]])
