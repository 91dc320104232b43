"""Which findings people are told, and how: nothing twice, and what is alike in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.rules import stale_after_removal, unreadable_declaration, upload_aborted
from forensics.analysis.verdict import SHADOW
from forensics.report.text_safety import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from forensics.analysis.results import Finding
    from forensics.report.cases import Case

_FEW: Final = 3
_SUBJECT: Final = re.compile(r"(:\d+)?: ")
_PERHAPS: Final = re.compile(r"what it declares, perhaps .+?, could not be told")


class Told(NamedTuple):
    """One line about a finding, or about several that say the same of different files; ``first`` is one of them."""

    first: Finding
    message: str


def without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out that a file cannot be loaded where another finding says so, and that it stops uploads."""
    every = list(findings)
    stopping = {
        path
        for each in every
        if each.rule == upload_aborted.RULE.id and each.at_tip and not each.only_if
        for path in each.paths
    }
    return [each for each in every if each.rule != unreadable_declaration.RULE.id or stopping.isdisjoint(each.paths)]


def beside(findings: Iterable[Finding], found: Sequence[Case]) -> list[Finding]:
    """Those that neither another finding nor what is told of the shadowed objects has."""
    return [each for each in without_repeats(findings) if each.rule not in SHADOW and not _in_a_case(each, found)]


def together(findings: Iterable[Finding], mark: Callable[[Finding], str]) -> Iterator[Told]:
    """A line for each finding, but one for those that say the same of different files; ``mark`` keeps groups apart."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        said = _said(each)
        groups.setdefault((each.rule, said or each.fingerprint, mark(each)), []).append(each)
    for (_, said, _), alike in groups.items():
        first = alike[0]
        if len(alike) == 1:
            yield Told(first, shortened(first.message))
            continue
        paths = list(dict.fromkeys(each.paths[0] for each in alike))
        shown = ", ".join(paths[:_FEW]) + (f" and {len(paths) - _FEW} more" if len(paths) > _FEW else "")
        yield Told(first, shortened(f"{len(paths)} files ({shown}): {said}"))


def _said(finding: Finding) -> str:
    """What the message says of a file whose path it begins with; empty if it does not."""
    path = finding.paths[0] if finding.paths else ""
    subject = _SUBJECT.match(finding.message, len(path)) if path and finding.message.startswith(path) else None
    if subject is None:
        return ""
    return _PERHAPS.sub("what it declares could not be told", finding.message[subject.end() :])


def _in_a_case(finding: Finding, found: Sequence[Case]) -> bool:
    """Whether it is that a content stayed live which is told of a shadowed object, with how long."""
    return finding.rule == stale_after_removal.RULE.id and any(
        case.object == finding.object
        and any(
            phase.live is not None and phase.live.path in finding.paths
            for divergence in case.divergences
            for phase in divergence.phases
        )
        for case in found
    )
