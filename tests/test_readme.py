"""The README shows what the tool says: its examples are compared with what runs."""

from __future__ import annotations

import json
import re

import pytest
from support import PROJECT

import sample_repos
from forensics.cli.app import run
from forensics.config import load
from forensics.uploads.commands import read
from forensics.uploads.scenario import SHIPPED

README = (PROJECT / "README.md").read_text("utf-8")


def block(after: str) -> str:
    """The first fenced block behind a text."""
    found = re.search(r"```\w*\n(.*?)```", README[README.index(after) :], re.DOTALL)
    assert found is not None
    return found[1]


def test_the_demonstration_is_what_scan_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    sample_repos.build("opsmatic-2014", "demo/opsmatic-2014")
    assert run(["scan", "demo/opsmatic-2014"]) == 1
    printed = capsys.readouterr().out
    shown = block("`make demo`\nends like this")
    assert shown in printed
    for fact in ("role[base]", "roles/base-original.json", "recipe[base::remove_default_users]", "15 nodes"):
        assert fact in shown


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda scenario: scenario.name)
def test_every_scenario_is_described(scenario):
    assert f"| `{scenario.name}` | {scenario.description} |" in README


def test_the_configuration_is_understood(tmp_path):
    path = tmp_path / "forensics.toml"
    path.write_text(block("go into `forensics.toml`"), "utf-8")
    config = load(path, tmp_path)
    assert [scenario.name for scenario in config.scenarios] == ["deploy-job"]
    assert config.servers == (("production", "shared"),)
    assert config.chef_version == "16"
    assert config.server_software == "erchef"


def test_the_list_of_commands_is_understood(tmp_path):
    path = tmp_path / "uploads.jsonl"
    path.write_text(block("It\nunderstands"), "utf-8")
    assert json.loads(path.read_text("utf-8"))["argv"][:4] == ["knife", "role", "from", "file"]
    assert read(path)[0].argv[:3] == ("role", "from", "file")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^\| `forensics (\w+)", README, re.MULTILINE))))
def test_every_command_of_the_table_exists(command, capsys):
    assert run([command, "--help"]) == 0
    assert "Usage: forensics" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line", [line for line in block("`forensics COMMAND --help` has them all").splitlines() if "--commands" not in line]
)
def test_every_example_runs(line, tmp_path, monkeypatch, capsys):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    monkeypatch.chdir(tmp_path / "repo")
    words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line.partition("#")[0])][1:]
    assert run(words) in {0, 1}
    assert capsys.readouterr().err == ""
