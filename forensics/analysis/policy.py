"""What the project's own configuration says of findings: which may pass and why, and how severe each rule is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.policy_results import Suppression
from forensics.analysis.rules import stale_ignore
from forensics.analysis.rules.fingerprints import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.policy_results import Ignore
    from forensics.analysis.results import Finding


@dataclass(frozen=True, slots=True)
class Policy:
    """The part of the configuration that judges findings.

    ``severities`` replaces what rules say of themselves, by their ids. ``source`` is the configuration's path in the
    repository, None where it comes from elsewhere.
    """

    ignores: tuple[Ignore, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None


class Judged(NamedTuple):
    """Findings after the configuration was heard."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppression, ...]
    stale: tuple[Ignore, ...]


def judge(policy: Policy, findings: Sequence[Finding], moment: int, *, whole: bool) -> Judged:
    """Let pass what an entry of the configuration names, and report entries that have become stale.

    ``moment`` is the revision's committer time (seconds since 1970), with which expiry is compared: never the clock,
    so that the same revision is judged alike at any time. An expired entry lets nothing pass. That an entry matches
    nothing is said only if the examination is ``whole``: where it was narrowed, or evidence is missing, what it means
    may just have been left out.
    """
    valid = [ignore for ignore in policy.ignores if not has_expired(ignore, moment)]
    used: set[int] = set()
    kept: list[Finding] = []
    suppressed: list[Suppression] = []
    for finding in findings:
        weighed = _weighed(policy, finding)
        matching = [number for number, ignore in enumerate(valid) if matches(ignore, finding)]
        used.update(matching)
        if matching:
            suppressed.append(Suppression(weighed, valid[matching[0]]))
        else:
            kept.append(weighed)
    unused = [ignore for number, ignore in enumerate(valid) if number not in used] if whole else []
    stale = tuple(ignore for ignore in policy.ignores if has_expired(ignore, moment) or ignore in unused)
    found = distinct(
        stale_ignore.finding(each, expired=has_expired(each, moment), source=policy.source) for each in stale
    )
    kept += [_weighed(policy, each) for each in found]
    return Judged(tuple(kept), tuple(suppressed), stale)


def has_expired(ignore: Ignore, moment: int) -> bool:
    """Whether an entry no longer holds: its last day, in UTC, was over at this time."""
    if ignore.expires is None:
        return False
    end = datetime.combine(date.fromisoformat(ignore.expires), time.max, UTC)
    return moment > end.timestamp()


def matches(ignore: Ignore, finding: Finding) -> bool:
    """Whether everything that an entry names is so of a finding.

    Its path is a file that the finding names, or a directory that holds all the files that it names.
    """
    return (
        ignore.rule in {None, finding.rule}
        and ignore.object in {None, finding.object}
        and ignore.fingerprint in {None, finding.fingerprint}
        and (ignore.path is None or _lies_at(ignore.path, finding.paths))
    )


def _lies_at(path: str, paths: Sequence[str]) -> bool:
    path = path.removeprefix("./").rstrip("/")
    return path in paths or (bool(paths) and all(each.startswith(path + "/") for each in paths))


def _weighed(policy: Policy, finding: Finding) -> Finding:
    if finding.only_if:
        return finding  # how severe a rule is says nothing of ways that nobody says are used
    severity = policy.severities.get(finding.rule, finding.severity)
    return finding if severity == finding.severity else replace(finding, severity=severity)
