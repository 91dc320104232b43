"""Findings as results of SARIF, with the commits of their story as a code flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.alerts import FindingState
from forensics.report.sarif.rules import RULE_NUMBERS
from forensics.report.sarif.text import location, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forensics.analysis.report_results import ObjectStory, Scan, Touch
    from forensics.analysis.results import CommitNote
    from forensics.report.alerts import Alert
    from forensics.report.documents import Document

MOST_RELATED: Final = 100
"""Further files of a result; GitHub shows no more."""

_BASELINE: Final = {FindingState.NEW: "new", FindingState.WORSE: "updated", FindingState.KNOWN: "unchanged"}


def result(scan: Scan, alert: Alert, *, steps: int) -> Document:
    """A finding that points to a file; its code flow has the last ``steps`` commits of the story at most."""
    finding = alert.finding
    if alert.place is None:
        raise ValueError("a result without a location is none that GitHub takes")
    document: Document = {
        "ruleId": finding.rule,
        "ruleIndex": RULE_NUMBERS[finding.rule],
        "level": finding.severity,
        "message": message(finding.message),
        "locations": [location(*alert.place)],
        # GitHub goes by the first; it counts the results of a line behind the colon, of which there is one
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "forensicsFinding/v1": finding.fingerprint,
        },
    }
    if alert.others:
        document["relatedLocations"] = [
            location(path, text=_part(path, alert.story), number=number)
            for number, path in enumerate(alert.others[:MOST_RELATED], 1)
        ]
    if alert.story is not None and alert.story.touches and steps:
        document["codeFlows"] = [_flow(scan, alert.story, steps)]
    if scan.suppressed:  # where one result has them, all must
        document["suppressions"] = (
            []
            if alert.ignore is None
            else [{"kind": "external", "status": "accepted", **_justification(alert.ignore.reason)}]
        )
    if alert.state is not None:
        document["baselineState"] = _BASELINE[alert.state]
    if finding.object is not None or finding.commit is not None:
        document["properties"] = {"object": finding.object, "commit": finding.commit}
    return document


def _justification(reason: str) -> Document:
    return {"justification": message(reason)["text"]}


def _part(path: str, story: ObjectStory | None) -> str:
    if story is None:
        return "concerned, too"
    return "the canonical file" if path == story.canonical else f"declares {story.object}, too"


def _flow(scan: Scan, story: ObjectStory, steps: int) -> Document:
    """The commits that touched the files of an object, in order."""
    touches = story.touches[-steps:]
    became = _became_live(scan, story)
    left_out = len(story.touches) - len(touches)
    words = f"The commits that touched the files of {story.object}"
    if left_out:
        words += f"; {left_out} before these are left out"
    return {
        "message": message(words),
        "threadFlows": [
            {
                "locations": [
                    {
                        "location": location(touch.path, text=_words(scan.notes, touch, became.get(touch.commit, ()))),
                        "executionOrder": number,
                        "importance": "essential" if touch.commit in became else "important",
                    }
                    for number, touch in enumerate(touches, 1)
                ]
            }
        ],
    }


def _became_live(scan: Scan, story: ObjectStory) -> dict[str, dict[str, list[str]]]:
    """By commit, which file's content it left in the place of the canonical one's, under which scenarios."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in scan.divergences:
        if (
            (each.kind, each.container, each.name) == (story.kind, story.container, story.name)
            and each.live
            and each.certainty != "unknown"
        ):
            by_path = found.setdefault(each.from_commit, {})
            by_path.setdefault(each.live.path or "another content", []).append(each.scenario)
    return found


def _words(notes: Mapping[str, CommitNote], touch: Touch, became: Mapping[str, Iterable[str]] | tuple[()]) -> str:
    note = notes.get(touch.commit)
    who = f"{note.author}: {note.subject}" if note else "a commit"
    text = f"{touch.date} {who} ({touch.commit}): {touch.path} {touch.event}"
    for path, scenarios in dict(became).items():
        text += f"; from here on {path} is live instead under {', '.join(scenarios)}"
    return text
