"""The roles of a server at one step of a replay, looked up one by one: no step costs what the server holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Body, Kind

if TYPE_CHECKING:
    from forensics.uploads.timeline import Timeline


class RolesOverTime:
    """A timeline of roles, and which of them ever named another in a run list.

    ``named_by`` remembers of each body, by its identity, which roles it names: timelines share their bodies.
    """

    def __init__(self, timeline: Timeline, named_by: dict[int, frozenset[str]]) -> None:
        self.timeline = timeline
        self._named_by = named_by

    @cached_property
    def _naming(self) -> Mapping[str, Mapping[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for role, events in self.timeline.events.items():
            for body in {id(event.live.body): event.live.body for event in events if event.live is not None}.values():
                for name in self._named(body):
                    found.setdefault(name, {})[role] = None
        return found

    def _named(self, body: Body) -> frozenset[str]:
        known = self._named_by.get(id(body))
        if known is None:
            items = run_lists(Kind.ROLE, body).named()
            known = self._named_by[id(body)] = frozenset(item.name for _, item in items if item.type == "role")
        return known

    def naming(self, name: str) -> Mapping[str, None]:
        """The roles that named one at some time."""
        return self._naming.get(name, {})


class LiveRoles(Mapping[str, Body]):
    """The bodies of the roles that are live after a step, by name."""

    def __init__(self, over_time: RolesOverTime, step: int) -> None:
        self._over_time = over_time
        self._step = step

    def __getitem__(self, name: str) -> Body:
        event = self._over_time.timeline.at(name, self._step)
        if event is None or event.live is None:
            raise KeyError(name)
        return event.live.body

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._over_time.timeline.events if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def naming(self, name: str) -> Mapping[str, None]:
        """The roles of which some content named one; whether it is this content is another question."""
        return self._over_time.naming(name)
