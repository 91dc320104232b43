"""Values as JSON text, whatever a repository holds."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from forensics.chef.objects import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON, ASCII only; an ``Unresolved`` is an object with its source text and its line."""
    with _integers_of_any_size():
        return json.dumps(value, ensure_ascii=True, indent=indent, default=_plain)


def readable_json(value: Any) -> str:
    """A value as JSON for people: on one line, beyond ASCII too; an ``Unresolved`` is its line and source text."""
    with _integers_of_any_size():
        return json.dumps(value, ensure_ascii=False, default=_source)


def canonical_json(value: Any) -> str:
    """A value as the one JSON text that all equal values have: sorted keys, no blanks, ASCII only."""
    with _integers_of_any_size():
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)


@contextmanager
def _integers_of_any_size() -> Iterator[None]:
    """Let Python write integers of more digits than it does by default; Chef's JSON knows no limit.

    What is read has one of its own (``chef.json_lexer.LONGEST_INTEGER``), so this takes no long time.
    """
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


def _plain(value: object) -> Any:
    if isinstance(value, Unresolved):
        return {"$unresolved": value.source, "line": value.line}
    raise TypeError(f"{type(value).__name__} does not belong in a document")


def _source(value: object) -> str:
    if isinstance(value, Unresolved):
        return f"(line {value.line}: {value.source})"
    raise TypeError(f"{type(value).__name__} does not belong in a report")
