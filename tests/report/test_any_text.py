"""Any text at all, in every format: what a repository holds is shown and never obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from inert import obeyed
from markdown_it import MarkdownIt
from reporting import hostile_report, with_findings
from trying import examples

from forensics.analysis.results import Finding
from forensics.report.csv_table import report_csv
from forensics.report.formats import FORMATS, render_report
from forensics.report.github import github_annotations
from forensics.report.junit import report_junit
from forensics.report.markdown.inline import code
from forensics.report.sarif.text import message, uri
from forensics.report.text_safety import clean

PARSER = MarkdownIt("commonmark").enable("table")
MARKUP = [*"`|\\<>[](){}*_~#@!:=+-%&;,.'\"/ \t\r\n0123456789abn", "##[", "::", "http://", "\u202e", "\udcff"]
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.lists(st.sampled_from(MARKUP), max_size=25).map("".join),
)


@given(TEXTS)
def test_a36_markdown_shows_it_as_code(text):
    spelled = clean(text).replace("|", "\\x7c").replace("##[", "\\x23#[")
    shown = spelled if spelled.strip(" ") else "(blank)" if spelled else "(empty)"
    for document in (code(text), f"| a |\n| --- |\n| {code(text)} |\n", f"- x {code(text)}, y", f"## {code(text)}: z"):
        (found,) = [
            child
            for token in PARSER.parse(document)
            for child in token.children or ()
            if child.type not in {"text", "softbreak"}
        ]
        assert (found.type, found.content) == ("code_inline", shown)


@given(TEXTS)
def test_a38_a_spreadsheet_shows_it_as_text(text):
    finding = Finding("residue", "warning", f"role[{text}]", (text,), None, text, "a" * 20)
    _, row = csv.reader(io.StringIO(report_csv(with_findings(finding)), newline=""), strict=True)
    for cell in row:
        assert not re.match(r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell)
        assert not obeyed(cell)
    assert row[11].removeprefix("'") == clean(text).removeprefix("'") or clean(text).startswith("'")


@given(TEXTS)
def test_a39_xml_holds_it(text):
    finding = Finding("residue", "warning", f"role[{text}]", (text,), None, text, "a" * 20)
    root = ET.fromstring(report_junit(with_findings(finding)).encode("utf-8"))  # noqa: S314 (our own document)
    (failure,) = root.iter("failure")
    shown = clean(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    assert failure.get("message") == shown


@given(TEXTS)
def test_a40_a_runner_reads_one_command(text):
    finding = Finding("residue", "warning", None, (text,), None, text, "a" * 20)
    (line,) = github_annotations(with_findings(finding)).split("\n")[:-1]
    found = re.fullmatch(r"::warning file=([^:,]*),line=1,title=residue::(.*)", line)
    assert found
    assert found[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") == clean(text)


@given(TEXTS)
def test_a36_sarif_finds_no_link_no_placeholder_and_no_way_out(text):
    shown = message(text)["text"]
    assert not obeyed(shown)
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*", uri(text))
    assert not {".", ".."}.intersection(uri(text).split("/"))


@examples(25)
@given(TEXTS)
def test_a22_every_format_takes_it_and_can_be_written(text):
    report = hostile_report(text)
    for name in FORMATS:
        if name != "html":
            printed = render_report(report, name)
            printed.encode("utf-8")
            if name in {"json", "sarif", "gitlab"}:
                json.loads(printed)
