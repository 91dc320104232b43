"""How long the answer is that a server gives of an object: the one trace of a content that no hash tells of.

erchef writes what it stores without blanks, chef-zero over several lines. Which of them a log is of shows in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef.json_encoder import EncodeRefused, UnresolvedBody, encode
from forensics.chef.objects import Kind
from forensics.chef.wire import defaults, raw_data_of

if TYPE_CHECKING:
    from forensics.chef.objects import Body, Value


class StoredLength(NamedTuple):
    """The length of an answer in bytes, as either program writes it."""

    compact: int
    indented: int


_INDENT: Final = 2


def stored_length(kind: Kind, body: Body, chef: str) -> StoredLength | None:
    """How long what a server answers is after this was sent; None if that is not known.

    Mirrors chef-zero's DataNormalizer: what is missing has its default, a run list names nothing twice.
    """
    stored: Value = raw_data_of(body)
    if kind is not Kind.DATA_BAG_ITEM:
        stored = {**defaults(kind, body.get("name")), **body}
        if kind is not Kind.ENVIRONMENT:
            stored["run_list"] = _once(stored["run_list"])
        lists = stored.get("env_run_lists")
        if isinstance(lists, dict):
            stored["env_run_lists"] = {name: _once(items) for name, items in lists.items()}
    try:
        compact = len(encode(stored, chef=chef))
    except (EncodeRefused, UnresolvedBody):
        return None
    return StoredLength(compact, compact + _blanks(stored, 0) + 1)


def _once(items: Value) -> Value:
    return list(dict.fromkeys(items)) if isinstance(items, (list, tuple)) and all(map(_plain, items)) else items


def _plain(item: Value) -> bool:
    return isinstance(item, str)


def _blanks(value: Value, depth: int) -> int:
    """The line ends and blanks within a value that stands at a depth."""
    if not isinstance(value, (dict, list, tuple)):
        return 0
    members = list(value.values()) if isinstance(value, dict) else value
    closing = 1 + _INDENT * depth
    if not members:
        return 1 + closing  # an empty line
    each = 1 + _INDENT * (depth + 1) + isinstance(value, dict)
    return len(members) * each + closing + sum(_blanks(member, depth + 1) for member in members)
