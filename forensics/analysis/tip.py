"""The files of the examined revision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.run_lists import RunLists
    from forensics.analysis.shadows import Sighting, Survey
    from forensics.chef.objects import Body
    from forensics.history.model import File
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations, Declared
    from forensics.uploads.target import Target

_FEW: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class TipObject:
    """A role or node that a file at the tip declares, and its run lists; a given node's ``path`` is empty."""

    target: Target
    path: str
    name: str
    body: Body
    lists: RunLists


class Tip:
    """The files of the revision's own tree that may declare something, by target and path."""

    def __init__(self, history: History, declarations: Declarations, survey: Survey, targets: Sequence[Target]) -> None:
        self._history = history
        self._declarations = declarations
        self._survey = survey
        self._targets = targets

    @cached_property
    def files(self) -> Mapping[Target, Mapping[str, File]]:
        """The files of each target, by path."""
        state = self._history.state(self._history.graph.line[-1])
        return {
            target: dict(sorted(target.files(self._history, target.version(state)).items())) for target in self._targets
        }

    def holds(self, version: Sighting) -> bool:
        """Whether a file version is there."""
        return self.files[version.target].get(version.path) == version.file

    def declared(self) -> Iterator[tuple[Target, str, Declared]]:
        """Every file, with what it declares."""
        for target, files in self.files.items():
            for path, file in files.items():
                yield target, path, self._declarations.from_file(target.kind, path, file)

    @cached_property
    def objects(self) -> frozenset[tuple[str, str, str]]:
        """Every object that a file declares, by kind, container and name."""
        return frozenset(
            (str(target.kind), target.label.path, declared.name)
            for target, _, declared in self.declared()
            if declared.name is not None
        )

    @cached_property
    def with_run_lists(self) -> tuple[TipObject, ...]:
        """Every role and node that a file declares."""
        return tuple(
            TipObject(target, path, declared.name, declared.body, run_lists(target.kind, declared.body))
            for target, files in self.files.items()
            if target.kind in {Kind.ROLE, Kind.NODE}
            for path, file in files.items()
            if (declared := self._declarations.in_tree(target, path, file)).name is not None
            and declared.body is not None
        )

    def told_apart_by_case(self) -> Iterator[str]:
        """What to say of files whose paths differ in case alone: they are one, where the file system knows no case."""
        by_path: dict[str, list[str]] = {}
        for files in self.files.values():
            for path in files:
                by_path.setdefault(path.lower(), []).append(path)
        groups = [" and ".join(group) for group in by_path.values() if len(group) > 1]
        if groups:
            more = f"; and {len(groups) - _FEW} more such groups" if len(groups) > _FEW else ""
            yield (
                f"paths that differ in case alone: {'; '.join(groups[:_FEW])}{more}. Where the file system ignores "
                "case (macOS, Windows), a checkout holds only one of them, and git rm of one deletes the file of both"
            )

    def brought_by(self, *paths: str) -> str:
        """The id of the commit that brought files in their present version; of several files, the latest commit."""
        times = self._history.graph.times
        latest = max((self._brought[path] for path in paths), key=lambda commit: (times[commit], commit))
        return self._history.graph.ids[latest].hex()

    @cached_property
    def _brought(self) -> Mapping[str, int]:
        return {seen.path: seen.commit for seen in self._survey.sightings if self.holds(seen)}
