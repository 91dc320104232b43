"""What evidence says, whatever it was written in: requests, typed lines, client runs, observations, snapshots.

Times are whole seconds since 1970 in UTC; None where a source tells none. Nothing of a line is kept but what some
answer needs: no password of a command line, no address of a client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from forensics.evidence.secrets import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.chef.objects import Kind


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the file as it was named, and its line from 1 on (None: the file as a whole).

    A member of an archive or of a directory is ``FILE!MEMBER``.
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class Action(Enum):
    """What a request does to an object."""

    PUT = "put"
    POST = "post"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that took effect on a server's object, as a log has it.

    ``name`` is None where nothing tells it: the path of a POST does not, though a PUT of the same content may that was
    refused before. ``bag`` is that of a data bag item; for a data bag itself ``kind`` and ``name`` are None and ``bag``
    is its name, empty where nothing tells it. ``organization`` is empty where paths have none. ``content_hash`` is the
    base64 of a SHA-1 or a SHA-256 of exactly what was sent. ``path``, ``commit`` are what a table of somebody's own
    says. ``applied`` is false where the client or the gateway gave up waiting, so that nobody knows whether it took
    effect. ``read_before`` is how many seconds before its sender had read the object, as the last one who did; None if
    nothing shows that. ``digest`` is a hash of the whole line within this process, by which it is known elsewhere.
    """

    place: Place
    time: int | None
    action: Action
    kind: Kind | None
    name: str | None
    bag: str = ""
    organization: str = ""
    user: str = ""
    client: str = ""
    status: int | None = None
    content_hash: str = ""
    path: str = ""
    commit: str = ""
    applied: bool = True
    read_before: int | None = None
    digest: int = 0


@dataclass(frozen=True, slots=True)
class NodeSaves:
    """The PUTs by which one node saved itself, as every run of its client does in the end."""

    place: Place
    first: int
    last: int
    name: str
    organization: str = ""
    saves: int = 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """A stretch of GETs of one object that were all answered with the same number of bytes.

    ``first`` and ``last`` are its times; ``answers`` how many there were. Status 404 is ``length`` None: it was absent.
    Nodes have none: every run of a client changes them.
    """

    place: Place
    first: int
    last: int
    kind: Kind
    name: str
    length: int | None
    bag: str = ""
    organization: str = ""
    answers: int = 1


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What one entry of a shell history, or one traced command of a console, says; ``text`` may have several lines."""

    place: Place
    time: int | None
    text: str


class Shell(Enum):
    """Whose language typed lines are in."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    TRACE = "sh -x"  # expanded already: words, no syntax


@dataclass(frozen=True, slots=True)
class Transcript:
    """The lines of one history in the order in which the file has them. ``user`` is empty where nothing tells it."""

    place: Place
    shell: Shell
    lines: Sequence[TypedLine]
    user: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a client run failed: ``kind`` is missing-recipe, missing-role, missing-cookbook or other."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ClientRun:
    """One converge of one node. ``run_list`` and ``expanded`` are None where the log does not have them.

    ``override`` is a run of ``-o``, whose run list is not the node's; ``local`` one of ``-z``, whose roles came from
    files and not from a server.
    """

    place: Place
    node: str
    start: int | None
    end: int | None
    run_list: tuple[str, ...] | None
    expanded: tuple[str, ...] | None
    failure: Failure | None = None
    roles: tuple[str, ...] | None = None
    environment: str = ""
    override: bool = False
    local: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """That something held at some moment between ``first`` and ``last``: ``role[base] has recipe[x]``.

    ``subject`` is an object, or ``node[*]``; ``claim`` one of ran, has, lacks, holds, is, absent, failed; ``item`` what
    it is about, as written (``recipe[x]``, ``app.port=80``, a hash, ``PATH@COMMIT``).
    """

    place: Place
    first: int | None
    last: int | None
    subject: str
    claim: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class HeldObject:
    """An object as a backup has it: its body as JSON values, exactly as parsed.

    Of a node only what decides what it runs, and what its last run came to. ``shown`` is what knife printed for people
    where that is all there is: ``body`` has what such a text tells for certain. ``unreadable`` says why the content
    could not be read of a file that only tells by its place which object it is.
    """

    place: Place
    kind: Kind
    name: str
    body: Mapping[str, object]
    bag: str = ""
    shown: str = ""
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a server held at one moment. ``partial`` if only some objects were asked for (``knife role show``).

    Of a whole one, what it does not hold of ``kinds`` was absent. ``refused`` are files that hold no object, with why.
    ``at`` is the last second at which it can have been made, ``first`` the first one; ``basis`` says who tells.
    """

    place: Place
    at: int | None
    objects: Sequence[HeldObject]
    kinds: frozenset[Kind] = frozenset()
    partial: bool = True
    organization: str = ""
    refused: Sequence[tuple[Place, str]] = ()
    first: int | None = None
    basis: str = ""


@dataclass(slots=True)
class BadLines:
    """Lines that a reader could not make sense of: how many, and the first few with the reason."""

    count: int = 0
    examples: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, reason: str, line: bytes = b"") -> None:
        """Count one more; the beginning of the line is quoted, without what stands behind the name of a secret."""
        self.count += 1
        if len(self.examples) < _MOST_EXAMPLES:
            text = quoted(line[:_LOOKED_AT].decode("utf-8", "backslashreplace"))
            shown = text if len(text) <= _QUOTED else f"{text[:_QUOTED]}..."
            self.examples.append((place, f'{reason}: "{shown}"' if line else reason))


_MOST_EXAMPLES = 5
_LOOKED_AT = 400
_QUOTED = 60

Record: TypeAlias = "Request | NodeSaves | Sizes | Transcript | ClientRun | Observation | Backup"


@dataclass(slots=True)
class SourceReport:
    """What was understood of one file: its format, the period that its lines cover, and what was not understood.

    ``lines`` counts all, ``used`` those that said something, ``refused`` those of them that tell of something that the
    server refused, ``repeated`` those that stand elsewhere, too. ``zone`` is the one that times are written in, or were
    taken to be. ``gaps`` are periods or parts that are known to be lost, in words.
    """

    file: str
    format: str
    first: int | None = None
    last: int | None = None
    zone: str = ""
    lines: int = 0
    used: int = 0
    refused: int = 0
    repeated: int = 0
    bad: BadLines = field(default_factory=BadLines)
    gaps: list[str] = field(default_factory=list)

    def saw(self, time: int | None) -> None:
        """Widen the covered period to a time."""
        if time is not None:
            self.first = time if self.first is None else min(self.first, time)
            self.last = time if self.last is None else max(self.last, time)
