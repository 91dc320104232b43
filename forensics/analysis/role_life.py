"""What became of a role's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.dates import commit_date
from forensics.analysis.object_log import ObjectFiles
from forensics.analysis.objects import ObjectName
from forensics.analysis.trace_results import RoleEnd, RoleLife
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination


def role_life(examination: Examination, name: str) -> RoleLife | None:
    """When files of a role went away, along the first-parent line; None if no commit has one."""
    said = ObjectFiles(examination, ObjectName(Kind.ROLE, name))
    if not any(said.at):
        return None
    return RoleLife(tuple(sorted(said.at[examination.head_commit])), tuple(_ends(examination, said)))


def _ends(examination: Examination, said: ObjectFiles) -> Iterator[RoleEnd]:
    history = examination.history
    before: int | None = None
    for commit in history.graph.line:
        if before is not None and said.at[before] and not said.at[commit]:
            for path in sorted(said.at[before]):
                instead, declares = _instead(examination, said, path, before, commit)
                yield RoleEnd(path, history.graph.ids[commit].hex(), commit_date(history, commit), instead, declares)
        before = commit


def _instead(
    examination: Examination, said: ObjectFiles, path: str, before: int, commit: int
) -> tuple[str | None, str | None]:
    """The file that stands for one from a commit on, and the role that it declares."""
    history = examination.history
    old, new = history.state(before), history.state(commit)
    for target in said.targets:
        found = target.changes(history, target.version(old), target.version(new))
        came = [each for each in found if each.before is None]
        gone = [each for each in found if each.after is None]
        for change in found:
            only = len(came) == len(gone) == 1 and change is came[0] and gone[0].path == path
            if change.after is not None and (change.path == path or only):
                return change.path, examination.declarations.from_file(Kind.ROLE, change.path, change.after).name
    return None, None
