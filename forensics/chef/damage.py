"""What befell a file that no parser reads: conflict markers left in it, or an editor's way of writing text.

Parsers tell where they stumble; people need to know over what.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from forensics.chef.objects import Problem

CONFLICTED: Final = "conflict-markers"
"""The kind of problem that a file with conflict markers has."""

BYTE_ORDER_MARK: Final = "starts with a byte order mark"
UTF_16: Final = "is UTF-16 text"

_SYNTAX: Final = frozenset({"json-syntax", "ruby-syntax"})
_UTF_8_MARK: Final = b"\xef\xbb\xbf"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_LEAST: Final = 4
_OPENING: Final = re.compile(rb"^<{7}(?: |\r?$)", re.MULTILINE)
_MIDDLE: Final = re.compile(rb"^={7}\r?$", re.MULTILINE)
_CLOSING: Final = re.compile(rb"^>{7}(?: |\r?$)", re.MULTILINE)


def conflict_line(data: bytes) -> int | None:
    """The line, counted from 1, at which the first conflict opens that has all three markers; None without one."""
    opening = _OPENING.search(data)
    middle = _MIDDLE.search(data, opening.end()) if opening else None
    if opening is None or middle is None or not _CLOSING.search(data, middle.end()):
        return None
    return data.count(b"\n", 0, opening.start()) + 1


def explained(problem: Problem, data: bytes) -> Problem:
    """A syntax error with its cause in plain words, if that is one of those known here; any other problem as it is.

    Ruby reads a file that starts with the byte order mark of UTF-8; Chef's JSON parser does not.
    """
    if problem.kind not in _SYNTAX:
        return problem
    line = conflict_line(data)
    if line is not None:
        return replace(problem, kind=CONFLICTED, message=f"holds conflict markers from line {line} on", line=line)
    if _is_utf_16(data):
        return replace(problem, message=UTF_16)
    if problem.kind == "json-syntax" and data.startswith(_UTF_8_MARK):
        return replace(problem, message=BYTE_ORDER_MARK)
    return problem


def _is_utf_16(data: bytes) -> bool:
    """Whether text is marked as UTF-16, or begins as ASCII written in it does."""
    if data.startswith(_UTF_16_MARKS):
        return True
    return len(data) >= _LEAST and (data[0:_LEAST:2] == b"\0\0") is not (data[1:_LEAST:2] == b"\0\0")
