"""``timeline``: what was live over time under each scenario, from which file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.object_results import TimelineAnswer, TimelineEntry
from forensics.analysis.objects import find_object, timeline
from forensics.analysis.redaction import Redaction, redact_timeline
from forensics.api.result import DAY, SHORT, Result, counted
from forensics.chef.objects import Kind
from forensics.deferred import deferred
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.history.model import Gap
    from forensics.report import timesketch
    from forensics.report.text.style import Style
else:
    timesketch = deferred("forensics.report.timesketch")


@dataclass(frozen=True, eq=False, repr=False)
class TimelineResult(Result):
    """The answer of ``timeline``: one entry for each change of what was live."""

    _frames = ("timeline", "races", "gaps")

    entries: tuple[TimelineEntry, ...]
    evidence: EvidenceSummary

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The evidence that was missing; a gap of kind ``collation`` says for which file's sake it is not certain."""
        return self.evidence.gaps

    def to_timesketch(self) -> str:
        """The changes as ``--format timesketch`` prints them: JSON Lines."""
        return timesketch.timeline_events(self.entries)

    def _told(self) -> TimelineAnswer:
        return TimelineAnswer(self.evidence, self.entries)

    def _text(self, style: Style) -> str:
        return text.timeline.timeline_text(self.entries, self.evidence, style)

    def _gist(self) -> Gist:
        last: dict[tuple[str, str, str], TimelineEntry] = {}
        for entry in self.entries:
            last[entry.container, entry.object, entry.scenario] = entry
        objects = {(entry.container, entry.object) for entry in self.entries}
        scenarios = {entry.scenario for entry in self.entries}
        what = next(iter(objects))[1] if len(objects) == 1 else counted(len(objects), "object")
        changes = counted(len(self.entries), "change")
        return Gist(
            f"{what}: {changes} of what was live under {counted(len(scenarios), 'scenario')}.",
            ("object", "scenario", "last live from", "since", "commit"),
            tuple(
                (
                    each.object,
                    each.scenario,
                    "gone" if each.content is None else each.path or "a command",
                    each.from_date[:DAY],
                    each.from_commit[:SHORT],
                )
                for each in last.values()
            ),
        )


def ask(
    session: Session, selection: Selection, objects: Sequence[str], kinds: Sequence[str], *, redact: bool | None
) -> TimelineResult:
    """The changes of what was live of these objects, or of all of these kinds."""
    examination = session.examination(selection)
    with session.stage("replaying the uploads"):
        entries = timeline(
            examination, [find_object(examination, each) for each in objects], [Kind(each) for each in kinds]
        )
    evidence = examination.evidence(replayed=True, beyond=session.history)
    return TimelineResult(redact_timeline(entries, Redaction.of(asked=redact)), evidence)
