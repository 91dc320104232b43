"""The formats of a report: every one has a name, says what it is, and gives the same text each time."""

from __future__ import annotations

import subprocess
import sys

import pytest
from commandline import process_environment
from reporting import HOSTILE, hostile_report, story_report
from support import PROJECT

from forensics.errors import UsageError
from forensics.report.formats import FORMATS, render_report

MACHINE = [name for name in FORMATS if name != "html"]
FOLDER = PROJECT / "tests"


def test_the_formats_are_those_that_are_promised():
    assert set(FORMATS) == {"html", "markdown", "json", "sarif", "junit", "gitlab", "github", "csv"}
    for name, each in FORMATS.items():
        assert each.name == name
        assert each.suffix.startswith(".")
        assert each.description


def test_an_unknown_format_is_refused_in_one_line():
    with pytest.raises(UsageError, match="there is no format 'pdf'; there are html, markdown, json"):
        render_report(story_report("opsmatic-2014"), "pdf")


@pytest.mark.parametrize("name", MACHINE)
def test_a42_the_same_report_gives_the_same_bytes(name):
    report = story_report("opsmatic-2014")
    assert render_report(report, name) == render_report(report, name) != ""


_PRINT_ALL = """
import sys
sys.path[:0] = [sys.argv[1]]
from reporting import hostile_report
from forensics.report.formats import render_report
report = hostile_report("x \\udcff")
for name in sys.argv[2:]:
    sys.stdout.buffer.write(render_report(report, name).encode("utf-8"))
"""


@pytest.mark.slow
def test_a42_hash_seed_zone_and_language_change_no_byte():
    printed = set()
    for seed, zone, language in (("0", "UTC", "C.UTF-8"), ("1", "Asia/Kolkata", "C"), ("2", "America/Denver", "tr_TR")):
        environment = process_environment({"PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language})
        arguments = [sys.executable, "-c", _PRINT_ALL, str(FOLDER), *MACHINE]
        done = subprocess.run(arguments, env=environment, capture_output=True, check=True)
        printed.add(done.stdout)
    assert len(printed) == 1
    assert len(printed.pop()) > 10_000


@pytest.mark.parametrize("name", MACHINE)
def test_a22_every_format_can_be_written_as_utf_8(name):
    for text in HOSTILE:
        render_report(hostile_report(text), name).encode("utf-8")


@pytest.mark.parametrize("name", MACHINE)
@pytest.mark.slow
def test_only_the_format_asked_for_is_imported(name):
    others = {each.module for each in FORMATS.values()} - {FORMATS[name].module}
    if name == "github":
        others -= {"forensics.report.markdown"}  # of which its summary is made
    program = f"import sys, importlib; importlib.import_module({FORMATS[name].module!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=process_environment(), capture_output=True, check=True, text=True
    )
    imported = set(done.stdout.split())
    assert not imported & (others | {"pandas", "altair", "jinja2"})
