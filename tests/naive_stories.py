"""A slow and obvious model of upload stories: every upload is carried out, and the shortest way through all is sought.

Nothing is left untold here: whoever sends what a commit changed leaves one certain content of it. States are all that
can matter for what follows; acts may happen in every stretch of time, in every order, as often as wanted.
"""

from __future__ import annotations

import heapq
from itertools import count

from forensics.analysis.explaining import costs
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE


def least_cost(problem, banned=None):
    """The least charge of all runs, None if none fits.

    ``banned`` says of a demand which contents are not to count as having met a demand.
    """
    times = _times(problem)
    start = (0, tuple((ABSENT, False, False, False) for _ in problem.tracks), frozenset(), None)
    order, seen = count(), set()
    heap = [(0, next(order), start)]
    while heap:
        cost, _, state = heapq.heappop(heap)
        if state in seen:
            continue
        seen.add(state)
        place, objects, unmet, entered = state
        if place == len(times) - 1:
            return cost
        for more, following in _moves(problem, times, place, objects, unmet, entered, banned):
            if following not in seen:
                heapq.heappush(heap, (cost + more, next(order), following))
    return None


def _times(problem):
    found = {
        each + delta for t in problem.tracks for w in t.windows for each in (w.start,) for delta in (0, -costs.DAY)
    }
    found |= {_deadline(t, n) for t in problem.tracks for n in range(len(t.windows))}
    found |= {each for t in problem.tracks for each in t.since[1:]}
    found |= {each for d in problem.demands for each in (d.first, d.last + 1, *d.moments)}
    found |= {known.time for known in problem.known} | {each for a, b in problem.covered for each in (a, b + 1)}
    end = max(d.last for d in problem.demands) + 1
    return [*sorted(each for each in found if each < end), end]


def _deadline(track, number):
    week = track.windows[number].start + costs.WEEK
    return min(week, track.windows[number + 1].start) if number + 1 < len(track.windows) else week


def _number(track, time):
    return max((n for n, w in enumerate(track.windows) if w.start <= time), default=-1)


def _moves(  # noqa: C901, PLR0912 (everything that can happen, one after the other)
    problem, times, place, objects, unmet, entered, banned
):
    time = times[place]
    covered = any(a <= time <= b for a, b in problem.covered)
    if not entered:  # what happens at the beginning of a stretch, in one go
        cost, states = 0, list(objects)
        for o, track in enumerate(problem.tracks):
            live, sent, owed, ahead = states[o]
            number = _number(track, time - 1)
            if (
                number >= 0
                and _deadline(track, number) == time
                and track.windows[number].batch
                and not sent
                and not owed
                and not covered
            ):
                cost, owed = cost + costs.LEFT_OUT.cost, True
            if any(w.start == time for w in track.windows):
                sent, owed, ahead = ahead, False, False
            states[o] = (live, sent, owed, ahead)
        if any(d.last + 1 == time and n in unmet for n, d in enumerate(problem.demands)):
            return
        unmet = unmet | {n for n, d in enumerate(problem.demands) if d.first == time}
        for known in problem.known:
            if known.time == time:
                states[known.number] = _sent(problem.tracks[known.number], states[known.number], known.content, time)[1]
        yield cost, (place, tuple(states), unmet, True)
        return
    if place + 1 < len(times) - 1 or all(problem.demands[n].last + 1 > times[place + 1] for n in unmet):
        yield 0, (place + 1, objects, unmet, None)
    for n in unmet:
        demand = problem.demands[n]
        lives = tuple(objects[each][0] for each in demand.objects)
        plain = tuple(map(_plain, lives))
        charges = demand.price(time, plain)
        if charges is None or (banned and banned(n, plain)):
            continue
        if any(isinstance(live, tuple) and (demand.claim[0], _other(demand, live)) in live[1] for live in lives):
            continue
        states = list(objects)
        for each in demand.objects:
            live, *rest = states[each]
            if isinstance(live, tuple):
                states[each] = ((OUTSIDE, live[1] | {demand.claim}), *rest)
        yield sum(each.cost for each in charges), (place, tuple(states), unmet - {n}, "met")
    if covered or (entered == "met" and times[place + 1] - time == 1):
        return  # what is seen within one second is seen at once
    for o, track in enumerate(problem.tracks):
        for content in (OUTSIDE, *range(len(track.since))):
            done = _sent(track, objects[o], content, time)
            if done[0] is not None:
                yield done[0], (place, (*objects[:o], done[1], *objects[o + 1 :]), unmet, True)


def _plain(live):
    return live[0] if isinstance(live, tuple) else live


def _other(demand, live):
    return next((value for key, value in live[1] if key == demand.claim[0] and value != demand.claim[1]), None)


def _sent(track, state, content, time):
    """What it is charged to send a content, and the object after it."""
    _, sent, owed, ahead = state
    number = _number(track, time)
    window = track.windows[number] if number >= 0 else None
    following = track.windows[number + 1] if number + 1 < len(track.windows) else None
    if content == OUTSIDE:
        return costs.OUTSIDE.cost, ((OUTSIDE, frozenset()), sent, owed, ahead)
    if content == ABSENT:
        charge = costs.DELETED if window is None or window.current else costs.ROUTINE
        return charge.cost, (ABSENT, sent, owed, ahead)
    if window and content in window.batch:
        return costs.PART.cost if sent else 0, (content, True, owed, ahead)
    if following and content in following.batch and time >= following.start - costs.DAY:
        return costs.EARLY.cost, (content, sent, owed, True)
    if window and content in window.current:
        return costs.UNCHANGED.cost, (content, sent, owed, ahead)
    return costs.OLD.cost if track.since[content] <= time else None, (content, sent, owed, ahead)
