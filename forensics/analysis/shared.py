"""What examinations of one history have in common: found out once, however many questions are asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_Found = TypeVar("_Found")


class Shared:
    """Keeps what was found by its name and by those options that it depends on.

    It belongs to one history and one way of reading its files.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, Hashable], Any] = {}

    def once(self, name: str, depends_on: Hashable, find: Callable[[], _Found]) -> _Found:
        """What ``find`` gives, which is called only if nothing was found under these options before."""
        key = (name, depends_on)
        if key not in self._found:
            self._found[key] = find()
        found: _Found = self._found[key]
        return found

    def get(self, name: str, depends_on: Hashable) -> Any:
        """What was found under these options, or None."""
        return self._found.get((name, depends_on))
