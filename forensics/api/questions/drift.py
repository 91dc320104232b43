"""``drift``: what a server holds against the revision, and which file and commits each object came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from forensics.analysis import drift
from forensics.analysis.dates import iso_within
from forensics.analysis.drift_reach import with_nodes
from forensics.analysis.drift_results import WORST_FIRST, Drift, DriftObject, DriftSummary, ServerSnapshot
from forensics.analysis.redaction import Redaction, redact_changes
from forensics.api.result import DAY, SHORT, Result, counted
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.evidence import backup_choice, reading
from forensics.report import text
from forensics.report.snippet import Gist
from forensics.uploads.target import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.evidence.records import Backup, SourceReport
    from forensics.report.html import drift as page
    from forensics.report.markdown import drift as markdown
    from forensics.report.text.style import Style
    from forensics.uploads.target import Target
else:
    page = deferred("forensics.report.html.drift")
    markdown = deferred("forensics.report.markdown.drift")

FORMATS: Final = ("html", "markdown")


@dataclass(frozen=True, eq=False, repr=False)
class DriftResult(Result):
    """The answer of ``drift``."""

    _frames = ("drift", "drift_matches", "drift_changes", "gaps")

    value: Drift

    @property
    def objects(self) -> tuple[DriftObject, ...]:
        """Every object, the worst first."""
        return self.value.objects

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    @property
    def drifted(self) -> bool:
        """Whether the server is known to differ from the revision."""
        return self.value.drifted

    def render(self, form: str) -> str:
        """The answer as one of ``html`` and ``markdown``.

        Raises:
            UsageError: it is neither.
        """
        if form not in FORMATS:
            raise UsageError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
        return page.drift_html(self.value) if form == "html" else markdown.drift_markdown(self.value)

    def _text(self, style: Style) -> str:
        return text.drift.drift_text(self.value, style)

    def _gist(self) -> Gist:
        summary, at = self.value.summary, self.value.snapshot.at
        when = f" of {at[:DAY]}" if at else ""
        return Gist(
            f"{summary.explained} of {counted(summary.objects, 'object')} in {self.value.snapshot.source}{when} "
            "are explained by this repository.",
            ("object", "state", "came from", "until"),
            tuple(
                (each.object, each.state, found.path if found else "", found.last_commit[:SHORT] if found else "")
                for each in self.objects
                for found in [each.newest]
            ),
        )


def ask(session: Session, selection: Selection, source: str, *, redact: bool | None) -> DriftResult:
    """Compare the backup that ``source`` names (``DIR`` or ``DIR@DATE``) with the revision.

    Raises:
        EvidenceFileError: there is no backup.
        UsageError: it holds several organizations, and the configuration does not say whose they are.
    """
    held, report = backup_choice.held(reading.source_of(source))
    examination = session.examination(selection)
    with session.stage("comparing the backup with every file version"):
        objects, strangers = _objects(examination, held)
    level = Redaction.of(asked=redact)
    shown = tuple(_redacted(each, level) for each in objects)
    summary = DriftSummary(
        len(shown), sum(each.explained for each in shown), drift.by_state(shown), unknown_nodes=strangers
    )
    notes = tuple(_notes(examination, held, report, objects))
    evidence = examination.evidence(beyond=session.history)
    return DriftResult(Drift(evidence, _snapshot(source, held), summary, shown, notes))


def _redacted(each: DriftObject, level: Redaction) -> DriftObject:
    closest = each.closest and replace(each.closest, changes=redact_changes(each.kind, each.closest.changes, level))
    return replace(each, changes=redact_changes(each.kind, each.changes, level), closest=closest)


def _objects(examination: Examination, held: Sequence[Backup]) -> tuple[list[DriftObject], int]:
    servers = examination.options.servers
    names = {each.organization for each in servers if each.organization}
    if len(held) > 1:
        held = [each for each in held if each.organization in names] if names else held
    if len(held) > 1 and not names:
        there = ", ".join(sorted(each.organization for each in held))
        raise UsageError(
            f"the backup holds several organizations ({there}): name one as DIR/organizations/NAME, or say in "
            'forensics.toml whose they are, with organization = "NAME" in [[server]]'
        )
    if not held:
        raise UsageError(f"the backup holds none of the organizations that forensics.toml names: {', '.join(names)}")
    given = examination.options.nodes
    found: list[DriftObject] = []
    strangers = 0
    for backup in held:
        objects, unknown = drift.compare(examination, backup, _targets(examination, backup.organization))
        found += with_nodes(objects, backup, None if given is None else given.bodies)
        strangers += len(unknown)
    found.sort(key=lambda each: WORST_FIRST.index(each.state))
    return found, strangers


def _targets(examination: Examination, organization: str) -> tuple[Target, ...]:
    """Whose files go to an organization: those that the configuration gives it, else all that it gives to no other."""
    servers = examination.options.servers
    of_server = {
        target: servers[number].organization if isinstance(number, int) else ""
        for target in examination.targets
        for number in [server_of(target.label, servers)]
    }
    named = tuple(target for target, each in of_server.items() if organization and each == organization)
    others = tuple(target for target, each in of_server.items() if not organization or not each)
    return named or others


def _snapshot(source: str, held: Sequence[Backup]) -> ServerSnapshot:
    first = held[0]
    at = iso_within(first.first, first.at)
    name = first.place.file if len(held) == 1 else source
    return ServerSnapshot(name, at, first.basis, all(each.partial for each in held))


def _notes(
    examination: Examination, held: Sequence[Backup], report: SourceReport, objects: Sequence[DriftObject]
) -> Iterator[str]:
    yield from (f"the backup: {gap}" for gap in report.gaps)
    if all(each.at is None for each in held):
        yield "nothing tells when the backup was made; name the day as DIR@2014-08-31 (the time of a file is no proof)"
    kinds = {kind for each in held for kind in each.kinds}
    missing = sorted({str(target.kind) for target in examination.targets} - {str(kind) for kind in kinds})
    if missing and not all(each.partial for each in held):
        yield f"the backup says nothing of the kind{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
    roots = dict.fromkeys(server_of(target.label, examination.options.servers) for target in examination.targets)
    if len(roots) > 1 and not any(each.organization for each in held):
        where = ", ".join(str(root) or "." for root in roots if isinstance(root, str))
        yield f"files of {len(roots)} servers were compared ({where}): name one with --container"
    if any(not each.matches and each.drifted for each in objects) and examination.lacks_history:
        yield "the history is incomplete, so that a file that matches nothing here may be in what is missing"
