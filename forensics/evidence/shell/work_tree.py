"""The files of a clone as a typed line found them: those of the commit, with what earlier lines did to them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from forensics.evidence.shell.patterns import DEEP, is_wild, matches, sort_key
from forensics.evidence.shell.syntax import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.evidence.shell.commits import Candidates, ClonePoints, Standing

_MOST_FILES: Final = 20000
_OUTSIDE: Final = ("/", "~", "?", "../")


class Split(Exception):  # noqa: N818 (no error)
    """The commits that are possible differ in what was asked: each group has to be followed by itself."""

    def __init__(self, groups: Sequence[Candidates]) -> None:
        super().__init__()
        self.groups = groups


def location(cwd: str, path: str) -> str:
    """Where a path leads, seen from a directory: relative to the clone's root, or outside (``/``, ``~``, ``..``)."""
    if path.startswith(("/", "~")):
        return posixpath.normpath(path)
    joined = posixpath.normpath(posixpath.join(cwd, path))
    return "" if joined == "." else joined


@dataclass(slots=True)
class WorkTree:
    """What stood where.

    ``changes`` are paths that earlier lines made (``+``), removed (``-``) or may have changed (``~``). ``assumed``
    collects what had to be taken for granted on the way.
    """

    commits: ClonePoints
    candidates: Candidates
    changes: frozenset[tuple[str, str]]
    assumed: list[str] = field(default_factory=list)

    def inside(self, place: str, *, directory: bool = False) -> str | None:
        """The path from the clone's root that a location is; None if it is nothing of the clone's.

        Nobody knows where the clone lies: a location outside of where it was looked for is taken to be a directory
        or file of that name, or (if ``directory``) the clone itself.
        """
        if not place.startswith(_OUTSIDE) and place != "..":
            return place
        parts = place.split("/")
        if all(part == ".." for part in parts):
            self.assume("what lies around the clone is none of its files")
            return None
        first = next(part for part in parts if part != "..")
        if place.startswith("../") and self.kind(first) is not None:
            # what is called like something in the clone is more likely a mistake than another clone
            self.assume(f"there is no {first} beside the clone")
            return None
        for number in range(1, len(parts)):
            suffix = "/".join(parts[number:])
            if self.kind(suffix) is not None:
                self.assume(f"{'/'.join(parts[:number]) or '/'} is the clone")
                return suffix
        if directory:
            self.assume(f"{place} is the clone")
            return ""
        return None

    def place_of(self, *places: str) -> str | list[Candidates] | None:
        """The first of some locations at which something stands; None if nowhere, groups where that differs."""
        try:
            for place in places:
                inside = self.inside(place)
                if inside is not None and self.kind(inside) is not None:
                    return inside
        except Split as split:
            return list(split.groups)
        except NotUnderstood:
            return None
        return None

    def files_below(self, directory: str) -> list[str]:
        """Every file below a directory, in git's order, where the possible commits agree."""
        try:
            found = [
                f"{directory}/{path}" if directory else path for path, is_tree in self.below(directory) if not is_tree
            ]
        except (Split, NotUnderstood):
            return []
        return arranged(found, "C")

    def assume(self, what: str) -> None:
        """Note what was taken for granted."""
        if what not in self.assumed:
            self.assumed.append(what)

    def kind(self, path: str) -> str | None:
        """``file``, ``directory`` or None, for what stands at a path from the clone's root.

        Raises:
            Split: the possible commits differ.
            NotUnderstood: the commit is none that is examined.
        """
        kind = self._asked(path, "kind").kind
        if self.changes:
            if (path, "-") in self.changes:
                return None
            if kind is None and (path, "+") in self.changes:
                return "file"
        return kind

    def _asked(self, path: str, what: str) -> Standing:
        answers = self.commits.answers(self.candidates, path, what)
        if not answers:
            raise NotUnderstood("the commit that was checked out is not among those examined")
        if len(answers) > 1:
            raise Split(list(answers.values()))
        return next(iter(answers))

    def names(self, directory: str) -> list[str]:
        """What a directory holds."""
        found = self._asked(directory, "names")
        snapshot = self.commits.snapshot(self.candidates)
        if found.kind != "directory" or snapshot is None:
            return []
        names = snapshot.names(directory)
        prefix = f"{directory}/" if directory else ""
        if self.changes:
            known = set(names)
            for path, change in sorted(self.changes):
                name = path[len(prefix) :]
                if path.startswith(prefix) and "/" not in name:
                    if change == "-" and name in known:
                        names.remove(name)
                        self.assume(f"{path} had been removed")
                    elif change == "+" and name not in known:
                        names.append(name)
                        self.assume(f"{path} had been made, though it is not in the commit")
        return names

    def read(self, path: str) -> str:
        """A file's text."""
        entry = self._asked(path, "entry")
        if {(path, "~"), (path, "+")} & self.changes:
            raise NotUnderstood(f"{path} had been changed")
        snapshot = self.commits.snapshot(self.candidates)
        if entry.kind != "file" or snapshot is None:
            raise NotUnderstood(f"{path} is not in the commit")
        return snapshot.read(path).decode("utf-8", "surrogateescape")

    def below(self, directory: str, depth: int = _MOST_FILES, *, hidden: bool = False) -> Iterator[tuple[str, bool]]:
        """Everything below a directory, as paths from there, each with whether it is a directory."""
        pending = [("", 1)]
        count = 0
        while pending:
            prefix, level = pending.pop()
            for name in self.names(posixpath.join(directory, prefix).rstrip("/")):
                if name.startswith(".") and not hidden:
                    continue
                path = prefix + name
                is_directory = self.kind(posixpath.join(directory, path)) == "directory"
                yield path, is_directory
                count += 1
                if count > _MOST_FILES:
                    raise NotUnderstood("too large")
                if is_directory and level < depth:
                    pending.append((f"{path}/", level + 1))

    def paths(self, cwd: str, tokens: Sequence[Any], *, deep: str, hidden: bool) -> list[str]:
        """What a pattern matches, as the shell writes it, in no order. ``deep`` says whose ``**`` is meant, if any."""
        parts: list[list[Any]] = [[]]
        for each in tokens:
            if each == "/":
                parts.append([])
            else:
                parts[-1].append(each)
        found = [""]
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            if is_wild(part):
                found = [
                    path
                    for prefix in found
                    for path in self._matching(cwd, prefix, part, last=last, deep=deep, hidden=hidden)
                ]
            else:
                text = "".join(part)
                found = [prefix + text + ("" if last else "/") for prefix in found]
            if len(found) > _MOST_FILES:
                raise NotUnderstood("too large")
        if not is_wild(parts[-1]):
            found = [path for path in found if self._exists(cwd, path)]
        return list(dict.fromkeys(found))

    def _exists(self, cwd: str, path: str) -> bool:
        inside = self.inside(location(cwd, path))
        return inside is not None and self.kind(inside) is not None

    def _matching(
        self, cwd: str, prefix: str, part: list[Any], *, last: bool, deep: str, hidden: bool
    ) -> Iterator[str]:
        directory = self.inside(location(cwd, prefix or "."), directory=True)
        if directory is None or self.kind(directory) != "directory":
            return
        hidden = hidden or part[0] == "."
        if deep and DEEP in part and (deep == "fish" or part == [DEEP]):
            if deep == "fish" and part[0] != DEEP:
                raise NotUnderstood("** in the middle of a name")
            if part == [DEEP] and (not last or deep == "bash"):
                yield prefix
            for path, is_directory in self.below(directory):
                name = path.rpartition("/")[2]
                if part == [DEEP]:
                    if is_directory or last:
                        yield prefix + path + ("" if last else "/")
                elif matches(part, name) and (last or is_directory):
                    yield prefix + path + ("" if last else "/")
            return
        for name in self.names(directory):
            if (name.startswith(".") and not hidden) or not matches(part, name):
                continue
            if last:
                yield prefix + name
            elif self.kind(posixpath.join(directory, name)) == "directory":
                yield f"{prefix}{name}/"


def arranged(names: Sequence[str], order: str) -> list[str]:
    """Names in the order of a locale or shell."""
    return sorted(names, key=sort_key(order))
