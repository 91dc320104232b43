r"""Run-list items: how Chef reads the strings and hashes of a run list.

Mirrors Chef::RunList::RunListItem (lib/chef/run_list/run_list_item.rb), whose expressions anchor at lines, not at the
ends of the text: ``"recipe[a]\njunk"`` is recipe ``a``.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from forensics.chef import ruby_text
from forensics.chef.objects import Unresolved

if TYPE_CHECKING:
    from forensics.chef.objects import Value

_QUALIFIED_RECIPE = re.compile(r"^recipe\[([^\]@]+)(?:@([0-9]+(?:\.[0-9]+){1,2}))?\]$", re.MULTILINE)
_QUALIFIED_ROLE = re.compile(r"^role\[([^\]]+)\]$", re.MULTILINE)
_VERSIONED_BARE_RECIPE = re.compile(r"^([^@]+)@([0-9]+(?:\.[0-9]+){1,2})$", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]]")
_RAW_BYTE = re.compile("[\udc80-\udcff]")


class ArgumentRefused(ValueError):  # noqa: N818 - named as Ruby's ArgumentError is, which it stands for
    """Chef refuses a run-list item; ``error_class`` is the Ruby class that it raises."""

    def __init__(self, message: str, error_class: str = "ArgumentError") -> None:
        super().__init__(message)
        self.error_class = error_class


@dataclass(frozen=True, slots=True)
class RunListItem:
    """One item of a run list; ``str()`` gives the normalised form that Chef writes (``recipe[a@1.0]``).

    Two items are the same if type, name and version are: ``x`` and ``recipe[x]`` are, ``x`` and ``x::default`` are not.
    """

    type: str
    name: str
    version: str | None = None

    def __str__(self) -> str:
        version = "" if self.version is None else f"@{self.version}"
        # a repository's run lists name the same few items again and again
        return sys.intern(f"{self.type}[{self.name}{version}]")


@lru_cache(maxsize=65536)  # every role of a repository names the same few
def parse_item(text: str) -> RunListItem:
    """Read one string of a run list.

    A string without brackets is a recipe, with its version if one of two or three numbers follows an ``@``.

    Raises:
        ArgumentRefused: brackets that form no ``recipe[...]`` or ``role[...]``, or text that is not valid UTF-8.
    """
    if _RAW_BYTE.search(text):
        raise ArgumentRefused("invalid byte sequence in UTF-8")
    if match := _QUALIFIED_RECIPE.search(text):
        return RunListItem("recipe", match[1], match[2])
    if match := _QUALIFIED_ROLE.search(text):
        return RunListItem("role", match[1])
    if match := _VERSIONED_BARE_RECIPE.search(text):
        return RunListItem("recipe", match[1], match[2])
    if _BRACKET.search(text):
        raise ArgumentRefused(
            f"Unable to create Chef::RunList::RunListItem from String:{_quoted(text)}: must be recipe[] or role[]"
        )
    return RunListItem("recipe", text)


def as_run(run_list: Value) -> Value:
    """A run list as the client runs it: ``n`` is ``n::default``, and what is there already is not run again.

    Mirrors Chef::RunList::RunListExpansion, which applies a role once, and Chef::RunContext, which loads a recipe once.
    What is no list stays as it is, and so does an item that Chef refuses.
    """
    if not isinstance(run_list, list | tuple):
        return run_list
    items: list[Value] = []
    seen: set[str] = set()
    for value in run_list:
        item = value
        try:
            read = item_of_value(value) if not isinstance(value, Unresolved) else value
        except ArgumentRefused:
            read = value
        if isinstance(read, RunListItem):
            recipe = read.type == "recipe" and "::" not in read.name
            item = str(RunListItem(read.type, f"{read.name}::default", read.version) if recipe else read)
        if isinstance(item, str):
            if item in seen:
                continue
            seen.add(item)
        elif not isinstance(item, Unresolved) and item in items:
            continue
        items.append(item)
    return items


def item_of_value(value: Value) -> RunListItem | Unresolved:
    """Read one member of a JSON run list: a string, or a hash with ``type`` and ``name`` (and ``version``).

    Raises:
        ArgumentRefused: any other value. ``error_class`` is ``NoMethodError`` where the hash's type is no string.
    """
    if isinstance(value, str):
        return parse_item(value)
    if not isinstance(value, dict):
        raise ArgumentRefused(
            f"Unable to create Chef::RunList::RunListItem from {type(value).__name__}: must be a Hash or String"
        )
    if "type" not in value or "name" not in value:
        raise ArgumentRefused(
            "Initializing a Chef::RunList::RunListItem from a hash requires that it have a 'type' and 'name' key"
        )
    kind = value["type"]
    if not isinstance(kind, str):
        raise ArgumentRefused("undefined method `to_sym' for the type of a run list item", "NoMethodError")
    # `item["name"] || item[:name]` makes nil of false
    name, version = (None if value.get(key) is False else value.get(key) for key in ("name", "version"))
    text = ruby_text.to_s(name)
    version_text = None if version is None else ruby_text.to_s(version)
    if text is None or (version is not None and version_text is None):
        # how Ruby writes a hash depends on the Ruby that Chef runs on
        return Unresolved(f"run list item {kind}", 1)
    return RunListItem(kind, text, version_text)


def _quoted(text: str) -> str:
    """Quote text for a message, near enough to Ruby's ``inspect``."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
