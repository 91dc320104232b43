"""What knife prints of an object for people: ``knife role show base`` without ``-F json``.

Mirrors Chef::Knife::Core::TextFormatter (lib/chef/knife/core/text_formatter.rb). Types are lost in it: ``80`` may be a
number or a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.objects import Kind, Unresolved
from forensics.chef.ruby_text import to_s
from forensics.chef.wire import defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.chef.objects import Body, Value


def shown_text(kind: Kind, answer: Body) -> str | None:
    """The text for what a server answers, blanks at the ends of lines left out; None where a value is not known."""
    known = {key: answer[key] for key in defaults(kind, "") if key in answer}
    if kind is Kind.ROLE and isinstance(known["env_run_lists"], dict):
        known["env_run_lists"] = {key: value for key, value in known["env_run_lists"].items() if key != "_default"}
    try:
        return without_trailing_blanks("\n".join(_lines(known)))
    except _NotKnown:
        return None


def without_trailing_blanks(text: str) -> str:
    """A text by which two outputs are compared, whatever an editor did to the ends of their lines."""
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


class _NotKnown(Exception):  # noqa: N818 - named for the value
    """A value that only running a file could tell."""


def _lines(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        width = max((len(str(key)) for key in value), default=0) + 1
        for key in sorted(value, key=lambda key: str(key).encode("utf-8", "surrogateescape")):
            member = value[key]
            if isinstance(member, (list, tuple)) and len(member) == 1 and _is_single(member[0]):
                member = member[0]
            if _is_single(member):
                yield from f"{f'{key}:'.ljust(width)} {_single(member)}".split("\n")
            else:
                yield f"{key}:"
                yield from (f"  {line}" for line in _lines(member))
    elif isinstance(value, (list, tuple)):
        for place, member in enumerate(value):
            yield from _lines(member)
            if not _is_single(member) and place != len(value) - 1:
                yield ""
    else:
        yield from _single(value).split("\n")


def _is_single(value: Value) -> bool:
    return not isinstance(value, (dict, list, tuple))


def _single(value: Value) -> str:
    text = None if isinstance(value, Unresolved) else to_s(value)
    if text is None:
        raise _NotKnown
    return text
