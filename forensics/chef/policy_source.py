"""The run lists of a policy, as far as its text tells: of ``Policyfile.rb``, or of a lock that chef made of it.

A policy's run lists name recipes alone. Nothing is resolved; a name that only running the file could tell is passed
over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef import json_parser
from forensics.chef.run_list import ArgumentRefused, RunListItem, item_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from forensics.chef.objects import Value

_CALLS: Final = frozenset({b"run_list", b"named_run_list"})
_LISTED: Final = frozenset({"string", "string_array", "bare_string", "array", "argument_list"})


class PolicyItem(NamedTuple):
    """An item of a policy's run list: the list's name and the line, from 1."""

    where: str
    item: RunListItem
    line: int


def policy_items(path: str, data: bytes) -> Iterator[PolicyItem]:
    """Every item of every run list of a policy, or of its lock."""
    for where, value, line in _in_ruby(data) if path.endswith(".rb") else _in_lock(data):
        try:
            item = item_of_value(value)
        except ArgumentRefused:
            continue
        if isinstance(item, RunListItem):
            yield PolicyItem(where, item, line)


def _in_lock(data: bytes) -> Iterator[tuple[str, Value, int]]:
    try:
        lock = json_parser.parse(data)
    except ValueError:
        return
    if not isinstance(lock, dict):
        return
    named = lock.get("named_run_lists")
    lists = {"run_list": lock.get("run_list")}
    lists |= {f"named_run_lists.{name}": items for name, items in named.items()} if isinstance(named, dict) else {}
    for where, items in lists.items():
        start = data.find(b'"%s"' % where.rpartition(".")[2].encode("utf-8", "surrogateescape"))
        for item in items if isinstance(items, list) else ():
            text = item.encode("utf-8", "surrogateescape") if isinstance(item, str) else b""
            place = max(data.find(b'"%s"' % text, max(start, 0)), 0)
            yield where, item, data.count(b"\n", 0, place) + 1


def _in_ruby(data: bytes) -> Iterator[tuple[str, Value, int]]:
    if not any(call in data for call in _CALLS):
        return
    from forensics.chef.ruby.grammar import parse  # noqa: PLC0415 (few repositories have policies)

    for node in parse(data).named_children:
        method, arguments = node.child_by_field_name("method"), node.child_by_field_name("arguments")
        if node.type != "call" or method is None or arguments is None or method.text not in _CALLS:
            continue
        given = arguments.named_children
        where = (method.text or b"").decode()
        if where == "named_run_list" and given:
            where = f"named_run_list {(given[0].text or b'').decode('utf-8', 'replace')}"
            given = given[1:]
        for each in given:
            for text in _texts(each):
                yield where, (text.text or b"").decode("utf-8", "surrogateescape"), text.start_point.row + 1


def _texts(node: Node) -> Iterator[Node]:
    """The texts of a list that are literal."""
    pending = [node]
    while pending:
        each = pending.pop()
        if each.type in _LISTED:
            pending += reversed(each.named_children)
        elif each.type == "string_content" and each.parent is not None and len(each.parent.named_children) == 1:
            yield each
