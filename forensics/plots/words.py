"""Words on charts: short enough to fit, in no way obeyed by what shows them."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VERBS: Final = {"role": "run", "node": "run"}
TITLE_LINE: Final = 88
SUBTITLE_LINE: Final = 118
_MOST_NAMES: Final = 3
_MOST_OF: Final = {"author": 60, "subject": 80}


def inert(text: str) -> str:
    """Text of a repository as a chart shows it.

    Frames have spelled out what a terminal would obey. A chart's specification may end up within a page's script, where
    ``</script>`` would end it, so that no ``<`` gets into a chart.
    """
    return text.replace("<", "\u2039")


def cut(text: str, most: int) -> str:
    """A name that fits, without its middle if need be: beginnings and endings tell names apart."""
    shown = inert(text)
    if len(shown) <= most:
        return shown
    head = (most - 1) * 2 // 5
    return f"{shown[:head]}\u2026{shown[len(shown) - (most - 1 - head) :]}"


def file_name(path: str, among: Iterable[str]) -> str:
    """A file without its directories, unless another file is called the same."""
    name = path.rpartition("/")[2]
    same = sum(other.rpartition("/")[2] == name for other in set(among))
    return cut(path if same > 1 else name, 48)


def committed(row: Mapping[Any, Any], oid: str) -> dict[str, str]:
    """Which commit it was, whose and what for, in short; the last two are empty where that is not known."""
    told = {name: cut(row[name], most) if isinstance(row[name], str) else "" for name, most in _MOST_OF.items()}
    return {"commit": oid[:12], **told}


def lines(sentence: str, width: int) -> list[str]:
    """A sentence as lines of a title, of so many characters at most."""
    return textwrap.wrap(sentence, width, break_long_words=True, break_on_hyphens=False) or [""]


def day(text: str) -> str:
    """The day of an ISO date in words, in the date's own offset; what is no ISO date stays as it is."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return inert(text)
    return f"{found.day} {found:%B} {found.year}"


def several(names: Iterable[str]) -> str:
    """Names as a list in a sentence; many are counted."""
    shown = [cut(name, 40) for name in dict.fromkeys(names)]
    if len(shown) > _MOST_NAMES:
        return f"{', '.join(shown[: _MOST_NAMES - 1])} and {len(shown) - _MOST_NAMES + 1} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def count(number: int, one: str, many: str = "") -> str:
    """A number of things."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def verb(kind: str) -> str:
    """What an object does with the file whose content is live."""
    return _VERBS.get(kind, "come from")
