"""Paths as URIs and text as messages, so that a reader of SARIF finds neither links nor places to fill in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from forensics.report.documents import Document

ROOT: Final = "SRCROOT"
"""What the URIs are relative to: the root of the repository."""

_BRACKET: Final = re.compile(r"([\[\]])")
_PLACEHOLDER: Final = re.compile(r"\{([0-9]+)\}")


def message(text: str) -> Document:
    r"""A message of plain text.

    ``[text](target)`` would be a link and ``{0}`` a placeholder; SARIF spells them ``\[`` and ``{{0}}``.
    """
    shown = clean(text)
    if "](" in shown:
        shown = _BRACKET.sub(r"\\\1", shown)
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", shown)}


def uri(path: str) -> str:
    """A path as a relative URI: every byte beyond letters, digits and ``-._~`` is percent-encoded.

    A segment of dots alone, by which a reader would leave the repository, is encoded twice: it names no such file.
    """
    try:
        segments = path.encode("utf-8", "surrogateescape").split(b"/")
    except UnicodeEncodeError:  # half of a pair of surrogates, which no path of git has
        segments = clean(path).encode().split(b"/")
    return "/".join("%252E" * len(each) if each in {b".", b".."} else quote(each, safe="") for each in segments)


def location(path: str, line: int = 1, *, text: str | None = None, number: int | None = None) -> Document:
    """A line of a file, with a ``text`` about it and a ``number`` to name it by."""
    place: Document = {} if number is None else {"id": number}
    place["physicalLocation"] = {
        "artifactLocation": {"uri": uri(path), "uriBaseId": ROOT},
        "region": {"startLine": line},
    }
    if text is not None:
        place["message"] = message(text)
    return place
