"""The findings of a report as machines take them: where each one points to, and whether it is new or let pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.analysis.policy_results import Ignore
    from forensics.analysis.report_results import ObjectStory, Scan
    from forensics.analysis.results import CommitNote, Finding

SEVERITIES: Final = ("error", "warning", "note")
"""From the most severe on."""


class FindingState(StrEnum):
    """How a finding stands to an earlier report."""

    NEW = "new"
    WORSE = "worse"
    """Known, but true at the tip only now, or under more scenarios."""
    KNOWN = "known"


class FileLine(NamedTuple):
    """A line of a file, counted from 1; the first where no line is known."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding with all that a machine asks about it.

    ``place`` is where somebody would mend it: a copy before the canonical file, what is there at the tip before what is
    gone; None for a finding about no file. ``others`` are the further files that it is about. ``state`` is None where
    nothing is compared; ``ignore`` is the entry of the configuration that lets it pass. ``note`` is about the commit.
    """

    finding: Finding
    place: FileLine | None
    others: tuple[str, ...]
    story: ObjectStory | None
    note: CommitNote | None
    state: FindingState | None
    ignore: Ignore | None

    @property
    def fresh(self) -> bool:
        """Whether it counts: it is not let pass, and an earlier report does not know it."""
        return self.ignore is None and self.state is not FindingState.KNOWN


def alerts(scan: Scan) -> list[Alert]:
    """Every finding, also those let pass and those of the past; the most severe first, else in the rules' order."""
    found = [_alert(scan, finding, None) for finding in scan.findings]
    found += [_alert(scan, each.finding, each.ignore) for each in scan.suppressed]
    return sorted(found, key=lambda alert: (SEVERITIES.index(alert.finding.severity), not alert.finding.at_tip))


def open_alerts(scan: Scan) -> list[Alert]:
    """Those that are true at the tip and that the configuration does not let pass."""
    return [alert for alert in alerts(scan) if alert.finding.at_tip and alert.ignore is None]


def counted(alerts_: Iterable[Alert]) -> str:
    """How many there are of each severity, in words; ``nothing`` for none."""
    severities = [alert.finding.severity for alert in alerts_]
    words = [
        f"{number} {severity}{'s' if number > 1 else ''}"
        for severity in SEVERITIES
        if (number := severities.count(severity))
    ]
    return ", ".join(words) or "nothing"


def _alert(scan: Scan, finding: Finding, ignore: Ignore | None) -> Alert:
    story = _story(scan, finding)
    paths = list(_paths(finding, story))
    place = FileLine(paths[0], _line(finding, story, paths[0])) if paths else None
    return Alert(
        finding=finding,
        place=place,
        others=tuple(paths[1:]),
        story=story,
        note=scan.notes.get(finding.commit) if finding.commit else None,
        state=_state(scan, finding),
        ignore=ignore,
    )


def _line(finding: Finding, story: ObjectStory | None, path: str) -> int:
    """The line that the finding names, or else the one that gives the object its name."""
    if finding.line is not None and path == finding.paths[0]:
        return finding.line
    return story.name_lines.get(path, 1) if story else 1


def _story(scan: Scan, finding: Finding) -> ObjectStory | None:
    """The story of the finding's object, which another container may have under the same name."""
    for story in scan.stories:
        if story.object == finding.object and set(story.paths).intersection(finding.paths):
            return story
    return None


def _paths(finding: Finding, story: ObjectStory | None) -> Iterator[str]:
    """The files that a finding is about, the one to look at first."""
    if story is None or not finding.paths:
        yield from finding.paths
        return
    candidates = dict.fromkeys((*finding.paths, *story.at_tip))
    yield from sorted(candidates, key=lambda path: (path not in story.at_tip, path == story.canonical))


def _state(scan: Scan, finding: Finding) -> FindingState | None:
    return None if scan.baseline is None else FindingState(scan.baseline.mark(finding.fingerprint))
