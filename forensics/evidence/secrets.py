"""What evidence is quoted without: passwords of command lines, credentials in addresses, bodies typed by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REDACTED: Final = "(redacted)"

_NAME: Final = r"pass|pwd|secret|token|credential"
_OPTION: Final = re.compile(rf"--?[\w-]*(?:{_NAME})[\w-]*(?<!-file)", re.IGNORECASE)
_SHORT: Final = "-P"
_OF_BAGS: Final = "-s"  # everywhere else it is the server's address
_CODE: Final = ("-E", "--exec")
_CREDENTIALS: Final = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s@\"']+@", re.IGNORECASE)
_TOLD: Final = re.compile(rf"([\w-]*(?:{_NAME}|key|private|authorization|bearer)[\w-]*).*", re.IGNORECASE | re.DOTALL)
_OF_MYSQL: Final = re.compile(r"(\s-p)\S+")


def without_secrets(argv: Sequence[str]) -> tuple[str, ...]:
    """The words of a knife command without what options say that name a secret, and without bodies and code."""
    return tuple(_words(argv))


def quoted(text: str) -> str:
    """What may be shown of a line that nothing was made of: it ends behind the first name of a secret."""
    return _TOLD.sub(r"\1 ***", _OF_MYSQL.sub(r"\1***", _CREDENTIALS.sub(r"\1***@", text)))


def _words(argv: Sequence[str]) -> Iterator[str]:
    of_bag, of_code = tuple(argv[:2]) == ("data", "bag"), tuple(argv[:1]) == ("exec",)
    of_attribute = tuple(argv[:3]) == ("node", "attribute", "set")
    before = ""
    for number, word in enumerate(argv):
        name, equals, _ = word.partition("=")
        if (
            before == _SHORT
            or _OPTION.fullmatch(before)
            or (of_bag and before == _OF_BAGS)
            or (of_code and before in _CODE)
            or (of_attribute and number > 4)  # noqa: PLR2004 (the node, and the attribute's path)
            or (word.startswith("{") and word != "{}")
        ):
            yield REDACTED
        elif equals and _OPTION.fullmatch(name):
            yield f"{name}={REDACTED}"
        elif word.startswith(_SHORT) and word != _SHORT:
            yield f"{_SHORT}{REDACTED}"
        else:
            yield _CREDENTIALS.sub(rf"\1{REDACTED}@", word)
        before = word
