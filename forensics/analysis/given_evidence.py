"""The evidence that goes with an examination: what it proves, when it tells of changes, and of which containers."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import seconds
from forensics.analysis.proof_live import proven_timelines
from forensics.analysis.proof_results import ProvenStretch, UnseenChange
from forensics.chef.layout import at_or_below
from forensics.evidence.merging import REQUEST_LOGS
from forensics.uploads.scenario import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.proof_results import Proven
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import SharedServer, Target

_ODD: Final = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, eq=False)
class GivenEvidence:
    """What files of evidence prove, and whose it is by the configuration's ``servers``.

    It is compared by identity: the same files are read once for all questions.
    """

    proven: Proven
    servers: tuple[SharedServer, ...]

    @cached_property
    def stretches(self) -> Mapping[tuple[str, str], tuple[ProvenStretch, ...]]:
        """What was live of each object of each organization, by both."""
        return proven_timelines(self.proven)

    @cached_property
    def saves(self) -> Mapping[tuple[str, str], int]:
        """When each node last saved itself, by its organization and the node as people write it."""
        return {(each.organization, each.object): seconds(each.last_time) for each in self.proven.saves}

    @cached_property
    def organizations(self) -> tuple[str, ...]:
        """Every organization of which something is proven."""
        return tuple(sorted({organization for organization, _ in self.stretches}))

    @cached_property
    def unassigned(self) -> tuple[str, ...]:
        """Those of which the configuration does not say which directories go to them."""
        assigned = {each.organization for each in self.servers}
        return tuple(each for each in self.organizations if each not in assigned or not each)

    @property
    def ambiguous(self) -> bool:
        """Whether several organizations may be that of the same container."""
        return len(self.unassigned) > 1

    def organizations_of(self, target: Target) -> tuple[str, ...]:
        """The organizations to which a target's files may have gone; more than one only if nothing tells which."""
        named = [
            each.organization
            for each in self.servers
            if each.organization and at_or_below(target.label.path, *each.directories)
        ]
        return tuple(dict.fromkeys(named)) or self.unassigned

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenario ``evidence``; one for each organization where several may be meant by one container."""
        if not self.ambiguous:
            return (EVIDENCE,)
        assigned = {each.organization for each in self.servers if each.organization}
        apart = tuple(map(self._apart, self.unassigned))
        return (EVIDENCE, *apart) if assigned else apart

    def scenario_of(self, organization: str) -> Scenario:
        """The scenario under which an organization's uploads are told."""
        return self._apart(organization) if self.ambiguous and organization in self.unassigned else EVIDENCE

    def _apart(self, organization: str) -> Scenario:
        shown = _ODD.sub("?", organization) or "no organization"
        return replace(
            EVIDENCE,
            name=f"{EVIDENCE.name} of {shown}",
            description=f"{EVIDENCE.description}, of the organization {shown}",
        )

    @cached_property
    def _lost(self) -> Sequence[tuple[int, int]]:
        return sorted(each.bounds for each in self.proven.uncovered)

    @cached_property
    def covered(self) -> tuple[int, int] | None:
        """The first and the last time of which logs tell, in seconds since 1970; None if none covers a period."""
        times = [
            seconds(time)
            for each in self.proven.sources
            if each.format in REQUEST_LOGS
            for time in (each.first, each.last)
            if time is not None
        ]
        return (min(times), max(times)) if times else None

    def silent_from(self, time: int) -> int:
        """From which moment on, after one at which something was proven, a change would stand in no log."""
        if self.covered is None or not self.covered[0] <= time <= self.covered[1]:
            return time
        place = bisect_right(self._lost, time, key=lambda each: each[1])
        first = self._lost[place][0] if place < len(self._lost) else self.covered[1]
        return max(time, first)

    def covers(self, first: int, last: int) -> bool:
        """Whether logs tell of every change from one moment to another."""
        return self.covered is not None and self.covered[0] <= first and self.silent_from(first) >= last

    def known_until(self, stretch: ProvenStretch, following: ProvenStretch | None) -> int:
        """Until when it is proven that what began a stretch stayed so."""
        until = self.silent_from(stretch.since)
        if following is not None:
            change = following.change
            until = min(until, seconds(change.after) if isinstance(change, UnseenChange) else following.since)
        return max(until, stretch.since)
