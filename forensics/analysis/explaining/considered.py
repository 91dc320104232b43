"""From facts to what the search demands: of which objects, at which moments, and which facts say nothing here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.explaining import costs
from forensics.analysis.explaining.claims import object_claim
from forensics.analysis.explaining.declared import ReplayedLine, object_histories, target_of
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE, Demand
from forensics.analysis.explaining.reaching import Follower, NodeClaim, RoleContents, claim_of
from forensics.analysis.objects import ObjectName, check_known, parse_object
from forensics.chef.objects import Kind
from forensics.evidence.observed import EVERY_NODE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.costs import Charge
    from forensics.analysis.explaining.declared import ObjectHistory
    from forensics.analysis.explaining.reaching import ClaimMoment, LedTo, Start
    from forensics.chef.objects import Body
    from forensics.evidence.records import Observation
    from forensics.uploads.target import Target

    Price = Callable[[int, tuple[int, ...]], tuple[Charge, ...] | None]

DECIDES, ELSEWHERE, BEFORE, UNDECIDED = "decides", "elsewhere", "before-history", "undecided"
"""What a fact is for a question: a part of it; about other objects; of a time before the history; nothing to tell."""


class Wanted(NamedTuple):
    """Something that must have held of some objects, which are named."""

    objects: tuple[ObjectName, ...]
    price: Price
    moments: tuple[int, ...] = ()
    alike: Callable[[int, int], Hashable] | None = None


@dataclass(slots=True, eq=False)
class ConsideredFact:
    """A fact with its bounds, the clocks' skew included, and what it demands.

    ``impossible`` says why no upload at all can have led to it. ``note`` says what was assumed to judge it.
    """

    id: str
    observation: Observation
    first: int
    last: int
    bearing: str = DECIDES
    wanted: list[Wanted] = field(default_factory=list)
    impossible: str = ""
    note: str = ""

    def demand(self, wanted: Wanted, numbers: Mapping[ObjectName, int]) -> Demand:
        """A part of it for the search, which counts objects."""
        subject, claim, item = self.observation.subject, self.observation.claim, self.observation.item
        about = "node" if subject.startswith("node[") else subject
        key = (f"{about} {item}", "no" if claim == "lacks" else "yes")
        if claim == "holds":
            key = (f"holds {subject}", item)
        return Demand(
            self.first,
            self.last,
            tuple(numbers[each] for each in wanted.objects),
            wanted.price,
            wanted.moments,
            key,
            wanted.alike,
        )


@dataclass(slots=True)
class Considered:
    """All facts of a question about one object, and the histories of all objects that they tie to it."""

    subject: ObjectName
    target: Target
    line: ReplayedLine
    facts: list[ConsideredFact]
    histories: dict[ObjectName, ObjectHistory] = field(default_factory=dict)

    @property
    def names(self) -> list[ObjectName]:
        """The objects of the search, the one that was asked about first."""
        found = {self.subject: None}
        for fact in self.facts:
            if fact.bearing == DECIDES:
                found.update(dict.fromkeys(name for wanted in fact.wanted for name in wanted.objects))
        return list(found)


def consider(
    examination: Examination, subject: ObjectName, observations: Sequence[Observation], skew: int
) -> Considered:
    """What facts say of an object, and of those that they tie to it.

    Raises:
        UnknownObjectError: a fact is about what no commit declares.
        UsageError: the object is on several servers.
    """
    target = target_of(examination, subject)
    line = ReplayedLine(examination)
    considered = Considered(subject, target, line, [])
    begin = line.times[0] - costs.DAY
    for number, observation in enumerate(observations, 1):
        first = begin if observation.first is None else observation.first - skew
        last = line.times[-1] if observation.last is None else observation.last + skew
        fact = ConsideredFact(f"F{number}", observation, max(first, begin), last)
        if last < begin:
            fact.bearing = BEFORE
        considered.facts.append(fact)
    _check_subjects(examination, considered)
    objects = [
        each for each in considered.facts if not each.observation.subject.startswith("node[") or _of_object(each)
    ]
    nodes = [each for each in considered.facts if each not in objects and each.bearing == DECIDES]
    claims = _claims(examination, considered, nodes) if nodes else {}
    _add_histories(examination, considered, objects, claims)
    known: dict[tuple[str, str, str], Wanted] = {}
    for fact in objects:
        if fact.bearing == DECIDES:
            _want_object(examination, considered, fact, known)
    free = {role for fact, (claim, _) in claims.items() for role in _free(considered, fact, claim)}
    for fact, (claim, contents) in claims.items():
        _want_nodes(considered, fact, claim, contents, free)
    _keep_to_subject(considered)
    return considered


def _of_object(fact: ConsideredFact) -> bool:
    return fact.observation.claim in {"holds", "is", "absent"}


def _check_subjects(examination: Examination, considered: Considered) -> None:
    named = dict.fromkeys(
        fact.observation.subject for fact in considered.facts if fact.observation.subject != EVERY_NODE
    )
    kept = _role_target(examination, considered) is not None and _keeps_nodes(examination, considered)
    for text in named:
        name = parse_object(text)
        if name.kind is Kind.NODE and not kept and considered.subject != name:
            continue
        given = examination.nodes.given
        if name.kind is Kind.NODE and given is not None and name.name in given.bodies:
            continue
        check_known(examination, [name])


def _keeps_nodes(examination: Examination, considered: Considered) -> bool:
    """Whether any commit keeps nodes on the server of the object, or some were given."""
    return examination.nodes.given is not None or any(
        container.kind is Kind.NODE and considered.target.is_beside(container)
        for container in examination.history.containers
    )


def _role_target(examination: Examination, considered: Considered) -> Target | None:
    if considered.target.kind is Kind.ROLE:
        return considered.target
    return next(
        (each for each in examination.targets if each.kind is Kind.ROLE and considered.target.is_beside(each.label)),
        None,
    )


def _claims(
    examination: Examination, considered: Considered, facts: Sequence[ConsideredFact]
) -> dict[ConsideredFact, tuple[NodeClaim, RoleContents]]:
    roles = _role_target(examination, considered)
    found: dict[ConsideredFact, tuple[NodeClaim, RoleContents]] = {}
    if roles is None:
        for fact in facts:
            fact.bearing, fact.note = UNDECIDED, "no roles are kept here that could lead a node anywhere"
        return found
    contents = RoleContents(examination, roles)
    kept = _keeps_nodes(examination, considered)
    for fact in facts:
        stand_in: dict[str, Body] = {}
        if not kept:
            if considered.subject.kind is not Kind.ROLE:
                fact.bearing, fact.note = UNDECIDED, "no nodes are kept here, so that nobody knows what they run"
                continue
            name = fact.observation.subject[5:-1]
            stand_in = {name: {"name": name, "run_list": [str(considered.subject)], "chef_environment": "_default"}}
            fact.note = f"no nodes are kept here: taken to be about nodes that run {considered.subject}"
        claim = claim_of(examination, considered.line, contents, fact.observation, (fact.first, fact.last), stand_in)
        found[fact] = claim, contents
    return found


def _add_histories(
    examination: Examination,
    considered: Considered,
    objects: Sequence[ConsideredFact],
    claims: Mapping[ConsideredFact, tuple[NodeClaim, RoleContents]],
) -> None:
    subject = considered.subject
    roles = {name for claim, _ in claims.values() for name in claim.interesting}
    if roles or subject.kind is Kind.ROLE:
        roles |= {
            parse_object(each.observation.subject).name
            for each in objects
            if each.observation.subject.startswith("role[")
        }
    target = _role_target(examination, considered)
    if subject.kind is Kind.ROLE:
        roles.add(subject.name)
    elif subject not in considered.histories:
        found = object_histories(examination, considered.line, considered.target, [subject.name])
        considered.histories[subject] = found[subject.name]
    if target is not None and roles:
        for name, history in object_histories(examination, considered.line, target, roles).items():
            considered.histories[ObjectName(Kind.ROLE, name)] = history


def _want_object(
    examination: Examination, considered: Considered, fact: ConsideredFact, known: dict[tuple[str, str, str], Wanted]
) -> None:
    """Let a fact want what it says of an object; ``known`` has what others want."""
    name = parse_object(fact.observation.subject)
    history = considered.histories.get(name)
    if history is None:
        fact.bearing = ELSEWHERE
        return
    key = (fact.observation.subject, fact.observation.claim, fact.observation.item)
    if key in known:
        fact.wanted.append(known[key])
        return
    holds = object_claim(examination, history.target, fact.observation)
    prices: list[tuple[Charge, ...] | None] = []
    for content in history.contents:
        verdict = holds(content)
        prices.append((costs.UNDECIDED,) if verdict is None else () if verdict else None)
    outside = () if fact.observation.claim in {"has", "lacks", "holds"} else None
    if fact.observation.claim == "holds":
        prices[0] = None

    def price(_: int, contents: tuple[int, ...]) -> tuple[Charge, ...] | None:
        return outside if contents[0] == OUTSIDE else prices[contents[0]]

    known[key] = Wanted((name,), price)
    fact.wanted.append(known[key])


def _want_nodes(
    considered: Considered, fact: ConsideredFact, claim: NodeClaim, contents: RoleContents, free: set[str]
) -> None:
    histories, subject = _roles(considered), fact.observation.subject
    names = _nodes_of(fact, claim)
    follower = Follower(claim, histories, free)
    seen: set[object] = set()
    for node in names:
        starts = [follower.start(node, moment) for moment in claim.moments]
        if all(each is None for each in starts):
            if subject != EVERY_NODE:
                fact.bearing, fact.note = (
                    UNDECIDED,
                    f"no commit of that time has {subject}, or a policy decides over it",
                )
            continue
        reached = _closure(claim, contents, starts)
        changes = [
            window.start
            for role in reached - free
            for window in histories[role].track.windows
            if fact.first < window.start <= fact.last
        ]
        times = sorted({*(max(each.time, fact.first) for each in claim.moments), *changes})
        ways: list[tuple[LedTo, str, ClaimMoment] | None] = []
        for time in times:
            moment = claim.at(time)
            start = starts[claim.moments.index(moment)]
            ways.append(None if start is None else (follower.settled(start, moment, time), start.environment, moment))
        key = tuple(
            each if each is None else (each[0], each[1] if each[0].roles else "", each[2].held) for each in ways
        )
        if key in seen:
            continue
        seen.add(key)
        wanted = _node_wanted(follower, sorted(reached & free), times, ways)
        if not wanted.objects:
            if all(wanted.price(time, ()) is None for time in times):
                fact.impossible = f"node[{node}] is led there by no content of any role that a commit has"
            continue
        fact.wanted.append(wanted)


def _roles(considered: Considered) -> dict[str, ObjectHistory]:
    return {name.name: each for name, each in considered.histories.items() if name.kind is Kind.ROLE}


def _nodes_of(fact: ConsideredFact, claim: NodeClaim) -> list[str]:
    """The nodes that a fact is about: all of them are those that the repository had at the end of its time."""
    subject = fact.observation.subject
    return list(claim.moments[-1].nodes) if subject == EVERY_NODE else [subject[5:-1]]


def _free(considered: Considered, fact: ConsideredFact, claim: NodeClaim) -> set[str]:
    """The roles whose contents matter to the fact."""
    follower = Follower(claim, _roles(considered), ())
    names = _nodes_of(fact, claim)
    environments = {
        start.environment for moment in claim.moments for name in names if (start := follower.start(name, moment))
    }
    asked = {
        parse_object(each.observation.subject).name
        for each in considered.facts
        if each.observation.subject.startswith("role[")
    }
    if considered.subject.kind is Kind.ROLE:
        asked.add(considered.subject.name)
    times = (fact.first, fact.last)
    return {role for role in claim.interesting if role in asked or not follower.fixed(role, environments, times)}


def _closure(claim: NodeClaim, contents: RoleContents, starts: Sequence[Start | None]) -> set[str]:
    """The interesting roles that a node can be led to, whatever each of them holds."""
    pending = list({role for start in starts if start for role in start.reach.roles})
    found = set(pending)
    while pending:
        for lists in contents.lists.get(pending.pop(), ()):
            for _, item in lists.named():
                if item.type == "role" and item.name in claim.interesting and item.name not in found:
                    found.add(item.name)
                    pending.append(item.name)
    return found


def _node_wanted(
    follower: Follower,
    roles: Sequence[str],
    times: Sequence[int],
    ways: Sequence[tuple[LedTo, str, ClaimMoment] | None],
) -> Wanted:
    known: dict[tuple[int, tuple[int, ...]], tuple[Charge, ...] | None] = {}

    def price(time: int, contents: tuple[int, ...]) -> tuple[Charge, ...] | None:
        place = max((n for n, each in enumerate(times) if each <= time), default=0)
        key = (place, contents)
        if key not in known:
            way = ways[place]
            held = dict(zip(roles, contents, strict=True))
            known[key] = None if way is None else follower.price(*way, held, times[place])
        return known[key]

    def alike(place: int, content: int) -> Hashable:
        """What a content leads to at each moment; absence is more than leading nowhere."""
        led = (each and follower.of_content(roles[place], content, each[1], each[2].leading) for each in ways)
        return content == ABSENT, tuple(led)

    return Wanted(tuple(ObjectName(Kind.ROLE, each) for each in roles), price, tuple(times[1:]), alike)


def _keep_to_subject(considered: Considered) -> None:
    """Leave aside the facts that nothing ties to the object that was asked about."""
    tied = {considered.subject}
    deciding = [fact for fact in considered.facts if fact.bearing == DECIDES]
    while True:
        near = [fact for fact in deciding if any(tied & set(wanted.objects) for wanted in fact.wanted)]
        more = {name for fact in near for wanted in fact.wanted for name in wanted.objects}
        if more <= tied:
            break
        tied |= more
    for fact in deciding:
        if fact not in near and not fact.impossible:
            fact.bearing = ELSEWHERE


def demands_of(considered: Considered) -> Iterator[tuple[str, Demand]]:
    """What the search demands, each with the fact that it is of."""
    numbers = {name: number for number, name in enumerate(considered.names)}
    for fact in considered.facts:
        if fact.bearing == DECIDES:
            for wanted in fact.wanted:
                yield fact.id, fact.demand(wanted, numbers)
