"""The real grocery-delivery, poll by poll: what it left on a real server is what the scenario says."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from recorded import differences, history_of, stories, told

from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads.declarations import Declarations
from forensics.uploads.replay import replay, steps_under
from forensics.uploads.scenario import choose
from forensics.uploads.target import targets_of

COMPARED = ("name", "run_list", "env_run_lists", "default_attributes", "override_attributes")


def replayed(story, folder):
    """The polled commits and the timelines of every target; what is told of them."""
    record = told(story)
    polls = record["polls"]
    history = history_of(story, folder, polls[-1])
    line = [history.graph.index(bytes.fromhex(poll)) for poll in polls]
    scenario = replace(choose(["grocery-delivery"])[0], role_type=record["role_type"])
    declarations = Declarations(history.blob)
    steps = steps_under(history, declarations, targets_of(history.containers), line, [scenario])
    replays = replay(declarations, steps, [scenario])
    return record, dict(zip(polls, line, strict=True)), [timeline for each in replays for timeline in each.timelines]


def after(timeline, commit):
    """What a timeline has live after a commit, by name."""
    return timeline.live_at(bisect_right(timeline.steps, commit) - 1)


def computed_state(timelines, commit):
    roles, items = {}, {}
    for timeline in timelines:
        live = after(timeline, commit)
        if timeline.target.kind is Kind.ROLE:
            roles |= {name: compared(each.body) for name, each in live.items()}
        else:
            bag = timeline.target.label.bag
            items |= {f"{bag}/{name}": content(timeline.target.kind, each.body) for name, each in live.items()}
    return roles, items


def compared(body):
    """What counts of a role; the server gives run lists without duplicates."""
    kept = {key: body[key] for key in COMPARED}
    kept["run_list"] = list(dict.fromkeys(kept["run_list"]))
    kept["env_run_lists"] = {name: list(dict.fromkeys(items)) for name, items in kept["env_run_lists"].items()}
    return kept


def recorded_state(run):
    roles = {name: {key: role[key] for key in COMPARED} for name, role in run["state_after"]["roles"].items()}
    bags = run["state_after"]["data_bags"]
    return roles, {f"{bag}/{name}": item for bag, items in bags.items() for name, item in items.items()}


def is_stopped(timelines, commit):
    return any(
        timeline.steps[abort.from_step] <= commit
        and (abort.until_step is None or commit < timeline.steps[abort.until_step])
        for timeline in timelines
        for abort in timeline.aborts
    )


def test_after_every_poll_the_server_holds_what_the_scenario_says(tmp_path):
    failures = []
    for story in stories("grocery-delivery"):
        record, positions, timelines = replayed(story, tmp_path)
        last_runs = {run["commit"]: run for run in record["runs"]}
        assert last_runs.keys() <= positions.keys(), story.name
        for poll, run in last_runs.items():
            where = f"{story.name} {poll[:8]}"
            wanted, found = recorded_state(run), computed_state(timelines, positions[poll])
            for expected, actual in zip(wanted, found, strict=True):
                failures += differences(where, expected, actual)
            if is_stopped(timelines, positions[poll]) != (run["exit"] != 0):
                failures.append(f"{where}: exit {run['exit']}")
    assert not failures, "\n".join([f"{len(failures)} differ", *failures[:30]])
