"""Run lists of JSON files, as ``Chef::RunList.new(*Array(value))`` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from forensics.chef import ruby_text
from forensics.chef.objects import Unresolved
from forensics.chef.refusals import Refused
from forensics.chef.run_list import ArgumentRefused, item_of_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.chef.objects import Value
    from forensics.chef.run_list import RunListItem

_Item = TypeVar("_Item")


def run_list_of_value(value: Value) -> tuple[str | Unresolved, ...]:
    """Read a run list: null is empty, a string is one item, and duplicates are kept.

    Raises:
        Refused: Chef refuses an item.
    """
    if value is None:
        return ()
    if isinstance(value, dict):  # Array(hash) is its pairs, and a pair is no item
        value = list(value.items())
    return tuple(text_of(item(member)) for member in (value if isinstance(value, list) else [value]))


def item(value: Value) -> RunListItem | Unresolved:
    """Read one member of a run list: a string, or a hash with ``type`` and ``name`` and perhaps ``version``.

    Raises:
        Refused: Chef refuses it.
    """
    try:
        read = item_of_value(value)
    except ArgumentRefused as refused:
        raise Refused(str(refused), refused.error_class) from None
    if not isinstance(read, Unresolved) and isinstance(value, dict) and ruby_text.has_raw_bytes(read.type):
        raise Refused("invalid symbol in encoding UTF-8", "EncodingError")
    return read


def kept_once(items: Sequence[_Item | Unresolved]) -> tuple[_Item | Unresolved, ...] | Unresolved:
    """Keep the first of each item. An unknown item may be one of the others: then the whole list is unknown."""
    if len(items) > 1:
        for member in items:
            if isinstance(member, Unresolved):
                return member
    return tuple(dict.fromkeys(items))


def text_of(read: RunListItem | Unresolved) -> str | Unresolved:
    """Write an item as Chef sends it."""
    return read if isinstance(read, Unresolved) else str(read)
