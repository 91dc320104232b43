"""Frames of what a scan found: the stories of shadowed objects, findings, problems, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, NamedTuple

from forensics.analysis.policy_results import Suppression
from forensics.analysis.problem_results import ProblemRecord
from forensics.analysis.report_results import ObjectStory, Span, Touch
from forensics.analysis.results import CommitNote, Finding
from forensics.frames.columns import NOTE, OBJECT, STRETCH, number, under
from forensics.frames.derived import frame, of_answer
from forensics.frames.schema import boolean
from forensics.history.model import Gap, Oid
from forensics.uploads.scenario import Scenario


class _Commit(NamedTuple):
    commit: Annotated[Oid, "Its id."]
    note: CommitNote


def _commits(answer: Any, _: Any) -> Iterable[_Commit]:
    return (_Commit(*each) for each in of_answer(answer, "notes").items())


def _note(answer: Any, found: Span | Touch) -> Iterable[CommitNote | None]:
    yield answer.notes.get(found.commit if isinstance(found, Touch) else found.from_commit)


FRAMES: Final = (
    frame(
        "spans",
        ObjectStory,
        *OBJECT,
        "lanes.scenario",
        number("number", "Its place in the lane of that scenario, counted from 0.", "spans"),
        *under("spans", *STRETCH, "live", "path", "blob"),
        boolean(
            "canonical",
            "Whether that file's stem is the object's name.",
            of=lambda story, _lane, span, _note: span.path == story.canonical,
        ),
        *under("spans", "certainty", "diverges"),
        *under("note", *NOTE),
        of="stories",
        each=("lanes", "spans", _note),
        row="a stretch in which one content of a shadowed object was live under one scenario",
    ),
    frame(
        "touches",
        ObjectStory,
        *OBJECT,
        "touches.path",
        boolean(
            "canonical",
            "Whether its stem is the object's name.",
            of=lambda story, touch, _note: touch.path == story.canonical,
        ),
        *under("touches", "event", "blob", "commit", "date"),
        *under("note", *NOTE),
        of="stories",
        each=("touches", _note),
        row="a commit at which a file began, changed or ceased to declare a shadowed object",
    ),
    frame("findings", Finding),
    frame(
        "suppressed",
        Suppression,
        *under("finding", "rule", "severity", "object", "paths", "message", "fingerprint", "at_tip"),
        *under("ignore", "reason", "expires"),
    ),
    frame("problems", ProblemRecord),
    frame("scenarios", Scenario),
    frame(
        "commits",
        _Commit,
        "commit",
        *under("note", "date", *NOTE),
        of=_commits,
        row="a commit that the result names",
    ),
    frame("gaps", Gap, of="evidence.gaps"),
)
