"""How charts look: colours that everybody can tell apart, the same for a file wherever it stands, and one font."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from forensics.plots.words import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH: Final = 720
ROW: Final = 22

CANONICAL: Final = "#47749f"
COPIES: Final = ("#b9480a", "#8a3a96", "#00705f", "#745c00", "#4d4fc0")
NO_FILE: Final = "#6a6f78"
ALARM: Final = "#a61b14"
INK: Final = "#1c2430"
SOFT: Final = "#55606e"
RULE: Final = "#e3e1da"
PAPER: Final = "#ffffff"

# the metrics of this font come with the library that draws, so that text takes the same room on every machine
_FONT: Final = "Liberation Sans,Arial,Helvetica,sans-serif"

CONFIG: Final[dict[str, Any]] = {
    "background": PAPER,
    "font": _FONT,
    "padding": 12,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "group",
        "fontSize": 15,
        "lineHeight": 20,
        "color": INK,
        "subtitleColor": SOFT,
        "subtitleFontSize": 12,
        "subtitleLineHeight": 16,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": RULE,
        "labelOverlap": True,
    },
    "legend": {"labelColor": INK, "labelFontSize": 11, "labelLimit": 560, "titleColor": SOFT, "titleFontSize": 11,
               "titleFontWeight": "normal", "symbolType": "square"},
}  # fmt: skip


class Mark(NamedTuple):
    """How a file is told from the others: a letter and a colour, and what the legend calls it."""

    letter: str
    color: str
    label: str


def marks(paths: Iterable[str], canonical: str | None) -> dict[str, Mark]:
    """The marks of one object's files: the canonical one is A, the others follow in byte order."""
    ordered = sorted(set(paths), key=lambda path: (path != canonical, path.encode("utf-8", "surrogateescape")))
    found = {}
    for number, path in enumerate(ordered):
        letter = chr(ord("A") + number) if number < 26 else str(number + 1)  # noqa: PLR2004 (letters)
        color = CANONICAL if path == canonical else COPIES[(number - (canonical is not None)) % len(COPIES)]
        suffix = " (the canonical file)" if path == canonical else ""
        found[path] = Mark(letter, color, f"{letter}   {cut(path, 80)}{suffix}")
    return found


UNKNOWN: Final = Mark("?", NO_FILE, "?   no file of the repository")


def legend_of(known: Mapping[str, Mark], *, unknown: bool) -> dict[str, str]:
    """The colours of some files as a legend has them, with that of what no file gave if it is ``unknown``."""
    return {each.label: each.color for each in (*known.values(), *([UNKNOWN] if unknown else []))}
