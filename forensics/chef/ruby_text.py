"""How Ruby writes values as text, and which names its regular expressions let through."""

from __future__ import annotations

import bisect
import re
import unicodedata
from typing import TYPE_CHECKING

from forensics.chef.objects import RepeatedKeys, Unresolved

if TYPE_CHECKING:
    from forensics.chef.objects import Value

_RAW_BYTE = re.compile("[\udc80-\udcff]")
_ORDINARY_NAME = re.compile(r"[-A-Za-z0-9_]+\Z")
_DEEPEST_INSPECTION = 100
_DIGITS_AT_ONCE = 4000
_CHUNK = 10**_DIGITS_AT_ONCE

_INSPECTED = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\v": "\\v",
    "\r": "\\r",
    "\b": "\\b",
    "\a": "\\a",
    "\x1b": "\\e",
}


class InvalidText(ValueError):  # noqa: N818 - named for what the text is
    """A regular expression met bytes that are no valid UTF-8: Ruby raises ArgumentError."""


def integer_text(number: int) -> str:
    """Write an integer of any size in decimal; Python's own ``str`` stops at a length."""
    if -_CHUNK < number < _CHUNK:
        return str(number)
    sign, number = ("-", -number) if number < 0 else ("", number)
    chunks: list[str] = []
    while number:
        number, chunk = divmod(number, _CHUNK)
        chunks.append(str(chunk).zfill(_DIGITS_AT_ONCE) if number else str(chunk))
    return sign + "".join(reversed(chunks))


def float_text(number: float) -> str:
    """Write a finite float as ``Float#to_s`` does: shortest digits, an exponent below 1e-4 and from 1e15 on.

    Unlike Python, Ruby keeps ``1234567890123456.5`` plain (a digit stands behind the point), but writes ``1.0e+15``.
    """
    python = repr(number)
    if "e" not in python and -1e15 < number < 1e15:  # noqa: PLR2004 - both write these alike
        return python
    sign = "-" if python.startswith("-") else ""
    mantissa, _, exponent = python.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)
    digits = digits.rstrip("0") or "0"
    if 0 < point < len(digits):
        return f"{sign}{digits[:point]}.{digits[point:]}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{point - 1:+03d}"


def to_s(value: Value, *, chef: str = "18") -> str | None:
    """Write a JSON value as Ruby's ``to_s`` does; ``None`` where that depends on the Ruby or its locale."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return inspect(value, chef=chef)


def inspect(value: Value, *, chef: str = "18", depth: int = 0) -> str | None:  # noqa: PLR0911 - one per type
    """Write a JSON value as Ruby's ``inspect`` does; ``None`` where that depends on the Ruby or its locale.

    Ruby 3.4, which Chef 19 runs on, writes hashes in another way; what counts as printable beyond ASCII depends on
    the Unicode version and the locale.
    """
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return integer_text(value)
    if isinstance(value, float):
        if value - value != 0:  # infinite, the only such value in JSON
            return "Infinity" if value > 0 else "-Infinity"
        return float_text(value)
    if isinstance(value, str):
        return _inspected_text(value)
    if isinstance(value, Unresolved | RepeatedKeys) or depth > _DEEPEST_INSPECTION:
        return None
    if isinstance(value, dict):
        if major(chef) >= 19:  # noqa: PLR2004 - Ruby 3.4 begins there
            return None
        pairs = [(inspect(key), inspect(member, depth=depth + 1)) for key, member in value.items()]
        if any(key is None or member is None for key, member in pairs):
            return None
        return "{" + ", ".join(f"{key}=>{member}" for key, member in pairs) + "}"
    members = [inspect(member, chef=chef, depth=depth + 1) for member in value]
    texts = [member for member in members if member is not None]
    return "[" + ", ".join(texts) + "]" if len(texts) == len(members) else None


def _inspected_text(text: str) -> str | None:
    if not text.isascii() or "\x7f" in text:
        return None
    pieces: list[str] = []
    for at, character in enumerate(text):
        if character in _INSPECTED:
            pieces.append(_INSPECTED[character])
        elif character == "#" and text[at + 1 : at + 2] in ("{", "$", "@"):
            pieces.append("\\#")
        elif character < " ":
            pieces.append(f"\\u{ord(character):04X}")
        else:
            pieces.append(character)
    return '"' + "".join(pieces) + '"'


def major(chef: str) -> int:
    """Return the leading number of a Chef version."""
    return int(chef.partition(".")[0])


def has_raw_bytes(text: str) -> bool:
    """Tell whether text holds bytes that are no valid UTF-8."""
    return _RAW_BYTE.search(text) is not None


def has_name_line(text: str, extra: str = "") -> bool:
    r"""Tell whether a line of the text is a name to ``/^[\-[:alnum:]_]+$/``: Ruby's anchors stand at lines.

    ``extra`` are the further characters that some expressions allow.

    Raises:
        InvalidText: the text is no valid UTF-8.
    """
    if _ORDINARY_NAME.match(text):
        return True
    if has_raw_bytes(text):
        raise InvalidText
    allowed = "-_" + extra
    return any(
        line and all(character in allowed or is_alphanumeric(character) for character in line)
        for line in text.split("\n")
    )


def is_alphanumeric(character: str) -> bool:
    """Tell whether a character belongs to ``[[:alnum:]]``: Unicode's Alphabetic property and decimal digits."""
    if character.isascii():
        return character.isalnum()
    if character.isalpha() or character.isdecimal() or unicodedata.category(character) == "Nl":
        return True
    at = bisect.bisect_right(_FIRST, ord(character)) - 1
    return at >= 0 and ord(character) <= _LAST[at]


