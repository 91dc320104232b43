"""How text looks on a terminal: emphasis where it is wanted, tables, wrapped lists, commits."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.deferred import deferred
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import tabulate

    from forensics.analysis.results import CommitNote
else:
    tabulate = deferred("tabulate")  # most scans have nothing to tabulate, and it takes long to load

SHORT: Final = 12
"""How many digits of an object id people are shown."""

_CODES: Final = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "33", "magenta": "35", "green": "32"}


@dataclass(frozen=True, slots=True)
class Style:
    """Whether to colour, how wide the terminal is, and whether to tell everything."""

    color: bool = False
    width: int = 100
    verbose: bool = False

    def paint(self, text: str, name: str) -> str:
        """Text in a colour or weight, if colours are wanted."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.color and text else text


def table(rows: Sequence[Sequence[str]], headers: Sequence[str] = (), indent: str = "") -> list[str]:
    """Aligned columns; nothing in them is ever taken for a number."""
    if not rows:
        return []
    text = tabulate.tabulate(rows, headers=headers, tablefmt="plain", disable_numparse=True)
    return [(indent + line).rstrip() for line in text.split("\n")]


def field(label: str, text: str, style: Style, *, label_width: int = 12, indent: int = 3) -> list[str]:
    """A labelled paragraph, wrapped under itself."""
    start = " " * indent + label.ljust(label_width)
    return textwrap.wrap(
        text,
        width=max(style.width, 60),
        initial_indent=start,
        subsequent_indent=" " * (indent + label_width),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start.rstrip()]


def verbatim(label: str, text: str, *, label_width: int = 12, indent: int = 3) -> str:
    """A labelled line that is never wrapped: a command to be copied whole."""
    return " " * indent + label.ljust(label_width) + text


def listing(items: Iterable[str], style: Style, most: int = 8) -> str:
    """Names separated by commas, the rest counted unless everything is to be told."""
    names = [clean(item) for item in items]
    if style.verbose or len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def day(date: str) -> str:
    """The day of an ISO date."""
    return date[:10]


def commit(oid: str, notes: Mapping[str, CommitNote], *, subject: bool = True) -> str:
    """A commit as people refer to it: short id, day, and who did what."""
    note = notes.get(oid)
    if note is None:
        return oid[:SHORT]
    if not subject:
        return f"{day(note.date)} ({oid[:SHORT]})"
    return f"{day(note.date)} ({oid[:SHORT]}, {clean(note.author)}: {clean(_cut(note.subject))})"


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "\u2026"
