"""Logs of chef-client, 11 to 18: its own, those of syslog and of the journal, and what it prints on a console.

Each run gives its node, its run list, what that expanded to, and why it failed. Lines in between are passed over.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from forensics.evidence.format import EvidenceFormat
from forensics.evidence.log_prefix import Prefixes
from forensics.evidence.records import ClientRun, Failure, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.log_prefix import Line
    from forensics.evidence.records import Record, SourceReport

_MOST_ITEMS: Final = 10_000
_MOST_WAITING: Final = 100_000
_MOST_MACHINES: Final = 10_000

_TELLING: Final = (
    b"Run ",
    b"un list",
    b"***",
    b", version ",
    b"could not find recipe",
    b"o such cookbook",
    b"non_existent_cookbooks",
    b"exist on the server",
    b"no version that meets",
    b" not found.",
    b"does not exist",
    b"nonexistent role",
    b"FATAL",
    b"exception handlers",
    b"finished, ",
    b"complete, ",
    b"failed. ",
    b"chef-zero",
    b" begin",
)
"""What a line has that may say something; the others only date the period that the log covers, but within a block."""

_INFO: Final = b" INFO: "
_TELLING_INFO: Final = (
    b"*** ",
    b"Run List ",
    b"Start",
    b"Resolving ",
    b"Chef ",
    b"Cinc ",
    b"HTTP Request Returned 412",
)
"""What tells something begins so in the client's own log at level info, which most lines of most logs are."""

# a message begins with what counts: what a resource prints or a name holds is nobody's run
_BEGUN: Final = re.compile(r"\*\*\* (?:Chef|Cinc)[\w ]{0,40} \d[\w.]{0,40} \*\*\*")
_BANNER: Final = re.compile(r"(?:Starting )?(?:Chef|Cinc)[\w ]{0,40}, version \d")
_RUN_LIST: Final = re.compile(r"Run List is \[(.*)\]\s*$")
_EXPANDED: Final = re.compile(r"Run List expands to \[(.*)\]\s*$")
_RESOLVING: Final = re.compile(r"[Rr]esolving cookbooks for run list: (\[.*\])\s*$")
_NODE: Final = re.compile(r"Starting [\w ]{0,40}?Run for (\S+)")
_COMPLETE: Final = re.compile(r"(?:Chef|Cinc)[\w ]{0,40} Run complete in ")
_FINISHED: Final = re.compile(r"(?:(?:Chef|Cinc)[\w ]{0,40} finished|Infra Phase complete), \d+(?:/\d+)? resources")
_FAILED: Final = re.compile(
    r"(?:(?:Chef|Cinc)[\w ]{0,40}|Infra Phase) failed\. \d+ resources|Running exception handlers"
)
_OVERRIDE: Final = re.compile(r"Run List override has been provided")
_LOCAL: Final = re.compile(r"Start(?:ed|ing) chef-zero ")
_RECIPE: Final = re.compile(r"could not find recipe (\S+) for cookbook (\S+)")
_ROLE: Final = re.compile(r"Role (\S+) (?:\(included by .{0,300}?\) )?is in the runlist but does not exist")
_ROLES: Final = re.compile(r"expanded run list includes nonexistent role(?:\(s\)|s): ([^,\s]+)")
_COOKBOOK: Final = re.compile(
    r"No such cookbook: (\S+)|no such cookbook (\S+?)\.?[\"']|non_existent_cookbooks\"?\s*(?:=>|:)\s*\[\"([^\"]+)\""
    r"|Cookbook (\S+) not found\."
)
_EXCEPTION: Final = re.compile(r"([A-Z]\w*(?:::[A-Z]\w*)+|[A-Z]\w*Error): ")
_ITEM: Final = re.compile(r"\s*\* (\S+)")
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")

_MISSING_COOKBOOKS: Final = "don't exist on the server"
_NO_VERSION: Final = "there is no version that meets"
_EXPANDED_BLOCK: Final = "Expanded Run List:"


@dataclass(slots=True)
class _Run:
    """A run of which the log is being read."""

    line: int
    start: int | None = None
    last: int | None = None
    node: str = ""
    run_list: tuple[str, ...] | None = None
    expanded: tuple[str, ...] | None = None
    failure: Failure | None = None
    complete: bool = False
    failed: bool = False
    override: bool = False
    local: bool = False
    listed: bool = False
    block: str = ""
    items: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Machine:
    """The log of one machine: the run that is going on, its node's name, and runs whose log does not name it.

    ``local`` tells that the next run is a local one: its server of files starts before it.
    """

    run: _Run | None = None
    local: bool = False
    names: set[str] = field(default_factory=set)
    waiting: list[_Run] = field(default_factory=list)


