"""What a typed command can have left of an object: contents of files, one of nobody's, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.explaining.problem import ABSENT, OUTSIDE
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.evidence.shell.knife_words import understood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.explaining.declared import ObjectHistory
    from forensics.analysis.objects import ObjectName
    from forensics.evidence.commands import NamedFile, PossibleCommand, RanCommand


class SentByCommand(NamedTuple):
    """The contents that a command can have left; ``always`` if it sent some of them whatever the clone held."""

    contents: tuple[int, ...]
    always: bool


_WORDS: Final = {"role": Kind.ROLE, "environment": Kind.ENVIRONMENT, "node": Kind.NODE, "data bag": Kind.DATA_BAG_ITEM}


def contents_of(command: RanCommand, name: ObjectName, history: ObjectHistory) -> SentByCommand:
    """What a command can have left of an object; no contents where it has nothing to do with it."""
    ways = [_left(each, name, history) for each in command.possible or (command,)]
    found = tuple(dict.fromkeys(content for way in ways for content in way.contents))
    return SentByCommand(found, always=all(way.always for way in ways))


def _left(command: RanCommand | PossibleCommand, name: ObjectName, history: ObjectHistory) -> SentByCommand:
    _, verb, arguments = understood(command.argv or ())
    if command.files:
        return _sent(command.files, name, history, stems=verb == "upload")
    kind = next((kind for words, kind in _WORDS.items() if verb.startswith(f"{words} ")), None)
    if kind is name.kind:
        named = arguments[:2] == [name.bag, name.name] if kind is Kind.DATA_BAG_ITEM else name.name in arguments[:1]
        whole_bag = kind is Kind.DATA_BAG_ITEM and verb == "data bag delete" and arguments == [name.bag]
        if (named or whole_bag) and not verb.endswith("from file"):
            return SentByCommand((ABSENT if verb.endswith(" delete") else OUTSIDE,), always=True)
    elif verb in {"edit", "delete"}:
        directory = f"data_bags/{name.bag}" if name.kind is Kind.DATA_BAG_ITEM else f"{name.kind}s"
        if any(each.strip("/") == f"{directory}/{name.name}.json" for each in arguments):
            return SentByCommand((ABSENT if verb == "delete" else OUTSIDE,), always=True)
    return SentByCommand((), always=False)


def _sent(files: Sequence[NamedFile], name: ObjectName, history: ObjectHistory, *, stems: bool) -> SentByCommand:
    """What the last file that declares the object can have held; with ``stems`` no file of another name is sent."""
    by_path: dict[str, list[NamedFile]] = {}
    for each in files:
        by_path.setdefault(each.path, []).append(each)
    found: list[int] = []
    for path, versions in reversed(by_path.items()):
        if stems and layout.stem(path) != name.name:
            continue
        numbers = [history.numbers.get((each.path, bytes.fromhex(each.blob))) for each in versions]
        known = [number for number in numbers if number is not None]
        found += known
        if known and any(each.edited for each in versions):
            found.append(OUTSIDE)
        if known and len(known) == len(numbers):
            return SentByCommand(tuple(dict.fromkeys(found)), always=True)
    return SentByCommand(tuple(dict.fromkeys(found)), always=False)
