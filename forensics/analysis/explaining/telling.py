"""From steps of the search to acts in words: what was sent, from which commit, and between which times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.commits import commit_notes
from forensics.analysis.dates import iso
from forensics.analysis.explain_results import (
    CommonContent,
    DecidingQuestion,
    StoryAct,
    UploadedContent,
    UploadStory,
)
from forensics.analysis.explaining import costs
from forensics.analysis.explaining.acts import Acts
from forensics.analysis.explaining.problem import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.considered import Considered
    from forensics.analysis.explaining.problem import Demand, StoryStep

_BATCHES = (costs.ROUTINE.name, costs.EARLY.name, costs.LATE.name)
_MOST_ASKED = 4
_WORDS = {
    costs.PROVEN.name: "evidence has this upload",
    costs.ROUTINE.name: "sent after the commit",
    costs.EARLY.name: "sent from the work tree, before the commit",
    costs.LATE.name: "sent more than a week after the commit",
    costs.PART.name: "sent again, or apart from what else the commit changed",
    costs.UNCHANGED.name: "sent though the last commit had not changed it",
    costs.OLD.name: "an old version, from a stale checkout, a side branch, or brought back",
    costs.OUTSIDE.name: "content that no commit has",
}


class Teller:
    """Tells what the search found of some objects; ``of_fact`` has the facts of each demand.

    ``told`` is what is said of an upload that is known, by its time and its object's number.
    """

    def __init__(
        self,
        examination: Examination,
        considered: Considered,
        of_fact: Sequence[tuple[str, ...]],
        demands: Sequence[Demand],
        told: Mapping[tuple[int, int], str],
    ) -> None:
        self._told = told
        self._examination = examination
        self._considered = considered
        self._names = considered.names
        self._histories = [considered.histories[name] for name in self._names]
        self._acts = [Acts(history.track) for history in self._histories]
        self._of_fact = of_fact
        self._demands = demands
        self._facts = {fact.id: fact for fact in considered.facts}

    def story(self, steps: Sequence[StoryStep]) -> UploadStory:
        """A story in words, the acts that it needs alone."""
        told: list[tuple[StoryStep, int]] = []  # with the earliest time
        meets: list[list[str]] = []
        extras: list[list[str]] = []
        floors, last_act = [self._considered.line.times[0] - costs.DAY] * len(self._names), {}
        total = 0
        for step in steps:
            if step.kind:
                floor = max(floors[step.number], self._since(step))
                told.append((step, floor))
                meets.append([])
                extras.append([])
                if step.kind != costs.LEFT_OUT.name:
                    last_act[step.number] = len(told) - 1
                    floors[step.number] = floor
            for number in step.met:
                for of in self._demands[number].objects:
                    floors[of] = max(floors[of], step.start)
                    if of in last_act:
                        meets[last_act[of]] += [e for e in self._of_fact[number] if e not in meets[last_act[of]]]
            if step.extra:
                named = [fact for number in step.met for fact in self._of_fact[number]]
                told.append((step._replace(kind=step.extra[0], number=-1, content=ABSENT), step.start))
                meets.append(list(dict.fromkeys(named)))
                extras.append(list(step.extra))
        acts = []
        for (step, floor), facts, extra in zip(told, meets, extras, strict=True):
            if step.kind == costs.PROVEN.name and not facts:
                continue
            act = self._act(step, floor, tuple(facts), extra)
            total += act.cost
            acts.append(act)
        return UploadStory(total, tuple(acts))

    def _since(self, step: StoryStep) -> int:
        """Since when an act costs what it does."""
        acts = self._acts[step.number]
        if step.kind == costs.LEFT_OUT.name:
            return acts.starts[step.content]
        number = acts.window_at(step.start)
        begun = acts.starts[number] if number >= 0 else step.start
        if step.kind == costs.EARLY.name:
            return max(acts.starts[number + 1] - costs.DAY, begun if number >= 0 else 0)
        if step.kind == costs.LATE.name:
            return acts.deadlines[number]
        if step.kind == costs.OLD.name:
            return acts.track.since[step.content]
        if step.kind in {costs.OUTSIDE.name, costs.DELETED.name}:
            return 0
        return step.start if step.kind == costs.PROVEN.name else begun

    def _act(self, step: StoryStep, floor: int, facts: tuple[str, ...], extra: Sequence[str]) -> StoryAct:
        charges = {charge.name: charge for charge in costs.TABLE}
        until = max(step.end - 1, floor)
        if step.kind == costs.PROVEN.name:
            until = floor
        for number in step.met:
            observed = self._facts[self._of_fact[number][0]].observation.last
            if observed is not None and floor <= observed < until:
                until = observed  # what the clocks' skew adds is not told where it does not decide
        if extra:
            told = "; ".join(charges[each].meaning for each in extra)
            return self._assumed(step, step.start, until, sum(charges[each].cost for each in extra), facts, told)
        if step.kind == costs.LEFT_OUT.name:
            name, commit = self._names[step.number], self._commit(step.number, step.content)
            why = f"what {commit} changed of {name} was not sent, or not before something else had been seen"
            return self._assumed(step, floor, until, costs.LEFT_OUT.cost, facts, why)
        return StoryAct(
            from_=iso(floor),
            until=iso(until),
            kind=step.kind,
            cost=self._cost(step),
            assumed=step.kind != costs.PROVEN.name,
            uploads=tuple(self._uploads(step)),
            meets=facts,
            why=self._why(step),
        )

    @staticmethod
    def _assumed(step: StoryStep, first: int, last: int, cost: int, facts: tuple[str, ...], why: str) -> StoryAct:
        return StoryAct(
            from_=iso(first), until=iso(last), kind=step.kind, cost=cost, assumed=True, uploads=(), meets=facts, why=why
        )

    def _cost(self, step: StoryStep) -> int:
        return next(charge.cost for charge in costs.TABLE if charge.name == step.kind)

    def _why(self, step: StoryStep) -> str:
        name = self._names[step.number]
        if step.content == ABSENT and step.kind != costs.PROVEN.name:
            declared = step.kind == costs.DELETED.name
            return f"{name} was deleted on the server" + (", though a file declares it" if declared else "")
        return self._told.get((step.start, step.number), _WORDS[step.kind])

    def _uploads(self, step: StoryStep) -> Iterator[UploadedContent]:
        """What was sent, the content that stays last."""
        if step.content == ABSENT:
            return
        number, acts = step.number, self._acts[step.number]
        window = acts.window_at(step.start) + (step.kind == costs.EARLY.name)
        if step.kind in _BATCHES:
            for each in acts.track.windows[window].batch:
                if each != step.content:
                    yield self._content(number, each, self._oid(number, window))
        same = step.kind in (*_BATCHES, costs.PART.name, costs.UNCHANGED.name)
        yield self._content(number, step.content, self._oid(number, window) if same else None)

    def _content(self, number: int, content: int, commit: str | None = None) -> UploadedContent:
        live = self._histories[number].contents[content] if content >= 0 else None
        if live is None or live.path is None or live.blob is None:
            return UploadedContent(str(self._names[number]), None, None, None)
        first = self._examination.history.graph.ids[live.commit].hex()
        return UploadedContent(str(self._names[number]), live.path, live.blob.hex(), commit or first)

    def _oid(self, number: int, window: int) -> str:
        return self._examination.history.graph.ids[self._histories[number].commits[window]].hex()

    def _commit(self, number: int, window: int) -> str:
        return self._oid(number, window)[:12]

    def common(self, witnesses: Mapping[int, set[tuple[int, ...]]]) -> Iterator[CommonContent]:
        """What met a fact in every cheapest story."""
        seen: dict[tuple[str, UploadedContent], None] = {}
        for number in sorted(witnesses):
            demand = self._demands[number]
            for place, of in enumerate(demand.objects):
                contents = {lives[place] for lives in witnesses[number]}
                if len(contents) == 1:
                    content = self._content(of, contents.pop())
                    seen.update(dict.fromkeys((fact, content) for fact in self._of_fact[number]))
        for fact, held in seen:
            yield CommonContent(fact, held, f"{held.object} {_held(held)} when {fact} was observed")

    def questions(self, witnesses: Mapping[int, set[tuple[int, ...]]]) -> Iterator[DecidingQuestion]:
        """What would tell apart the cheapest stories in which another content met a fact."""
        asked: dict[tuple[str, int], None] = {}
        for number in sorted(witnesses):
            demand = self._demands[number]
            for place, of in enumerate(demand.objects):
                contents = sorted({lives[place] for lives in witnesses[number]})
                if len(contents) > 1 and (self._of_fact[number][0], of) not in asked:
                    asked[self._of_fact[number][0], of] = None
                    yield self._question(self._of_fact[number][0], of, contents)

    def _question(self, fact: str, of: int, contents: Iterable[int]) -> DecidingQuestion:
        found = tuple(self._content(of, each) for each in contents)
        observation = self._facts[fact].observation
        commits = [each.commit for each in found if each.commit is not None]
        people = dict.fromkeys(note.author for note in commit_notes(self._examination.history, commits).values())
        name = self._names[of]
        kind = f"data/{name.bag}" if name.bag else f"{name.kind}s"
        first = None if observation.first is None else iso(observation.first)
        last = None if observation.last is None else iso(observation.last)
        return DecidingQuestion(
            from_=first,
            until=last,
            between=found,
            ask=tuple(people)[:_MOST_ASKED],
            text=f"what {name} was when {fact} was observed: a server's access log up to then (the last PUT to "
            f"{kind}/{name.name}, or the size of its GETs), a node's client log, a backup, or whoever uploaded then",
        )


def _held(content: UploadedContent) -> str:
    if content.path is None:
        return "was not there, or held what no commit has"
    return f"held {content.path} as of {(content.commit or '')[:12]}"
