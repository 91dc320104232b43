"""What every answer can do: be told as text, JSON, a sentence with a table, and frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.deferred import deferred
from forensics.errors import UsageError, did_you_mean
from forensics.report.snippet import Gist, snippet
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import style as look
    from forensics.report.text.style import Style

    Frames: TypeAlias = Mapping[str, Callable[[], pd.DataFrame]]
    """How each frame of an answer is built, by its name."""
else:
    documents = deferred("forensics.report.documents")
    look = deferred("forensics.report.text.style")

DAY: Final = 10
"""How much of a date is its day."""
SHORT: Final = 12
"""How many digits of an object id people are shown."""

_LONGEST_LINE: Final = 160
_MOST_NAMES: Final = 4


class Shown(ABC):
    """What an interactive session shows as a line, and a notebook as a sentence with a table."""

    @abstractmethod
    def _gist(self) -> Gist:
        """What it comes to."""

    def __repr__(self) -> str:
        sentence = clean(self._gist().sentence)
        shown = sentence if len(sentence) <= _LONGEST_LINE else sentence[: _LONGEST_LINE - 1] + "\u2026"
        return f"<{type(self).__name__}: {shown}>"

    def _repr_html_(self) -> str:
        return snippet(self._gist())


class Result(Shown):
    """An answer: frozen values inside, and what the command line would print of them."""

    @abstractmethod
    def to_document(self) -> Document:
        """The answer as plain dictionaries and lists, with the fields of ``--format json``."""

    @abstractmethod
    def _text(self, style: Style) -> str:
        """What the command prints for people."""

    @abstractmethod
    def _frames(self) -> Frames:
        """Its frames, the one that is given unasked first."""

    def to_text(self, style: Style | None = None, *, verbose: bool = False) -> str:
        """The answer as the command line tells it; ``style`` says how it should look."""
        return self._text(style or look.Style(verbose=verbose))

    def to_json(self) -> str:
        """The answer as ``--format json`` prints it."""
        return documents.render(self.to_document())

    @property
    def frames(self) -> tuple[str, ...]:
        """The names of the frames that ``to_frame`` gives, the one that it gives unasked first."""
        return tuple(self._frames())

    def to_frame(self, name: str | None = None) -> pd.DataFrame:
        """One of ``frames``, with the columns of its schema in ``forensics.frames.catalogue``.

        Raises:
            UsageError: the answer has no frame of this name.
        """
        known = self._frames()
        wanted = next(iter(known)) if name is None else name
        if wanted not in known:
            there = f"there are {', '.join(known)}{did_you_mean(wanted, known)}"
            raise UsageError(f"{type(self).__name__} has no frame {wanted!r}; {there}")
        return known[wanted]()

    def __str__(self) -> str:
        return self.to_text()


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    shown = list(names)
    if len(shown) <= _MOST_NAMES:
        return ", ".join(shown)
    return f"{', '.join(shown[:_MOST_NAMES])} and {len(shown) - _MOST_NAMES} more"


def counted(number: int, one: str, several: str = "") -> str:
    """``1 commit``, ``2 commits``."""
    return f"{number} {one}" if number == 1 else f"{number} {several or one + 's'}"
