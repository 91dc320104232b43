"""Facts that logs, nodes and backups tell: what a run came to, what a server held, gave out, and was sent."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from forensics.analysis.drift_matching import HeldKey, is_held, key_of, served
from forensics.analysis.explaining import costs
from forensics.analysis.explaining.claims import sent_of
from forensics.analysis.explaining.considered import role_target
from forensics.analysis.explaining.declared import object_histories
from forensics.analysis.explaining.expansions import Expander, RunWay
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE
from forensics.analysis.explaining.reaching import RoleContents
from forensics.analysis.explaining.wanted import BEFORE, Wanted
from forensics.analysis.objects import ObjectName
from forensics.chef.objects import Kind
from forensics.evidence.records import Observation, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.considered import Considered
    from forensics.analysis.explaining.costs import Charge
    from forensics.analysis.explaining.problem import KnownUpload
    from forensics.analysis.explaining.proven import ProvenUploads, ToldUpload
    from forensics.analysis.proof_results import Proven
    from forensics.evidence.records import Backup, ClientRun, HeldObject

_AT_ONCE = 3600
_MISSING = {"missing-recipe": "recipe", "missing-role": "role", "missing-cookbook": "cookbook"}


def failures(runs: Iterable[ClientRun]) -> Iterator[Observation]:
    """What failed runs say that tell nothing of what their run list came to."""
    for run in runs:
        failure = run.failure
        of_server = not run.local and not run.override
        if failure is None or run.start is None or run.expanded is not None or not of_server or not failure.name:
            continue
        if what := _MISSING.get(failure.kind):
            last = run.start if run.end is None else run.end
            yield Observation(run.place, run.start, last, f"node[{run.node}]", "failed", f"{what}[{failure.name}]")


def add_runs(examination: Examination, considered: Considered, runs: Iterable[ClientRun], *, alone: bool) -> None:
    """Let what runs expanded their run lists to count as facts; ``alone`` uses only what they say of the asked role.

    Of runs of one run list that came to the same, one after the other, the first and the last count.
    """
    target = role_target(examination, considered)
    if considered.subject.kind is not Kind.ROLE or target is None:
        return
    told = [
        (run, RunWay(run.run_list, run.environment or _environment(examination, considered, run), _bare(run.expanded)))
        for run in sorted(runs, key=lambda run: run.start or 0)
        if run.start is not None and run.run_list is not None and run.expanded is not None and not run.local
    ]
    if not told:
        return
    contents = RoleContents(examination, target)
    missing = [name for name in contents.lists if ObjectName(Kind.ROLE, name) not in considered.histories]
    for name, history in object_histories(examination, considered.line, target, missing).items():
        considered.histories[ObjectName(Kind.ROLE, name)] = history
    histories = {name.name: each for name, each in considered.histories.items() if name.kind is Kind.ROLE}
    expander = Expander(contents, histories, considered.subject.name)
    for run, way in _ends_of_stretches(told):
        last = run.start if run.end is None else run.end
        fact = considered.add(Observation(run.place, run.start, last, f"node[{run.node}]", "expanded"))
        fact.derived = True
        failed = f", and failed for want of {_what(run)}" if run.failure and run.failure.name else ""
        fact.text = f"node[{run.node}] ran {', '.join(way.run_list)}: {', '.join(way.recipes)}{failed}"
        fact.claim = (f"expanded {way.run_list} {way.environment}", str(way.recipes))
        wanted = expander.wanted(way, fact.last, alone=alone) if fact.bearing != BEFORE else None
        if wanted is None:
            considered.facts.pop()
        else:
            fact.wanted.append(wanted)


def _what(run: ClientRun) -> str:
    failure = run.failure
    return "" if failure is None else f"{_MISSING.get(failure.kind, 'something')}[{failure.name}]"


def _environment(examination: Examination, considered: Considered, run: ClientRun) -> str:
    """The environment in which the commit of a run's time has its node; empty where it has none."""
    _, commit = considered.line.between(run.start or 0, run.start or 0)[-1]
    found = examination.nodes.found(examination.history.state(commit), considered.target)
    node = (found or {}).get(run.node)
    named = node.body.get("chef_environment", "_default") if node is not None else None
    return named if isinstance(named, str) else ""


def _bare(recipes: Iterable[str] | None) -> tuple[str, ...]:
    """Recipes without the versions that they are fixed to."""
    return tuple(each.partition("@")[0] for each in recipes or ())


def _ends_of_stretches(
    told: Sequence[tuple[ClientRun, RunWay]],
) -> Iterator[tuple[ClientRun, RunWay]]:
    """Of runs of one run list that came to the same, one after the other, the first and the last."""
    last: dict[Hashable, tuple[ClientRun, RunWay]] = {}
    told_last: dict[Hashable, tuple[ClientRun, RunWay]] = {}
    found = []
    for each in told:
        key = each[1].run_list, each[1].environment
        before = last.get(key)
        if before is None or before[1] != each[1]:
            if before is not None and before is not told_last[key]:
                found.append(before)
            found.append(each)
            told_last[key] = each
        last[key] = each
    found += [each for key, each in last.items() if each is not told_last[key]]
    yield from sorted(found, key=lambda each: each[0].start or 0)


