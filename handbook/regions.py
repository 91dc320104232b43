"""The regions of a page that are made from the code.

A region stands between ``<!-- generated: NAME ARGUMENTS -->`` and ``<!-- end -->``; what is between them is replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from handbook import commands, documents, frames, interface, rules, samples, snippets, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REGIONS: Final[Mapping[str, Callable[..., str]]] = {
    "action": snippets.action,
    "answers": interface.answers,
    "charges": tables.charges,
    "columns": frames.columns,
    "commands": commands.listed,
    "usage": commands.usage,
    "documents": documents.listed,
    "errors": interface.errors,
    "fields": documents.fields,
    "orders": tables.orders,
    "python": interface.members,
    "values": interface.values,
    "rules": rules.listed,
    "rule": rules.described,
    "finding": rules.example,
    "silent": rules.silent,
    "formats": tables.formats,
    "csv": tables.csv_columns,
    "sample": samples.sample,
    "scenarios": tables.scenarios,
    "snippet": snippets.snippet,
    "stories": tables.stories,
    "uploaders": tables.uploaders,
    "verbs": tables.verbs,
}
"""What fills a region, by the first word of its comment; the other words are its arguments."""

_REGION: Final = re.compile(r"(<!-- generated: (?P<words>[^\n]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str) -> str:
    """A page with every region filled anew."""

    def again(found: re.Match[str]) -> str:
        name, *arguments = found["words"].split()
        return f"{found[1]}\n{REGIONS[name](*arguments).strip()}\n\n{found[3]}"

    return _REGION.sub(again, text)


def named(text: str) -> list[tuple[str, ...]]:
    """The regions of a page: name and arguments of each."""
    return [tuple(found["words"].split()) for found in _REGION.finditer(text)]