class _Runs:
    def __init__(self, source: EvidenceFile) -> None:
        self._file = source.name
        self._machines: dict[str, _Machine] = {}
        self._blocks: set[str] = set()

    def read(self, number: int, line: Line) -> Iterator[ClientRun]:
        """Take the next line in; yields the runs that it ends."""
        message = line.message
        begins = _BEGUN.match(message) or _BANNER.match(message)
        machine = self._machines.get(line.host)
        if machine is None:
            told = begins or _is_within(message) or _LOCAL.match(message)
            if not told or len(self._machines) >= _MOST_MACHINES:
                return
            machine = self._machines[line.host] = _Machine()
        if begins:
            self._blocks.discard(line.host)
            if machine.run is not None and (machine.run.listed or machine.run.failed or _is_second(machine.run, line)):
                yield from self._end(machine)
            if machine.run is None:
                machine.run = _Run(number, local=machine.local)
                machine.local = False
            if line.time is not None and machine.run.start is None:
                machine.run.start = machine.run.last = line.time
            return
        run = machine.run
        if _LOCAL.match(message):
            machine.local = run is None or run.listed or run.failed
        if run is None and _is_within(message):
            run = machine.run = _Run(
                number, local=machine.local
            )  # the log begins in the middle of it, or has no line at its start
        if run is None:
            return
        if line.time is not None:
            run.last = line.time
        complete = _said(run, message)
        (self._blocks.add if run.block else self._blocks.discard)(line.host)
        if complete:
            run.complete = True
            yield from self._end(machine)

    @property
    def in_block(self) -> bool:
        """Whether the next lines may belong to an error's block."""
        return bool(self._blocks)

    def finish(self) -> Iterator[ClientRun]:
        """The runs that the log leaves open."""
        for machine in self._machines.values():
            yield from self._end(machine)
            yield from self._named(machine, final=True)

    def _end(self, machine: _Machine) -> Iterator[ClientRun]:
        run, machine.run = machine.run, None
        if run is None or not (run.listed or run.complete or run.failed or run.failure):
            return  # a service that only started
        if run.node:
            machine.names.add(run.node)
        machine.waiting.append(run)
        yield from self._named(machine)

    def _named(self, machine: _Machine, *, final: bool = False) -> Iterator[ClientRun]:
        """Runs in their order; one that fails early does not name its node: it is that of the machine's other runs."""
        while machine.waiting:
            run = machine.waiting[0]
            if not run.node and not machine.names and not final and len(machine.waiting) < _MOST_WAITING:
                return
            machine.waiting.pop(0)
            node = run.node or (next(iter(machine.names)) if len(machine.names) == 1 else "")
            failure = None if run.complete else run.failure or (Failure("other") if run.failed else None)
            yield ClientRun(
                Place(self._file, run.line),
                node,
                run.start,
                run.last if run.complete or failure else None,
                run.run_list,
                run.expanded if run.expanded is not None else tuple(run.items) or None,
                failure,
                override=run.override,
                local=run.local,
            )


def _is_within(message: str) -> bool:
    """Whether a line tells that a run is going on."""
    return bool(_RUN_LIST.match(message) or _RESOLVING.match(message) or _ROLE.match(message))


def _is_second(run: _Run, line: Line) -> bool:
    """Whether a beginning is that of another run: the banner and the first line of a log belong to one."""
    return run.start is not None and line.time is not None and bool(_BEGUN.match(line.message))


def _said(run: _Run, message: str) -> bool:
    """Note what a line says of a run; tells whether the run is complete."""
    _block(run, message)
    if found := _RUN_LIST.match(message):
        run.run_list, run.listed = _items(found[1]), True
    elif found := _EXPANDED.match(message):
        run.expanded, run.listed = _items(found[1]), True
    elif found := _RESOLVING.match(message):
        run.listed = True
        if run.expanded is None:
            run.expanded = _quoted(found[1])
    elif found := _NODE.match(message):
        run.node, run.listed = found[1], True
    elif _OVERRIDE.match(message):
        run.override = True
    elif _LOCAL.match(message) and not run.listed and not run.failed:
        run.local = True
    elif _FAILED.match(message):
        run.failed = True
    elif _COMPLETE.match(message) or _FINISHED.match(message):
        return not run.failed
    _failure(run, message)
    return False


