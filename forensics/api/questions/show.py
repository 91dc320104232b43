"""``show``: an object as it was at a moment under each scenario, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.dates import commit_date
from forensics.analysis.object_results import ShowAnswer, State
from forensics.analysis.objects import find_object, show
from forensics.analysis.redaction import Redaction, redact_states
from forensics.api.result import DAY, SHORT, Result, listed
from forensics.errors import UsageError
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class ShowResult(Result):
    """The answer of ``show``: an object at a moment, under each scenario."""

    _frames = ("states", "expanded", "why", "gaps")

    object: str
    at: str
    commit: str
    states: tuple[State, ...]
    evidence: EvidenceSummary

    def _told(self) -> ShowAnswer:
        return ShowAnswer(self.evidence, self.object, self.at, self.states)

    def _text(self, style: Style) -> str:
        return text.show.show_text(self.object, self.at, self.commit, self.states, self.evidence, style)

    def _gist(self) -> Gist:
        paths = dict.fromkeys(map(_origin, self.states))
        return Gist(
            f"{self.object} at {self.at[:DAY]} ({self.commit[:SHORT]}): "
            + (f"{len(paths)} answers, as it was uploaded: " if len(paths) > 1 else "")
            + (listed(paths) or "no scenario")
            + ".",
            ("scenario", "live from", "uploaded at", "recipes"),
            tuple(
                (
                    each.scenario,
                    _origin(each),
                    each.source.commit[:SHORT] if each.source else "",
                    "" if each.expanded is None else str(len(each.expanded["recipes"])),
                )
                for each in self.states
            ),
        )


def _origin(state: State) -> str:
    if state.source is None:
        return "nothing"
    return state.source.path or ("--nodes" if state.basis == "given" else "a command")


def ask(
    session: Session,
    selection: Selection,
    object_: str,
    *,
    at: str | None,
    environment: str | None,
    why: Sequence[str],
    redact: bool | None,
) -> ShowResult:
    """The states of an object at a date or commit, and where the attributes of ``why`` have their values from."""
    examination = session.examination(selection)
    wanted = find_object(examination, object_)
    if why and wanted.kind == "data_bag_item":
        raise UsageError("--why explains attributes: a data bag item has none")
    commit = session.commit_at(at)
    with session.stage("replaying the uploads"):
        states = show(examination, wanted, commit, moment=session.moment_at(at), environment=environment, explained=why)
    return ShowResult(
        str(wanted),
        commit_date(session.history, commit),
        session.history.graph.ids[commit].hex(),
        redact_states(wanted.kind, states, Redaction.of(asked=redact)),
        examination.evidence(replayed=True, beyond=session.history),
    )
