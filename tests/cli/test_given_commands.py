"""``--commands``: what a list of commands left on the server, against what was recorded."""

from __future__ import annotations

import json
import subprocess

import pygit2
import pytest
from building import new_repository, role, write_line
from commandline import command
from support import vectors

from forensics.chef.objects import Kind
from forensics.uploads.answers import answer_of

COMPARED = ("description", "run_list", "env_run_lists", "default_attributes", "override_attributes")


def imported(story, folder):
    """The story's repository, every branch of it merged by one commit so that one revision reaches all."""
    path = folder / f"{story.name}.git"
    pygit2.init_repository(str(path), bare=True)
    stream = (story / "repo.fast-export").read_bytes()
    try:
        subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=stream, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("git is not installed here, which imports the recorded repositories")
    repository = pygit2.Repository(str(path))
    heads = [repository.references[name].target for name in sorted(repository.references)]
    who = pygit2.Signature("Ada", "ada@example.org", 2_000_000_000, 0)
    tree = repository[heads[0]].tree.id
    return path, str(repository.create_commit("refs/heads/every", who, who, "Every branch", tree, heads))


def as_answered(name, content):
    answer = answer_of(Kind.ROLE, name, content)
    return {key: answer[key] for key in COMPARED}


@pytest.mark.slow
def test_every_recorded_story_ends_in_the_recorded_roles(tmp_path):
    failures, compared = [], 0
    for story in sorted(path.parent for path in (vectors() / "e2e").glob("*/story.json")):
        steps = json.loads((story / "story.json").read_text(encoding="utf-8"))["steps"]
        path, revision = imported(story, tmp_path)
        file = tmp_path / f"{story.name}.jsonl"
        lines = [json.dumps({key: step[key] for key in ("commit", "cwd", "argv")}) for step in steps]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        chosen = ["--rev", revision, "--kind", "role", "--commands", file, "--scenario", "commands"]
        timeline = command("timeline", "-C", path, *chosen, "--format", "json").document["timeline"]
        last = {entry["object"].removeprefix("role[").removesuffix("]"): entry for entry in timeline}
        recorded = steps[-1]["state_after"]["roles"]
        for name in {*last, *recorded}:
            entry = last.get(name, {"content": None})
            contents = [each["content"] for each in entry.get("possible", [entry])]
            live = [content if content is None else as_answered(name, content) for content in contents]
            wanted = None if name not in recorded else {key: recorded[name][key] for key in COMPARED}
            compared += 1
            if wanted not in live:
                failures.append(f"{story.name} role[{name}]: {live} instead of {wanted}")
    assert not failures, "\n".join(failures)
    assert compared > 20


@pytest.fixture
def given(tmp_path):
    """A repository of two commits, and a function that writes a list of commands and gives the options for it."""
    path = tmp_path / "repository.git"
    tree = {"roles/base.json": role("base", "recipe[a]"), "roles/base-copy.json": role("base", "recipe[b]")}
    ids = write_line(new_repository(path), [tree, {**tree, "README": "x"}])

    def options(*commands):
        file = tmp_path / "commands.jsonl"
        file.write_text("\n".join(json.dumps({"commit": ids[0], "argv": argv}) for argv in commands), encoding="utf-8")
        return ["-C", path, "--commands", file]

    return options


def test_the_commands_are_one_more_scenario(given):
    options = given(["knife", "role", "from", "file", "roles/base.json", "roles/base-copy.json"])
    found = command("scan", *options, "--format", "json").document
    assert [scenario["name"] for scenario in found["scenarios"]][-1] == "commands"
    assert "commands" in {divergence["scenario"] for divergence in found["divergences"]}
    only = command("scan", *options, "--scenario", "commands", "--format", "json").document
    assert [scenario["name"] for scenario in only["scenarios"]] == ["commands"]
    others = command("scan", *options, "--scenario", "glob", "--format", "json").document
    assert [scenario["name"] for scenario in others["scenarios"]] == ["glob"]


def test_the_last_command_decides(given):
    base = ["knife", "role", "from", "file", "roles/base.json"]
    copy = ["role", "from", "file", "roles/base-copy.json"]
    for order, path in (([base, copy], "roles/base-copy.json"), ([copy, base], "roles/base.json")):
        options = given(*order)
        states = command("show", "base", *options, "--scenario", "commands", "--format", "json").document["states"]
        assert [state["path"] for state in states] == [path]


def test_what_no_file_gave_has_no_path(given):
    options = given(["role", "from", "file", "roles/base.json"], ["role", "run_list", "add", "base", "recipe[by-hand]"])
    states = command("show", "base", *options, "--scenario", "commands", "--format", "json").document["states"]
    assert states[0]["content"]["run_list"] == ["recipe[a]", "recipe[by-hand]"]
    text = command("show", "base", *options, "--scenario", "commands").text
    assert "recipe[by-hand]" in text
