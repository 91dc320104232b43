"""Cookbooks as far as run lists need them: a cookbook's name, and which recipes a recipe includes.

Recipes are read statically. Whether a branch is taken is not decided: an ``include_recipe`` anywhere in a recipe counts
as one that may happen. A name that is no plain literal is ``Unresolved``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef import json_parser
from forensics.chef.objects import Problem, Unresolved
from forensics.chef.plain_recipe import INCLUDE, LARGEST, plainly_included

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

# Chef::Recipe.parse_recipe_name (lib/chef/recipe.rb)
_IN_COOKBOOK: Final = re.compile(r"(.+?)::(.+)")
_IN_SAME_COOKBOOK: Final = re.compile(r"^::(.+)", re.MULTILINE)
_END_MARK: Final = re.compile(rb"^__END__\r?$", re.MULTILINE)
_VERSION: Final = re.compile(r"^\d+\.\d+(?:\.\d+)?$", re.ASCII | re.MULTILINE)
# where a statement may begin: in a string such as "otrs/version" none does
_VERSION_CALL: Final = re.compile(rb"(?<![^\s;\xbf])version\b")
_PLAIN_VERSION_CALL: Final = re.compile(rb"""^version[ \t]+(["'])\d+\.\d+(?:\.\d+)?\1""", re.MULTILINE)
# complete lines from a file's beginning that are empty, a comment, or a word with plain strings or a file's text
_STRING: Final = rb"""(?:"[^"\\#\n]*"|'[^'\\\n]*')"""
_PLAIN_LINES: Final = re.compile(
    rb"(?:[ \t]*(?:#[^\n]*)?\r?\n|[a-z_]+[ \t]+(?:%b(?:[ \t]*,[ \t]*%b)*"
    rb"|IO\.read\(File\.join\(File\.dirname\(__FILE__\),[ ]*%b\)\))[ \t]*\r?\n)*" % (_STRING, _STRING, _STRING)
)
_CONTINUED: Final = re.compile(rb"\s*[.&]")
_CONFLICT: Final = b"<<<<<<<"
_RECEIVERS: Final = frozenset({b"run_context", b"self"})
_LONGEST_RECEIVER: Final = 11
_LONGEST_SOURCE: Final = 200
_MANY: Final = 200


def qualified(recipe: str, cookbook: str | None = None) -> str:
    """A recipe's name with its cookbook and ``::default`` spelled out; ``cookbook`` is where ``::x`` is said.

    It names the recipe's file. In run lists and expansions ``x`` and ``x::default`` stay different strings.
    """
    if match := _IN_COOKBOOK.search(recipe):
        return f"{match[1]}::{match[2]}"
    if cookbook is not None and (match := _IN_SAME_COOKBOOK.search(recipe)):
        return f"{cookbook}::{match[1]}"
    return f"{recipe}::default"


def included_recipes(data: bytes) -> tuple[str | Unresolved, ...]:
    """What the calls of ``include_recipe`` in a recipe name, in their order, each as it is spelled there."""
    if INCLUDE not in data or len(data) > LARGEST:
        return ()
    end = _END_MARK.search(data)
    source = data[: end.start()] if end else data
    plain = plainly_included(source)
    if plain is not None:
        return tuple(dict.fromkeys(plain))
    found: list[str | Unresolved] = []
    for call in _calls(_parsed(source), source):
        arguments = call.child_by_field_name("arguments")
        if arguments is not None:
            for argument in arguments.named_children:
                found += _names(argument, source)
    return tuple(dict.fromkeys(found))


def cookbook_name(data: bytes, filename: str) -> str | Unresolved | None:
    """The name that a cookbook's metadata.rb or metadata.json gives it, or None if it gives none.

    Chef then goes by the directory's name (lib/chef/cookbook/cookbook_version_loader.rb).
    """
    return _metadata(data, filename, "name")


def cookbook_version(data: bytes, filename: str) -> str | Unresolved:
    """The version that a cookbook's metadata gives it, 0.0.0 if it gives none (lib/chef/cookbook/metadata.rb)."""
    said = _metadata(data, filename, "version")
    return "0.0.0" if said is None else said


def _metadata(data: bytes, filename: str, field: str) -> str | Unresolved | None:
    """What a cookbook's metadata says of itself, the last where it says it twice."""
    if filename.endswith(".json"):
        try:
            value = json_parser.parse(data)
        except ValueError:
            return None
        said = value.get(field) if isinstance(value, dict) else None
        return said if isinstance(said, str) and said else None
    if field.encode() not in data or len(data) > LARGEST:
        return None
    plain = _plain_metadata(data, field.encode())
    if plain is not None:
        return plain.decode("utf-8", "surrogateescape")
    said_in = _arguments_of(field.encode(), data)
    return literal(said_in[-1], data) if said_in else None


def _plain_metadata(data: bytes, field: bytes) -> bytes | None:
    """What a metadata.rb says once, among the plain lines that it begins with; None if only parsing tells."""
    if _CONFLICT in data or len(re.findall(rb"(?<![^\s;\xbf])" + field + rb"\b", data)) != 1:
        return None
    lines = _PLAIN_LINES.match(data)
    if lines is None or _CONTINUED.match(data, lines.end()):
        return None
    said = re.search(rb"^%b[ \t]+(%b)[ \t]*\r?\n" % (field, _STRING), lines[0], re.MULTILINE)
    return said[1][1:-1] if said else None


def metadata_problem(data: bytes, filename: str) -> Problem | None:
    """Why every ``knife cookbook upload`` refuses a metadata.rb or metadata.json, as far as that is certain.

    What makes an upload fail otherwise (a cookbook that it depends on, a syntax error in a recipe) is not looked for.
    Mirrors Chef::Version.
    """
    if filename.endswith(".json"):
        try:
            value = json_parser.parse(data)
        except json_parser.JsonRefused as refused:
            return Problem("json-syntax", refused.message, refused.error_class, refused.line)
        version = value.get("version") if isinstance(value, dict) else None
        return _version_problem(version, None) if isinstance(version, str) else None
    if len(_VERSION_CALL.findall(data)) == len(_PLAIN_VERSION_CALL.findall(data)) or len(data) > LARGEST:
        return None
    for argument in _arguments_of(b"version", data):
        version = _text(argument) if argument.type in {"integer", "float"} else literal(argument, data)
        problem = _version_problem(version, argument.start_point.row + 1) if isinstance(version, str) else None
        if problem is not None:
            return problem
    return None


def _version_problem(version: str, line: int | None) -> Problem | None:
    if _VERSION.search(version) is not None:
        return None
    message = f"'{version}' does not match 'x.y.z' or 'x.y'"
    return Problem("cookbook-version", message, "Chef::Exceptions::InvalidCookbookVersion", line)


def _arguments_of(method: bytes, data: bytes) -> list[Node]:
    """The first argument of every call of a method that stands by itself."""
    found: list[Node] = []
    for statement in _parsed(data).named_children:
        if statement.type == "call" and statement.child_by_field_name("receiver") is None:
            called, arguments = (statement.child_by_field_name(each) for each in ("method", "arguments"))
            if called is not None and arguments is not None and called.text == method and arguments.named_children:
                found.append(arguments.named_children[0])
    return found


def _parsed(source: bytes) -> Node:
    from forensics.chef.ruby.grammar import parse  # noqa: PLC0415 (a repository without cookbooks may never need it)

    return parse(source)


def _calls(root: Node, source: bytes) -> Iterator[Node]:
    """The calls of ``include_recipe``, in the order of the source."""
    places = [match.start() for match in re.finditer(INCLUDE, source)]
    if len(places) > _MANY:
        yield from _calls_in_all(root)
        return
    for start in places:
        word = root.descendant_for_byte_range(start, start + len(INCLUDE))
        if word is not None and word.type == "identifier" and word.parent is not None and _is_call(word.parent):
            yield word.parent


def _calls_in_all(root: Node) -> Iterator[Node]:
    """The same, in time that does not depend on how deep they are."""
    pending = [root]
    while pending:
        node = pending.pop()
        if _is_call(node):
            yield node
        pending += reversed(node.named_children)


def _is_call(node: Node) -> bool:
    if node.type != "call":
        return False
    method, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
    return method is not None and method.text == INCLUDE and (receiver is None or _is_context(receiver))


def _is_context(receiver: Node) -> bool:
    # the length first: a chain of calls is long, and its text would be taken again for each of them
    return receiver.end_byte - receiver.start_byte <= _LONGEST_RECEIVER and receiver.text in _RECEIVERS


def _names(argument: Node, source: bytes) -> Iterator[str | Unresolved]:
    """The recipes that an argument names; arrays are flattened, as ``RunContext#include_recipe`` does."""
    pending = [argument]
    while pending:
        node = pending.pop()
        if node.type == "array":
            pending += reversed(node.named_children)
        elif node.type == "string_array" and b"\\" not in (node.text or b"\\"):
            yield from (_text(each) for each in node.named_children)
        elif node.type != "comment":
            yield literal(node, source)


def literal(node: Node, source: bytes) -> str | Unresolved:
    """A string without escapes and interpolation, or what stands there instead."""
    if node.type == "string" and all(part.type == "string_content" for part in node.named_children):
        inside = node.text[1:-1] if node.text and node.text[:1] in {b"'", b'"'} else None
        if inside is not None and b"\\" not in inside:
            return inside.decode("utf-8", "surrogateescape")
    shown = source[node.start_byte : node.end_byte][:_LONGEST_SOURCE]
    return Unresolved(shown.decode("utf-8", "surrogateescape"), node.start_point.row + 1)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "surrogateescape")
