"""Which cookbooks lock files, lists of dependencies and cookbooks' metadata name, as far as text tells.

Nothing is resolved: whoever is named may come from elsewhere, and that is all that is wanted. So text that computes
its names counts for every word in it that may be one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from forensics.chef import json_parser

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCKS: Final = ("Berksfile.lock", "Policyfile.lock.json", "Cheffile.lock")
"""Files that list every cookbook of a resolved set."""
LISTS: Final = ("Berksfile", "Cheffile", "Policyfile.rb")
"""Files that say which cookbooks are wanted from outside."""
POLICIES: Final = ("Policyfile.rb", "Policyfile.lock.json")
"""The policy of a chef-repo, and its lock: each is one of the above, too."""

_LARGEST: Final = 1 << 22
# `  apt (2.3.4)` and `    yum (>= 0.0.0)`, as Berkshelf 3 and Librarian write them
_LOCKED: Final = re.compile(rb"^[ \t]+([\w.-]+)(?: \([^)\n]*\))?[ \t\r]*$", re.MULTILINE)
_QUOTED: Final = re.compile(rb"['\"]([\w.-]+)['\"]")
_DEPENDING: Final = re.compile(rb"\bdepends\b[^\n]*|%w[\[({<|!/][^\])}>|!/]*")
_WORD: Final = re.compile(rb"[\w.-]+")


def named_cookbooks(filename: str, data: bytes) -> frozenset[str]:
    """The cookbooks that a file names; ``filename`` (its last component) tells what it is. Empty for any other file."""
    if len(data) > _LARGEST:
        return frozenset()
    return frozenset(_named(filename, data))


def _named(filename: str, data: bytes) -> Iterator[str]:
    if filename.endswith(".lock.json"):
        # the lock of a policy: what it locked, and all that their dependencies name
        lock = _object(data)
        yield from _keys(lock.get("cookbook_locks"))
    elif filename in LOCKS:
        # Berkshelf 2 wrote JSON
        if data.lstrip().startswith(b"{"):
            lock = _object(data)
            yield from (*_keys(lock.get("dependencies")), *_keys(lock.get("sources")))
        else:
            yield from map(_text, _LOCKED.findall(data))
    elif filename == "metadata.json":
        yield from _keys(_object(data).get("dependencies"))
    elif filename == "metadata.rb":
        for statement in _DEPENDING.findall(data):
            yield from map(_text, _WORD.findall(statement))
    elif filename in LISTS or filename.endswith(".rb"):
        yield from map(_text, _QUOTED.findall(data))


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json_parser.parse(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _keys(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _text(word: bytes) -> str:
    return word.decode("utf-8", "surrogateescape")
