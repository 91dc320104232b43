"""Which data bags a recipe asks the server for whatever happens, as far as text tells.

Counted are calls with a literal name that no condition, block or rescue stands around: a data bag that is not there
then fails the run (404 Not Found). Mirrors Chef::DSL::DataQuery (lib/chef/dsl/data_query.rb).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef.recipe_source import literal
from forensics.chef.ruby.grammar import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_LOOKUP: Final = re.compile(rb"\b(?:data_bag|data_bag_item|search)\b")
_LEFT: Final = re.compile(rb"\b(?:return|raise|exit|fail)\b|^__END__", re.MULTILINE)
"""What may end a recipe before it comes to what stands behind it."""
_INDEXES: Final = frozenset({"node", "role", "client", "environment"})
"""What can be searched and is no data bag."""
_LARGEST: Final = 1 << 20
_MANY: Final = 200
_PASSED_THROUGH: Final = frozenset(
    {
        "program",
        "call",
        "argument_list",
        "assignment",
        "element_reference",
        "body_statement",
        "parenthesized_statements",
    }
)
"""What a call may stand in and still be made whenever the recipe runs."""


class Lookup(NamedTuple):
    """A data bag that a recipe asks for: how, and on which line (from 1)."""

    bag: str
    call: str
    line: int


def data_bags_asked_for(data: bytes) -> tuple[Lookup, ...]:
    """The data bags that a recipe asks for, in the order of its lines; none of a recipe that nobody would write."""
    if len(data) > _LARGEST:
        return ()
    left = _LEFT.search(data)
    places = [match.start() for match in _LOOKUP.finditer(data, 0, left.start() if left else len(data))]
    if not places or len(places) > _MANY:
        return ()
    root = parse(data)
    return tuple(found for place in places for found in _at(root, data, place))


def _at(root: Node, data: bytes, place: int) -> Iterator[Lookup]:
    word = root.descendant_for_byte_range(place, place + 1)
    call = word.parent if word is not None and word.type == "identifier" else None
    if word is None or call is None or call.type != "call" or call.child_by_field_name("receiver") is not None:
        return
    arguments = call.child_by_field_name("arguments")
    if call.child_by_field_name("method") != word or arguments is None or not arguments.named_children:
        return
    first = arguments.named_children[0]
    bag = (first.text or b":").decode("utf-8", "surrogateescape")[1:] if first.type == "simple_symbol" else None
    if bag is None:
        said = literal(first, data)
        bag = said if isinstance(said, str) else None
    method = (word.text or b"").decode()
    if bag is None or (method == "search" and bag in _INDEXES) or not _always(call):
        return
    yield Lookup(bag, method, word.start_point.row + 1)


def _always(call: Node) -> bool:
    """Whether nothing stands around a call that may keep it from being made, or its failure from ending the run."""
    below, above = call, call.parent
    while above is not None:
        if above.type not in _PASSED_THROUGH:
            return False
        if above.type == "call" and above.child_by_field_name("block") == below:
            return False
        below, above = above, above.parent
    return True
