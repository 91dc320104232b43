"""The files of the examined revision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

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
    def with_run_lists(self) -> tuple[TipObject, ...]:
        """Every role and node that a file declares."""
        return tuple(
            TipObject(target, path, declared.name, declared.body, run_lists(target.kind, declared.body))
            for target, files in self.files.items()
            if target.kind in {Kind.ROLE, Kind.NODE}
            for path, file in files.items()
            if (declared := self._declarations.in_tree(target.kind, path, file)).name is not None
            and declared.body is not None
        )

    def brought_by(self, *paths: str) -> str:
        """The id of the commit that brought files in their present version; of several files, the latest commit."""
        times = self._history.graph.times
        latest = max((self._brought[path] for path in paths), key=lambda commit: (times[commit], commit))
        return self._history.graph.ids[latest].hex()

    @cached_property
    def _brought(self) -> Mapping[str, int]:
        return {seen.path: seen.commit for seen in self._survey.sightings if self.holds(seen)}
