"""What every answer can do: be told as text, JSON, a sentence with a table, and frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from forensics.deferred import deferred
from forensics.errors import UsageError, did_you_mean
from forensics.report import text
from forensics.report.snippet import Gist, snippet
from forensics.report.text_safety import clean, without_commands

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from forensics.facts import View
    from forensics.frames import catalogue
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text.style import Style
else:
    catalogue = deferred("forensics.frames.catalogue")
    documents = deferred("forensics.report.documents")

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


class OfValue:
    """An attribute of an answer that its value has under the same name."""

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, answer: Result | None, owner: type) -> Any:
        return self if answer is None else getattr(answer.value, self._name)


def of_value(meaning: str) -> Any:
    """Let an answer have what its value has; the annotation of the attribute says of which type it is."""
    return OfValue(meaning)


class Result(Shown):
    """An answer: frozen values inside, and what the command line would print of them."""

    value: Any
    _frames: ClassVar[tuple[str, ...]]
    _view: ClassVar[View | None] = None
    _asked: tuple[str, ...] = ()

    def to_document(self) -> Document:
        """The answer as plain dictionaries and lists, with the fields of ``--format json``."""
        return documents.answer_document(self._told(), *self._asked, view=self._view)

    def _told(self) -> Any:
        """The value that its document tells."""
        return self.value

    @abstractmethod
    def _text(self, style: Style) -> str:
        """What the command prints for people."""

    def to_text(self, style: Style | None = None, *, verbose: bool = False) -> str:
        """The answer as the command line tells it; ``style`` says how it should look."""
        return without_commands(self._text(style or text.style.Style(verbose=verbose)))

    def to_json(self) -> str:
        """The answer as ``--format json`` prints it."""
        return documents.render(self.to_document())

    @property
    def frames(self) -> tuple[str, ...]:
        """The names of the frames that ``to_frame`` gives, the one that it gives unasked first."""
        return self._frames

    def to_frame(self, name: str | None = None) -> pd.DataFrame:
        """One of ``frames``, with the columns of its schema in ``forensics.frames.catalogue``.

        Raises:
            UsageError: the answer has no frame of this name.
        """
        wanted = self._frames[0] if name is None else name
        if wanted not in self._frames:
            there = f"there are {', '.join(self._frames)}{did_you_mean(wanted, self._frames)}"
            raise UsageError(f"{type(self).__name__} has no frame {wanted!r}; {there}")
        return catalogue.frame_of(wanted, self)

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
