"""What starting the command line costs, and what it says of itself."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from building import new_repository, role, write_line
from commandline import command, in_one_process, process, process_environment

from forensics.cli.app import COMMANDS
from forensics.version import __version__

pytestmark = pytest.mark.slow

HEAVY = ("jinja2", "numpy", "pandas", "pygit2", "altair", "tree_sitter", "tabulate", "rich")


def modules_after(*commands):
    """The modules that commands have imported, one after the other in a process, when the last is over."""
    code = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        "from forensics.cli.app import run\n"
        "sys.exit(max(map(run, json.loads(sys.argv[1]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps([list(map(str, words)) for words in commands])],
        env=process_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_imports_nothing_heavy():
    imported = modules_after(["--help"], ["--version"], *([name, "--help"] for name in COMMANDS))
    assert "forensics.cli.app" in imported
    assert not imported.intersection(HEAVY)


def test_no_command_imports_pandas(incident):
    imported = modules_after(*([*words, incident] for words in (["scan"], ["report"], ["timeline", "-C"], ["shadows"])))
    assert "pygit2" in imported
    assert not imported.intersection({"pandas", "numpy", "altair"})
    # nor what reads evidence, where none is given
    assert not {
        name for name in imported if name.startswith(("forensics.evidence.reading", "forensics.analysis.proof."))
    }
    assert not imported.intersection({"forensics.analysis.proof", "forensics.analysis.proven_verdict"})


def test_json_needs_no_tables(incident):
    assert "tabulate" not in modules_after(["scan", incident, "--format", "json"])


def test_only_html_needs_templates(incident):
    assert "jinja2" not in modules_after(["report", incident, "--format", "sarif"])
    assert "jinja2" in modules_after(["report", incident, "--format", "html"])


def test_the_program_and_every_command_have_help():
    program = command("--help")
    assert program.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in program.text
        done = command(name, "--help")
        assert done.code == 0
        assert f"Usage: forensics {name}" in done.text
        assert done.text == command(name, "-h").text
        assert "--format" in done.text


def test_the_version():
    assert command("--version").text == f"forensics {__version__}\n"
    assert process("--version").text == f"forensics {__version__}\n"


def test_a42_two_runs_give_the_same_bytes_whatever_surrounds_them(story):
    repository = story("rb-json-twins")
    surroundings = (
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LANG": "C", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"},
        {
            "PYTHONHASHSEED": "2",
            "TZ": "America/St_Johns",
            "LANG": "POSIX",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
        {"PYTHONHASHSEED": "3", "COLUMNS": "40", "PYTHONIOENCODING": "latin-1", "TERM": "xterm-256color"},
    )
    commands = [
        [*words, "-C", repository] for words in (["scan", "--verbose"], ["scan", "--format", "json"], ["timeline"])
    ]
    first, *others = [in_one_process(commands, environment) for environment in surroundings]
    assert (first.code, first.errors) == (0, b"")
    for words in commands:
        assert f"\n0 {' '.join(map(str, words))}\n" in first.text
    assert len(first.output) > 10_000
    assert others == [first] * len(others)


def test_a42_locales_do_not_change_what_is_beyond_ascii(tmp_path):
    write_line(new_repository(tmp_path / "r.git"), [{"roles/bäse-é.json": role("base", "recipe[ü]")}])
    done = [
        process("timeline", "--verbose", "-C", tmp_path / "r.git", environment=environment)
        for environment in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {})
    ]
    assert "bäse-é" in done[0].text
    assert done == done[:1] * 3
