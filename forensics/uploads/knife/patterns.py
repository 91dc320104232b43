"""The patterns of ``knife upload``, ``knife delete`` and ``knife diff``.

Mirrors Chef::ChefFS::FilePattern (lib/chef/chef_fs/file_pattern.rb).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MOST_WILDCARDS: Final = 16  # matching takes a power of their number
_ONLY_RUBYS: Final = re.compile(r"\[|&&|\\[hHRX]")
_SPECIAL = re.compile(r"(\\.|\[[^\]]+\]|\*\*|\*|\?|[*?.|()\[\]{}+\\^$])")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern below the root of the chef-repo.

    ``exact`` holds for each part its literal text, or None where it has a wildcard; ``expression`` matches whole
    paths such as ``/roles/base.json``.
    """

    exact: tuple[str | None, ...]
    parts: tuple[re.Pattern[str], ...]
    expression: re.Pattern[str]
    any_depth: bool

    def matches(self, path: str) -> bool:
        """Whether a path is one of those meant."""
        return self.expression.search(path.lstrip("/")) is not None

    def may_match_below(self, path: str) -> bool:
        """Whether something below a directory may be meant."""
        names = [part for part in path.split("/") if part]
        if len(self.parts) <= len(names) and not self.any_depth:
            return False
        return all(part.search(name) for name, part in zip(names, self.parts, strict=False))


def pattern_of(base: str, argument: str) -> Pattern:
    """Read an argument, seen from the directory ``base`` of the chef-repo (or from its root, if it begins with /).

    Raises:
        re.error: brackets that form no expression.
        ValueError: ``..`` behind ``**``, brackets that mean something else to Ruby, or too many wildcards.
    """
    if argument.count("*") + argument.count("?") > _MOST_WILDCARDS:
        raise ValueError(f"more than {_MOST_WILDCARDS} wildcards")
    text = argument if argument.startswith("/") else f"{base}/{argument}"
    sources: list[str] = []
    exact: list[str | None] = []
    wild: list[bool] = []
    for part in text.split("/"):
        source, literal, any_depth = _translated(part)
        if literal in ("", "."):
            continue
        if literal == "..":
            if any(wild[-1:]):
                raise ValueError(".. overlapping a ** is unsupported")
            del sources[-1:], exact[-1:], wild[-1:]
            continue
        sources.append(source)
        exact.append(literal)
        wild.append(any_depth)
    fixed = wild.index(True) if True in wild else len(wild)
    return Pattern(
        tuple(exact[:fixed]),
        tuple(re.compile(f"^{source}$", re.MULTILINE) for source in sources[:fixed]),
        re.compile(f"^{'/'.join(sources)}$", re.MULTILINE),
        fixed < len(wild),
    )


def _translated(part: str) -> tuple[str, str | None, bool]:
    """Give a part's regular expression, its literal text (None with wildcards), and whether it spans directories."""
    source, literal, any_depth = "", "", False
    exact = True
    for number, piece in enumerate(_SPECIAL.split(part)):
        if number % 2 == 0:
            source += re.escape(piece)
            literal += piece
        elif piece in ("*", "**", "?"):
            source += {"*": "[^/]*", "**": ".*", "?": "."}[piece]
            exact = False
            any_depth = any_depth or piece == "**"
        elif len(piece) > 1 and piece.startswith("["):
            if _ONLY_RUBYS.search(piece, 1):
                raise ValueError(f"{piece} is a set of characters that only Ruby reads so")
            source += piece
            exact = False
        else:
            literal += piece[-1]
            source += re.escape(piece[-1])
    return source, literal if exact else None, any_depth
