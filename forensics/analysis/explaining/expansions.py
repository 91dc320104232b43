"""What a run's expanded list says of roles: through which contents of them its run list leads to exactly that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.explaining import costs
from forensics.analysis.explaining.claims import read_item
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE
from forensics.analysis.explaining.wanted import Wanted
from forensics.analysis.objects import ObjectName
from forensics.analysis.run_lists import DEFAULT, RunLists
from forensics.chef.objects import Kind
from forensics.evidence.observed import FactError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from forensics.analysis.explaining.costs import Charge
    from forensics.analysis.explaining.declared import ObjectHistory
    from forensics.analysis.explaining.reaching import RoleContents
    from forensics.chef.run_list import RunListItem

MOST_TOGETHER: Final = 4
"""Of a run to which more roles led that changed, only what it says of the asked one by itself is used."""


class LedOn(NamedTuple):
    """What a content of a role leads to, and whether there is more that nobody can tell."""

    items: tuple[RunListItem, ...]
    unresolved: bool


class RunWay(NamedTuple):
    """A run list that was expanded in an environment (empty where nothing tells which), and what it came to."""

    run_list: tuple[str, ...]
    environment: str
    recipes: tuple[str, ...]


class Expander:
    """Follows run lists through every content that any commit has of the roles of a server."""

    def __init__(self, contents: RoleContents, histories: Mapping[str, ObjectHistory], asked: str) -> None:
        self._contents = contents
        self._histories = histories
        self._asked = asked
        self._known: dict[object, Wanted | None] = {}

    def wanted(self, way: RunWay, last: int, *, alone: bool) -> Wanted | None:
        """What a run says of roles until a time; None if nothing of the asked one. ``alone`` asks for no other."""
        try:
            items = tuple(read_item(each) for each in way.run_list)
        except FactError:
            return None
        reached = self._closure(items)
        if self._asked not in reached:
            return None
        if not way.environment and any(
            set(lists.by_environment) != {DEFAULT} for role in reached for lists in self._contents.lists.get(role, ())
        ):
            return None
        environment = way.environment or DEFAULT
        free = tuple(
            sorted(role for role in reached if role == self._asked or not self._settled(role, environment, last))
        )
        if alone or len(free) > MOST_TOGETHER:
            free = (self._asked,)
        settled = {role: self._only(role, environment, last) for role in reached - set(free)}
        key = (way, free, frozenset(settled.items()))
        if key not in self._known:
            self._known[key] = self._wanted(items, environment, way.recipes, free, settled)
        return self._known[key]

    def _closure(self, items: Sequence[RunListItem]) -> set[str]:
        pending = [item.name for item in items if item.type == "role"]
        found = set(pending)
        while pending:
            for lists in self._contents.lists.get(pending.pop(), ()):
                new = {item.name for _, item in lists.named() if item.type == "role"} - found
                found |= new
                pending += new
        return found

    def _lists(self, role: str, content: int) -> RunLists | None:
        live = self._histories[role].contents[content] if role in self._histories else None
        return None if live is None else self._contents.of(live.body)

    def _settled(self, role: str, environment: str, last: int) -> bool:
        """Whether all contents that a role can have had by then lead to the same, or nothing is known of any."""
        return len(self._by_then(role, environment, last)) < 2  # noqa: PLR2004

    def _only(self, role: str, environment: str, last: int) -> LedOn | None:
        """What all contents that a role can have had by then lead to; None where that may be anything."""
        told = self._by_then(role, environment, last)
        return told.pop() if len(told) == 1 else None

    def _by_then(self, role: str, environment: str, last: int) -> set[LedOn | None]:
        if role not in self._histories:
            return set()
        since = self._histories[role].track.since
        return {self._told(role, n, environment) for n in range(1, len(since)) if since[n] <= last + costs.DAY}

    def _told(self, role: str, content: int, environment: str) -> LedOn | None:
        lists = self._lists(role, content)
        return None if lists is None else LedOn(lists.within(environment)[1], bool(lists.unresolved))

    def _wanted(
        self,
        items: tuple[RunListItem, ...],
        environment: str,
        recipes: tuple[str, ...],
        free: tuple[str, ...],
        settled: Mapping[str, LedOn | None],
    ) -> Wanted:
        known: dict[tuple[int, ...], tuple[Charge, ...] | None] = {}

        def price(_: int, contents: tuple[int, ...]) -> tuple[Charge, ...] | None:
            if contents not in known:
                known[contents] = self._price(
                    items, environment, recipes, dict(zip(free, contents, strict=True)), settled
                )
            return known[contents]

        def alike(place: int, content: int) -> Hashable:
            return content == ABSENT, self._told(free[place], content, environment)

        return Wanted(tuple(ObjectName(Kind.ROLE, role) for role in free), price, (), alike)

    def _price(
        self,
        items: tuple[RunListItem, ...],
        environment: str,
        recipes: tuple[str, ...],
        held: Mapping[str, int],
        settled: Mapping[str, LedOn | None],
    ) -> tuple[Charge, ...] | None:
        """What it is charged that the run list came to these recipes where roles held these contents."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        anything = undecided = False
        pending = list(reversed(items))
        while pending:
            item = pending.pop()
            if item.type != "role":
                found[item.name] = None
                continue
            if item.name in seen:
                continue
            seen.add(item.name)
            content = held.get(item.name)
            if content == ABSENT:
                return None  # a missing role ends a run before it tells what it came to
            told = settled.get(item.name)
            if content is not None:
                told = None if content == OUTSIDE else self._told(item.name, content, environment)
            if told is None:
                anything = True
                continue
            undecided = undecided or told.unresolved
            pending += reversed(told.items)
        fits = set(found) <= set(recipes) if anything or undecided else tuple(found) == recipes
        return None if not fits else (costs.UNDECIDED,) if undecided else ()
