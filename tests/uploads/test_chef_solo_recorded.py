"""The real chef-solo and local mode, commit by commit: what they read is what the scenarios say."""

from __future__ import annotations

from bisect import bisect_right

from recorded import differences, history_of, stories, told

from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads.declarations import Declarations
from forensics.uploads.replay import replay
from forensics.uploads.scenario import choose
from forensics.uploads.steps import steps_of
from forensics.uploads.target import targets_of

COMPARED = ("name", "run_list", "env_run_lists", "default_attributes", "override_attributes")
SCENARIOS = {"local": "chef-solo", "legacy": "chef-solo-legacy"}


def recorded_roles(roles):
    """What the program read of each role that it could read."""
    return {name: {key: each["value"][key] for key in COMPARED} for name, each in roles.items() if "value" in each}


def recorded_items(bags):
    """The same for items. In legacy mode a bag is read whole; what has no id (``null``, here "") nobody can ask for."""
    found = {}
    for bag, answer in bags.items():
        if "error" in answer:
            continue
        whole = "value" in answer  # a bag with an item of that name would have a hash there that has no such keys
        for name, item in (answer["value"] if whole else answer).items():
            value = item if whole else item.get("value")
            if name and value is not None:
                found[f"{bag}/{name}"] = value
    return found


def computed(replays, scenario, commit):
    roles, items = {}, {}
    for each in replays:
        timeline = next(timeline for timeline in each.timelines if timeline.scenario.name == scenario)
        for name, live in timeline.live_at(bisect_right(timeline.steps, commit) - 1).items():
            if each.target.kind is Kind.ROLE:
                roles[name] = {key: live.body[key] for key in COMPARED}
            elif each.target.kind is Kind.DATA_BAG_ITEM:
                items[f"{each.target.label.bag}/{name}"] = content(each.target.kind, live.body)
    return roles, items


NOT_THERE = ("RoleNotFound", "HTTPServerException")  # the latter is what local mode says of 404


def recorded_failures(step):
    """The roles that are there and cannot be read, and the bags' items in the same case where bags are read whole."""
    roles = {name for name, each in step["roles"].items() if not each.get("error", NOT_THERE[0]).endswith(NOT_THERE)}
    return roles, {bag for bag, answer in step["data_bags"].items() if "error" in answer}


def computed_failures(replays, scenario, commit):
    roles, bags = {}, {}
    for each in replays:
        timeline = next(timeline for timeline in each.timelines if timeline.scenario.name == scenario)
        for name in timeline.events:
            event = timeline.at(name, bisect_right(timeline.steps, commit) - 1)
            if event is not None and event.failure is not None:
                assert event.live is None
                key, found = (name, roles) if each.target.kind is Kind.ROLE else (each.target.label.bag, bags)
                found[key] = event.failure
    return roles, bags


def test_at_every_commit_the_programs_read_what_the_scenarios_say(tmp_path):
    failures, duplicates = [], 0
    for story in stories("chef-solo"):
        steps = told(story)["steps"]
        history = history_of(story, tmp_path, steps[-1]["commit"])
        line = [history.graph.index(bytes.fromhex(step["commit"])) for step in steps]
        replays = replay(
            Declarations(history.blob),
            steps_of(history, targets_of(history.containers), line),
            choose(list(SCENARIOS.values())),
        )
        for step, position in zip(steps, line, strict=True):
            for mode, scenario in SCENARIOS.items():
                where = f"{story.name} {step['commit'][:8]} {mode}"
                wanted = recorded_roles(step[mode]["roles"]), recorded_items(step[mode]["data_bags"])
                for expected, actual in zip(wanted, computed(replays, scenario, position), strict=True):
                    failures += differences(where, expected, actual)
                (roles, bags), (failing, spoilt) = (
                    recorded_failures(step[mode]),
                    computed_failures(replays, scenario, position),
                )
                assert set(failing) <= roles, where
                assert mode == "local" or set(spoilt) <= bags, where
                for name, each in step[mode]["roles"].items():
                    if each.get("error", "").endswith("DuplicateRole"):
                        assert failing[name].startswith(each["error"] + ": "), where
                        duplicates += 1
    assert duplicates
    assert not failures, "\n".join([f"{len(failures)} differ", *failures[:40]])
