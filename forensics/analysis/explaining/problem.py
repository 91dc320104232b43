"""A question about uploads as plain values: objects, what may have been uploaded when, and what must have held.

Nothing here knows git, Chef, or where a fact came from. Times are whole seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from forensics.analysis.explaining.costs import Charge

ABSENT: Final = 0
"""The content of an object that a server does not have; those that files declare are counted from 1."""
OUTSIDE: Final = -2
"""Any content that no commit has."""


class Window(NamedTuple):
    """The time from one commit that changes an object's files to the next such commit.

    ``batch`` are the contents that it brought, ``current`` all that its tree holds of the object.
    """

    start: int
    batch: tuple[int, ...]
    current: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """One object: its windows by time, and for each content (from 1 on) since when some commit has it."""

    windows: Sequence[Window]
    since: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Something that must have held at some moment from ``first`` to ``last``, both included.

    ``price`` tells, for a time and a content of each of ``objects``, the charges for its having held: None if it did
    not. It changes only at ``moments``. ``claim`` is what a content of nobody's must say for it, as a key and a value:
    one content says of each key one thing. ``alike`` gives for a place among ``objects`` and a content what alone of
    it can matter here, whatever the others hold; without it every content of several objects is another.
    """

    first: int
    last: int
    objects: tuple[int, ...]
    price: Callable[[int, tuple[int, ...]], tuple[Charge, ...] | None]
    moments: tuple[int, ...] = ()
    claim: tuple[str, str] = ("", "")
    alike: Callable[[int, int], Hashable] | None = None


class KnownUpload(NamedTuple):
    """An upload that is proven: the object of this number held the content from then on."""

    time: int
    number: int
    content: int


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that decides which stories fit; within ``covered`` times nothing but known uploads happened."""

    tracks: Sequence[Track]
    demands: Sequence[Demand]
    known: Sequence[KnownUpload] = ()
    covered: Sequence[tuple[int, int]] = ()


class StoryStep(NamedTuple):
    """One thing in a story: an act on an object, or only that demands were met.

    It happened from ``start`` to before ``end``; ``kind`` is the name of a charge, empty for no act. ``number`` is
    that of the object, -1, and ``content`` ABSENT, where there is no act; of what was left out, ``content`` is the
    number of the window.
    ``met`` are the demands that were met then, ``lives`` the contents of their objects that met them, and ``extra``
    the names of what was charged for that.
    """

    start: int
    end: int
    kind: str
    number: int
    content: int
    met: tuple[int, ...] = ()
    lives: tuple[tuple[int, ...], ...] = ()
    extra: tuple[str, ...] = ()


class Found(NamedTuple):
    """The cheapest stories: what each is charged, how many there are, the first few, and what met each demand.

    ``witnesses`` has for each demand the contents of its objects that met it in any of them; without
    ``every_witness`` there may be more. ``cost`` is None where
    no story fits, and ``stuck`` has the demands of which at least one fails then.
    """

    cost: int | None
    in_all: int
    stories: tuple[tuple[StoryStep, ...], ...]
    witnesses: dict[int, set[tuple[int, ...]]]
    stuck: tuple[int, ...] = ()
    every_witness: bool = True
