"""The roles of a server at one step of a replay, looked up one by one: no step costs what the server holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Body, Kind

if TYPE_CHECKING:
    from forensics.uploads.timeline import Timeline


class Naming:
    """Which roles ever named another in a run list: one account for all timelines, which share their bodies."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._bodies: dict[int, Body] = {}  # kept, so that no other body gets the identity of one

    def add(self, timeline: Timeline) -> None:
        """Take account of every content in a timeline of roles."""
        for role, events in timeline.events.items():
            for event in events:
                if event.live is not None and id(event.live.body) not in self._bodies:
                    self._bodies[id(event.live.body)] = event.live.body
                    self._add(role, event.live.body)

    def _add(self, role: str, body: Body) -> None:
        for _, item in run_lists(Kind.ROLE, body).named():
            if item.type == "role":
                roles = self._found.setdefault(item.name, [])
                if not roles or roles[-1] != role:
                    roles.append(role)

    def of(self, name: str) -> Iterable[str]:
        """The roles that named one at some time."""
        return dict.fromkeys(self._found.get(name, ()))


class RolesOverTime:
    """A timeline of roles, and which roles may name another in a run list."""

    def __init__(self, timeline: Timeline, naming: Naming) -> None:
        self.timeline = timeline
        self._account = naming

    @cached_property
    def _naming(self) -> Naming:
        self._account.add(self.timeline)
        return self._account

    def naming(self, name: str) -> Iterable[str]:
        """The roles of which some content named one."""
        return self._naming.of(name)


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

    def naming(self, name: str) -> Iterable[str]:
        """The roles of which some content named one; whether it is this content is another question."""
        return self._over_time.naming(name)
