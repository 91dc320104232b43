"""Where findings point to, in which order they stand, and which of them count."""

from __future__ import annotations

import dataclasses

import pytest
from made_up_results import FIRST
from reporting import hostile_report, with_findings

from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.report_results import Comparison
from forensics.analysis.results import Finding
from forensics.report.alerts import FileLine, FindingState, alerts, counted, open_alerts

COPY, RIGHT, LOST = "roles/x-copy.json", "roles/x.json", "roles/lost.json"
FINDING = Finding("shadowed-object", "warning", "role[x]", (COPY, RIGHT), FIRST, "two", "1" * 20)
STORY = dataclasses.replace(
    hostile_report("x").stories[0],
    paths=(LOST, COPY, RIGHT),
    at_tip=(COPY, RIGHT),
    canonical=RIGHT,
    name_lines={COPY: 4, RIGHT: 7},
)


def alert_of(finding, *stories):
    (alert,) = alerts(dataclasses.replace(with_findings(finding), stories=stories))
    return alert


@pytest.mark.parametrize(
    ("paths", "line", "place", "others"),
    [
        ((COPY, RIGHT), None, FileLine(COPY, 4), (RIGHT,)),
        ((RIGHT, COPY), None, FileLine(COPY, 4), (RIGHT,)),
        ((LOST,), None, FileLine(COPY, 4), (RIGHT, LOST)),
        ((COPY,), 9, FileLine(COPY, 9), (RIGHT,)),
        ((RIGHT, COPY), 9, FileLine(COPY, 4), (RIGHT,)),  # the line is one of the first file
        ((), None, None, ()),
    ],
)
def test_a_copy_comes_before_the_canonical_file_and_what_is_there_before_what_is_gone(paths, line, place, others):
    alert = alert_of(dataclasses.replace(FINDING, paths=paths, line=line), STORY)
    if paths:
        assert alert.story is STORY
    assert (alert.place, alert.others) == (place, others)


def test_where_only_the_canonical_file_is_left_it_comes_before_what_is_gone():
    story = dataclasses.replace(STORY, at_tip=(RIGHT,))
    assert alert_of(dataclasses.replace(FINDING, paths=(LOST,)), story).place == FileLine(RIGHT, 7)


def test_without_a_story_it_is_the_first_file_that_is_named():
    alert = alert_of(dataclasses.replace(FINDING, paths=(RIGHT, COPY), line=3))
    assert (alert.story, alert.place, alert.others) == (None, FileLine(RIGHT, 3), (COPY,))
    assert alert_of(FINDING).place == FileLine(COPY, 1)


def test_an_object_of_the_same_name_in_another_container_is_another():
    elsewhere = dataclasses.replace(STORY, container="b/roles", paths=("b/roles/x.json",), at_tip=(), canonical=None)
    assert alert_of(FINDING, elsewhere).story is None
    assert alert_of(FINDING, elsewhere, STORY).story is STORY


def test_the_most_severe_come_first_and_of_those_what_is_true_at_the_tip():
    note = dataclasses.replace(FINDING, severity="note", fingerprint="2" * 20)
    over = dataclasses.replace(FINDING, at_tip=False, fingerprint="3" * 20)
    error = dataclasses.replace(FINDING, severity="error", at_tip=False, fingerprint="4" * 20)
    found = [alert.finding for alert in alerts(with_findings(note, over, FINDING, error))]
    assert found == [error, FINDING, over, note]


def test_what_counts_is_neither_let_pass_nor_known():
    known, worse, new, let_pass, over = (
        dataclasses.replace(FINDING, fingerprint=str(number) * 20, at_tip=number != 4) for number in range(5)
    )
    baseline = Comparison(
        FIRST, None, frozenset({new.fingerprint, let_pass.fingerprint}), frozenset({worse.fingerprint}), ()
    )
    suppressed = (Suppression(let_pass, Ignore("fine")),)
    report = with_findings(known, worse, new, over, baseline=baseline, suppressed=suppressed)
    by_id = {alert.finding.fingerprint[0]: alert for alert in alerts(report)}
    assert {key: alert.state for key, alert in by_id.items()} == {
        "0": FindingState.KNOWN,
        "1": FindingState.WORSE,
        "2": FindingState.NEW,
        "3": FindingState.NEW,
        "4": FindingState.KNOWN,
    }
    assert {key for key, alert in by_id.items() if alert.fresh} == {"1", "2"}
    assert [alert.finding for alert in open_alerts(report)] == [known, worse, new]
    assert by_id["3"].ignore == Ignore("fine")


def test_they_are_counted_in_words():
    error = dataclasses.replace(FINDING, severity="error")
    assert counted(alerts(with_findings(FINDING, error, FINDING))) == "1 error, 2 warnings"
    assert counted([]) == "nothing"
