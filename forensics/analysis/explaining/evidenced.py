"""What evidence has of uploads, on the way through time: those that are known, and the times without any other."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from forensics.analysis.explaining.acts import OWED, SENT, TOUCHED, Acts
from forensics.analysis.explaining.costs import NO_EFFECT, PROVEN, TRIED
from forensics.analysis.explaining.problem import StoryStep
from forensics.analysis.explaining.states import SENT_IN_TIME, UNTOLD, ObjectState, after, put, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.explaining.alike import Alike
    from forensics.analysis.explaining.problem import KnownUpload, Question
    from forensics.analysis.explaining.states import States


class Evidenced:
    """The known uploads of a problem and the times that are covered."""

    def __init__(self, problem: Question, acts: Sequence[Acts], alike: Sequence[Alike]) -> None:
        self._stretches = problem.covered
        self._acts = acts
        self._alike = alike
        self._replaced: dict[int, list[int]] = {}
        for each in problem.known:
            if each.missed is None:
                self._replaced.setdefault(each.number, []).append(each.time)

    def covered(self, number: int, time: int) -> bool:
        """Whether nothing but known uploads happened to an object at a time."""
        return any(first <= time <= last for first, last in self._stretches.get(number, ()))

    def replaced(self, number: int, time: int) -> int | None:
        """When, from a time on, something else is proven to be sent of an object."""
        times = self._replaced.get(number, [])
        place = bisect_left(times, time)
        return times[place] if place < len(times) else None

    def applied(self, states: States, known: KnownUpload, start: int, end: int) -> States:
        """What is proven is left behind by every story; which of several it was is told only where it matters."""
        found: States = {}
        number, acts = known.number, self._acts[known.number]
        kind = PROVEN.name if known.missed is None else TRIED.name
        # then nothing that the last commit changed can have been sent just before
        shut = start in acts.starts or self.covered(number, start - 1)
        for (objects, unmet, turn), node in states.items():
            state = objects[number]
            if known.missed is not None:
                step = StoryStep(start, end, NO_EFFECT.name, number, known.contents[0])
                put(found, (objects, unmet, turn), after([node], known.missed, step) if known.missed else node)
            if state.fresh is not None:
                continue
            untold = set()
            certain = len(known.contents) == 1 and known.missed is None
            for content in self._told_apart(known):
                act = acts.act(content, state.phase, start)
                phase = act.phase if act else state.phase | TOUCHED
                if shut:
                    phase = phase & ~TOUCHED | state.phase & TOUCHED
                if not certain and known.missed != 0 and phase not in untold:
                    untold.add(phase)
                    put(found, (replaced(objects, number, ObjectState(UNTOLD, None, phase)), unmet, turn), node)
                told = replaced(objects, number, ObjectState(content, None if certain else SENT_IN_TIME, phase))
                put(found, (told, unmet, turn), after([node], 0, StoryStep(start, end, kind, number, content)))
        return found

    def _told_apart(self, known: KnownUpload) -> Iterator[int]:
        """The contents of an upload, one of those that nothing can tell apart."""
        seen = set()
        for content in known.contents:
            kind = (self._alike[known.number].kind(content), content in self._sent_at(known.number, known.time))
            if kind not in seen:
                seen.add(kind)
                yield content

    def _sent_at(self, number: int, time: int) -> tuple[int, ...]:
        acts = self._acts[number]
        window = acts.window_at(time)
        return acts.track.windows[window].batch if window >= 0 else ()

    def sent_before(self, states: States, number: int, time: int, end: int) -> States:
        """What a commit changed can have been sent, in whichever order, before a time begins in which nothing was."""
        acts = self._acts[number]
        window = acts.window_at(time)
        if not self.covered(number, end) or window < 0 or not acts.track.windows[window].batch:
            return states
        due = acts.deadlines[window]
        if time >= due or self.covered(number, due):
            return states
        found: States = dict(states)
        for (objects, unmet, turn), node in states.items():
            state = objects[number]
            if state.fresh is None and not state.phase & (SENT | OWED | TOUCHED):
                phase = state.phase | SENT | TOUCHED
                put(found, (replaced(objects, number, ObjectState(UNTOLD, None, phase)), unmet, turn), node)
        return found
