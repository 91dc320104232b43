"""What is shipped for CI is what its readers take, and every command in it runs."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
import yaml
from commandline import command, process_environment
from jsonschema import Draft7Validator
from pre_commit.clientlib import load_config, load_manifest
from support import PROJECT

import sample_repos

pytestmark = pytest.mark.slow

EXAMPLES = PROJECT / "examples" / "ci"
HOOKS = PROJECT / ".pre-commit-hooks.yaml"
COMMAND = re.compile(r"(?<![\w/.-])(?:/opt/forensics/bin/)?forensics ((?:report|check|scan)\b[^\n'&|]*)")


@pytest.fixture(scope="module")
def incident(tmp_path_factory):
    return sample_repos.build("opsmatic-2014", tmp_path_factory.mktemp("ci") / "incident").directory


def files():
    return sorted(path for path in EXAMPLES.iterdir() if path.is_file())


# what readers take


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-actions", PROJECT / "action.yml"),
        ("github-workflows", EXAMPLES / "github.yml"),
        ("gitlab-ci", EXAMPLES / "gitlab-ci.yml"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_it_fits_its_published_schema(schema, path):
    document = yaml.load(path.read_text("utf-8"), Yaml12)  # noqa: S506 (as safe as its base)
    published = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json"
    validator = Draft7Validator(json.loads(published.read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert list(validator.iter_errors({**document, "jobs": 1, "runs": 1, "default": 1}))


class Yaml12(yaml.SafeLoader):
    """In YAML 1.2, as these readers have it, `on` is a word."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def test_pre_commit_takes_the_hooks_and_their_configuration():
    (hook,) = load_manifest(str(HOOKS))
    assert (hook["id"], hook["entry"]) == ("forensics-check", "forensics check --staged")
    assert not hook["pass_filenames"]
    assert hook["always_run"]
    # git runs pre-commit for no merge, and a merge can bring two files together
    assert hook["stages"] == ["pre-commit", "pre-merge-commit"]
    configuration = load_config(str(EXAMPLES / "pre-commit-config.yaml"))
    assert configuration["default_install_hook_types"] == hook["stages"]
    (repo,) = configuration["repos"]
    assert [each["id"] for each in repo["hooks"]] == [hook["id"]]


def test_the_hook_stops_a_merge_that_brings_two_files_together(tmp_path):
    def git(*words):
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
        done = subprocess.run(
            ["git", *identity, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr + done.stdout

    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    git("init", "-q")
    roles = tmp_path / "roles"
    roles.mkdir()
    git("commit", "-q", "--allow-empty", "-m", "begin")
    for branch, file in (("side", "db.json"), ("other", "database.json")):
        git("checkout", "-q", "-b", branch, "main")
        (roles / file).parent.mkdir(exist_ok=True)
        (roles / file).write_text('{"name": "db", "run_list": []}', "utf-8")
        git("add", ".")
        assert git("commit", "-q", "-m", file)[0] == 0
    for hook in ("pre-commit", "pre-merge-commit"):
        shutil.copy(EXAMPLES / "pre-commit", tmp_path / ".git/hooks" / hook)
        (tmp_path / ".git/hooks" / hook).chmod(0o755)
    code, told = git("merge", "side", "-m", "merge")
    assert code == 1
    assert "This commit would have 2 files declare role[db]" in told


def test_the_units_are_those_of_one_service():
    units = {}
    for suffix in ("service", "timer"):
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str
        parser.read_string((EXAMPLES / f"forensics.{suffix}").read_text("utf-8"))
        units[suffix] = parser
    assert units["service"]["Service"]["Type"] == "oneshot"
    assert units["service"]["Service"]["SuccessExitStatus"] == "1"
    assert units["timer"]["Timer"]["OnCalendar"] == "*-*-* 06:17:00"
    assert units["timer"]["Install"]["WantedBy"] == "timers.target"
    for key in ("ExecStart", "ExecStartPre", "ExecStartPost"):
        assert units["service"]["Service"][key].startswith("/"), key


def test_the_line_for_cron_has_five_fields_and_escapes_nothing():
    lines = [line for line in (EXAMPLES / "forensics.cron").read_text("utf-8").splitlines() if line[:1].isdigit()]
    (line,) = lines
    assert re.match(r"17 6 \* \* \* cd /srv/chef-repo && ", line)
    assert "%" not in line  # which cron takes for the end of a line


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_example_says_where_it_belongs(path):
    first = path.read_text("utf-8").splitlines()[:2]
    assert any(line.startswith("# ") for line in first)


@pytest.mark.parametrize("name", ["github.yml", "gitlab-ci.yml"])
def test_jobs_get_the_whole_history(name):
    text = (EXAMPLES / name).read_text("utf-8")
    assert re.search(r"fetch-depth: 0|GIT_DEPTH: \"0\"", text)


# every command runs


COMMANDS = {
    f"{path.name} {number}": words.strip()
    for path in files()
    for number, words in enumerate(COMMAND.findall(path.read_text("utf-8")))
}


def test_there_are_commands_to_run():
    assert {name.partition(" ")[0] for name in COMMANDS} == {
        "gitlab-ci.yml",
        "pre-commit",
        "forensics.cron",
        "forensics.service",
    }


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_command_of_the_examples_runs(words, incident, tmp_path, monkeypatch):
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(incident), str(tmp_path / "repo")], check=True)
    monkeypatch.chdir(tmp_path / "repo")
    state = tmp_path / "state"
    state.mkdir()
    arguments = shlex.split(words.replace("/var/lib/forensics", str(state)))
    first = command(*arguments)
    assert first.code in {0, 1}, first.errors
    assert first.errors == b""
    written = [word.partition("=")[2] for word in arguments if re.match(r"(json|html|gitlab|junit|sarif)=", word)]
    for file in written:
        assert (tmp_path / "repo" / file).stat().st_size
    assert command(*arguments).code == first.code  # and again, over what it wrote


def test_the_mail_of_the_service_is_sent_only_if_something_changed(incident, tmp_path):
    text = (EXAMPLES / "forensics.service").read_text("utf-8")
    sent = tmp_path / "sent"
    mail = tmp_path / "bin" / "mail"
    mail.parent.mkdir()
    mail.write_text(f'#!/bin/sh\ncat >> "{sent}"\n')
    mail.chmod(0o755)
    post = re.search(r"^ExecStartPost=(.*)$", text, re.MULTILINE)[1].replace("/var/lib/forensics", str(tmp_path))
    words = shlex.split(COMMAND.search(text)[1].replace("/var/lib/forensics", str(tmp_path)))
    mails = []
    for _ in range(2):
        command(*words, "-C", incident)
        environment = process_environment({"PATH": f"{mail.parent}:/usr/bin:/bin"})
        subprocess.run(shlex.split(post), env=environment, check=True)
        mails.append(sent.read_text("utf-8") if sent.exists() else "")
    assert "role[base]" in mails[0]
    assert mails[1] == mails[0]
