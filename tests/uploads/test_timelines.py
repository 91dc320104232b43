"""Public histories, commit by commit, against what real knife and a real server made of them."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right

import pytest
from support import clone, json_lines, vectors

from forensics.chef.objects import Unresolved
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations
from forensics.uploads.replay import replay, steps_under
from forensics.uploads.scenario import choose
from forensics.uploads.steps import replay_line
from forensics.uploads.target import targets_of

HASHED = ("name", "description", "run_list", "env_run_lists", "default_attributes", "override_attributes")


def digest_of(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of(live):
    if live is None:
        return None
    return digest_of({key: live.body[key] for key in HASHED})


def replay_of(header):
    history = History(open_evidence(clone(header["repository"].replace("/", "+")), rev=header["window_end"]))
    start = history.graph.index(bytes.fromhex(header["window_start"]))
    target = next(target for target in targets_of(history.containers) if target.label.path == header["container"])
    scenarios, declarations = choose(header["scenarios"]), Declarations(history.blob)
    steps = steps_under(history, declarations, [target], replay_line(history, start=start), scenarios)
    return history, replay(declarations, steps, scenarios)[0]


def aborting_path(timeline, step):
    """The file at which the upload of a step stopped."""
    for abort in timeline.aborts:
        if abort.from_step <= step and (abort.until_step is None or step < abort.until_step):
            return abort.path
    return None


def failure_of(record, timeline, step, recorded):
    """What differs between a record and the replay: a sentence, or None."""
    computed = {}
    for name in {*timeline.events, *recorded}:
        event = timeline.at(name, step)
        lives = [None] if event is None else event.possible or [event.live]
        hashes = [hash_of(live) for live in lives]
        if recorded.get(name) not in hashes:
            return f"{name} is {recorded.get(name)}, not one of {hashes}"
        computed[name] = recorded.get(name)
    live = {name: digest for name, digest in computed.items() if digest is not None}
    if len(live) != record["live"]:
        return f"{record['live']} roles are live, not {len(live)}"
    state = digest_of(live)[:16]
    if state != record["state"]:
        return f"the state is {record['state']}, not {state}"
    return None


def stop_failure(record, timeline, step, container):
    """Whether the command stopped where the replay says it does: a sentence, or None."""
    stopped = aborting_path(timeline, step)
    if record["exit"] is None or record["scenario"] == "knife-upload":
        expected = bool(record["exit"]) and record["exit"] > 1
        return None if (stopped is not None) == expected else f"exit {record['exit']}, stopped at {stopped}"
    argument = record.get("failed_arg")
    expected = f"{container.rpartition('/')[0]}/{argument}".lstrip("/") if argument else None
    return None if stopped == expected else f"stopped at {expected}, not at {stopped}"


def test_every_recorded_timeline_is_what_the_replay_gives_and_holds_no_value_that_it_leaves_open():
    files = sorted(vectors().glob("timelines/*.jsonl"))
    if not files:
        pytest.skip("no recorded timelines here")
    failures = []
    for path in files:
        header, *records = json_lines(path)
        history, replayed = replay_of(header)
        timelines = {timeline.scenario.name: timeline for timeline in replayed.timelines}
        positions = {oid.hex(): position for position, oid in enumerate(history.graph.ids)}
        steps = [step.commit for step in replayed.steps]
        servers = {scenario: {} for scenario in header["scenarios"]}
        for record in records:
            recorded = servers[record["scenario"]]
            recorded.update(record["roles"])
            for name in record.get("gone", ()):
                recorded.pop(name, None)
            timeline = timelines[record["scenario"]]
            step = bisect_right(steps, positions[record["commit"]]) - 1
            failure = failure_of(record, timeline, step, recorded)
            if failure is None and steps[step] == positions[record["commit"]]:
                failure = stop_failure(record, timeline, step, header["container"])
            if failure is not None:
                failures.append(f"{path.stem} {record['commit'][:12]} {record['scenario']}: {failure}")
        for timeline in replayed.timelines:
            failures += [
                f"{path.stem} {timeline.scenario.name}: {name} has a value that is left open"
                for name, events in timeline.events.items()
                if any(event.live is not None and holds_unresolved(event.live.body) for event in events)
            ]
    assert not failures, "\n".join([f"{len(failures)} differ", *failures[:30]])


def holds_unresolved(value):
    if isinstance(value, dict):
        return any(holds_unresolved(member) for member in value.values())
    if isinstance(value, list | tuple):
        return any(holds_unresolved(member) for member in value)
    return isinstance(value, Unresolved)
