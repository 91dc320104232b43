"""What is taken for a secret: values under telling names, and values that tell themselves, whatever their name.

Rather too much than too little: a hash still tells whether two values are the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")
_PARTS: Final = re.compile(r"pass|pwd|pw$|secret|token|key|cred|auth|salt|cert|private")
_WHOLE: Final = frozenset({"pem", "dsn", "connection", "connectionstring"})
# words that hold such a part and name nothing secret
_HARMLESS: Final = re.compile(
    r"author(?!iz)\w*|bypass\w*|compass\w*|passenger\w*|passive\w*|passport\w*|passthrough\w*|passthru|passage\w*|"
    r"concert\w*|certain\w*|ascertain\w*|credits?|accredit\w*|incredib\w*|sacred|basalt|saltstack|privateer\w*|"
    r"(?:mon|don|tur|hoc|joc|whis)keys?|key(?:board|note|pad|ring|server|space|stone|stroke|word)s?|"
    r"tokeni[sz]\w*|secretar\w*"
)
# paths of such files, and settings of sshd: where keys are, not which
_HARMLESS_NAME: Final = re.compile(r"authorized_?keys?_?(?:files?|paths?)", re.IGNORECASE)
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_CREDENTIALS_IN_URL: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:[^\s/@]+@")
_TOKEN: Final = re.compile(r"[A-Za-z0-9+_-][A-Za-z0-9+/_-]{18,}[A-Za-z0-9+/_-]={0,2}")
# a part of what people name things by
_NAME_PART: Final = re.compile(r"[A-Z]?[a-z]+\d{0,4}|[A-Z]+|\d{1,8}")
_HASH_NAME: Final = re.compile(
    r"checksum|sha\d*|md5|digest|fingerprint|version|uuid|guid|commit|revision", re.IGNORECASE
)
_BITS_A_CHARACTER: Final = 3.5


def names_a_secret(key: object) -> bool:
    """Whether a key has a telling part: ``dbpass``, ``ssh_key``, ``apiKey``; not ``monkey``, ``max_connections``."""
    text = str(key)
    if _HARMLESS_NAME.fullmatch(text):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    return any(
        word in _WHOLE or (_PARTS.search(word) is not None and _HARMLESS.fullmatch(word) is None) for word in words
    )


def is_secret(value: object, key: object = "") -> bool:
    """Whether a value tells by itself that it is a secret: a private key, a URL with a password, or a token.

    A token is a run of at least 20 characters of base64 or hexadecimal digits, as random as such are; a path is none,
    and what stands under the name of a hash or a version is none.
    """
    if not isinstance(value, str):
        return False
    if _PRIVATE_KEY.search(value) or _CREDENTIALS_IN_URL.search(value):
        return True
    if _TOKEN.fullmatch(value) is None or _HASH_NAME.search(str(key)) or _is_words(value):
        return False
    return _entropy(value) >= _BITS_A_CHARACTER


def _is_words(value: str) -> bool:
    """Whether a text is made of words or is a path, as names of packages, hosts and files are."""
    parts = [part for part in re.split(r"[/_+=-]", value) if part]
    if value.startswith("/") or (
        len(parts) > 1 and all(re.fullmatch(r"[A-Z]?[a-z]+\d{0,4}|[A-Z]+|\d{1,8}", p) for p in parts)
    ):
        return True
    return re.fullmatch(r"[A-Za-z]?[a-z]+", value) is not None or value.isdigit()


def _entropy(value: str) -> float:
    """Bits a character, by how often each character stands in the text."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())
