"""Every recorded story is followed: the same commands leave the same server and exit alike."""

from __future__ import annotations

import base64
import json
import subprocess
from fnmatch import fnmatchcase
from itertools import zip_longest

import pygit2
import pytest
from support import json_lines, vectors

from forensics.chef.objects import Kind
from forensics.chef.wire import encode
from forensics.uploads.answers import answer_of
from forensics.uploads.knife import run
from forensics.uploads.order import arrange
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
        # the order of the keys counts: it tells which command wrote the object
        if json.dumps(recorded.get(key)) not in map(json.dumps, answers):
            return f"{key}: {json.dumps(answers)} instead of {json.dumps(recorded.get(key))}"
    return ""


def as_recorded(server, state):
    """The server with every object in the one of its possible states that was recorded."""
    settled = Server()
    for key, recorded in recorded_objects(state).items():
        chosen = Stored(recorded)
        for stored in server.possible(key):
            if stored is not None and key[0] != BAG and answer_of(*key, stored.body) == recorded:
                chosen = stored
        settled.set_possible(key, [chosen])
    return settled


def followed(folder):
    """Run every step of every story; give the story, the step's number and record, its outcome and the server."""
    for story in sorted(path.parent for path in (vectors() / "e2e").glob("*/story.json")):
        repository = imported(story, folder)
        server = Server()
        for number, step in enumerate(json.loads((story / "story.json").read_text(encoding="utf-8"))["steps"]):
            checkout = TreeCheckout(repository, step["commit"])
            outcome = run(step["argv"], cwd=step["cwd"], checkout=checkout, server=server)
            yield story.name, number, step, outcome, server
            if server.unsettled() or difference(server, outcome, step):  # go on from what was recorded
                server = as_recorded(server, step["state_after"])


def test_a47_every_story_leaves_the_recorded_server(tmp_path):
    steps, races, failures = 0, 0, []
    for story, number, step, outcome, server in followed(tmp_path):
        steps += 1
        races += bool(server.unsettled())
        wrong = difference(server, outcome, step)
        if wrong:
            failures.append(f"{story} step {number}: knife {' '.join(step['argv'])}: {wrong}")
    assert not failures, f"{len(failures)} of {steps} steps\n" + "\n".join(failures[:20])
    assert steps > 100
    assert races > 0


def logged_writes(story):
    """The file and body of every write that the recorded server accepted, by step."""
    by_step = {}
    for line in json_lines(vectors() / "logs" / story / "truth.jsonl"):
        if line["method"] in {"PUT", "POST"} and line["status"] < 300:
            body = base64.b64decode(line["body_b64"])
            by_step.setdefault(line["step"], []).append((line.get("file"), body))
    return by_step


def test_a47_each_write_has_the_logged_body_and_file(tmp_path):
    writes, failures, logs = 0, [], {}
    for story, number, step, outcome, _ in followed(tmp_path):
        parallel = step["argv"][0] == "upload"
        if step["argv"][0] == "raw" or (parallel and outcome.open):  # raw sends a file as it stands
            continue
        logged = logs.setdefault(story, logged_writes(story)).get(number, [])
        written = [
            (accepted.stored.path, encode(accepted.stored.body))
            for accepted in outcome.accepted
            if accepted.stored is not None
        ]
        if parallel:
            logged, written = sorted(logged, key=lambda each: each[1]), sorted(written, key=lambda each: each[1])
        writes += len(written)
        for (file, body), (logged_file, logged_body) in zip_longest(written, logged, fillvalue=(None, None)):
            if body != logged_body or (logged_file and file != logged_file):
                failures.append(f"{story} step {number}: {file} {body!r} instead of {logged_file} {logged_body!r}")
    assert not failures, f"{len(failures)} of {writes}\n" + "\n".join(failures[:20])
    assert writes > 250


def test_recorded_globs_are_in_the_order_of_their_locale():
    order_of = {"C": "byte", "en_US.UTF-8": "locale"}
    globs, failures = 0, []
    for path in sorted((vectors() / "e2e").glob("*/story.json")):
        for number, step in enumerate(json.loads(path.read_text(encoding="utf-8"))["steps"]):
            if "glob" in step:
                globs += 1
                files = step["argv"][3:]
                by_pattern = [[file for file in files if matches(file, pattern)] for pattern in step["glob"].split()]
                expected = [file for found in by_pattern for file in arrange(found, order_of[step["glob_locale"]])]
                if files != expected:
                    failures.append(f"{path.parent.name} step {number}: {expected} instead of {files}")
    assert not failures, "\n".join(failures)
    assert globs > 20


def matches(file, pattern):
    """Whether a shell's pattern means a file: a star ends at the slash."""
    parts, wanted = file.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
