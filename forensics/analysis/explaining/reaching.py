"""What a fact about a node says of roles: through which of their contents a recipe or role is reached, or is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.explaining import costs
from forensics.analysis.explaining.claims import default_recipe, read_item, same_item
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE
from forensics.analysis.run_lists import RunLists, follows_policy, run_lists
from forensics.chef.objects import Kind
from forensics.chef.recipe_source import qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.costs import Charge
    from forensics.analysis.explaining.declared import ObjectHistory, ReplayedLine
    from forensics.chef.objects import Body
    from forensics.chef.run_list import RunListItem
    from forensics.evidence.records import Observation
    from forensics.uploads.target import Target


class LedTo(NamedTuple):
    """What a run list leads to: the thing itself, some roles, or nobody can tell what."""

    hit: bool = False
    roles: frozenset[str] = frozenset()
    unknown: bool = False


class ClaimMoment(NamedTuple):
    """A stretch from a time on in which the nodes and the cookbooks of the line are the same.

    ``leading`` are the recipes that stand for the one that is meant; ``held`` says whether the cookbooks have it.
    """

    time: int
    nodes: Mapping[str, Body]
    leading: frozenset[str]
    held: bool


class RoleContents:
    """The run lists of every content that any commit has of the roles of a target."""

    def __init__(self, examination: Examination, target: Target) -> None:
        self.target = target
        self.lists: dict[str, list[RunLists]] = {}
        self._known: dict[int, tuple[Body, RunLists]] = {}
        for seen in examination.survey.sightings:
            if seen.target == target:
                declared = examination.declarations.from_file(Kind.ROLE, seen.path, seen.file)
                if declared.name is not None and declared.body is not None:
                    self.lists.setdefault(declared.name, []).append(self.of(declared.body))

    def of(self, body: Body) -> RunLists:
        """The run lists of a content, taken apart once."""
        known = self._known.get(id(body))
        if known is None:
            known = self._known[id(body)] = body, run_lists(Kind.ROLE, body)
        return known[1]

    @cached_property
    def including(self) -> Mapping[str, frozenset[str]]:
        """The roles of which some content names a role."""
        found: dict[str, set[str]] = {}
        for name, every in self.lists.items():
            for lists in every:
                for _, item in lists.named():
                    if item.type == "role":
                        found.setdefault(item.name, set()).add(name)
        return {name: frozenset(names) for name, names in found.items()}


@dataclass(eq=False)
class NodeClaim:
    """A fact about nodes: ``wanted`` is reached, or with ``lacks`` is not, at ``moments``."""

    observation: Observation
    wanted: RunListItem
    moments: list[ClaimMoment]
    contents: RoleContents

    @property
    def lacks(self) -> bool:
        """Whether it is denied that it is reached."""
        return self.observation.claim == "lacks"

    @cached_property
    def interesting(self) -> frozenset[str]:
        """The roles through which it can be reached, by any of their contents."""
        leading = frozenset().union(*(moment.leading for moment in self.moments))
        found = {
            name
            for name, every in self.contents.lists.items()
            if any(lists.unresolved or self._hits(lists, None, leading) for lists in every)
        }
        pending = list(found)
        while pending:
            for name in self.contents.including.get(pending.pop(), ()):
                if name not in found:
                    found.add(name)
                    pending.append(name)
        if self.wanted.type == "role" and self.observation.claim == "failed":
            found.add(self.wanted.name)
        return frozenset(found)

    def reach(self, lists: RunLists, environment: str, leading: frozenset[str]) -> LedTo:
        """What a run list leads to in an environment."""
        _, items = lists.within(environment)
        roles = frozenset(item.name for item in items if item.type == "role") & self.interesting
        hit = self._hits(lists, environment, leading)
        return LedTo(hit, frozenset() if hit else roles, bool(lists.unresolved) and not hit)

    def _hits(self, lists: RunLists, environment: str | None, leading: frozenset[str]) -> bool:
        items = (item for _, item in lists.named()) if environment is None else lists.within(environment)[1]
        if self.wanted.type == "recipe":
            return any(item.type == "recipe" and default_recipe(item) in leading for item in items)
        if self.wanted.type == "cookbook":
            return any(item.type == "recipe" and item.name.partition("::")[0] == self.wanted.name for item in items)
        return any(same_item(self.wanted, item) for item in items)

    def at(self, time: int) -> ClaimMoment:
        """The moment that a time belongs to."""
        return next((each for each in reversed(self.moments) if each.time <= time), self.moments[0])

    def better(self, one: LedTo, other: LedTo) -> bool:
        """Whether, of two contents of a role, one serves the fact at least as well, whatever others hold."""
        if self.observation.claim == "failed" and self.wanted.type == "role":
            return False
        if self.lacks:
            one, other = other, one
        if one.hit or one == other:
            return True
        return not other.hit and not one.unknown and not other.unknown and one.roles >= other.roles


def claim_of(
    examination: Examination,
    line: ReplayedLine,
    contents: RoleContents,
    observation: Observation,
    times: tuple[int, int],
    stand_in: Mapping[str, Body],
) -> NodeClaim:
    """What a fact about nodes says, looked up in the commits of its time.

    ``stand_in`` are the nodes where the repository keeps none.
    """
    item = observation.item
    if item.startswith("cookbook["):
        wanted = read_item("role" + item.removeprefix("cookbook"))
        wanted = type(wanted)("cookbook", wanted.name)
    else:
        wanted = read_item(item)
    moments: list[ClaimMoment] = []
    last: object = None
    index, root = examination.traced_cookbooks, contents.target.label.root
    recipe = default_recipe(wanted) if wanted.type == "recipe" else ""
    for time, commit in line.between(*times):
        state = examination.history.state(commit)
        key = (examination.nodes.versions(state, contents.target), id(index.at(commit)))
        if key == last:
            continue
        last = key
        files = examination.nodes.found(state, contents.target)
        bodies = None if files is None else {name: each.body for name, each in files.items()}
        leading = frozenset({recipe})
        if observation.claim == "ran":
            leading = frozenset(index.leading_to(qualified(recipe)).at(commit, root))
        moments.append(
            ClaimMoment(time, stand_in if bodies is None else bodies, leading, _has(examination, wanted, commit))
        )
    return NodeClaim(observation, wanted, moments, contents)


def _has(examination: Examination, wanted: RunListItem, commit: int) -> bool:
    """Whether the cookbooks of a commit have a recipe or a cookbook."""
    index = examination.traced_cookbooks
    if wanted.type == "cookbook":
        return any(index.name(each) == wanted.name for each in index.at(commit))
    return wanted.type == "recipe" and default_recipe(wanted) in index.recipes(commit)


class Start(NamedTuple):
    """Where a node begins: what its own run list leads to, and its environment; None where there is no such node."""

    reach: LedTo
    environment: str


class Follower:
    """Follows a claim from the nodes through the roles, of which those of ``free`` may hold anything."""

    def __init__(self, claim: NodeClaim, histories: Mapping[str, ObjectHistory], free: Collection[str]) -> None:
        self.claim = claim
        self._histories = histories
        self._free = free
        self._reaches: dict[tuple[str, int, str, frozenset[str]], LedTo] = {}

    def of_content(self, role: str, content: int, environment: str, leading: frozenset[str]) -> LedTo:
        """What a content of a role leads to."""
        if content == OUTSIDE:
            return LedTo(unknown=True)
        live = self._histories[role].contents[content]
        if live is None:
            return LedTo()
        key = (role, content, environment, leading)
        if key not in self._reaches:
            self._reaches[key] = self.claim.reach(self.claim.contents.of(live.body), environment, leading)
        return self._reaches[key]

    def start(self, name: str, moment: ClaimMoment) -> Start | None:
        """Where a node begins at a moment."""
        body = moment.nodes.get(name)
        if body is None or follows_policy(body):
            return None
        lists = run_lists(Kind.NODE, body)
        environment = lists.environment or "_default"
        return Start(self.claim.reach(lists, environment, moment.leading), environment)

    def settled(self, start: Start, moment: ClaimMoment, time: int) -> LedTo:
        """The same with every role followed that is not free: it holds what the tree of the time has."""
        hit, unknown, roles = start.reach.hit, start.reach.unknown, set()
        pending, seen = list(start.reach.roles), set(start.reach.roles)
        while pending:
            role = pending.pop()
            if role in self._free:
                roles.add(role)
                continue
            for content in self._histories[role].current(time)[:1]:
                found = self.of_content(role, content, start.environment, moment.leading)
                hit, unknown = hit or found.hit, unknown or found.unknown
                new = found.roles - seen
                seen |= new
                pending += new
        return LedTo(hit, frozenset() if hit else frozenset(roles), unknown and not hit)

    def fixed(self, role: str, environments: Iterable[str], times: tuple[int, int]) -> bool:
        """Whether a role need not be looked at: what a routine upload leaves of it serves the fact best."""
        history = self._histories[role]
        last = times[1] + costs.DAY
        starts = [window.start for window in history.track.windows if times[0] < window.start <= times[1]]
        for environment in environments:
            for moment in self.claim.moments:
                for time in (max(moment.time, times[0]), *starts):
                    current = history.current(time)
                    if not current:
                        return False
                    leading = self.claim.at(time).leading
                    kept = {self.of_content(role, each, environment, leading) for each in current}
                    others = [ABSENT, *(n for n, since in enumerate(history.track.since) if n and since <= last)]
                    if len(kept) > 1 or not all(
                        self.claim.better(next(iter(kept)), self.of_content(role, each, environment, leading))
                        for each in others
                    ):
                        return False
        return True

    def price(
        self, reach: LedTo, environment: str, moment: ClaimMoment, held: Mapping[str, int], time: int
    ) -> tuple[Charge, ...] | None:
        """What it is charged that the fact holds where free roles hold these contents."""
        claim = self.claim
        hit, unknown, outside = reach.hit, reach.unknown, False
        pending, seen = list(reach.roles), set(reach.roles)
        while pending and not hit:
            role = pending.pop()
            content = held[role]
            found = self.of_content(role, content, environment, moment.leading)
            if content == OUTSIDE:
                outside = True
                continue
            onward = self.settled(Start(found, environment), moment, time)
            hit, unknown = hit or onward.hit, unknown or onward.unknown
            new = onward.roles - seen
            seen |= new
            pending += new
        if hit:
            holds: bool | None = not claim.lacks
        else:
            holds = None if unknown or outside else claim.lacks
        if holds is False:
            return None
        charges: list[Charge] = [] if holds or outside else [costs.UNDECIDED]
        if claim.observation.claim == "failed":
            if claim.wanted.type == "role":
                return tuple(charges) if held.get(claim.wanted.name, ABSENT) == ABSENT else None
            if moment.held:
                charges.append(costs.COOKBOOKS)
        return tuple(charges)
