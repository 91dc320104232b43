"""``report`` for people: what changed on top, what passes with its reason, and nothing that a terminal obeys."""

from __future__ import annotations

import dataclasses

import pytest
from inert import obeyed
from reporting import HOSTILE, hostile_report, story_report

from forensics.report.text.comparison import changes_text
from forensics.report.text.scan import report_text
from forensics.report.text.style import Style

PLAIN = Style()


def flat(report, style=PLAIN):
    return " ".join(report_text(report, style).split())


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("verbose", [False, True])
def test_a35_no_byte_that_a_terminal_obeys(text, verbose):
    style = Style(verbose=verbose)
    for told in (report_text(hostile_report(text), style), changes_text(hostile_report(text), style)):
        assert obeyed(told) <= {"\n"}


def test_what_changed_is_counted_and_listed():
    text = flat(hostile_report("x"))
    assert "Since the earlier report (at a1a1a1a1a1a1 of 2014-08-31, 3 commits ago): 2 new, 1 worse, 1 gone" in text
    assert "but x" in text
    for word in (
        "new stale-after-removal: x and x",
        "worse shadowed-object: x and x",
        "gone rb-json-twins, as of 2014-08-31: x and x",
    ):
        assert word in text, word


def test_nothing_changed():
    report = story_report("opsmatic-2014")
    head = report.evidence.provenance.head
    same = dataclasses.replace(
        hostile_report("x").baseline, head=head, new=frozenset(), worse=frozenset(), gone=(), commits=0, remarks=()
    )
    compared = dataclasses.replace(report, baseline=same)
    assert f"(at {head[:12]} of 2014-08-31, the same tip): nothing changed" in flat(compared)
    assert changes_text(compared, PLAIN) == ""
    assert "EXPOSED NOW (known)" in flat(compared)


def test_an_earlier_report_without_a_date_or_out_of_reach():
    report = hostile_report("x")
    other = dataclasses.replace(report.baseline, head_date=None, commits=None)
    assert "Since the earlier report (at a1a1a1a1a1a1): 2 new" in flat(dataclasses.replace(report, baseline=other))


def test_much_that_changed_is_cut_unless_everything_is_asked_for():
    report = hostile_report("x")
    gone = report.baseline.gone * 40
    many = dataclasses.replace(report, baseline=dataclasses.replace(report.baseline, gone=gone))
    assert "and 28 more (--verbose lists them)" in flat(many)
    assert "28 more" not in flat(many, Style(verbose=True))


def test_what_passes_stands_with_its_reason():
    text = flat(hostile_report("because"))
    assert "Let pass by the configuration because because (until because)" in text


def test_what_was_asked_for_is_said():
    report = dataclasses.replace(hostile_report("x"), asked={"since": "2014-09-01", "scenario": "glob"})
    assert "Asked for: --since 2014-09-01, --scenario glob" in flat(report)


def test_nothing_found_is_said_of_what_was_looked_at():
    report = story_report("opsmatic-2014")
    report = dataclasses.replace(report, shadows=(), divergences=(), findings=())
    assert "declared by one file only, in all of the history examined" in flat(report)
    narrowed = dataclasses.replace(report, asked={"container": "environments"})
    assert "declared by one file only, in what was asked for" in flat(narrowed)
