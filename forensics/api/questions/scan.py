"""``scan``: which objects are shadowed, and where that would have changed something live."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from forensics.analysis.redaction import Redaction, redact_scan
from forensics.analysis.report_results import SCAN, ObjectStory, Scan
from forensics.analysis.scanning import scan
from forensics.analysis.verdict import DEFAULT, FailOn, failed
from forensics.api.charts import Charted
from forensics.api.questions.shadows import Shadowed
from forensics.api.result import counted, listed, of_value
from forensics.deferred import deferred
from forensics.report import text
from forensics.report.evidence import elsewhere_sentence, not_exposed, undecided_sentence
from forensics.report.snippet import Gist
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis import stories
    from forensics.analysis.examination import Examination
    from forensics.analysis.policy_results import Ignore, Suppression
    from forensics.analysis.problem_results import ProblemRecord
    from forensics.analysis.results import CommitNote, Divergence, EvidenceSummary, Finding
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report import cases, proof_words
    from forensics.report.cases import Case
    from forensics.report.text.style import Style
    from forensics.uploads.scenario import Scenario
else:
    proof_words = deferred("forensics.report.proof_words")
    stories = deferred("forensics.analysis.stories")
    cases = deferred("forensics.report.cases")


class ScanResult(Charted, Shadowed):
    """The answer of ``scan``."""

    _frames = (
        *("divergences", "phases", "changes", "recipes", "reach"),
        *("shadows", "files", "possible", "episodes", "spans", "touches"),
        *("proven_spans", "scenario_fits"),
        *("findings", "suppressed", "problems", "scenarios", "commits", "gaps"),
    )
    _view = SCAN

    value: Scan
    divergences: tuple[Divergence, ...] = of_value(
        "The stretches in which another file's content would have been live."
    )
    findings: tuple[Finding, ...] = of_value(
        "What the rules found and the configuration does not let pass, the most severe rule first."
    )
    suppressed: tuple[Suppression, ...] = of_value("What the configuration lets pass, each with its reason.")
    stale_ignores: tuple[Ignore, ...] = of_value(
        "The entries of the configuration that have expired, or match nothing."
    )
    problems: tuple[ProblemRecord, ...] = of_value("The file versions that declare nothing.")
    scenarios: tuple[Scenario, ...] = of_value("The ways of uploading that were replayed.")

    def __init__(
        self,
        value: Scan,
        examination: Examination,
        redaction: Redaction,
        fail_on: FailOn | None = None,
        *,
        gating: bool = False,
    ) -> None:
        self.value = value
        self._examination = examination
        self._redaction = redaction
        self._fail_on = fail_on
        self._gating = gating

    @property
    def stories(self) -> tuple[ObjectStory, ...]:
        """What was live of each shadowed object, and which commits touched its files."""
        return self._with_stories.stories

    @property
    def notes(self) -> Mapping[str, CommitNote]:
        """What people want to read of every commit that is named, by its id."""
        return self._with_stories.notes

    @cached_property
    def _with_stories(self) -> Scan:
        return redact_scan(stories.with_stories(self._examination, self.value), self._redaction)

    def failed(self, fail_on: FailOn | None = None, *, history: bool = False) -> bool:
        """Whether something is wrong at the tip, as ``--fail-on`` means it; with ``history``, whether it ever was.

        By default the configuration says what counts, else divergences do. Findings that the configuration lets pass do
        not; with a baseline, only those that are new or have become worse.
        """
        return failed(
            self.findings,
            fail_on or self._fail_on or DEFAULT,
            history=history,
            recent=self._examination.options.since is not None,
            baseline=self.value.baseline if self._gating else None,
        )

    def _text(self, style: Style) -> str:
        return text.scan.scan_text(self.value, style)

    def _gist(self) -> Gist:
        found = cases.cases(self.value)
        return Gist(
            " ".join(
                filter(
                    None,
                    (
                        _verdict(found, self.evidence),
                        elsewhere_sentence(self.evidence),
                        undecided_sentence(self.evidence),
                    ),
                )
            )
            + ("" if self.evidence.complete else " The evidence is incomplete: to_frame('gaps')."),
            ("object", "status", "files", "another file's content live under", "adds", "nodes"),
            tuple(
                (
                    case.object,
                    str(case.status),
                    listed(path for shadow in case.shadows[:1] for path in shadow.paths),
                    listed(case.open_scenarios or case.scenarios) or "no scenario",
                    listed(case.recipes_added),
                    "" if case.nodes is None else str(len(case.nodes)),
                )
                for case in found
            ),
        )


def _verdict(found: Sequence[Case], evidence: EvidenceSummary) -> str:
    exposed = [case for case in found if case.status is cases.Status.EXPOSED]
    if exposed:
        proven = [each.by_evidence for each in exposed[0].lasting if each.proven and each.by_evidence]
        if proven:
            return f"EXPOSED at the tip: {exposed[0].object} {proof_words.was_live(proven[0], clean)}."
        under = listed(exposed[0].open_scenarios)
        others = f", and {counted(len(exposed) - 1, 'object')} more" if len(exposed) > 1 else ""
        return f"EXPOSED at the tip: another file's content of {exposed[0].object} would be live under {under}{others}."
    if not_exposed(evidence, shadowed=any(case.at_head for case in found)) != "no":
        return "Exposed at the tip: not known."
    left_behind = [case.object for case in found if case.status is cases.Status.LEFT_BEHIND]
    if left_behind:
        return f"Not exposed at the tip, but what another file said of {listed(left_behind)} may have been left behind."
    waiting = [case.object for case in found if case.at_head and not case.lasting]
    if waiting:
        return f"Not exposed at the tip, but several files declare {listed(waiting)}."
    only_if = [case for case in found if case.lasting]
    if only_if:
        ways = listed(dict.fromkeys(scenario for case in only_if for scenario in case.open_scenarios))
        names = listed(case.object for case in only_if)
        return f"Not exposed at the tip; only if you use {ways}, another file's content of {names} would be live."
    past = f", but {counted(len(found), 'object')} {'was' if len(found) == 1 else 'were'} in the past" if found else ""
    return f"Nothing is shadowed at the tip{past}."


def ask(session: Session, selection: Selection, *, redact: bool | None) -> ScanResult:
    """The whole examination, without the stories."""
    redaction = Redaction.of(asked=redact)
    examination = session.examination_with_files(selection)
    with session.stage("replaying the uploads"):
        found = redact_scan(scan(examination, session.asked(selection)), redaction)
    return ScanResult(found, examination, redaction, session.settings.fail_on)
