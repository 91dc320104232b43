"""Results without secrets: values that nobody should read in a report become short hashes, the names of keys stay.

A data bag item's values are hashed unless somebody asks for them. Attribute values that are secrets (``secrets``) are
hashed when somebody asks for that. A hash still tells whether two values are the same.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from forensics.analysis.json_text import canonical_json
from forensics.analysis.secrets import is_secret, names_a_secret
from forensics.chef.layout import DATA_BAGS
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.analysis.object_results import Expanded, LogEntry, State, TimelineEntry, Why
    from forensics.analysis.problem_results import ProblemRecord
    from forensics.analysis.report_results import ObjectStory, Scan
    from forensics.analysis.results import Divergence, Finding, Phase, ValueChange
    from forensics.chef.objects import Body, Value


class Redaction(enum.Enum):
    """What is hashed; each includes what stands before it."""

    NOTHING = 0
    DATA_BAGS = 1
    """The values of data bag items, all but their ``id``."""
    SECRETS = 2
    """Attribute values under keys that name a secret, too."""

    @classmethod
    def of(cls, *, asked: bool | None) -> Redaction:
        """What ``--redact`` (true), ``--no-redact`` (false) or neither asks for."""
        if asked is None:
            return cls.DATA_BAGS
        return cls.SECRETS if asked else cls.NOTHING


_DIGITS: Final = 12
_NO_ATTRIBUTES: Final = frozenset(
    {
        "name",
        "description",
        "run_list",
        "env_run_lists",
        "cookbook_versions",
        "chef_environment",
        "policy_name",
        "policy_group",
    }
)
_QUOTED_VALUE: Final = re.compile(r"(undefined method `[^']*' for ).*", re.DOTALL)
_QUOTED_SOURCE: Final = re.compile(r"(depends on what lies outside the file): .*", re.DOTALL)


def hashed(value: Value) -> str:
    """The short text that stands for a value: ``sha256:`` and twelve digits of the hash of its canonical JSON."""
    digest = hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()
    return f"sha256:{digest[:_DIGITS]}"


def redact_content(kind: str, content: Body | None, level: Redaction) -> Body | None:
    """The content of an object (as ``chef.wire.content`` gives it) without what a report may not show."""
    if content is None or level is Redaction.NOTHING:
        return content
    if kind == Kind.DATA_BAG_ITEM:
        return {key: value if key == "id" else _leaves(value) for key, value in content.items()}
    if level is Redaction.DATA_BAGS:
        return content
    return {key: value if key in _NO_ATTRIBUTES else _member(key, value) for key, value in content.items()}


def redact_changes(kind: str, changes: Iterable[ValueChange], level: Redaction) -> tuple[ValueChange, ...]:
    """Differences between two contents without what a report may not show."""
    return tuple(_change(kind, change, level) for change in changes)


def redact_timeline(entries: Iterable[TimelineEntry], level: Redaction) -> tuple[TimelineEntry, ...]:
    """Timeline entries without what a report may not show."""
    return tuple(
        replace(
            entry,
            content=redact_content(entry.kind, entry.content, level),
            possible=tuple(
                replace(each, content=redact_content(entry.kind, each.content, level)) for each in entry.possible
            ),
        )
        for entry in entries
    )


def redact_states(kind: str, states: Iterable[State], level: Redaction) -> tuple[State, ...]:
    """States of one object without what a report may not show, in what it comes to and why as well."""
    return tuple(
        replace(
            state,
            content=redact_content(kind, state.content, level),
            expanded=_expanded(state.expanded, level),
            without_automatic=_within(state.without_automatic, secret=False)
            if level is Redaction.SECRETS
            else state.without_automatic,
            why=None if state.why is None else tuple(_why(each, level) for each in state.why),
        )
        for state in states
    )


def redact_log(kind: str, entries: Iterable[LogEntry], level: Redaction) -> tuple[LogEntry, ...]:
    """The history of one object without what a report may not show."""
    return tuple(
        replace(
            entry,
            changes=redact_changes(kind, entry.changes, level),
            reason=_reason(kind, entry.reason, level),
            merge=tuple(
                replace(each, change=None if each.change is None else _change(kind, each.change, level))
                for each in entry.merge
            ),
        )
        for entry in entries
    )


def _reason(kind: str, reason: str | None, level: Redaction) -> str | None:
    """Why a file could not be loaded, without what that quotes of it."""
    if reason is None or level is Redaction.NOTHING:
        return reason
    shown = _unquoted(reason) if kind == Kind.DATA_BAG_ITEM else reason
    return _QUOTED_SOURCE.sub(r"\1", shown) if level is Redaction.SECRETS else shown


def redact_scan(scan: Scan, level: Redaction) -> Scan:
    """A whole result, with or without stories, without what a report may not show."""
    if level is Redaction.NOTHING:
        return scan
    return replace(
        scan,
        divergences=tuple(_divergence(each, level) for each in scan.divergences),
        differences=tuple(
            replace(each, changes=redact_changes(each.kind, each.changes, level)) for each in scan.differences
        ),
        findings=redact_findings(scan.findings, level),
        suppressed=tuple(replace(each, finding=_finding(each.finding, level)) for each in scan.suppressed),
        problems=redact_problems(scan.problems),
        stories=tuple(_story(each, level) for each in scan.stories),
        baseline=scan.baseline and replace(scan.baseline, gone=redact_findings(scan.baseline.gone, level)),
    )


def _story(story: ObjectStory, level: Redaction) -> ObjectStory:
    return replace(
        story,
        contents=tuple(
            replace(each, content=redact_content(story.kind, each.content, level) or {}) for each in story.contents
        ),
    )


def redact_findings(findings: Iterable[Finding], level: Redaction) -> tuple[Finding, ...]:
    """Findings without what a report may not show."""
    return tuple(findings) if level is Redaction.NOTHING else tuple(_finding(each, level) for each in findings)


def redact_problems(problems: Iterable[ProblemRecord]) -> tuple[ProblemRecord, ...]:
    """Problems without what they quote of a data bag."""
    return tuple(_problem(each) for each in problems)


def _divergence(divergence: Divergence, level: Redaction) -> Divergence:
    return replace(divergence, phases=tuple(_phase(divergence.kind, each, level) for each in divergence.phases))


def _phase(kind: str, phase: Phase, level: Redaction) -> Phase:
    return replace(phase, changes=redact_changes(kind, phase.changes, level))


def _change(kind: str, change: ValueChange, level: Redaction) -> ValueChange:
    if level is Redaction.NOTHING:
        return change
    keys = change.keys
    if kind == Kind.DATA_BAG_ITEM:
        secret = keys != ["id"]
    elif level is Redaction.DATA_BAGS or keys[0] in _NO_ATTRIBUTES:
        return change
    else:
        secret = any(map(names_a_secret, keys))
    # the side that a change does not have stays empty
    before = change.before if change.op == "add" else _within(change.before, secret=secret, key=keys[-1])
    after = change.after if change.op == "remove" else _within(change.after, secret=secret, key=keys[-1])
    if kind == Kind.DATA_BAG_ITEM and not secret:
        before, after = change.before, change.after
    return replace(change, before=before, after=after)


def _expanded(expanded: Expanded | None, level: Redaction) -> Expanded | None:
    if expanded is None or level is not Redaction.SECRETS:
        return expanded
    found = expanded.copy()
    for key in ("default_attributes", "override_attributes", "attributes"):
        if key in expanded:
            found[key] = _within(expanded[key], secret=False)
    return found


def _why(answer: Why, level: Redaction) -> Why:
    if level is not Redaction.SECRETS:
        return answer
    secret = any(map(names_a_secret, answer.path))
    return replace(
        answer,
        # what has no value keeps none: a hash would say that it has
        value=_within(answer.value, secret=secret, key=answer.path[-1]) if answer.found else None,
        contributions=tuple(
            replace(each, value=_within(each.value, secret=secret, key=answer.path[-1]))
            for each in answer.contributions
        ),
    )


def _member(key: object, value: Value) -> Value:
    return _leaves(value) if names_a_secret(key) else _within(value, secret=False, key=key)


def _within(value: Value, *, secret: bool, key: object = "") -> Value:
    """A value whose keys tell what is secret in it, or all of it as hashes; ``key`` is the one that it stands under."""
    if secret:
        return _leaves(value)
    if isinstance(value, dict):
        return {name: _member(name, member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_within(member, secret=False, key=key) for member in value]
    return hashed(value) if is_secret(value, key) else value


def _leaves(value: Value) -> Value:
    """The same shape and keys, with a hash for every value that holds no others."""
    if isinstance(value, dict):
        return {key: _leaves(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_leaves(member) for member in value]
    return hashed(value)


def _finding(finding: Finding, level: Redaction) -> Finding:
    message = finding.message
    if any(map(_in_data_bag, finding.paths)):
        message = _unquoted(message)
    if level is Redaction.SECRETS:
        # the source of an unresolved value may be that of a secret
        message = _QUOTED_SOURCE.sub(r"\1", message)
    return finding if message == finding.message else replace(finding, message=message)


def _problem(problem: ProblemRecord) -> ProblemRecord:
    return replace(problem, message=_unquoted(problem.message)) if _in_data_bag(problem.path) else problem


def _unquoted(message: str) -> str:
    """What Ruby says of a value that has not the method it is asked for, without the value."""
    return _QUOTED_VALUE.sub(r"\1what the file holds", message)


def _in_data_bag(path: str) -> bool:
    return DATA_BAGS.decode() in path.split("/")
