"""The files of which it cannot be told what they declare, and what they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.analysis.problem_results import UndecidedPath
from forensics.analysis.results import object_text
from forensics.chef import layout
from forensics.history.model import CONTAINER_ELSEWHERE, as_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forensics.analysis.shadows import Sighting, Survey
    from forensics.analysis.tip import Tip
    from forensics.history.model import Gap
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.target import Target

    MayDeclare: TypeAlias = Mapping[Target, Mapping[str, tuple[str, ...]]]
    """By target and path, the names of the objects that a file may declare."""


_ELSEWHERE: Final = frozenset({CONTAINER_ELSEWHERE, "submodule", "outside-symlink"})


def undecided_versions(declarations: Declarations, survey: Survey) -> tuple[Sighting, ...]:
    """The file versions of which it cannot be told what they declare."""
    return tuple(
        seen for seen in survey.sightings if declarations.from_file(seen.target.kind, seen.path, seen.file).undecided
    )


def may_declare(declarations: Declarations, survey: Survey) -> MayDeclare:
    """What such files may declare: what other versions of the file do or, where none does, what it is called after."""
    found: dict[Target, dict[str, dict[str, None]]] = {}
    for seen in undecided_versions(declarations, survey):
        found.setdefault(seen.target, {})[seen.path] = {}
    for seen in survey.sightings if found else ():
        names = found.get(seen.target, {}).get(seen.path)
        name = declarations.from_file(seen.target.kind, seen.path, seen.file).name
        if names is not None and name is not None:
            names[name] = None
    return {
        target: {path: tuple(names) or (layout.stem(path),) for path, names in paths.items()}
        for target, paths in found.items()
    }


def undecided_paths(
    declarations: Declarations, survey: Survey, tip: Tip, known: MayDeclare
) -> tuple[UndecidedPath, ...]:
    """One record for each such file, those at the tip first, each by path."""
    found: dict[tuple[Target, str], UndecidedPath] = {}
    for seen in undecided_versions(declarations, survey):
        target, path = seen.target, seen.path
        at_tip = tip.holds(seen)
        before = found.get((target, path))
        if before is not None and before.at_tip:
            continue
        declared = declarations.from_file(target.kind, path, seen.file)
        found[target, path] = UndecidedPath(
            path=path,
            objects=tuple(object_text(target.kind, target.label.path, name) for name in known[target][path]),
            reason="unreadable" if declared.unresolved is None else "unresolved-name",
            line=None if declared.unresolved is None else declared.unresolved.line,
            source=None if declared.unresolved is None else declared.unresolved.source,
            at_tip=at_tip,
        )
    return tuple(sorted(found.values(), key=lambda each: (not each.at_tip, as_bytes(each.path))))


def kept_elsewhere(history: History, commit: int, gaps: Iterable[Gap]) -> tuple[str, ...]:
    """The containers, and files of containers, that lead out of the repository in a commit, among some gaps.

    The commit is a position in the graph.
    """
    tree = history.snapshot(commit)
    paths = [gap.path for gap in gaps if gap.kind in _ELSEWHERE and gap.path is not None]
    return tuple(
        path
        for path in paths
        if layout.basename(path) in tree.names(path.rpartition("/")[0]) and tree.kind(path) is None
    )
