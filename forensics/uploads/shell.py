"""What /bin/sh makes of file names that a program puts into a command as they are."""

from __future__ import annotations

import re
import shlex
from typing import Final

# of the others, only these mean something in the middle of a word; git quotes paths with a backslash or a double quote
_SPECIAL: Final = re.compile(r"""[\s()'"\\;&|<>$`#*?\[]""")
_SYNTAX: Final = re.compile(r"[()]")
_OTHERS: Final = re.compile(r"[;&|<>$`]")


class ShellRefused(Exception):  # noqa: N818 (named for what the shell does)
    """The shell runs no command, or another than was meant; the text is what it says."""


def words(text: str) -> list[str]:
    """The words that a part of a command falls into; patterns (``*``, ``?``, ``[``) are left as they are.

    Raises:
        ShellRefused: a syntax error, which keeps the shell from running any of it, or a character that makes other
            commands of it.
    """
    if _SPECIAL.search(text) is None:
        return [text]
    if (syntax := _SYNTAX.search(text)) is not None:
        raise ShellRefused(f'Syntax error: "{syntax[0]}" unexpected')
    if (other := _OTHERS.search(text)) is not None:
        raise ShellRefused(f'"{other[0]}" in a name makes another command of it')
    try:
        found = shlex.split(text.partition(" #")[0])
    except ValueError:
        raise ShellRefused("Syntax error: Unterminated quoted string") from None
    return [] if text.startswith("#") else found
