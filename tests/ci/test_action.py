"""The action: its inputs reach the tool, and nothing else; its scripts are run here as a runner runs them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml
from commandline import command, process_environment
from support import PROJECT

import sample_repos

pytestmark = pytest.mark.slow

ACTION = yaml.safe_load((PROJECT / "action.yml").read_text("utf-8"))


def test_every_input_is_used_and_every_use_is_an_input():
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    for name, each in ACTION["inputs"].items():
        assert each["description"], name


def test_no_input_becomes_a_part_of_a_script():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), step["name"]
        if "run" in step:
            assert step["shell"] == "bash"
            variables = set(re.findall(r"\$\{?([A-Z_]+)", step["run"])) - {"PATH", "GITHUB_OUTPUT"}
            assert variables == set(step["env"]), step["name"]


def test_every_option_of_the_action_is_one_of_report():
    script = step("Report")["run"]
    known = set(re.findall(r"--[a-z][a-z-]+", command("report", "--help").text))
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", script))
    assert options
    assert options <= known
    assert options >= {"--repo", "--rev", "--container", "--scenario", "--since", "--fail-on", "--baseline", "--config"}


def test_every_output_is_written():
    script = step("Report")["run"]
    for name, each in ACTION["outputs"].items():
        assert each["value"] == f"${{{{ steps.report.outputs.{name} }}}}"
        assert f'echo "{name}=' in script


def test_the_action_runs_nothing_of_the_checkout():
    for each in ACTION["runs"]["steps"]:
        for line in each.get("run", "").splitlines():
            # a module of the standard library could lie in the checkout
            assert not re.search(r"python\S* (?!-I )-", line), line


def step(name):
    return next(each for each in ACTION["runs"]["steps"] if each["name"] == name)


GITHUB = {"github.server_url": "https://git.example.org", "github.repository": "dana/chef-repo"}


def expanded(text, values):
    """A text with what its expressions stand for."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values[found[1]], text)


class Runner:
    """Runs the steps of the action that are scripts, as GitHub's runner does."""

    def __init__(self, directory, repository):
        self.temporary = directory / "temporary"
        program = self.temporary / "forensics" / "bin" / "forensics"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m forensics "$@"\n')
        program.chmod(0o755)
        self.directory = directory
        self.repository = repository
        self.output = directory / "output"
        self.summary = directory / "summary.md"

    def run(self, name, **inputs):
        given = {key: expanded(str(each.get("default", "")), GITHUB) for key, each in ACTION["inputs"].items()}
        given |= {key.replace("_", "-"): value for key, value in inputs.items()}
        values = {f"inputs.{key}": value for key, value in given.items()} | {"runner.temp": str(self.temporary)}
        environment = {key: expanded(value, values) for key, value in step(name)["env"].items()}
        files = {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary)}
        self.output.write_text("")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(name)["run"]],
            cwd=self.repository,
            env=process_environment(environment | files),
            capture_output=True,
            text=True,
            check=False,
        )

    def outputs(self):
        lines = self.output.read_text("utf-8").splitlines()
        assert all(line.partition("=")[0] in ACTION["outputs"] for line in lines), lines
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(tmp_path):
    return Runner(tmp_path, sample_repos.build("opsmatic-2014", tmp_path / "checkout").directory)


@pytest.fixture
def small_runner(tmp_path):
    """One in a checkout that takes no time to examine."""
    return Runner(tmp_path, sample_repos.build("look-alikes", tmp_path / "checkout").directory)


def test_the_action_reports_annotates_and_summarizes(runner):
    done = runner.run("Report")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=roles/base-original.json")
    assert runner.outputs() == {"exit-code": "1", "found": "true", "report": "forensics.sarif"}
    assert json.loads((runner.repository / "forensics.sarif").read_text())["version"] == "2.1.0"
    assert "**Exposed at the tip: YES.**" in runner.summary.read_text("utf-8")


def test_the_action_names_the_repository_unless_it_is_told_another_or_none(runner):
    for given, told in (
        ({}, ["https://git.example.org/dana/chef-repo"]),
        ({"repository_uri": "https://example.org/other"}, ["https://example.org/other"]),
        ({"repository_uri": ""}, []),
    ):
        assert runner.run("Report", **given).returncode == 1
        (run,) = json.loads((runner.repository / "forensics.sarif").read_text())["runs"]
        assert [each["repositoryUri"] for each in run.get("versionControlProvenance", [])] == told


def test_the_action_hands_every_input_on(runner, tmp_path):
    baseline = tmp_path / "baseline.json"
    command("report", runner.repository, "--format", "json", "--output", baseline)
    done = runner.run("Report", baseline=str(baseline), fail_on="any")
    assert (done.returncode, runner.outputs()["found"]) == (0, "false")
    done = runner.run(
        "Report", scenario="knife-upload\nglob-sh\n", format="json", output="out.json", fail_on="divergence"
    )
    assert done.returncode == 0
    document = json.loads((runner.repository / "out.json").read_text())
    assert [each["name"] for each in document["scenarios"]] == ["glob-sh", "knife-upload"]
    # what an earlier step left there is not this one's report
    assert (runner.repository / "forensics.sarif").exists()
    assert runner.run("Report", container="nowhere").returncode == 4
    assert (
        runner.outputs() == {"exit-code": "4", "found": "false", "report": "forensics.sarif"}
        or runner.outputs()["report"] == ""
    )
    assert runner.run("Report", rev="nowhere").returncode == 2
    assert runner.run("Report", since="2014-09-01", config="missing.toml").returncode == 2
    assert runner.run("Report", redact="false").returncode == 1
    assert runner.run("Report", path="missing").returncode == 3


EVIL = (
    "$(touch pwned)",
    '"; touch pwned; "',
    "`touch pwned`",
    "x\nexit-code=0",
    "--help",
    "-o",
    "${{ github.token }}",
    "x\n::error::y",
)
NAMES = tuple(name for name in ACTION["inputs"] if name != "python-version")


@pytest.mark.parametrize("evil", EVIL)
def test_inputs_run_no_command_and_write_no_output(evil, small_runner):
    assert_harmless(small_runner, {name.replace("-", "_"): evil for name in NAMES})


@pytest.mark.parametrize("name", NAMES)
def test_no_input_alone_runs_a_command(name, small_runner):
    assert_harmless(small_runner, {name.replace("-", "_"): EVIL[0]})


def assert_harmless(runner, inputs):
    for each in ("Look whether the history is whole", "Report"):
        runner.run(each, **inputs)
    assert set(runner.outputs()) == set(ACTION["outputs"])
    assert runner.outputs()["exit-code"] in {"0", "1", "2", "3", "4"}
    assert not list(runner.directory.rglob("pwned"))


def test_a_shallow_checkout_is_explained_and_fails(runner, tmp_path):
    look = "Look whether the history is whole"
    assert runner.run(look).stdout == ""
    shallow = tmp_path / "shallow"
    url = runner.repository.as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", url, str(shallow)], check=True)
    runner.repository = shallow
    done = runner.run(look)
    assert done.stdout.startswith("::error title=Shallow clone::")
    assert "fetch-depth: 0" in done.stdout
    assert runner.run(look, strict_evidence="false").stdout.startswith("::warning title=Shallow clone::")
    done = runner.run("Report")
    assert done.returncode == 3
    assert "fetch-depth: 0" in done.stdout
    assert runner.run("Report", strict_evidence="false").returncode in {0, 1}
