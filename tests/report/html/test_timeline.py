"""The rows of a timeline."""

from __future__ import annotations

from itertools import pairwise

from made_up_results import DATES, FIRST, LAST, NOTES, divergence

from forensics.analysis.report_results import Lane, ObjectStory, Span, Touch
from forensics.report.html.commits import Commits
from forensics.report.html.files import FileMarks
from forensics.report.html.scale import Moment
from forensics.report.html.timeline import timeline

COPY, CANONICAL = "roles/base-copy.json", "roles/base.json"
MIDDLE = "c3" * 20
WHEN = {FIRST: DATES[FIRST], MIDDLE: "2014-09-15T00:00:00+00:00", LAST: DATES[LAST]}
TIP = Moment("f" * 40, "2014-11-04T00:00:00+00:00")


def span(start, end, path=CANONICAL, *, certainty="exact", live=True):
    until = None if end is None else WHEN[end]
    blob = None if path is None else "b" * 40
    return Span(start, WHEN[start], end, until, live, path, blob, certainty, diverges=path == COPY)


def drawn(lanes, divergences=(), touches=()):
    story = ObjectStory("role", "roles", "base", (COPY, CANONICAL), (), CANONICAL, (), lanes, touches, ())
    return timeline(story, divergences, FileMarks([COPY, CANONICAL], CANONICAL), Commits(NOTES), TIP)


def test_scenarios_that_come_to_the_same_share_a_row():
    same = (span(FIRST, None),)
    line = drawn((Lane("glob-sh", same), Lane("glob", (span(FIRST, None, COPY),)), Lane("changed", same)))
    assert [row.names for row in line.scenarios] == [("glob-sh", "changed"), ("glob",)]


def test_the_row_that_diverges_most_stands_first():
    lanes = (
        Lane("glob-sh", (span(FIRST, None),)),
        Lane("changed", (span(FIRST, LAST, COPY), span(LAST, None))),
        Lane("glob", (span(FIRST, None, COPY),)),
    )
    line = drawn(lanes, [divergence(), divergence(scenario="changed", is_open=False)])
    assert [row.names for row in line.scenarios] == [("glob",), ("changed",), ("glob-sh",)]
    assert line.diverged


def test_bars_follow_one_another_and_the_last_reaches_the_edge():
    line = drawn((Lane("glob", (span(FIRST, MIDDLE), span(MIDDLE, LAST, COPY), span(LAST, None))),))
    bars = line.scenarios[0].bars
    assert [bar.file.letter for bar in bars] == ["A", "B", "A"]
    assert all(round(one.x + one.width, 6) == round(other.x, 6) for one, other in pairwise(bars))
    assert bars[-1].x + bars[-1].width == 100
    assert line.scenarios[0].words == (
        "roles/base.json from 2014-08-31 until 2014-09-15; roles/base-copy.json from 2014-09-15 until 2014-10-14; "
        "roles/base.json from 2014-10-14 to the tip"
    )


def test_where_nothing_is_live_no_bar_is_drawn():
    line = drawn((Lane("glob", (span(FIRST, MIDDLE), span(MIDDLE, None, None, live=False))), Lane("chef-solo", ())))
    assert [len(row.bars) for row in line.scenarios] == [1, 0]
    assert line.scenarios[0].words.endswith("nothing from 2014-09-15 to the tip")
    assert line.scenarios[1].words == "nothing at any time"


def test_a_race_is_only_possible():
    line = drawn((Lane("knife-upload", (span(FIRST, None, COPY, certainty="race"),)),))
    assert line.raced
    assert line.scenarios[0].bars[0].words == "B: roles/base-copy.json may have been live from 2014-08-31 to the tip"


def test_what_no_file_gave_has_no_letter_of_a_file():
    line = drawn((Lane("commands", (span(FIRST, None, None),)),))
    (bar,) = line.scenarios[0].bars
    assert bar.file.letter == "?"
    assert bar.words == "what no file of the repository gave was live from 2014-08-31 to the tip"


def test_each_file_has_a_row_with_a_mark_for_each_commit_that_touched_it():
    touches = (
        Touch(FIRST, WHEN[FIRST], CANONICAL, "b" * 40, "added"),
        Touch(FIRST, WHEN[FIRST], COPY, "b" * 40, "added"),
        Touch(MIDDLE, WHEN[MIDDLE], CANONICAL, "c" * 40, "changed"),
        Touch(LAST, WHEN[LAST], COPY, None, "removed"),
    )
    canonical, copy = drawn((), touches=touches).files
    assert [mark.event for mark in canonical.marks] == ["added", "changed"]
    assert [mark.event for mark in copy.marks] == ["added", "removed"]
    assert copy.stripes[0].x + copy.stripes[0].width == copy.marks[1].x
    assert canonical.stripes[0].x + canonical.stripes[0].width == 100
    assert copy.marks[1].words == "B: roles/base-copy.json ceases to declare it on 2014-10-14"


def test_commands_that_went_back_to_an_older_commit_are_told_in_words():
    back = (span(MIDDLE, FIRST), span(FIRST, MIDDLE, COPY), span(MIDDLE, None))
    line = drawn((Lane("commands", back), Lane("glob", (span(FIRST, MIDDLE), span(MIDDLE, None, COPY)))))
    rows = {row.names: row for row in line.scenarios}
    assert not rows["commands",].drawn
    assert rows["commands",].bars == ()
    assert rows["commands",].words == (
        "roles/base.json as of 2014-09-15, then roles/base-copy.json as of 2014-08-31, "
        "then roles/base.json as of 2014-09-15"
    )
    assert len(rows["glob",].bars) == 2
