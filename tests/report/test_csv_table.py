"""The CSV of findings: what a spreadsheet and a program make of it."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest
from inert import obeyed
from made_up_results import FIRST
from reporting import HOSTILE, hostile_report, story_report, with_findings

from forensics.analysis.results import Finding
from forensics.report.csv_table import COLUMNS, report_csv

NAMES = [column.name for column in COLUMNS]


def rows_of(report):
    text = report_csv(report)
    assert text.endswith("\r\n")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == NAMES
    assert all(len(row) == len(header) for row in rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_row_for_each_finding_with_its_commit_and_object():
    report = story_report("opsmatic-2014")
    rows = rows_of(report)
    assert {row["fingerprint"] for row in rows} == {finding.fingerprint for finding in report.findings}
    (row,) = [row for row in rows if row["rule"] == "live-divergence"]
    assert (row["object"], row["container"], row["at_tip"]) == ("role[base]", "roles", "yes")
    assert row["paths"] == "roles/base-original.json"
    assert row["author"] == report.notes[row["commit"]].author
    assert row["date"] == report.notes[row["commit"]].date
    assert (row["state"], row["suppressed"]) == ("", "")


def test_what_is_let_pass_says_why_and_what_is_compared_says_how():
    rows = {row["fingerprint"]: row for row in rows_of(hostile_report("because"))}
    assert [row["suppressed"] for row in rows.values()].count("because") == 2
    states = [row["state"] for row in rows.values()]
    assert (states.count("new"), states.count("worse"), states.count("known")) == (2, 1, len(rows) - 3)


def test_several_paths_stand_one_a_line():
    finding = Finding("shadowed-object", "warning", None, ("a b.json", "c;d.json"), FIRST, "two", "1" * 20)
    (row,) = rows_of(with_findings(finding))
    assert row["paths"] == "a b.json\nc;d.json"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a38_no_cell_is_a_formula(text):
    for row in rows_of(hostile_report(text)):
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")), name
            assert not obeyed(cell.replace("\n", "")), name


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "'", "\uff1d"])
def test_a38_the_apostrophe_stands_before_what_was_there(lead):
    finding = Finding("residue", "warning", None, (), None, f"{lead}1+1", "1" * 20)
    (row,) = rows_of(with_findings(finding))
    assert row["message"] == "'" + {"\t": "\\x09", "\r": "\\x0d"}.get(lead, lead) + "1+1" or lead in "\t\r"
    assert row["message"].lstrip("'").endswith("1+1")


@pytest.mark.parametrize("digits", ["12345678901234567890", "0123456e789012345678", "00000000000000000000"])
def test_a41_an_id_of_digits_stays_text(digits):
    finding = Finding("residue", "warning", None, (), None, "m", digits)
    (row,) = rows_of(with_findings(finding))
    assert row["fingerprint"] == f"'{digits}"
    other = dataclasses.replace(finding, fingerprint="abcdef01234567890123")
    assert rows_of(with_findings(other))[0]["fingerprint"] == "abcdef01234567890123"


def test_a_line_is_a_number_and_every_cell_stands_in_quotes():
    finding = Finding("residue", "warning", None, ("a;b",), None, "one;=2", "a" * 20, line=12)
    report = with_findings(finding)
    assert rows_of(report)[0]["line"] == "12"
    assert all(line.startswith('"') and line.endswith('"') for line in report_csv(report).split("\r\n") if line)


def test_every_column_says_what_it_holds():
    assert len(set(NAMES)) == len(NAMES)
    assert all(column.description for column in COLUMNS)
