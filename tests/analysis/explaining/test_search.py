"""The cheapest stories are those of a model that carries out every upload."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from naive_stories import least_cost

from forensics.analysis.explaining import costs
from forensics.analysis.explaining.problem import OUTSIDE, Demand, KnownUpload, Question, Track, Window
from forensics.analysis.explaining.solve import solve

HALF = costs.DAY // 2


@st.composite
def tracks(draw, most=3):
    """The history of one object in up to two files."""
    since, windows, files, time = [0], [], {}, 10 * HALF
    earlier = {"a": [], "b": []}
    for _ in range(draw(st.integers(1, most))):
        time += draw(st.sampled_from([1, 3, 20])) * HALF
        changed = draw(st.sets(st.sampled_from("ab"), min_size=1))
        batch = []
        for file in sorted(changed):
            if file in files and draw(st.booleans()) and len(files) > 1:
                del files[file]
                continue
            if [each for each in earlier[file] if each != files.get(file)] and draw(st.booleans()):
                files[file] = next(each for each in earlier[file] if each != files.get(file))
            else:
                since.append(time)
                files[file] = len(since) - 1
                earlier[file].append(files[file])
            batch.append(files[file])
        windows.append(Window(time, tuple(batch), tuple(files.values())))
    if draw(st.booleans()):
        since.append(10 * HALF + draw(st.integers(0, 30)) * HALF)  # on a side branch
    return Track(tuple(windows), tuple(since))


@st.composite
def demands(draw, known, objects):
    """Something that some contents say, at a moment or within some days."""
    first = (10 + draw(st.integers(-1, 60))) * HALF
    last = first + draw(st.sampled_from([0, 0, 1, HALF, 6 * HALF]))
    which = tuple(sorted(draw(st.sets(st.integers(0, objects - 1), min_size=1))))
    fitting = {
        tuple(draw(st.integers(-1, len(known[each].since) - 1)) for each in which)
        for _ in range(draw(st.integers(1, 3)))
    }
    extra = draw(st.sampled_from([(), (), (), (costs.UNDECIDED,)]))

    def price(_, contents):
        says = tuple(OUTSIDE if each == -1 else each for each in contents)
        wanted = {tuple(OUTSIDE if each == -1 else each for each in one) for one in fitting}
        return extra if says in wanted else None

    return Demand(first, last, which, price, claim=(draw(st.sampled_from("xy")), draw(st.sampled_from("12"))))


@st.composite
def problems(draw, objects=1, most_demands=3, most=3):
    """A few objects with a few demands, and now and then an upload that is known, and a time without any other."""
    known = [draw(tracks(most)) for _ in range(objects)]
    wanted = [draw(demands(known, objects)) for _ in range(draw(st.integers(1, most_demands)))]
    proven, covered = [], []
    if draw(st.integers(0, 3)) == 3:
        time = (10 + draw(st.integers(0, 60))) * HALF + 7
        proven.append(KnownUpload(time, 0, draw(st.integers(0, len(known[0].since) - 1))))
        if draw(st.booleans()):
            covered.append((time - draw(st.integers(0, 20)) * HALF, time + draw(st.integers(0, 20)) * HALF))
    return Question(known, wanted, proven, covered)


@settings(max_examples=150)
@given(problems())
def test_one_object_costs_what_the_slow_model_says(problem):
    assert solve(problem, 3).cost == least_cost(problem)


@settings(max_examples=40)
@given(problems(objects=2, most_demands=2, most=2))
def test_two_objects_cost_what_the_slow_model_says(problem):
    assert solve(problem, 3).cost == least_cost(problem)


@settings(max_examples=100)
@given(problems())
def test_what_every_cheapest_story_shares_is_what_no_run_can_do_without(problem):
    found = solve(problem, 3)
    if found.cost is None:
        return
    for number, lives in found.witnesses.items():
        for content in (OUTSIDE, *range(len(problem.tracks[0].since))):

            def banned(which, held, number=number, content=content):
                return which == number and held == (content,)

            assert (least_cost(problem, banned=banned) != found.cost) == (lives == {(content,)})
