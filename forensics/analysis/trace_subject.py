"""What is traced: a recipe, a role or an attribute; and whether a file's content carries it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.analysis.objects import UnknownObjectError
from forensics.analysis.results import ValueChange
from forensics.chef.objects import Kind, Unresolved
from forensics.chef.recipe_source import qualified
from forensics.chef.run_list import ArgumentRefused, parse_item
from forensics.chef.wire import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.chef.objects import Body, Value
    from forensics.chef.run_list import RunListItem

_ATTRIBUTE: Final = re.compile(r"attribute\[(.+)\]", re.DOTALL)
_COOKBOOK: Final = re.compile(r"cookbook\[(.+)\]", re.DOTALL)
PINS: Final = "cookbook_versions"
LEVELS: Final = {
    Kind.ROLE: ("default_attributes", "override_attributes"),
    Kind.ENVIRONMENT: ("default_attributes", "override_attributes"),
    Kind.NODE: ("normal", "default", "override", "automatic"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """``kind`` is ``recipe``, ``role``, ``attribute`` or ``cookbook``; a recipe's name is qualified.

    A version matches only what is pinned to it; without one, every version is meant.
    """

    kind: str
    name: str
    version: str | None = None

    def __str__(self) -> str:
        version = f"@{self.version}" if self.version else ""
        return f"{self.kind}[{self.name}{version}]"

    def is_named_by(self, item: RunListItem) -> bool:
        """Whether a run-list item is this very recipe or role; ``x`` and ``x::default`` are the same recipe.

        A cookbook is meant by every recipe of it that is pinned to a version.
        """
        if self.kind == "cookbook":
            return item.type == "recipe" and item.version is not None and item.name.partition("::")[0] == self.name
        if item.type != self.kind:
            return False
        if self.kind == "role":
            return item.name == self.name
        return qualified(item.name) == self.name and self.version in {None, item.version}


def parse_subject(text: str) -> Subject:
    """``recipe[x]`` or ``x``, as a run list spells it, ``role[x]``, ``attribute[ntp.servers]``, or ``cookbook[x]``.

    Raises:
        UnknownObjectError: it is none of these.
    """
    if match := _ATTRIBUTE.fullmatch(text):
        return Subject("attribute", match[1])
    if match := _COOKBOOK.fullmatch(text):
        return Subject("cookbook", match[1])
    try:
        item = parse_item(text)
    except ArgumentRefused:
        raise UnknownObjectError(
            f"{text!r} is none of recipe[COOKBOOK::RECIPE], role[NAME], attribute[PATH.TO.KEY] and cookbook[NAME]"
        ) from None
    if not item.name:
        raise UnknownObjectError(
            "recipe[COOKBOOK::RECIPE], role[NAME], attribute[PATH.TO.KEY] or cookbook[NAME] is needed"
        )
    return Subject(item.type, qualified(item.name) if item.type == "recipe" else item.name, item.version)


def values_of(subject: Subject, kind: Kind, body: Body) -> Iterator[tuple[str, Value | Unresolved]]:
    """What a body gives an attribute, by level, or where an environment pins a cookbook; of other subjects, nothing."""
    if subject.kind == "attribute":
        yield from attribute_values(kind, body, subject.name)
    elif subject.kind == "cookbook" and kind is Kind.ENVIRONMENT:
        pins = content(kind, body).get(PINS)
        if isinstance(pins, Unresolved):
            yield PINS, pins
        elif isinstance(pins, dict) and subject.name in pins:
            yield PINS, pins[subject.name]


def attribute_values(kind: Kind, body: Body, path: str) -> Iterator[tuple[str, Value | Unresolved]]:
    """What a body's attributes hold under a dotted path, by level; a key may contain dots itself.

    An Unresolved value is one that may hold it.
    """
    levels = LEVELS.get(kind, ())
    if not levels:
        return
    fields = content(kind, body)
    for level in levels:
        for value in _under(fields.get(level), path):
            yield level, value


def value_change(level: str, path: str, value: Value) -> ValueChange:
    """A value as the change that it makes to empty attributes, which is how values are shown and redacted."""
    keys = [key.replace("~", "~0").replace("/", "~1") for key in path.split(".")]
    return ValueChange("add", "/".join(["", level, *keys]), None, value)


def _under(value: Value, path: str) -> Iterator[Value | Unresolved]:
    pending = [(value, path)]
    while pending:
        inside, rest = pending.pop()
        if isinstance(inside, Unresolved):
            yield inside
        elif isinstance(inside, dict):
            for key, member in inside.items():
                text = str(key)
                if text == rest:
                    yield member
                elif rest.startswith(text + "."):
                    pending.append((member, rest[len(text) + 1 :]))