# Alphabetic characters that are neither letters nor letter numbers (Other_Alphabetic), which unicodedata cannot tell.
_OTHER_ALPHABETIC = """
345 5B0-5BD 5BF 5C1-5C2 5C4-5C5 5C7 610-61A 64B-657 659-65F 670 6D6-6DC 6E1-6E4 6E7-6E8 6ED 711 730-73F 7A6-7B0
816-817 81B-823 825-827 829-82C 8D4-8DF 8E3-8E9 8F0-903 93A-93B 93E-94C 94E-94F 955-957 962-963 981-983 9BE-9C4
9C7-9C8 9CB-9CC 9D7 9E2-9E3 A01-A03 A3E-A42 A47-A48 A4B-A4C A51 A70-A71 A75 A81-A83 ABE-AC5 AC7-AC9 ACB-ACC AE2-AE3
AFA-AFC B01-B03 B3E-B44 B47-B48 B4B-B4C B56-B57 B62-B63 B82 BBE-BC2 BC6-BC8 BCA-BCC BD7 C00-C03 C3E-C44 C46-C48
C4A-C4C C55-C56 C62-C63 C81-C83 CBE-CC4 CC6-CC8 CCA-CCC CD5-CD6 CE2-CE3 D00-D03 D3E-D44 D46-D48 D4A-D4C D57 D62-D63
D81-D83 DCF-DD4 DD6 DD8-DDF DF2-DF3 E31 E34-E3A E4D EB1 EB4-EB9 EBB-EBC ECD F71-F81 F8D-F97 F99-FBC 102B-1036 1038
103B-103E 1056-1059 105E-1060 1062-1064 1067-106D 1071-1074 1082-108D 108F 109A-109D 1712-1713 1732-1733 1752-1753
1772-1773 17B6-17C8 1885-1886 18A9 1920-192B 1930-1938 1A17-1A1B 1A55-1A5E 1A61-1A74 1ABF-1AC0 1ACC-1ACE 1B00-1B04
1B35-1B43 1B80-1B82 1BA1-1BA9 1BAC-1BAD 1BE7-1BF1 1C24-1C36 1DE7-1DF4 24B6-24E9 2DE0-2DFF A674-A67B A69E-A69F A802
A80B A823-A827 A880-A881 A8B4-A8C3 A8C5 A8FF A926-A92A A947-A952 A980-A983 A9B4-A9BF A9E5 AA29-AA36 AA43 AA4C-AA4D
AA7B-AA7D AAB0 AAB2-AAB4 AAB7-AAB8 AABE AAEB-AAEF AAF5 ABE3-ABEA FB1E 10376-1037A 10A01-10A03 10A05-10A06 10A0C-10A0F
10D24-10D27 10EAB-10EAC 11000-11002 11038-11045 11073-11074 11082 110B0-110B8 110C2 11100-11102 11127-11132
11145-11146 11180-11182 111B3-111BF 111CE-111CF 1122C-11234 11237 1123E 112DF-112E8 11300-11303 1133E-11344
11347-11348 1134B-1134C 11357 11362-11363 11435-11441 11443-11445 114B0-114C1 115AF-115B5 115B8-115BE 115DC-115DD
11630-1163E 11640 116AB-116B5 1171D-1172A 1182C-11838 11930-11935 11937-11938 1193B-1193C 11940 11942 119D1-119D7
119DA-119DF 119E4 11A01-11A0A 11A35-11A39 11A3B-11A3E 11A51-11A5B 11A8A-11A97 11C2F-11C36 11C38-11C3E 11C92-11CA7
11CA9-11CB6 11D31-11D36 11D3A 11D3C-11D3D 11D3F-11D41 11D43 11D47 11D8A-11D8E 11D90-11D91 11D93-11D96 11EF3-11EF6
16F4F 16F51-16F87 16F8F-16F92 16FF0-16FF1 1BC9E 1E000-1E006 1E008-1E018 1E01B-1E021 1E023-1E024 1E026-1E02A 1E947
1F130-1F149 1F150-1F169 1F170-1F189
"""
_RANGES = [tuple(int(end, 16) for end in text.split("-")) for text in _OTHER_ALPHABETIC.split()]
_FIRST = [ends[0] for ends in _RANGES]
_LAST = [ends[-1] for ends in _RANGES]
