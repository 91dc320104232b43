"""What files at the tip name and no file there declares, as far as the repository can tell.

Whether something is missing is asked of one server: of the containers that the configuration puts on one, or of one
chef-repo. What a file declares that cannot be loaded, or whose name only running it could tell, is unknown and not
missing; so is everything of a kind that a server's files hold nothing of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.since import Marked, began
from forensics.chef import layout
from forensics.history.model import UNREADABLE, Broken
from forensics.uploads.target import server_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.since import Beginning
    from forensics.chef.objects import Body, Kind
    from forensics.history.model import File
    from forensics.uploads.declarations import Declared
    from forensics.uploads.target import Target


_NAMED: Final = rb"name[\"']?[\s:(=>]*[\"']%s[\"']"


class Missing(NamedTuple):
    """Something that is named and not declared.

    ``since`` is where that began, None if nobody asked, and ``until_then`` the file that declared it before, if that is
    what ended then. ``called_so`` is a file that is called after it and declares something else, with the name of that.
    """

    since: Beginning | None
    until_then: str | None
    called_so: tuple[str, str] | None


class Objects:
    """The objects of one kind at the tip of the whole repository, whatever part of it is examined."""

    def __init__(self, examination: Examination, kind: Kind) -> None:
        self._examination = examination
        self._kind = kind
        self._history = examination.history
        self._servers = examination.options.servers
        self._targets = [target for target in examination.all_targets if target.kind is kind]
        state = self._history.state(examination.head_commit)
        self._files: list[tuple[Target, str, File, Declared]] = [
            (target, path, file, examination.declarations.from_file(kind, path, file))
            for target in self._targets
            for path, file in target.files(self._history, target.version(state)).items()
        ]
        self._declared = frozenset(declared.name for *_, declared in self._files)

    def server_of(self, target: Target) -> int | str:
        """The server of a target."""
        return server_of(target.label, self._servers)

    def lacks(self, name: str, server: int | str) -> bool:
        """Whether a server's files certainly declare no such object, and those of no other server do."""
        if name in self._declared:
            return False
        here = [each for each in self._files if self.server_of(each[0]) == server]
        if not here and not self._was_declared(name, server):
            return False  # a repository that keeps no such files says nothing of what the server has
        return not any(self._may_be(name, *each[1:]) for each in here) and not self._gaps(server)

    def _was_declared(self, name: str, server: int | str) -> bool:
        """Whether a file of a server ever declared an object."""
        return any(
            self._examination.declarations.from_file(self._kind, seen.path, seen.file).name == name
            for seen in self._examination.survey.sightings
            if seen.target.kind is self._kind and self.server_of(seen.target) == server
        )

    def _may_be(self, name: str, path: str, file: File, declared: Declared) -> bool:
        """Whether a file may declare an object although nobody can tell that it does."""
        if declared.name is not None:
            return False
        if isinstance(file, Broken):
            return file == UNREADABLE or layout.stem(path) == name
        if declared.problem is None or layout.stem(path) == name:
            return True
        data = self._history.blob(file, path)
        named = _NAMED % re.escape(name.encode("utf-8", "surrogateescape"))
        return data is None or re.search(named, data) is not None

    def _gaps(self, server: int | str) -> bool:
        """Whether something of a server's containers could not be read, or leads out of the repository."""
        tops = [m.path for target in self._targets for m in target.members if self.server_of(target) == server]
        return any(
            gap.path is not None and any(layout.at_or_below(gap.path, top) for top in tops)
            for gap in self._history.gaps
        )

    def missing(
        self, name: str, server: int | str, naming: Sequence[Target], names: Callable[[Kind, Body], bool]
    ) -> Missing:
        """Since when an object is named and missing.

        ``naming`` is where it is named; without any the history is not asked. ``names`` tells whether a body names it.
        """
        if not naming:
            return Missing(None, None, self._called(name, server))
        declarations = self._examination.declarations

        def is_named(target: Target, path: str, file: File) -> bool:
            body = declarations.from_file(target.kind, path, file).body
            return body is not None and names(target.kind, body)

        def is_declared(target: Target, path: str, file: File) -> bool:
            return declarations.from_file(target.kind, path, file).name == name

        def may_be_declared(target: Target, path: str, file: File) -> bool:
            return self._may_be(name, path, file, declarations.from_file(target.kind, path, file))

        targets = [target for target in self._targets if self.server_of(target) == server]
        named = Marked(self._history, naming, is_named)
        declared, unknown = (Marked(self._history, targets, has) for has in (is_declared, may_be_declared))
        since = began(
            self._history,
            lambda commit: named.any(commit) and not declared.any(commit) and not unknown.any(commit),
        )
        before = [parent for parent in self._history.graph.parents[since.commit] if named.any(parent)]
        if any(unknown.any(parent) for parent in before):
            return Missing(since._replace(known=False), None, self._called(name, server))
        until_then = next((path for parent in before for path in declared.paths(parent)), None)
        return Missing(since, until_then, self._called(name, server))

    def _called(self, name: str, server: int | str) -> tuple[str, str] | None:
        """A file that is called after an object and declares another, with the other's name."""
        for target, path, _, declared in self._files:
            if declared.name is not None and layout.stem(path) == name and self.server_of(target) == server:
                return path, declared.name
        return None
