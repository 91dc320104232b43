"""Every recorded story is followed: the same commands leave the same server and exit alike."""

from __future__ import annotations

import json
import subprocess

import pygit2
import pytest
from support import vectors

from forensics.chef.objects import Kind
from forensics.uploads.answers import answer_of
from forensics.uploads.knife import run
from forensics.uploads.server import BAG, Server, Stored

CONTAINERS = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT}


class TreeCheckout:
    """A commit's tree, its symlinks followed inside the tree."""

    def __init__(self, repository, oid):
        self.repository = repository
        self.root = repository[oid].tree

    def _found(self, path):
        done, pending = [], [part for part in reversed(path.split("/")) if part not in ("", ".")]
        here = self.root
        for _ in range(200):
            if not pending:
                return here
            part = pending.pop()
            if part == "..":
                if not done:
                    return None
                here = done.pop()
                continue
            if here.type_str != "tree" or part not in here:
                return None
            entry = here[part]
            if entry.filemode == pygit2.enums.FileMode.LINK:
                target = entry.data.decode()
                if target.startswith("/"):
                    return None
                pending += [step for step in reversed(target.split("/")) if step not in ("", ".")]
                continue
            done.append(here)
            here = entry
        return None

    def kind(self, path):
        found = self._found(path)
        return None if found is None else {"tree": "directory", "blob": "file"}[found.type_str]

    def read(self, path):
        found = self._found(path)
        if found is None or found.type_str != "blob":
            raise FileNotFoundError(path)
        return found.data

    def names(self, directory):
        found = self._found(directory)
        return [entry.name for entry in found] if found is not None and found.type_str == "tree" else []


def imported(story, folder):
    """The story's repository, from its fast-import stream; the git command reads nothing but that stream."""
    path = folder / f"{story.name}.git"
    repository = pygit2.init_repository(str(path), bare=True)
    stream = (story / "repo.fast-export").read_bytes()
    try:
        subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=stream, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("git is not installed here, which imports the recorded repositories")
    return repository


def seen_from_outside(server):
    """What GET answers for everything, in the form of the recordings; None if an object is open."""
    state = {"roles": {}, "environments": {}, "data_bags": {bag: {} for bag in server.names(BAG)}}
    for kind, name in server.objects():
        if kind != BAG:
            answer = answer_of(kind, name, server.stored((kind, name)).body)
            if kind == Kind.DATA_BAG_ITEM:
                bag, _, item = name.partition("/")
                state["data_bags"][bag][item] = answer
            else:
                state[f"{kind}s"][name] = answer
    return state


def recorded_objects(state):
    """The objects of a recorded state, by key."""
    objects = {(kind, name): body for plural, kind in CONTAINERS.items() for name, body in state[plural].items()}
    for bag, items in state["data_bags"].items():
        objects[BAG, bag] = {"name": bag}
        objects |= {(Kind.DATA_BAG_ITEM, f"{bag}/{name}"): body for name, body in items.items()}
    return objects


def text(value):
    return json.dumps(value, sort_keys=True)


def in_order(value):
    """The text with the keys in their order, which tells the command that wrote the object."""
    return json.dumps(value)


def difference(server, outcome, step):
    """What of a step came out in another way than recorded, in words; empty if nothing did."""
    if outcome.exit != step["exit"]:
        return f"exit {outcome.exit} instead of {step['exit']} ({outcome.problem})"
    recorded = recorded_objects(step["state_after"])
    for key in {*server.objects(), *recorded}:
        answers = [
            None if stored is None else {"name": key[1]} if key[0] == BAG else answer_of(*key, stored.body)
            for stored in server.possible(key)
        ]
        if in_order(recorded.get(key)) not in map(in_order, answers):
            return f"{key}: {text(answers)} instead of {text(recorded.get(key))}"
    return ""


def test_a47_every_story_leaves_the_recorded_server(tmp_path):
    steps, races, failures = 0, 0, []
    for story in sorted(path.parent for path in (vectors() / "e2e").glob("*/story.json")):
        repository = imported(story, tmp_path)
        server = Server()
        for number, step in enumerate(json.loads((story / "story.json").read_text(encoding="utf-8"))["steps"]):
            checkout = TreeCheckout(repository, step["commit"])
            outcome = run(step["argv"], cwd=step["cwd"], checkout=checkout, server=server)
            steps += 1
            races += bool(server.unsettled())
            wrong = difference(server, outcome, step)
            if wrong:
                failures.append(f"{story.name} step {number}: knife {' '.join(step['argv'])}: {wrong}")
            if wrong or server.unsettled():  # go on from what was recorded
                server = as_recorded(server, step["state_after"])
    assert not failures, f"{len(failures)} of {steps} steps\n" + "\n".join(failures[:20])
    assert steps > 100
    assert races > 0


def as_recorded(server, state):
    """The server with every object in the one of its possible states that was recorded."""
    settled = Server()
    for key, recorded in recorded_objects(state).items():
        chosen = Stored(recorded)
        for stored in server.possible(key):
            if stored is not None and key[0] != BAG and in_order(answer_of(*key, stored.body)) == in_order(recorded):
                chosen = stored
        settled.set_possible(key, [chosen])
    return settled
