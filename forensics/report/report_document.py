"""``report --format json``: the document ``forensics.report/1``, all that ``forensics.scan/1`` has and the stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.documents import Document, finding, render, scan_document

if TYPE_CHECKING:
    from forensics.analysis.report_results import Comparison, Lane, ObjectStory, Scan
    from forensics.analysis.results import CommitNote


def report_json(report: Scan) -> str:
    """The document as text, ASCII only."""
    return render(report_document(report))


def report_document(report: Scan) -> Document:
    """The document, whose findings and head a later report compares itself with."""
    return {
        **scan_document(report),
        "schema": "forensics.report/1",
        "head_date": report.head_date,
        "asked": dict(report.asked),
        "stories": [_story(story) for story in report.stories],
        "commits": {oid: _commit(note) for oid, note in report.notes.items()},
        "baseline": None if report.baseline is None else _comparison(report.baseline),
        "first": report.first,
    }


def _story(story: ObjectStory) -> Document:
    return {
        "object": story.object,
        "kind": story.kind,
        "container": story.container,
        "name": story.name,
        "paths": list(story.paths),
        "at_tip": list(story.at_tip),
        "canonical": story.canonical,
        "shadows": list(story.shadows),
        "lanes": [_lane(lane) for lane in story.lanes],
        "touches": [
            {"commit": each.commit, "date": each.date, "path": each.path, "blob": each.blob, "event": each.event}
            for each in story.touches
        ],
        "name_lines": dict(story.name_lines),
        "contents": [{"path": each.path, "blob": each.blob, "content": each.content} for each in story.contents],
    }


def _lane(lane: Lane) -> Document:
    return {
        "scenario": lane.scenario,
        "spans": [
            {
                "from_commit": span.from_commit,
                "from_date": span.from_date,
                "until_commit": span.until_commit,
                "until_date": span.until_date,
                "live": span.live,
                "path": span.path,
                "blob": span.blob,
                "certainty": span.certainty,
                "diverges": span.diverges,
            }
            for span in lane.spans
        ],
    }


def _commit(note: CommitNote) -> Document:
    return {"date": note.date, "author_date": note.author_date, "author": note.author, "subject": note.subject}


def _comparison(baseline: Comparison) -> Document:
    return {
        "head": baseline.head,
        "head_date": baseline.head_date,
        "new": sorted(baseline.new),
        "worse": sorted(baseline.worse),
        "gone": [finding(each) for each in baseline.gone],
        "commits": baseline.commits,
        "remarks": list(baseline.remarks),
    }
