"""In which order the files of one upload go out: always one of these, never what the machine would do.

A path is text, with raw bytes that are no UTF-8 as ``surrogateescape`` makes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forensics.uploads.locale_order import locale_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def byte_key(path: str) -> bytes:
    """The key of git, of dash, of Ruby's and Python's sort, and of every shell under LC_ALL=C."""
    return path.encode("utf-8", "surrogateescape")


def reverse_byte_key(path: str) -> tuple[int, ...]:
    """The key that puts the last path in byte order first."""
    return (*(-byte for byte in byte_key(path)), 1)  # what ends comes after what goes on


def json_then_rb_key(path: str) -> tuple[int, bytes]:
    """The key of Ruby's ``*.{json,rb}``: .json files, then .rb files, then others, each in byte order."""
    return 0 if path.endswith(".json") else 1 if path.endswith(".rb") else 2, byte_key(path)


KEYS: Final[Mapping[str, Callable[[str], Any]]] = {
    "byte": byte_key,
    "locale": locale_key,
    "reverse-byte": reverse_byte_key,
    "json-then-rb": json_then_rb_key,
}
"""The sort key of each order, under the name by which scenarios call it.

``locale`` is the order of bash, zsh and ksh under en_US.UTF-8. It compares whole paths; within one directory that is
the order of the base names.
"""


def arrange(paths: Iterable[str], order: str) -> list[str]:
    """Sort paths in the order of that name.

    Raises:
        ValueError: there is no order of that name.
    """
    if order not in KEYS:
        raise ValueError(f"no order is called {order!r}; there are {', '.join(sorted(KEYS))}")
    return sorted(paths, key=KEYS[order])
