"""Names that put collation to the test: those of real repositories, and random ones from several alphabets."""

from __future__ import annotations

import random

from forensics.uploads.locale_order import covers

_RECORDED = ["Base.json", "base copy.json", "base-original.json", "base.bak.json", "base.json", "base.rb", "base2.json"]
_STEMS = ["base", "Base", "BASE", "web", "web-server", "web_server", "webServer", "db", "app1", "app10", "app2", "prod"]
_MARKS = ["", "-original", "-old", ".bak", "_old", " copy", " (1)", "~", "-v2", "-v10", ".v2", "2", "02", "+x", "-2-x"]
_ALPHABETS = [
    "abcABC012-_. ~+@",
    "".join(map(chr, range(1, 127))).replace("/", ""),
    "".join(map(chr, range(0xA0, 0x250))) + "aeoz-. 1",
    "".join(map(chr, range(0x300, 0x36F))) + "aeo-1. ",
    "".join(map(chr, range(0x370, 0x530))) + "-. 1",
    "中文國語한국어あイ😀→½ﬁ™-.a1",
    "\udcff\udce9ab-1.",
]


def realistic_names():
    return _RECORDED + [f"{stem}{mark}.{kind}" for stem in _STEMS for mark in _MARKS for kind in ("json", "rb")]


def random_names(count, seed):
    """Names in near-identical pairs: most differ by one character, or by the case of all."""
    source = random.Random(seed)  # noqa: S311 - no secret
    names = []
    while len(names) < count:
        alphabet = source.choice(_ALPHABETS)
        name = [source.choice(alphabet) for _ in range(source.randint(1, 9))]
        changed = list(name)
        place = source.randrange(len(name))
        changed[place : place + source.randint(0, 1)] = source.choice(alphabet) * source.randint(0, 2)
        other = [character.swapcase() for character in name]
        names += [text for text in map("".join, (name, changed, other)) if text and _is_a_name(text)]
    return names[:count]


def _is_a_name(text):
    """Whether its raw bytes stay raw bytes, and the table knows its characters."""
    raw = text.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape") == text and covers(text)
