"""What every file declares, each blob read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forensics.chef import erchef, layout
from forensics.chef.objects import Body, Kind, Problem, Unresolved, Value
from forensics.chef.request_uri import NAMELESS
from forensics.chef.upload_source import reads_ruby
from forensics.history.model import UNREADABLE, Broken, File, ObjectId
from forensics.uploads.loading import (
    load_for_from_file,
    load_for_upload,
    load_in_place,
    load_legacy_item,
    plain_body,
    plain_upload,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.uploads.target import Target

_DEPENDS_ON_PATH = (b"__FILE__", b"__dir__", b"__method__", b"caller")


class Declared(NamedTuple):
    """What ``knife ... from file`` makes of one file.

    A file that declares an object has a ``name`` and a ``body``. Otherwise ``problem`` says what Chef refuses;
    ``unresolved`` that only running the file could tell the name; and if neither is set, its content is missing from
    the evidence. ``ascii`` is whether every byte of the file is ASCII; ``plain`` that the file is a Ruby role or
    environment of plain literals, which no tool refuses for what it contains; ``unnamed`` that the file has no name
    inside, and goes by its own.
    """

    name: str | None = None
    body: Body | None = None
    problem: Problem | None = None
    unresolved: Unresolved | None = None
    ascii: bool = True
    plain: bool = False
    unnamed: bool = False

    @property
    def unloadable(self) -> str | None:
        """Why the file says nothing although it is there, as Ruby and people say it; None if it is loaded."""
        if self.problem is not None:
            return f"{self.problem.error_class}: {self.problem.message}"
        if self.unresolved is not None:
            return f"its name depends on what lies outside the file: {self.unresolved.source}"
        return None if self.name is not None else "its content is missing from the evidence"

    @property
    def undecided(self) -> bool:
        """Whether it cannot be told what the file declares: its content is missing, or only running it could tell."""
        return self.name is None and self.problem is None

    def refusal(self, path: str, *, ascii_ruby: bool = False) -> Problem | None:
        """Why ``knife ... from file`` stops at this file, or None if it goes on.

        ``ascii_ruby`` is knife under LC_ALL=C, for which a Ruby file with a non-ASCII byte is a SyntaxError.
        """
        if self.problem is None and ascii_ruby and not self.ascii and path.endswith(".rb"):
            return _NOT_ASCII
        return self.problem


_UNREADABLE = Declared()
_BROKEN_EXIT = {"directory": "SystemExit(30)"}
_NOT_ASCII = Problem(
    kind="not-ascii",
    message="invalid multibyte char (US-ASCII): knife under LC_ALL=C reads Ruby files as US-ASCII",
    error_class="SyntaxError",
)


class Declarations:
    """The declarations of one history, for one version of Chef and one server.

    Answers are shared and must not be changed. ``read`` gives a blob's content, or None where the evidence has a gap.
    ``server`` is ``chef-zero``, which takes nearly everything, or ``erchef``, which refuses more.
    """

    def __init__(
        self,
        read: Callable[[ObjectId, str | None], bytes | None],
        *,
        chef: str = "18",
        server: str = erchef.CHEF_ZERO,
    ) -> None:
        self._read = read
        self.chef = chef
        self.server = server
        self._uploads_ruby = reads_ruby(chef)
        self._from_file: dict[tuple[Kind, str, ObjectId], Declared] = {}
        # every uploader asks for the same few files again and again
        self._seen: dict[tuple[str, File], tuple[Kind, Declared]] = {}
        self._upload: dict[tuple[Kind, str, ObjectId], Body | Problem | None] = {}
        self._in_place: dict[tuple[Kind, str, ObjectId, bool], Body | Problem | None] = {}

    @property
    def strict(self) -> bool:
        """Whether the server is one that refuses what the real one does."""
        return self.server == erchef.ERCHEF

    def from_file(self, kind: Kind, path: str, file: File) -> Declared:
        """What ``knife role|environment|node|data bag from file`` makes of the file."""
        seen = self._seen.get((path, file))
        if seen is not None and seen[0] is kind:
            return seen[1]
        declared = self._find(kind, path, file)
        self._seen[path, file] = (kind, declared)
        return declared

    def _find(self, kind: Kind, path: str, file: File) -> Declared:
        if isinstance(file, Broken):
            return _UNREADABLE if file == UNREADABLE else Declared(problem=_broken(file))
        extension = path[path.rfind(".") :]
        known = self._from_file.get((kind, extension, file))
        if known is None:
            known = self._from_file.get((kind, path, file))
        if known is None:
            known = self._load(kind, path, file)
        return known

    def _load(self, kind: Kind, path: str, blob: ObjectId) -> Declared:
        data = self._read(blob, path)
        key = layout.extension(path)
        if data is None:
            declared = _UNREADABLE
        else:
            plain = plain_body(kind, path, data)
            if plain is not None and self._refusal(kind, plain) is None:
                declared = Declared(name=plain["name"], body=plain, ascii=data.isascii(), plain=True)
            else:
                # a Ruby file may ask for its own name, and a data bag item's body names its bag: read for each path
                if kind is Kind.DATA_BAG_ITEM or any(word in data for word in _DEPENDS_ON_PATH):
                    key = path
                declared = self._load_whole(kind, path, data)
        self._from_file[kind, key, blob] = declared
        return declared

    def _load_whole(self, kind: Kind, path: str, data: bytes) -> Declared:
        """What a file declares, whatever it holds."""
        ascii_only = data.isascii()
        result = load_for_from_file(kind, path, data, chef=self.chef)
        if isinstance(result, Problem):
            return Declared(problem=result, ascii=ascii_only)
        name, body = result
        if isinstance(name, Unresolved):
            return Declared(unresolved=name, ascii=ascii_only)
        refused = self._refusal(kind, body)
        if refused is not None:
            return Declared(problem=refused, ascii=ascii_only)
        return Declared(name=name, body=body, ascii=ascii_only)

    def upload(self, kind: Kind, path: str, file: File) -> Body | Problem | None:
        """The body that ``knife upload`` sends, why it refuses the file, or None where the evidence has a gap."""
        if isinstance(file, Broken):
            return None if file == UNREADABLE else _broken(file)
        declared = self.from_file(kind, path, file)
        if self._uploads_ruby and declared.plain and declared.body is not None and declared.name == layout.stem(path):
            return plain_upload(kind, declared.body)
        key = (kind, path, file)
        if key not in self._upload:
            data = self._read(file, path)
            body = None if data is None else load_for_upload(kind, path, data, chef=self.chef)
            refused = self._refusal(kind, body, aborts=False) if isinstance(body, dict) else None
            self._upload[key] = body if refused is None else refused
        return self._upload[key]

    def refused_by_erchef(self, kind: Kind, path: str, file: File) -> dict[str, Problem]:
        """Why erchef refuses what each knife command sends of a file; empty if it takes it, or nothing is sent."""
        declared, body = self.from_file(kind, path, file), self.upload(kind, path, file)
        sent = {f"knife {kind.replace('_item', '').replace('_', ' ')} from file": declared.problem or declared.body}
        found: dict[str, Problem] = {}
        for command, answer in (sent | {"knife upload": body}).items():
            problem = answer if isinstance(answer, Problem) or answer is None else erchef.refusal(kind, answer)
            if problem is not None and problem.kind == erchef.REFUSED:
                found[command] = problem
        return found

    def _refusal(self, kind: Kind, body: Body, *, aborts: bool = True) -> Problem | None:
        """Why the server refuses a body, if it is one that refuses any."""
        return erchef.refusal(kind, body, chef=self.chef, aborts=aborts) if self.strict else None

    def in_place(self, kind: Kind, path: str, file: File, *, legacy: bool) -> Body | Problem | None:
        """What a node that reads the file itself gets of it, or why not; None where that cannot be told.

        Mirrors local mode; with ``legacy``, chef-solo before 12.11.
        """
        if isinstance(file, Broken):
            return None if file == UNREADABLE else _broken(file)
        declared = self.from_file(kind, path, file)
        if declared.body is not None and declared.name == layout.stem(path) and (legacy or declared.plain):
            return declared.body
        key = (kind, path, file, legacy)
        if key not in self._in_place:
            data = self._read(file, path)
            body = None if data is None else load_in_place(kind, path, data, chef=self.chef, legacy=legacy)
            self._in_place[key] = None if isinstance(body, Problem) and declared.undecided else body
        return self._in_place[key]

    def in_tree(self, target: Target, path: str, file: File) -> Declared:
        """What a file of a tree says by itself: as ``from_file``, and of a node without a name inside, by its stem.

        So do ``knife upload`` and local mode, and knife-solo and littlechef keep such files for ``chef-solo -j``.
        That is all that can take one from a directory further down: there it goes by its path, which no server has.
        """
        declared = self.from_file(target.kind, path, file)
        if target.kind is not Kind.NODE or declared.problem is None or declared.problem.kind != NAMELESS:
            return declared
        body = self.in_place(target.kind, path, file, legacy=False)
        if not isinstance(body, dict):
            return declared
        name, container = body["name"], target.container_of(path)
        if container is not None and not layout.is_direct_child(container.path, path):
            name = path[len(container.path) + 1 :].removesuffix(layout.extension(path))
        return Declared(name=name, body={**body, "name": name}, ascii=declared.ascii, unnamed=True)

    def legacy_item(self, path: str, file: File) -> tuple[Value, Value] | Problem | None:
        """The id and the data of an item as chef-solo before 12.11 reads it, or None where the evidence has a gap.

        Raises nothing: what does not parse is a problem.
        """
        if isinstance(file, Broken):
            return None if file == UNREADABLE else _broken(file)
        data = self._read(file, path)
        return None if data is None else load_legacy_item(data)


def _broken(file: Broken) -> Problem:
    return Problem(
        kind="broken-link",
        message=f"cannot be opened ({file.reason}): {file.target}",
        error_class=_BROKEN_EXIT.get(file.reason, "SystemExit(1)"),
    )