def add_backups(examination: Examination, considered: Considered, backups: Iterable[Backup]) -> None:
    """Let what backups hold of a question's objects, and what whole ones lack, count as facts.

    Of backups that hold the same, one after the other, the first and the last count.
    """
    dated = sorted((each for each in backups if each.at is not None), key=lambda each: each.at or 0)
    for name in considered.names:
        key = HeldKey(name.kind, name.bag or "", name.name)
        events: list[tuple[Backup, HeldObject | None, str]] = []
        for backup in dated:
            held = next((each for each in backup.objects if key_of(each) == key), None)
            if held is not None or (not backup.partial and name.kind in backup.kinds):
                events.append((backup, held, _digest(held)))
        known: dict[str, Wanted] = {}
        for number, (backup, held, digest) in enumerate(events):
            around = {each[2] for each in (*events[number - 1 : number], *events[number + 1 : number + 2])}
            if around == {digest} and 0 < number < len(events) - 1:
                continue
            place = backup.place if held is None else held.place
            first = backup.at if backup.first is None else backup.first
            fact = considered.add(Observation(place, first, backup.at, str(name), "absent" if held is None else "held"))
            fact.derived = True
            fact.text = f"{name} was not there" if held is None else f"{name} was as the backup has it"
            fact.claim = (f"held {name}", digest)
            if digest not in known:
                verdicts = _holding(examination, considered, name, held)
                known[digest] = _wanted(name, verdicts, outside=held is not None)
            fact.wanted.append(known[digest])


def _digest(held: HeldObject | None) -> str:
    if held is None:
        return ""
    return sha256(
        json.dumps([held.body, held.shown, held.unreadable], sort_keys=True, default=str).encode()
    ).hexdigest()


def _holding(
    examination: Examination, considered: Considered, name: ObjectName, held: HeldObject | None
) -> list[bool | None]:
    """Whether each content of an object is what a backup has."""
    history = considered.histories[name]
    if held is None:
        return [each is None for each in history.contents]
    key = HeldKey(name.kind, name.bag or "", name.name)
    answers = served(key, held)
    verdicts: list[bool | None] = []
    for live in history.contents:
        found = (
            []
            if live is None
            else [is_held(key, body, held, answers) for body in sent_of(examination, name.kind, live)]
        )
        verdicts.append(True if True in found else None if None in found else False)
    return verdicts


def _wanted(name: ObjectName, verdicts: Sequence[bool | None], *, outside: bool) -> Wanted:
    prices: list[tuple[Charge, ...] | None] = [
        (costs.UNDECIDED,) if each is None else () if each else None for each in verdicts
    ]
    of_outside: tuple[Charge, ...] | None = () if outside else None

    def price(_: int, contents: tuple[int, ...]) -> tuple[Charge, ...] | None:
        return of_outside if contents[0] == OUTSIDE else prices[contents[0]]

    return Wanted((name,), price)


def add_sizes(considered: Considered, proven: Proven) -> None:
    """Let the changes count as facts that only the sizes of a server's answers show."""
    for name in considered.names:
        numbers = considered.histories[name].numbers
        for each in proven.unseen:
            if each.object != str(name):
                continue
            place = Place(each.source.file, each.source.line)
            claim = "absent" if each.absent else "held"
            fact = considered.add(Observation(place, each.at, each.at, str(name), claim))
            fact.derived = True
            length = "nothing: it was not there" if each.absent else f"{each.length} bytes"
            fact.text = f"{name} was answered with {length}"
            fact.claim = (f"length {name}", str(each.length))
            fitting = {numbers.get((match.path, bytes.fromhex(match.blob))) for match in each.matches}
            if each.absent:
                fitting = {ABSENT}
            verdicts = [number in fitting for number in range(len(considered.histories[name].contents))]
            fact.wanted.append(_wanted(name, verdicts, outside=not each.absent))


def add_uploads(considered: Considered, uploads: ProvenUploads) -> None:
    """Let what logs prove of the asked object count as facts, against which the ways of uploading are held.

    What was sent again, without anything else between, counts once; of what went up within an hour, the last: a replay
    sends the files of a commit at one moment.
    """
    proven = [each for each in uploads.known if each.number == 0 and each.missed is None]
    before: KnownUpload | None = None
    for number, each in enumerate(proven):
        if number + 1 < len(proven) and proven[number + 1].time - each.time < _AT_ONCE:
            continue
        if before is not None and before.contents == each.contents:
            continue
        before = each
        told = uploads.told[each.time, 0, each.contents[0]]
        fact = considered.add(Observation(told.place, each.time, each.time, str(considered.subject), "sent"))
        fact.derived = True
        fact.first = fact.last = each.time
        fact.skewed = False  # it stands in the log that has the upload
        fact.text = f"{considered.subject} {_sent(considered, each.contents, told)}"
        fact.claim = (f"sent {considered.subject}", str(each.time))
        count = len(considered.histories[considered.subject].contents)
        verdicts = [number in each.contents for number in range(count)]
        fact.wanted.append(_wanted(considered.subject, verdicts, outside=OUTSIDE in each.contents))


def _sent(considered: Considered, contents: Collection[int], told: ToldUpload) -> str:
    if ABSENT in contents:
        return "was deleted"
    lives = [considered.histories[considered.subject].contents[each] for each in contents if each > 0]
    paths = dict.fromkeys(live.path for live in lives if live is not None and live.path is not None)
    if told.elsewhere is not None:
        paths = {told.elsewhere.path: None}
    return f"was sent as {' or '.join(paths)}" if paths else "was sent as what no commit has"
