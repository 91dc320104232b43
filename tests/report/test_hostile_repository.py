"""A real repository whose paths, authors and messages are hostile, reported in every format of machines."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from building import role
from inert import obeyed
from markdown_it import MarkdownIt
from raw_git import START, commit, repository_at, set_ref, tree_of
from reporting import report_at

from forensics.report.formats import FORMATS, render_report

PATHS = (
    "::error::owned.json",
    "=cmd()|x.json",
    "a`b|c.json",
    "[x](javascript:alert(1)).json",
    "@everyone #1.json",
    "<img src=x onerror=alert(1)>.json",
    "\x1b[31m\r\n\u202e.json",
    "%0A::stop-commands::x.json",
    "{0}%25.json",
    "##[error]x.json",
    "]]>\x0c.json",
)
MESSAGE = "\x1b[2J</script> ::error::owned\n\n##[error]x"
AUTHOR = "=1+1 @everyone `x` | [y](http://evil.example) </td>"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    repository = repository_at(tmp_path_factory.mktemp("hostile") / "@every|one `=1`.git")
    files = {"roles/base.json": role("base", "ntp").encode(), "roles/\udcff.json": role("base", "other").encode()}
    parents = ()
    for number, path in enumerate((*PATHS, "last.json")):
        files[f"roles/{path}"] = role("base", f"recipe[x::{number}]").encode()
        tree = tree_of(repository, files)
        who = f"{AUTHOR} <@x>".encode()
        parents = (commit(repository, tree, parents, when=START + number, who=who, message=MESSAGE.encode()),)
    set_ref(repository, parents[0])
    return report_at(repository.path)


def test_the_shadow_is_found_with_every_file(report):
    (story,) = report.stories
    assert len(story.paths) == len(PATHS) + 3


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_a35_no_format_prints_what_a_terminal_obeys(report, name):
    printed = render_report(report, name)
    printed.encode("utf-8")
    assert not obeyed(printed.replace("\r\n", "").replace("\n", ""))


@pytest.mark.parametrize("name", ["github", "markdown"])
def test_a40_no_line_is_a_command_that_is_not_ours(report, name):
    ours = re.compile(r"::(error|warning|notice) (file=[^:]*,line=[0-9]+,)?title=[a-z-]+::")
    for line in render_report(report, name).split("\n"):
        command = ours.match(line)
        assert command or not line.lstrip().startswith("::")
        assert command or "##[" not in line
        assert (command is not None) is (name == "github" and line != "")


def test_a36_markdown_has_neither_links_nor_html(report):
    tokens = MarkdownIt("commonmark").enable("table").parse(render_report(report, "markdown"))
    kinds = {child.type for token in tokens for child in token.children or ()} | {token.type for token in tokens}
    assert not {kind for kind in kinds if "html" in kind or "link" in kind or "image" in kind or "fence" in kind}


def test_a38_a39_a45_tables_and_documents_are_whole(report):
    rows = list(csv.reader(io.StringIO(render_report(report, "csv"), newline=""), strict=True))
    assert len(rows) == len(report.findings) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert len(ET.fromstring(render_report(report, "junit").encode()).findall("testsuite")) >= 13  # noqa: S314 (ours)
    assert json.loads(render_report(report, "json"))["stories"][0]["paths"] == list(report.stories[0].paths)
