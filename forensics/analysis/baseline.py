"""An earlier report, read from its JSON, and how a new one differs from it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from forensics.analysis.report_results import Comparison
from forensics.analysis.results import Finding
from forensics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from forensics.analysis.report_results import Scan
    from forensics.history.graph import CommitGraph

    _Live: TypeAlias = Mapping[tuple[str, frozenset[str]], frozenset[str]]

SCHEMAS: Final = ("forensics.report/1", "forensics.scan/1")
"""The documents that a report can be compared with."""

_NARROWING: Final = ("since", "until", "container", "history", "replay-from", "commands")
_OID: Final = re.compile(r"[0-9a-f]{40}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+-]{1,40}|@-?[0-9]{1,30}", re.ASCII)
_RULE: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SEVERITY: Final = re.compile(r"error|warning|note")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{20}")
_SCENARIO: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_LONGEST_QUOTE: Final = 100
"""Characters of what a file says of itself: whatever it holds, what is told of it stays one short line."""


class BaselineError(UsageError):
    """A file that is no earlier report."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier report said, as far as a comparison needs it.

    ``scenarios`` are the names of those that it tells of, ``asked`` the options that narrowed it (None if it does not
    say), ``commits`` ids that it names. ``live`` has, for each object and set of live files, the scenarios under which
    they were live at its tip.
    """

    head: str
    head_date: str | None
    findings: tuple[Finding, ...]
    scenarios: tuple[str, ...]
    asked: Mapping[str, str] | None
    commits: frozenset[str]
    live: _Live


def earlier_report(data: bytes, name: str) -> Earlier:
    """The report that a file of this name holds.

    Raises:
        BaselineError: it is none.
    """
    if not data.strip():
        raise BaselineError(
            f"{name} is empty; where the shell's > emptied it before it was read, use --output with --overwrite instead"
        )
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise BaselineError(f"{name} is no JSON; name a file written by report --format json") from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema not in SCHEMAS:
        said = f", but of {_short(schema)}" if isinstance(schema, str) else ""
        raise BaselineError(f"{name} is no report of this tool{said}; name a file written by report --format json")
    try:
        return _earlier(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BaselineError(f"{name} says {schema} and is damaged; write a new one with report --format json") from None


def compare(earlier: Earlier, found: Scan, graph: CommitGraph) -> Comparison:
    """What is new, worse and gone since an earlier report, and what makes the two hard to compare."""
    known: dict[str, Finding] = {}
    for each in earlier.findings:
        if each.fingerprint not in known or each.at_tip:
            known[each.fingerprint] = each
    at_tip = {each.fingerprint for each in found.findings if each.at_tip}
    let_pass = {each.finding.fingerprint for each in found.suppressed}
    still = let_pass.union(each.fingerprint for each in found.findings)
    new = frozenset(each.fingerprint for each in found.findings if each.fingerprint not in known)
    worse = {fingerprint for fingerprint in at_tip & known.keys() if not known[fingerprint].at_tip}
    worse.update(_live_under_more(earlier, found))
    gone = tuple(
        each
        for fingerprint, each in known.items()
        if fingerprint not in still or (each.at_tip and fingerprint not in at_tip | let_pass)
    )
    commits = _commits_since(earlier.head, graph)
    return Comparison(
        head=earlier.head,
        head_date=earlier.head_date,
        new=new,
        worse=frozenset(worse - new),
        gone=gone,
        commits=commits,
        remarks=tuple(_remarks(earlier, found, graph)),
    )


def _earlier(document: dict[str, Any]) -> Earlier:
    evidence = document["evidence"]
    asked = document.get("asked")
    return Earlier(
        head=_shaped(evidence["head"], _OID),
        head_date=None if document.get("head_date") is None else _shaped(document["head_date"], _DATE),
        findings=tuple(_finding(each) for each in document["findings"]),
        scenarios=tuple(_shaped(each["name"], _SCENARIO) for each in document["scenarios"]),
        asked=None if asked is None else {_text(name): _text(value) for name, value in asked.items()},
        commits=frozenset(_named(document)),
        live=_live(
            (
                _text(each["object"]),
                [phase["live"]["path"] for phase in each["phases"] if phase["live"]],
                _text(each["scenario"]),
            )
            for each in document["divergences"]
            if each["until_commit"] is None and each.get("certainty") != "unknown"
        ),
    )


def _finding(each: dict[str, Any]) -> Finding:
    object_, commit, line = each["object"], each["commit"], each.get("line")
    return Finding(
        rule=_shaped(each["rule"], _RULE),
        severity=_shaped(each["severity"], _SEVERITY),
        object=None if object_ is None else _text(object_),
        paths=tuple(_text(path) for path in each["paths"]),
        commit=None if commit is None else _shaped(commit, _OID),
        message=_text(each["message"]),
        fingerprint=_shaped(each["fingerprint"], _FINGERPRINT),
        at_tip=bool(each["at_tip"]),
        line=line if isinstance(line, int) else None,
    )


def _shaped(value: object, shape: re.Pattern[str]) -> str:
    """A text that can hold nothing but what belongs there: it is told as it is."""
    text = _text(value)
    if not shape.fullmatch(text):
        raise ValueError(f"{text!r} is not of the shape {shape.pattern}")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _named(document: dict[str, Any]) -> Iterator[str]:
    """The commits that the document names: enough to tell whether it is of the same history."""
    for shadow in document["shadows"]:
        yield _text(shadow["first_commit"])
        yield _text(shadow["last_commit"])
    for each in (*document["findings"], *document["divergences"]):
        commit = each.get("commit") or each.get("from_commit")
        if commit is not None:
            yield _text(commit)


def _live(lasting: Iterable[tuple[str, Iterable[str | None], str]]) -> _Live:
    found: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
    for object_, paths, scenario in lasting:
        key = object_, frozenset(path for path in paths if path)
        found[key] = found.get(key, frozenset()) | {scenario}
    return found


def _live_under_more(earlier: Earlier, found: Scan) -> Iterator[str]:
    """The fingerprints of what is live at the tip under a scenario that the earlier report looked at in vain."""
    now = _live(
        (each.object, [phase.live.path for phase in each.phases if phase.live], each.scenario)
        for each in found.divergences
        if each.lasts and each.certainty != "unknown" and each.scenario in found.deciding
    )
    more = {
        key
        for key, scenarios in now.items()
        if key in earlier.live and (scenarios - earlier.live[key]).intersection(earlier.scenarios)
    }
    for each in found.findings:
        if each.rule == "live-divergence" and each.at_tip and (each.object, frozenset(each.paths)) in more:
            yield each.fingerprint


def _commits_since(head: str, graph: CommitGraph) -> int | None:
    """How many of the commits are not behind the earlier head; None where that one is not among them."""
    start = graph.index(bytes.fromhex(head))
    if start is None:
        return None
    behind = {start}
    pending = [start]
    while pending:
        for parent in graph.parents[pending.pop()]:
            if parent not in behind:
                behind.add(parent)
                pending.append(parent)
    return len(graph) - len(behind)


def _remarks(earlier: Earlier, found: Scan, graph: CommitGraph) -> Iterator[str]:
    if graph.index(bytes.fromhex(earlier.head)) is None:
        ids = {oid.hex() for oid in graph.ids}
        if any(gap.kind == "shallow" for gap in found.evidence.gaps):
            why = "this shallow clone may not reach back to it"
        elif earlier.commits and earlier.commits.isdisjoint(ids):
            why = "nor is any other commit that it names, so it may be of another repository"
        else:
            why = "the history was rewritten since (a rebase, a squash), or that was another branch"
        yield f"The head of the earlier report, {earlier.head[:12]}, is not in the history examined now: {why}."
    now = tuple(each.name for each in found.scenarios)
    if set(now) != set(earlier.scenarios):
        yield (
            f"The earlier report tells of other scenarios ({_short(', '.join(earlier.scenarios)) or 'none'}), "
            f"this one of {', '.join(now)}: what only one of them looks at seems new or gone."
        )
    if earlier.asked is not None:
        for name in _NARROWING:
            before, after = earlier.asked.get(name), found.asked.get(name)
            if before != after:
                yield (
                    f"The earlier report was made with {_option(name, before)}, this one with {_option(name, after)}: "
                    "what only one of them looks at seems new or gone."
                )


def _option(name: str, value: str | None) -> str:
    return f"no --{name}" if value is None else f"--{name} {_short(value)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
