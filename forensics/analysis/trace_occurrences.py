"""Who leads to a recipe, role or attribute at one moment, through which run lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.run_lists import DEFAULT
from forensics.chef.recipe_source import qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.cookbooks import Leading
    from forensics.analysis.run_lists import RunLists
    from forensics.analysis.trace_subject import Subject
    from forensics.chef.run_list import RunListItem


@dataclass(frozen=True, slots=True, eq=False)
class ObjectContent:
    """One content that an object has, or may have: its name, its run lists, and the levels of attributes that carry."""

    name: str
    lists: RunLists
    levels: tuple[str, ...] = ()


class Occurrence(NamedTuple):
    """One item through which a content leads to the subject: see ``trace_results.Carrier``."""

    where: str
    environment: str | None
    item: str
    carriage: str
    through: tuple[str, ...]


def own_occurrences(subject: Subject, leading: Leading, content: ObjectContent) -> Iterator[Occurrence]:
    """The items and attributes of a content that carry the subject without any role between."""
    for level in content.levels:
        yield Occurrence(level, None, subject.name, "direct", ())
    if subject.kind == "attribute":
        return
    for environment, item in content.lists.named():
        yield from _own(subject, leading, environment, item)


def _own(subject: Subject, leading: Leading, environment: str, item: RunListItem) -> Iterator[Occurrence]:
    if subject.is_named_by(item):
        yield _occurrence(environment, item, "direct", ())
    elif subject.kind == "recipe" and item.type == "recipe" and item.name:
        name = qualified(item.name)
        if name != subject.name and name in leading:
            yield _occurrence(environment, item, "include", tuple(f"recipe[{each}]" for each in leading[name]))


def _occurrence(environment: str, item: RunListItem, carriage: str, through: tuple[str, ...]) -> Occurrence:
    if environment == DEFAULT:
        return Occurrence("run_list", None, str(item), carriage, through)
    return Occurrence("env_run_lists", environment, str(item), carriage, through)


def environments_of(contents: Iterable[ObjectContent]) -> list[str]:
    """The environments that some run list tells apart; ``_default`` stands for all others."""
    named = {key for content in contents for key in content.lists.by_environment}
    named.update(content.lists.environment for content in contents if content.lists.environment is not None)
    return [DEFAULT, *sorted(named - {DEFAULT})]


class Occurrences:
    """What contents themselves say of a subject, each looked at once for the same recipes that lead to it.

    Equal recipes must be one value that is kept, as the answers of the index of cookbooks are.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._own: dict[tuple[ObjectContent, int], tuple[Occurrence, ...]] = {}
        self._steps: dict[tuple[ObjectContent, str, int], tuple[tuple[str, ...] | None, tuple[str, ...]]] = {}

    def own(self, leading: Leading, content: ObjectContent) -> tuple[Occurrence, ...]:
        """The items and attributes of a content that carry the subject without any role between."""
        known = self._own.get((content, id(leading)))
        if known is None:
            known = tuple(own_occurrences(self._subject, leading, content))
            self._own[content, id(leading)] = known
        return known

    def _step(
        self, leading: Leading, content: ObjectContent, environment: str
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
        """What lies between a content and the subject in an environment, if no role does, and the roles it names."""
        key, items = content.lists.within(environment)
        known = self._steps.get((content, key, id(leading)))
        if known is None:
            attribute = self._subject.kind == "attribute"
            nearest: tuple[str, ...] | None = () if content.levels and attribute else None
            roles: list[str] = []
            for item in items:
                occurrence = next(_own(self._subject, leading, key, item), None)
                if occurrence is not None and not attribute:
                    between = () if occurrence.carriage == "direct" else (occurrence.item, *occurrence.through)
                    nearest = between if nearest is None or len(between) < len(nearest) else nearest
                elif item.type == "role":
                    roles.append(item.name)
            known = self._steps[content, key, id(leading)] = nearest, tuple(roles)
        return known

    def carrying_roles(
        self, leading: Leading, roles: Sequence[ObjectContent], environment: str
    ) -> dict[str, tuple[str, ...]]:
        """The names of roles that lead to the subject in an environment, each with what lies between, nearest first."""
        found: dict[str, tuple[str, ...]] = {}
        included_by: dict[str, list[str]] = {}
        for content in roles:
            between, named = self._step(leading, content, environment)
            if between is not None and (content.name not in found or len(between) < len(found[content.name])):
                found[content.name] = between
            for name in named:
                included_by.setdefault(name, []).append(content.name)
        pending = list(found)
        for name in pending:  # grows while it is read: nearest first
            for outer in included_by.get(name, ()):
                if outer not in found:
                    found[outer] = (f"role[{name}]", *found[name])
                    pending.append(outer)
        return found


def nested_occurrences(
    subject: Subject, carrying: Mapping[str, Mapping[str, tuple[str, ...]]], content: ObjectContent
) -> Iterator[Occurrence]:
    """The roles in a content's run lists that lead to the subject in an environment where the list counts.

    ``carrying`` are the carrying roles by environment.
    """
    for key, items in content.lists.by_environment.items():
        if content.lists.environment is not None:
            counts = [content.lists.environment]
        elif key == DEFAULT:
            counts = [each for each in carrying if each == DEFAULT or each not in content.lists.by_environment]
        else:
            counts = [key]
        for item in items:
            if item.type == "role" and not subject.is_named_by(item):
                within = (carrying.get(each, carrying[DEFAULT]) for each in counts)
                through = next((roles[item.name] for roles in within if item.name in roles), None)
                if through is not None:
                    yield _occurrence(key, item, "nested", through)


class ObjectContents:
    """Equal contents as one value: most versions of a role differ in what does not matter here."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], ObjectContent] = {}

    def content(self, name: str, lists: RunLists, levels: tuple[str, ...]) -> ObjectContent:
        """The content with this name, these run lists and these levels of attributes."""
        key = (name, tuple(lists.by_environment.items()), lists.environment, levels)
        return self._known.setdefault(key, ObjectContent(name, lists, levels))
