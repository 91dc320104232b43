"""The README shows what the tool says: its examples are compared with what runs."""

from __future__ import annotations

import json
import re

import pytest
from documentation import blocks, links
from support import PROJECT

import sample_repos
from forensics.cli.app import run
from forensics.config import load
from forensics.uploads.commands import read
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.target import SharedServer

README = (PROJECT / "README.md").read_text("utf-8")
CONFIGURATION = (PROJECT / "docs" / "reference" / "configuration.md").read_text("utf-8")
GIVEN_COMMANDS = (PROJECT / "docs" / "how-to" / "given-commands.md").read_text("utf-8")


def block(after: str, text: str = README) -> str:
    """The first fenced block behind a passage."""
    found = re.search(r"```\w*\n(.*?)```", text[text.index(after) :], re.DOTALL)
    assert found is not None
    return found[1]


def test_the_demonstration_is_what_scan_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    sample_repos.build("opsmatic-2014", "demo/opsmatic-2014")
    assert run(["scan", "demo/opsmatic-2014"]) == 1
    printed = capsys.readouterr().out
    shown = block("It begins like this").partition("\n")[2]
    assert printed.startswith(shown)
    for fact in ("role[base]", "roles/base-original.json", "recipe[base::remove_default_users]", "15 nodes"):
        assert fact in shown


def test_the_first_screen_says_what_why_and_how():
    screen = README.splitlines()[:22]
    text = "\n".join(screen)
    for word in (
        "What was really live",
        "no diff shows it",
        "replays eleven ways",
        "docs/pictures/scan.svg",
        "make demo",
    ):
        assert word in "\n".join([*screen, *README.splitlines()[22:28]])
    assert len(text) < 2000


def test_the_number_of_ways_is_right():
    assert "replays eleven ways" in README
    assert len(SHIPPED) == 11


def test_every_picture_is_there():
    pictures = [target for target in links(README) if target.startswith("docs/pictures/")]
    assert len(pictures) >= 3
    for picture in pictures:
        assert (PROJECT / picture).is_file()
        assert (PROJECT / picture).stat().st_size < 1_000_000


def test_every_picture_says_in_words_what_it_shows():
    for description in re.findall(r"!\[([^\]]*)\]", README):
        assert len(description) > 10


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda scenario: scenario.name)
def test_every_scenario_is_described(scenario):
    assert f"| `{scenario.name}` | {scenario.description} |" in README


def test_the_configuration_is_understood(tmp_path):
    path = tmp_path / "forensics.toml"
    path.write_text(block("Every key is optional", CONFIGURATION), "utf-8")
    config = load(path, tmp_path)
    assert [scenario.name for scenario in config.scenarios] == ["deploy-job"]
    assert config.servers == (SharedServer(("production", "shared")),)
    assert config.chef_version == "16"
    assert config.server_software == "erchef"


def test_the_list_of_commands_is_understood(tmp_path):
    path = tmp_path / "uploads.jsonl"
    path.write_text(block("Write the list", GIVEN_COMMANDS), "utf-8")
    lines = path.read_text("utf-8").splitlines()
    assert json.loads(lines[0])["argv"][:4] == ["knife", "role", "from", "file"]
    given = read(path)
    assert len(given) == len(lines)
    assert given[0].argv[:3] == ("role", "from", "file")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^\| `forensics (\w+)", README, re.MULTILINE))))
def test_every_command_of_the_table_exists(command, capsys):
    assert run([command, "--help"]) == 0
    assert "Usage: forensics" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in block("`forensics COMMAND --help` has them all").splitlines()
        if not {"--commands", "--evidence"}.intersection(line.split())  # whose files are one's own
    ],
)
def test_every_example_runs(line, tmp_path, monkeypatch, capsys):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    monkeypatch.chdir(tmp_path / "repo")
    words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line.partition("#")[0])][1:]
    assert run(words) in {0, 1}
    assert capsys.readouterr().err == ""


def test_the_job_for_ci_runs(tmp_path, monkeypatch, capsys):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    monkeypatch.chdir(tmp_path / "repo")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    job = next(each for each in blocks(README) if "--fail-on shadow" in each.body)
    assert run(job.body.split()[1:]) == 1
    assert "::error " in capsys.readouterr().out
    assert (tmp_path / "repo" / "forensics.sarif").is_file()
