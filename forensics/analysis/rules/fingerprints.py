"""What makes a finding the same one in another report: nothing that rewriting the history would change.

No commit id, date, author or scenario goes into a fingerprint, nor how long something lasted.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from forensics.analysis.json_text import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.analysis.results import Finding

_DIGITS: Final = 20


def fingerprint(rule: str, object_: str | None, paths: Iterable[str], detail: str) -> str:
    """Twenty hexadecimal digits that stand for a rule, an object, a set of files and what else tells findings apart.

    The parts may hold anything, bytes that are no UTF-8 (as surrogates) too.
    """
    return _digest([rule, object_, sorted(set(paths)), detail])


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, each with a fingerprint of its own.

    What happened more than once to the same files gives one fingerprint: a file that was removed, brought back and
    removed again. The last keeps it, one that is true at the tip before all others; those before are counted back from
    there, so that a shorter history leaves the last as it is.
    """
    found = list(findings)
    places: dict[str, list[int]] = {}
    for place, finding in enumerate(found):
        places.setdefault(finding.fingerprint, []).append(place)
    for shared, where in places.items():
        last_first = sorted(where, key=lambda place: (found[place].at_tip, place), reverse=True)
        for number, place in enumerate(last_first):
            if number:
                found[place] = replace(found[place], fingerprint=_digest([shared, number]))
    return tuple(found)


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(canonical_json(parts).encode("ascii")).hexdigest()[:_DIGITS]
