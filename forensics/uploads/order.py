"""In which order the files of one upload go out: always one of these, never what the machine would do.

A path is text, with raw bytes that are no UTF-8 as ``surrogateescape`` makes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forensics.uploads.locale_order import locale_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# no byte of a path is 0, so no complement is 0xff, which can end every reversed key
_COMPLEMENT: Final = bytes(255 - byte for byte in range(256))


def byte_key(path: str) -> bytes:
    """The key of git, of dash, of Ruby's and Python's sort, and of every shell under LC_ALL=C."""
    return path.encode("utf-8", "surrogateescape")


def reverse_byte_key(path: str) -> bytes:
    """A key that sorts by the bytes of the path, the last first."""
    return byte_key(path).translate(_COMPLEMENT) + b"\xff"


def json_then_rb_key(path: str) -> tuple[int, bytes]:
    """A key that puts .json before .rb and those before others, each in byte order."""
    return _extension_rank(path), byte_key(path)


def in_byte_order(paths: Iterable[str]) -> list[str]:
    """Sort by the bytes of the path."""
    return sorted(paths, key=byte_key)


def in_reverse_byte_order(paths: Iterable[str]) -> list[str]:
    """Sort by the bytes of the path, the last first."""
    return sorted(paths, key=reverse_byte_key)


def in_locale_order(paths: Iterable[str]) -> list[str]:
    """Sort as bash, zsh and ksh sort what a glob matches under en_US.UTF-8.

    The whole path is compared. Within one directory that is the order of the base names.
    """
    return sorted(paths, key=locale_key)


def json_then_rb(paths: Iterable[str]) -> list[str]:
    """Put .json files before .rb files and those before others, each in byte order, as Ruby's ``*.{json,rb}`` does."""
    return sorted(paths, key=json_then_rb_key)


ORDERS: Final[Mapping[str, Callable[[Iterable[str]], list[str]]]] = {
    "byte": in_byte_order,
    "locale": in_locale_order,
    "reverse-byte": in_reverse_byte_order,
    "json-then-rb": json_then_rb,
}
"""Each order under the name by which scenarios call it."""


KEYS: Final[Mapping[str, Callable[[str], Any]]] = {
    "byte": byte_key,
    "locale": locale_key,
    "reverse-byte": reverse_byte_key,
    "json-then-rb": json_then_rb_key,
}
"""The sort key of each order, for those who keep a sorted list up to date."""


def arrange(paths: Iterable[str], order: str) -> list[str]:
    """Sort paths in the order of that name.

    Raises:
        ValueError: there is no order of that name.
    """
    if order not in ORDERS:
        raise ValueError(f"no order is called {order!r}; there are {', '.join(sorted(ORDERS))}")
    return ORDERS[order](paths)


def _extension_rank(path: str) -> int:
    return 0 if path.endswith(".json") else 1 if path.endswith(".rb") else 2
