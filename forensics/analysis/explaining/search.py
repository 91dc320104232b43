"""All cheapest stories, found exactly: a dynamic program over time, along which each object holds one content.

What nobody has to know is left open: of a routine upload that meets no demand, the content is *untold*. An act is told
only if some demand is first met by what it left, and it is told for the latest time at which it costs the same, so that
each story is found once. What follows depends on nothing but the contents, what is known of each object's window, and
which demands are still to be met.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from forensics.analysis.explaining.acts import AHEAD, OWED, SENT, TOUCHED, Acts, PricedAct
from forensics.analysis.explaining.alike import Alike
from forensics.analysis.explaining.costs import LEFT_OUT, OLD, PROVEN
from forensics.analysis.explaining.meeting import Meeting
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE, StoryStep
from forensics.analysis.explaining.states import (
    SENT_IN_TIME,
    UNTOLD,
    Arrival,
    Fresh,
    ObjectState,
    after,
    cheapest_of_kind,
    pruned,
    put,
    replaced,
)
from forensics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.analysis.explaining.problem import Question
    from forensics.analysis.explaining.states import Key, Objects, States, Unmet

_MOST_STATES: Final = 20_000
_CARRIED: Final = OLD.cost
"""Nothing is carried past more commits than this: to send an old version again costs no more."""


class TooManyStatesError(UsageError):
    """Facts that tie so many objects together that their stories cannot be told exactly."""


class Search:
    """One problem on its way through time; ``final`` are the ends of the cheapest stories, empty if there is none.

    A demand is met by the first content that is told and meets it. With ``every_way`` any may have met it, so that a
    story is found as often as there are ways to say so.
    """

    def __init__(self, problem: Question, *, every_way: bool = False) -> None:
        self.problem = problem
        self.demands = problem.demands
        self._acts = [Acts(track) for track in problem.tracks]
        self._alike = [Alike(problem, number) for number in range(len(problem.tracks))]
        self._settle = Meeting(self.demands, every_way=every_way).settle
        changing: dict[int, set[int]] = {}
        for number, demand in enumerate(self.demands):
            for moment in demand.moments:
                changing.setdefault(moment, set()).add(number)
        self._changing = {time: frozenset(numbers) for time, numbers in changing.items()}
        self._fits: dict[tuple[int, int], frozenset[int]] = {}
        self._of_object = [
            sorted((d.first, n) for n, d in enumerate(self.demands) if o in d.objects) for o in range(len(self._acts))
        ]
        self.stuck: tuple[int, ...] = ()
        self.final: list[Arrival] = []
        if self.demands:
            self._run()

    # ------------------------------------------------------------------------------------------------ through time

    def _times(self) -> list[int]:
        end = max(demand.last for demand in self.demands) + 1
        found = {each for acts in self._acts for each in acts.boundaries}
        for track in self.problem.tracks:
            found.update(track.since[1:])
        for demand in self.demands:
            found.update((demand.first, demand.last + 1, *demand.moments))
        found.update(known.time for known in self.problem.known)
        for first, last in self.problem.covered:
            found.update((first, last + 1))
        return [*sorted(each for each in found if each < end), end]

    def _run(self) -> None:
        times = self._times()
        starting: dict[int, list[int]] = {}
        ending: dict[int, list[int]] = {}
        for number, demand in enumerate(self.demands):
            starting.setdefault(demand.first, []).append(number)
            ending.setdefault(demand.last + 1, []).append(number)
        known: dict[int, list[tuple[int, int]]] = {}
        for each in self.problem.known:
            known.setdefault(each.time, []).append((each.number, each.content))
        states: States = {(tuple(ObjectState() for _ in self._acts), frozenset(), -1): Arrival(0, 1, [])}
        for start, end in zip(times, [*times[1:], None], strict=True):
            if start in ending:
                states = self._ended(states, ending[start])
                if not states:
                    return
            if end is None:
                break
            states = self._at(start, end, states, starting.get(start, ()), known.get(start, ()))
            if not states:
                self.stuck = tuple(n for n, d in enumerate(self.demands) if d.first <= start <= d.last)
                return
        self._finish(states)

    def _at(
        self, start: int, end: int, states: States, starting: Iterable[int], known: Iterable[tuple[int, int]]
    ) -> States:
        """From the beginning of a stretch in which nothing but acts happens to its end."""
        covered = self._covered(start)
        for number, acts in enumerate(self._acts):
            if start in acts.due:
                states = self._overdue(states, number, start, charged=not covered)
            if start in acts.starts:
                states = self._changed(states, number)
        for number, content in known:
            states = self._known(states, number, content, start, end)
        new = frozenset(starting)
        asked = new | self._changing.get(start, frozenset()) if not known else None
        settled: States = {}
        for (objects, unmet, _), node in states.items():
            wanted = unmet | new if new else unmet
            # what was not met by what an object holds is not met by it later either, unless something changed
            for each in self._settle(objects, wanted if asked is None else wanted & asked, start):
                key = (each.objects, wanted - frozenset(each.met) if each.met else wanted, -1)
                step = StoryStep(start, end, "", -1, ABSENT, each.met, each.lives, each.extra) if each.met else None
                put(settled, key, after([node], each.cost, step) if step else node)
        if not covered and end - start == 1:
            # whatever is seen within one second is seen at once: acts come before all of it
            acted = {(objects, unmet | new, -1): node for (objects, unmet, _), node in states.items()}
            self._act(acted, start, end)
            for (objects, unmet, turn), node in acted.items():
                if turn == len(self._acts):
                    put(settled, (objects, unmet, -1), node)
        elif not covered:
            self._act(settled, start, end)
        kept: States = {}
        for (objects, unmet, _), node in settled.items():
            if all(self._must_wait(n, state.fresh, state.live, end) for n, state in enumerate(objects)):
                waiting = tuple([state._replace(fresh=SENT_IN_TIME) if state.fresh else state for state in objects])
                put(kept, (waiting, unmet, -1), node)
        if len(kept) > _MOST_STATES:
            raise TooManyStatesError(
                f"these facts tie {len(self._acts)} objects together in too many ways; leave some out, or name a node"
            )
        kept = cheapest_of_kind(kept, self._alike, end)
        return kept if covered or self._covered(end) else pruned(kept)

    def _covered(self, time: int) -> bool:
        return any(first <= time <= last for first, last in self.problem.covered)

    def _ended(self, states: States, ending: list[int]) -> States:
        over = frozenset(ending)
        kept = {key: node for key, node in states.items() if not key[1] & over}
        if not kept:
            self.stuck = tuple(sorted(set().union(*(key[1] for key in states)) & over | over))
        return kept

    def _overdue(self, states: States, number: int, time: int, *, charged: bool) -> States:
        """What a commit changed was due: either it was sent, and nobody has to know in which order, or left out.

        That it was left out is not charged where it is known that nothing was sent.
        """
        window = self._acts[number].window_at(time - 1)
        found: States = {}
        for (objects, unmet, turn), node in states.items():
            state = objects[number]
            if not charged:
                phase = state.phase if state.phase & SENT else state.phase | OWED
                put(found, (replaced(objects, number, state._replace(phase=phase)), unmet, turn), node)
                continue
            if state.live == UNTOLD or state.phase & (SENT | OWED | TOUCHED):
                put(found, (objects, unmet, turn), node)
                continue
            batch = self._acts[number].track.windows[window].batch
            if state.live in batch:  # sent again, it is what was there already
                same = replaced(objects, number, state._replace(phase=state.phase | SENT))
                put(found, (same, unmet, turn), node)
            if state.fresh is None and batch != (state.live,):
                untold = replaced(objects, number, ObjectState(UNTOLD, None, state.phase))
                put(found, (untold, unmet, turn), node)
            if state.live in batch:
                continue
            step = StoryStep(time, time, LEFT_OUT.name, number, window)
            left = replaced(objects, number, state._replace(phase=state.phase | OWED))
            put(found, (left, unmet, turn), after([node], LEFT_OUT.cost, step))
        return found

    @staticmethod
    def _changed(states: States, number: int) -> States:
        found: States = {}
        for (objects, unmet, turn), node in states.items():
            state = objects[number]
            phase = SENT | TOUCHED if state.phase & AHEAD else 0
            put(found, (replaced(objects, number, state._replace(phase=phase)), unmet, turn), node)
        return found

    def _known(self, states: States, number: int, content: int, start: int, end: int) -> States:
        """What is proven is left behind by every story."""
        found: States = {}
        for (objects, unmet, turn), node in states.items():
            state = objects[number]
            if state.fresh is None:
                act = self._acts[number].act(content, state.phase, start)
                phase = act.phase if act else state.phase | TOUCHED
                key = (replaced(objects, number, ObjectState(content, None, phase)), unmet, turn)
                put(found, key, after([node], 0, StoryStep(start, end, PROVEN.name, number, content)))
        return found

    # ------------------------------------------------------------------------------------------------------- acts

    def _act(self, states: States, start: int, end: int) -> None:
        """Add every state that acts within a stretch lead to, those with the most unmet demands first."""
        pending: dict[tuple[int, int], list[Key]] = {}
        for key in states:
            pending.setdefault((-len(key[1]), key[2]), []).append(key)
        waiting = [self._worth_waiting(number, start, end) for number in range(len(self._acts))]
        while pending:
            place = min(pending)
            keys = pending.pop(place)
            for number in range(place[1] + 1, len(self._acts)):
                groups: dict[tuple[Objects, Unmet], list[tuple[int, Arrival]]] = {}
                for key in keys:
                    state = key[0][number]
                    if state.fresh is None:
                        rest = replaced(key[0], number, ObjectState(UNTOLD, None, state.phase))
                        groups.setdefault((rest, key[1]), []).append((state.live, states[key]))
                for (rest, unmet), sources in groups.items():
                    wanted = self._wanted(number, unmet, start) | waiting[number]
                    for key, node in self._sent(number, rest, unmet, sources, wanted, start, end):
                        if key not in states:
                            pending.setdefault((-len(key[1]), key[2]), []).append(key)
                        put(states, key, node)

    def _sent(
        self,
        number: int,
        rest: Objects,
        unmet: Unmet,
        sources: list[tuple[int, Arrival]],
        wanted: frozenset[int],
        start: int,
        end: int,
    ) -> Iterator[tuple[Key, Arrival]]:
        phase = rest[number].phase
        least = min(node.cost for _, node in sources)
        nearest = [(live, node) for live, node in sources if node.cost == least]
        among = {live for live, _ in nearest}
        for content, act in self._worthwhile(number, wanted, phase, start):
            chosen = nearest
            if content in among:  # it is there already
                others = [each for each in sources if each[0] != content]
                cheapest = min((node.cost for _, node in others), default=None)
                chosen = [each for each in others if each[1].cost == cheapest]
            nodes = [node for _, node in chosen]
            if not nodes:
                continue
            objects = replaced(rest, number, ObjectState(content, Fresh(act.cost, phase), act.phase))
            others_follow = number < len(self._acts) - 1
            if end - start == 1 and others_follow:
                step = StoryStep(start, end, act.charge.name, number, content)
                yield (objects, unmet, number), after(nodes, act.cost, step)
            for each in self._settle(objects, unmet, start):
                if each.met:
                    turn = len(self._acts) if end - start == 1 else -1
                elif not others_follow or end - start == 1:
                    if not self._must_wait(number, each.objects[number].fresh, content, end):
                        continue
                    turn = len(self._acts)
                else:
                    turn = number
                step = StoryStep(start, end, act.charge.name, number, content, each.met, each.lives, each.extra)
                yield (each.objects, unmet - frozenset(each.met), turn), after(nodes, act.cost + each.cost, step)

    def _worthwhile(
        self, number: int, wanted: Iterable[int], phase: int, start: int
    ) -> Iterator[tuple[int, PricedAct]]:
        """Of the contents that nothing can tell apart, the acts that are the cheapest."""
        acts, alike = self._acts[number], self._alike[number]
        found = [(content, act) for content in wanted if (act := acts.act(content, phase, start)) is not None]
        least: dict[int, int] = {}
        for content, act in found:
            kind = alike.kind(content)
            least[kind] = min(act.cost, least.get(kind, act.cost))
        for content, act in found:
            if act.cost == least[alike.kind(content)] or alike.comes_again(content, start):
                yield content, act

    def _wanted(self, number: int, unmet: Unmet, start: int) -> frozenset[int]:
        """The contents of an object that may meet a demand now."""
        found: frozenset[int] = frozenset()
        for each in unmet:
            if number in self.demands[each].objects:
                found |= self._fitting(each, number, start)
        return found

    def _fitting(self, number: int, of: int, time: int) -> frozenset[int]:
        """The contents of an object that may meet a demand at a time, whatever others hold."""
        demand = self.demands[number]
        if len(demand.objects) > 1:
            return self._every(of)
        moment = bisect_right(demand.moments, time)
        found = self._fits.get((number, moment))
        if found is None:
            found = frozenset(each for each in self._every(of) if demand.price(time, (each,)) is not None)
            self._fits[number, moment] = found
        return found

    def _every(self, number: int) -> frozenset[int]:
        return frozenset((OUTSIDE, *range(len(self.problem.tracks[number].since))))

    def _worth_waiting(self, number: int, start: int, end: int) -> frozenset[int]:
        """The contents that have to be sent before the end of a stretch, for demands that come later."""
        acts = self._acts[number]
        shut = self._covered(end)
        if end not in acts.boundaries and not shut:
            return frozenset()
        candidates = self._every(number) if shut else frozenset(acts.rising(start))
        due = acts.due[bisect_right(acts.due, end) :]
        limit = due[_CARRIED] if len(due) > _CARRIED else None
        found = set()
        for content in candidates:
            if shut or self._rises(number, content, start, end):
                for first, each in self._of_object[number]:
                    if limit is not None and first > limit:
                        break
                    demand = self.demands[each]
                    times = [max(end, demand.first), *(m for m in demand.moments if m > end)]
                    if demand.last >= end and any(content in self._fitting(each, number, time) for time in times):
                        found.add(content)
                        break
        return frozenset(found)

    def _rises(self, number: int, content: int, start: int, end: int) -> bool:
        acts = self._acts[number]
        return any(
            (now := acts.act(content, phase, start)) is not None and self._dearer(number, content, phase, now.cost, end)
            for phase in (0, SENT, OWED, TOUCHED, SENT | TOUCHED, OWED | TOUCHED)
        )

    def _must_wait(self, number: int, fresh: Fresh | None, live: int, end: int) -> bool:
        """Whether an act that has met nothing yet cannot come later for what it cost."""
        if fresh is None or fresh is SENT_IN_TIME or self._covered(end):
            return True
        if end not in self._acts[number].boundaries:
            return False
        return self._dearer(number, max(live, OUTSIDE), fresh.phase, fresh.cost, end)

    def _dearer(self, number: int, content: int, phase: int, cost: int, time: int) -> bool:
        acts = self._acts[number]
        if time in acts.starts:
            phase = SENT | TOUCHED if phase & AHEAD else 0
        later = acts.act(content, phase, time)
        return later is None or later.cost > cost

    # -------------------------------------------------------------------------------------------------------- end

    def _finish(self, states: States) -> None:
        ends = [node for (objects, _, _), node in states.items() if all(each.fresh is None for each in objects)]
        least = min((node.cost for node in ends), default=None)
        self.final = [node for node in ends if node.cost == least]
