"""Modules that most runs never need."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def deferred(name: str, before: Callable[[], None] | None = None) -> Any:
    """A module that is loaded when something of it is first asked for.

    Every run pays for what it imports, and hardly one needs all questions, formats, frames and charts. Type checkers
    are told by an import of the same module where they alone look; this stands in the ``else`` of that. ``before`` is
    called first, to say what is missing better than an import can.
    """
    return _Deferred(name, before)


class _Deferred:
    __slots__ = ("_before", "_name")

    def __init__(self, name: str, before: Callable[[], None] | None) -> None:
        self._name = name
        self._before = before

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # whoever inspects what stands in a module means this and loads nothing
            raise AttributeError(attribute)
        if self._before is not None:
            self._before()
        return getattr(import_module(self._name), attribute)


def on_demand(package: str, before: Callable[[], None] | None = None) -> Callable[[str], Any]:
    """What a package has as its ``__getattr__``, so that each of its modules is loaded when it is first asked for.

    Type checkers are told which modules there are by imports where they alone look.
    """

    def load(name: str) -> Any:
        if name.startswith("_") or find_spec(f"{package}.{name}") is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if before is not None:
            before()
        return import_module(f"{package}.{name}")

    return load
