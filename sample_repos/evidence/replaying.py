"""From what people did to what is left of it: every file of a story's evidence, by its path."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from forensics.chef.objects import Kind
from sample_repos.builder import worked_out
from sample_repos.evidence import lines
from sample_repos.evidence.account import load
from sample_repos.evidence.server import KINDS, Converge, Request, Server, loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sample_repos.evidence.account import Account, Typed
    from sample_repos.objects import File

_Held = dict[str, bytes]
_WATCHED = timedelta(minutes=15)


class _Evidence:
    """What is left of each event while the story goes on."""

    def __init__(self, account: Account, commits: Mapping[str, Mapping[str, File]]) -> None:
        self._account = account
        self._commits = commits
        self.requests: list[Request] = []
        self.runs: list[Converge] = []
        self.backups: dict[datetime, _Held] = {}
        self.server = Server(self.requests.append, self.runs.append)

    def happen(self) -> None:
        """Let everything happen in the order of time."""
        self.server.begin(self._commits[self._account.holds])
        before = self._account.nightly[0] - timedelta(days=1)
        self._converge(before, self._nodes())
        self.requests.clear()  # nodes had converged before the log begins
        self.runs.clear()
        events: list[tuple[datetime, Callable[[], None]]] = [
            *((at, lambda at=at: self._converge(at, self._nodes())) for at in self._account.nightly),
            *((at, lambda at=at: self._back_up(at)) for at in self._account.backups),
            *((typed.at, lambda typed=typed: self._type(typed)) for typed in self._account.typed),
        ]
        for _, event in sorted(events, key=lambda each: each[0]):
            event()
        self.requests += _watching(self._account)
        self.requests.sort(key=lambda each: each.at)  # runs overlap

    def _nodes(self) -> tuple[str, ...]:
        return tuple(sorted(name for kind, name in self.server.objects if kind is Kind.NODE))

    def _converge(self, at: datetime, nodes: tuple[str, ...]) -> None:
        for number, node in enumerate(nodes):
            self.server.converge(at + timedelta(seconds=9 * number), node)

    def _back_up(self, at: datetime) -> None:
        held: _Held = {}
        for kind, name in sorted(self.server.objects):
            self.server.read(at, "backup", kind, name)
            folder = next(folder for folder, each in KINDS.items() if each is kind)
            text = json.dumps(self.server.answer(kind, name), indent=2, ensure_ascii=False)
            held[f"{folder}/{name}.json"] = f"{text}\n".encode()
        self.backups[at] = held

    def _type(self, typed: Typed) -> None:
        at = typed.at + timedelta(seconds=2)  # knife takes its time to start
        files = self._commits[typed.commit] if typed.commit else {}
        for path in typed.sends:
            name, body = loaded(path, files[path])
            self.server.save(at, typed.by, KINDS[path.partition("/")[0]], name, body, client=False)
            at += timedelta(seconds=1)
        for name in typed.cookbooks:
            self.server.take_cookbook(at, typed.by, name, files)
            at += timedelta(seconds=4)
        for text in typed.reads:
            kind, _, name = text.removesuffix("]").partition("[")
            self.server.read(at, typed.by, Kind(kind), name)
        if typed.converges:
            self._converge(at, self._nodes() if "*" in typed.converges else typed.converges)


def _watching(account: Account) -> Iterator[Request]:
    """Somebody's monitoring asks the server whether it is well, all the time."""
    for number in range((account.ends - account.begins) // _WATCHED):
        yield Request(account.begins + number * _WATCHED, "", "GET", "/_status", 200, b"", 44)


@cache
def files(name: str) -> dict[str, bytes]:
    """Every file of a story's evidence by its path; the same every time. Raises ``StoryError`` if there is none.

    Below ``complete/`` everything that was kept; below ``gaps/`` what is left when somebody asks late.
    """
    account = load(name)
    evidence = _Evidence(account, worked_out(name)[0].files)
    evidence.happen()
    return {
        **{f"complete/{path}": data for path, data in _complete(account, evidence)},
        **{f"gaps/{path}": data for path, data in _with_gaps(account, evidence)},
    }


def _complete(account: Account, evidence: _Evidence) -> Iterator[tuple[str, bytes]]:
    yield "access.log", _log(account, evidence, evidence.requests)
    yield from _others(evidence, account, account.logged, tuple(account.people), account.backups)


def _with_gaps(account: Account, evidence: _Evidence) -> Iterator[tuple[str, bytes]]:
    gaps = account.gaps
    weeks: dict[datetime, list[Request]] = defaultdict(list)
    for request in evidence.requests:
        day = request.at - timedelta(days=(request.at.weekday() - gaps.weekday) % 7)
        begun = datetime.combine(day.date(), gaps.at, request.at.tzinfo)
        weeks[begun if begun <= request.at else begun - timedelta(days=7)].append(request)
    for age, begun in enumerate(sorted(weeks, reverse=True)):
        if begun.date() in gaps.lost:
            continue
        data = _log(account, evidence, weeks[begun])
        if age == 0:
            yield "access.log", data[: -gaps.cut]
        elif age == 1:
            yield "access.log.1", data
        else:
            yield f"access.log.{age}.gz", gzip.compress(data, mtime=0)
    backups = tuple(each for each in account.backups if each.date() in gaps.backups)
    yield from _others(evidence, account, gaps.nodes, gaps.histories, backups)


def _log(account: Account, evidence: _Evidence, requests: list[Request]) -> bytes:
    nodes = {name: f"10.20.1.{number}" for number, name in enumerate(_every_node(evidence), 11)}
    addresses = {
        **nodes,
        **{name: each.address for name, each in account.people.items()},
        "backup": "10.20.0.5",
        "": "10.20.0.6",
    }
    told = (
        lines.of_access_log(each, account.organization, account.knife, addresses[each.user])
        for each in requests
        if account.begins <= each.at < account.ends
    )
    return "".join(told).encode()


def _every_node(evidence: _Evidence) -> list[str]:
    return sorted({run.node for run in evidence.runs})


def _others(
    evidence: _Evidence,
    account: Account,
    nodes: tuple[str, ...],
    people: tuple[str, ...],
    backups: tuple[datetime, ...],
) -> Iterator[tuple[str, bytes]]:
    """The logs of some nodes, the histories of some people, and some backups."""
    for node in nodes:
        runs = (lines.of_client_log(run, account.knife) for run in evidence.runs if run.node == node)
        yield f"client/{node}.log", "".join(runs).encode()
    for name in people:
        shell = account.people[name].shell
        typed = (lines.of_history(each, shell) for each in account.typed if each.by == name)
        yield f"history/{name}.{shell}_history", "".join(typed).encode()
    for at in backups:
        for path, data in evidence.backups[at].items():
            yield f"backup/{at.date()}/{path}", data
