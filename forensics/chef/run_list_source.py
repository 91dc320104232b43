"""Run lists of JSON files, as ``Chef::RunList.new(*Array(value))`` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import ruby_text
from forensics.chef.objects import Unresolved
from forensics.chef.refusals import NO_METHOD_ERROR, Refused
from forensics.chef.run_list import ArgumentRefused, parse_item

if TYPE_CHECKING:
    from forensics.chef.objects import Value


def run_list_of_value(value: Value) -> tuple[str | Unresolved, ...]:
    """Read a run list: null is empty, a string is one item, and duplicates are kept.

    Raises:
        Refused: Chef refuses an item.
    """
    if value is None:
        return ()
    if isinstance(value, dict):  # Array(hash) is its pairs, and a pair is no item
        value = list(value.items())
    return tuple(item_text(item) for item in (value if isinstance(value, list) else [value]))


def item_text(item: Value) -> str | Unresolved:
    """Normalise one item: a string, or a hash with ``type`` and ``name`` and perhaps ``version``.

    Raises:
        Refused: Chef refuses the item.
    """
    if isinstance(item, str):
        try:
            return str(parse_item(item))
        except ArgumentRefused as refused:
            raise Refused(str(refused), refused.error_class) from None
    if not isinstance(item, dict):
        raise Refused("Unable to create Chef::RunList::RunListItem: must be a Hash or String", "ArgumentError")
    if "type" not in item or "name" not in item:
        raise Refused(
            "Initializing a Chef::RunList::RunListItem from a hash requires that it have a 'type' and 'name' key",
            "ArgumentError",
        )
    kind = item["type"]
    if not isinstance(kind, str):
        raise Refused("undefined method `to_sym' for the type of a run list item", NO_METHOD_ERROR)
    if ruby_text.has_raw_bytes(kind):
        raise Refused("invalid symbol in encoding UTF-8", "EncodingError")
    name, version = (None if item.get(key) is False else item.get(key) for key in ("name", "version"))
    parts = [ruby_text.to_s(name), "" if version is None else ruby_text.to_s(version)]
    if parts[0] is None or parts[1] is None:
        # How Ruby writes a hash, or text beyond ASCII inside an array, depends on the Ruby that knife runs on.
        return Unresolved(f"run list item {kind}", 1)
    return f"{kind}[{parts[0]}{'' if version is None else '@'}{parts[1]}]"
