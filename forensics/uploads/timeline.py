"""What a replay yields: what was live, from which commit on, for every object under every scenario."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.chef.objects import Body, Problem
    from forensics.history.model import File, ObjectId
    from forensics.uploads.declarations import Declared
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target


class Live(NamedTuple):
    """What the server holds of one object: the body of the last accepted upload, and where it came from.

    ``path`` and ``blob`` are None for a body that no file of the repository gave (a command that creates or edits an
    object). ``commit`` (a position in the commit graph) is the one whose upload first put this file's content there.
    """

    path: str | None
    blob: ObjectId | None
    commit: int
    body: Body


class UndecidedFile(NamedTuple):
    """A file of which it cannot be told what it declares; ``blob`` is None where that is not known either."""

    path: str
    blob: ObjectId | None


@dataclass(frozen=True, slots=True, eq=False)
class Possibilities:
    """Distinct contents that an object may hold, the newest first; one more takes one more piece of memory.

    While a file keeps aborting the uploads, each change of another one adds to what that may hold.
    """

    newest: Live | None
    older: Possibilities | None = None
    count: int = 1

    def with_newer(self, live: Live | None) -> Possibilities:
        """These, and one that came after them."""
        return Possibilities(live, self, self.count + 1)

    def __iter__(self) -> Iterator[Live | None]:
        """All of them, the newest first."""
        each: Possibilities | None = self
        while each is not None:
            yield each.newest
            each = each.older

    def __len__(self) -> int:
        """How many there are."""
        return self.count

    def __eq__(self, other: object) -> bool:
        """Whether they are the same in the same order."""
        return isinstance(other, Possibilities) and self.count == other.count and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


class Event(NamedTuple):
    """A change of what is live, at a step of the replay; ``live`` is None when the object ceased to be.

    After an aborted ``knife upload`` the object may hold any of ``possible``, the newest first, until a later upload
    settles it; ``live`` is then what it held before, or the one that would have come where it held nothing. After the
    upload of a file that may declare the object, ``undecided`` is that file; ``live`` is what the object holds if it
    does not. Where nodes read the files themselves and fail, nothing is live, and ``failure`` says why. ``unproven``
    says, where evidence tells what happened, why it leaves open what is live; ``live`` is then None.
    """

    step: int
    live: Live | None
    possible: tuple[Live | None, ...] | Possibilities = ()
    undecided: UndecidedFile | None = None
    failure: str | None = None
    unproven: str = ""

    @property
    def certainty(self) -> str:
        """``exact``, ``race`` where the object may hold one of several contents, ``unknown`` where it may hold any."""
        if self.undecided is not None or self.unproven:
            return "unknown"
        return "race" if self.possible else "exact"

    @property
    def exact(self) -> bool:
        """Whether it is known what is live."""
        return not self.possible and self.undecided is None and not self.unproven


_STEP: Final = attrgetter("step")


@dataclass(frozen=True, slots=True)
class Abort:
    """A stretch of steps at which an upload stopped at the same file.

    ``unsent`` counts the files behind it that the first of these commands did not send, None where nobody can tell: the
    files of ``knife upload`` go up side by side, and what a list of commands gives is not counted. ``until_step`` is
    the step at which the command got past it, None if it never did.
    """

    from_step: int
    until_step: int | None
    path: str
    problem: Problem
    unsent: int | None

    def ended(self, step: int) -> Abort:
        """The same stretch, over at a step."""
        return replace(self, until_step=step)


@dataclass(slots=True)
class Timeline:
    """One target under one scenario.

    ``steps`` are the commits (positions in the graph) at which something was uploaded.

    ``events`` holds, by object name, its changes in the order of the steps. With ``only``, the changes of other
    objects are left out; where the uploads stop is recorded all the same. ``may_declare`` has the names of the objects
    that a file may declare when it cannot be told what it declares, by path.
    """

    scenario: Scenario
    target: Target
    steps: array[int]
    events: dict[str, list[Event]] = field(default_factory=dict)
    aborts: list[Abort] = field(default_factory=list)
    only: frozenset[str] | None = None
    may_declare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def wants(self, name: str | None) -> bool:
        """Whether the changes of an object are to be recorded."""
        return self.only is None or name in self.only

    def at(self, name: str, step: int) -> Event | None:
        """The last change of an object up to and including a step."""
        events = self.events.get(name)
        if events is None:
            return None
        found = bisect_right(events, step, key=_STEP)
        return events[found - 1] if found else None

    def step_at(self, commit: int) -> int:
        """The last step at this commit (a position in the graph) or an earlier one, -1 if there is none."""
        return bisect_right(self.steps, commit) - 1

    def step_when(self, commit: int, moment: int | None) -> int:
        """The last step at a commit, or, where uploads have times of their own, at a moment (None: the latest)."""
        del moment
        return self.step_at(commit)

    def aligned_step(self, step: int, commit: int) -> int:
        """The last step up to a step of another target's timeline under the same scenario, which is at ``commit``."""
        del step
        return self.step_at(commit)

    def moments(self, steps: Sequence[int], line: Sequence[int]) -> Iterator[tuple[int, int | None]]:
        """The commits of a replayed line, each with that of some steps which is there, if one is."""
        at = {self.steps[step]: step for step in steps}
        for commit in line:
            yield commit, at.get(commit)

    @property
    def complete(self) -> bool:
        """Whether an object of which this says nothing is not live; else nothing is known of it."""
        return True

    def live_at(self, step: int) -> dict[str, Live]:
        """Everything live after a step, by name."""
        return {
            name: event.live
            for name in self.events
            if (event := self.at(name, step)) is not None and event.live is not None
        }

    def current(self, name: str) -> Event | None:
        """The last change of an object so far."""
        return self.events[name][-1] if name in self.events else None

    def record(self, name: str, event: Event) -> None:
        """Add a change; a second one at the same step replaces the first."""
        events = self.events.get(name)
        if events is None:
            self.events[name] = [event]
        elif events[-1].step == event.step:
            events[-1] = event
        else:
            events.append(event)

    def settle(self, name: str, event: Event) -> None:
        """Add what an upload made live for certain, unless the same content of the same file already is."""
        events = self.events.get(name)
        if events is None:
            self.events[name] = [event]
            return
        now, new = events[-1], event.live
        live = now.live
        if live is None or new is None or not now.exact or live.blob != new.blob or live.path != new.path:
            self.record(name, event)

    def names_of(self, path: str, declared: Declared) -> tuple[str, ...]:
        """The objects that a file declares, or may declare."""
        if declared.name is not None:
            return (declared.name,)
        return self.may_declare.get(path, ()) if declared.undecided else ()

    def unsettle(self, name: str, step: int, path: str, file: File, otherwise: Live | None) -> None:
        """Add that a file was uploaded that may declare the object; ``otherwise`` is live if it does not."""
        undecided = UndecidedFile(path, file if isinstance(file, bytes) else None)
        now = self.current(name)
        if now is not None and now.live is not None and otherwise is not None:
            same = now.live.path == otherwise.path and now.live.blob == otherwise.blob
            otherwise = now.live if same else otherwise
        if now is None or now.undecided != undecided or now.live != otherwise:
            self.record(name, Event(step, otherwise, undecided=undecided))

    def live_now(self, name: str) -> Live | None:
        """What is live of an object so far."""
        now = self.current(name)
        return None if now is None else now.live

    def note_stop(self, step: int, stopped: tuple[str, Problem, int | None] | None) -> None:
        """Keep the record of where the one command of each step stops.

        ``stopped`` is the file, why, and how many files behind it were not sent (None: nobody can tell); None if the
        command went through.
        """
        if self.aborts and self.aborts[-1].until_step is None:
            if stopped is not None and stopped[0] == self.aborts[-1].path:
                return
            self.aborts[-1] = self.aborts[-1].ended(step)
        if stopped is not None:
            path, problem, unsent = stopped
            self.aborts.append(Abort(step, None, path, problem, unsent))


class ListedTimeline(Timeline):
    """One target along a list of commits, each of which is a step for every target; it may go back to older ones."""

    def step_at(self, commit: int) -> int:
        """The last step that had this commit or an earlier one checked out: what was uploaded last decides."""
        return max((step for step, position in enumerate(self.steps) if position <= commit), default=-1)

    def aligned_step(self, step: int, commit: int) -> int:
        """The same step."""
        del commit
        return step

    def moments(self, steps: Sequence[int], line: Sequence[int]) -> Iterator[tuple[int, int | None]]:
        """The steps alone: between them nothing happens."""
        del line
        for step in steps:
            yield self.steps[step], step