def _block(run: _Run, message: str) -> None:
    """What the lines of an error's block list, each after a star."""
    if message.startswith(_EXPANDED_BLOCK):
        run.block = _EXPANDED_BLOCK
    elif _MISSING_COOKBOOKS in message:
        run.block = _MISSING_COOKBOOKS
    elif _NO_VERSION in message:
        run.block = _NO_VERSION
    elif run.block and (found := _ITEM.match(message)):
        if run.block == _MISSING_COOKBOOKS and run.failure is None:
            run.failure = Failure("missing-cookbook", found[1])
        elif run.block == _EXPANDED_BLOCK and len(run.items) < _MOST_ITEMS:
            run.items.append(found[1])
    elif not message.strip():
        run.block = ""


def _failure(run: _Run, message: str) -> None:
    """Why a run fails, by the first line that names what is missing, else by the class of the exception."""
    if run.failure is not None and run.failure.kind != "other":
        return
    if found := _RECIPE.search(message):
        run.failure = Failure("missing-recipe", f"{found[2]}::{found[1]}")
    elif found := _ROLE.match(message) or _ROLES.search(message):
        run.failure = Failure("missing-role", found[1])
    elif found := _COOKBOOK.search(message):
        run.failure = Failure("missing-cookbook", next(filter(None, found.groups())))
    elif run.failed and run.failure is None and (found := _EXCEPTION.match(message)):
        run.failure = Failure("other", found[1])


def _items(text: str) -> tuple[str, ...]:
    return tuple(item for item in text.split(", ", _MOST_ITEMS) if item)


def _quoted(text: str) -> tuple[str, ...] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tuple(map(str, value)) if all(isinstance(item, str) for item in value) else None


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    if source.is_directory:
        return False
    text = start.decode("utf-8", "replace")
    return bool(
        _BEGUN.search(text)
        or re.search(r"(?m)^(?:.{0,80}: )?(?:Starting )?(?:Chef|Cinc)[\w ]{0,40}, version \d", text)
        or re.search(r"Run List (?:is|expands to) \[|[Rr]esolving cookbooks for run list: \[", text)
    )


def _read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
    prefixes, reader = Prefixes(source.zone), _Runs(source)
    passed_over: bytes | None = None
    for lines in source.lines(report, ended=False):
        telling = deque(_telling(lines))
        behind = 0
        while behind < len(lines):
            while telling and telling[0] < behind:
                telling.popleft()
            if not reader.in_block and not telling:
                break
            number = behind if reader.in_block else telling.popleft()
            behind = number + 1
            line = prefixes.take_apart(_text(lines[number]))
            report.saw(line.time)
            for run in reader.read(report.lines - len(lines) + behind, line):
                report.used += 1
                yield run
        passed_over = next(filter(None, reversed(lines[behind:])), passed_over)
    if passed_over is not None:
        report.saw(prefixes.take_apart(_text(passed_over)).time)
    for run in reader.finish():
        report.used += 1
        yield run
    report.zone = "" if prefixes.zone is None else str(prefixes.zone)
    if prefixes.undated:
        how = "name the zone as FILE@ZONE" if prefixes.zone is None else "no full date in the file tells the year"
        report.gaps.append(f"{prefixes.undated} lines have a time without year or zone that nothing tells: {how}")


def _telling(lines: Sequence[bytes]) -> list[int]:
    """The indices of the lines that may tell something. Few do: all lines are searched at once."""
    text = b"\n".join(lines)
    starts = [end + number for number, end in enumerate(accumulate(map(len, lines), initial=0))]
    found = set()
    for words in (*_TELLING, *(_INFO + words for words in _TELLING_INFO)):
        at = text.find(words)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            found.add(number)
            at = text.find(words, starts[number + 1])
    return sorted(number for number in found if _may_tell(lines[number]))


def _may_tell(line: bytes) -> bool:
    level = line.find(_INFO, 20, 40) if line.startswith(b"[") else -1
    return level < 0 or line.startswith(_TELLING_INFO, level + len(_INFO))


def _text(data: bytes) -> str:
    return _COLOURS.sub("", data.decode("utf-8", "replace").rstrip("\r"))


FORMAT: Final = EvidenceFormat(
    "client-log",
    "logs of chef-client (its own, syslog, journal) and what it prints on a console",
    "the run list of a node and what it expanded to at that moment, or why the run failed",
    _recognise,
    _read,
)
