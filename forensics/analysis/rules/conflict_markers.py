"""conflict-markers: a file at the tip holds the markers of an unresolved merge, so that nothing can load it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import commit_date
from forensics.analysis.rules.rule import Rule
from forensics.analysis.since import Marked, began
from forensics.chef import damage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.analysis.since import Beginning
    from forensics.history.model import File
    from forensics.uploads.target import Target

RULE: Final = Rule(
    "conflict-markers",
    "error",
    "A file holds conflict markers",
    "A merge was committed with the markers of its conflicts left in the file. Nothing can load it, so whatever "
    "it says, on either side of the markers, reaches no server. The server keeps what it had, and an upload of "
    "several files stops when it comes to this one.",
    "Resolve the conflict, remove the three kinds of markers, commit, and upload the file alone. Then upload what "
    "came behind it.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each such file at the tip, with the last version of it that could be loaded."""
    for target, path, declared in examination.tip.declared():
        problem = declared.problem
        if problem is None or problem.kind != damage.CONFLICTED:
            continue
        since = began(examination.history, _unloadable(examination, target, path).any)
        yield RULE.finding(
            f"{path} {problem.message}: nothing can load it {since.text(examination.history)}; "
            f"{_kept(examination, target, path, since)}",
            paths=(path,),
            commit=examination.tip.brought_by(path),
            line=problem.line,
        )


def _unloadable(examination: Examination, target: Target, path: str) -> Marked:
    """When the file was there and could not be loaded."""

    def is_it(target: Target, other: str, file: File) -> bool:
        return other == path and examination.declarations.from_file(target.kind, other, file).unloadable is not None

    return Marked(examination.history, [target], is_it)


def _kept(examination: Examination, target: Target, path: str, since: Beginning) -> str:
    """What a server can have of the file at best."""
    history = examination.history
    for parent in history.graph.parents[since.commit]:
        file = target.files(history, target.version(history.state(parent))).get(path)
        if file is not None:
            commit = next(
                seen.commit
                for seen in examination.survey.sightings
                if (seen.target, seen.path, seen.file) == (target, path, file)
            )
            when = f"{commit_date(history, commit)[:10]} ({history.graph.ids[commit].hex()[:12]})"
            return f"a server keeps what it had, at best what the file said from {when} on"
    if not since.known:
        return "a server keeps what it had"
    return "no earlier version of the file could be loaded"
