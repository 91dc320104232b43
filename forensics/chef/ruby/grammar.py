"""The one parser of Ruby source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tree_sitter_ruby
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from tree_sitter import Node

LANGUAGE = Language(tree_sitter_ruby.language())
_PARSER = Parser(LANGUAGE)


def parse(source: bytes) -> Node:
    """The root of the syntax tree of ``source``."""
    return _PARSER.parse(source).root_node


def kind_of(name: str) -> int:
    """The number of a named kind of node, cheaper to compare than its name."""
    number = LANGUAGE.id_for_node_kind(name, True)  # noqa: FBT003 - it takes no keywords
    if number is None:  # pragma: no cover - the names are constants of ours
        raise LookupError(name)
    return number
