"""live-divergence: a shadowed file would have been live, and would have changed something.

It is true at the tip where several files declare the object there. Where one alone is left, another's content may have
stayed live all the same, until somebody uploads that one: that is ``stale-after-removal``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.analysis.rules.standing import by_standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Divergence, Finding

RULE: Final = Rule(
    "live-divergence",
    "error",
    "Another file's content would have been live",
    "The server would have held what another file says of this object instead of what the file named after it "
    "says; where no file is named after it, the ways of uploading disagree. No diff shows that: the file that "
    "people read and review is right, and the nodes run something else. It lasts until the rightful file is "
    "uploaded again. Removing or correcting the other file does not end it.",
    "Upload the canonical file again, by its own path and alone. Then remove what shadows it, or give that a "
    "name of its own.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each object and live file, over all scenarios."""
    shadowed = {(each.object, each.container) for each in examination.shadows if each.at_head}
    groups: dict[tuple[str, str, frozenset[str]], list[Divergence]] = {}
    for divergence in examination.divergences:
        if divergence.certainty == "unknown":
            continue
        key = divergence.object, divergence.container, frozenset(_paths(divergence))
        groups.setdefault(key, []).append(divergence)
    for (name, container, _), found in groups.items():
        standing = by_standing(
            found,
            examination.deciding,
            scenario=lambda each: each.scenario,
            lasts=lambda each: each.open and (each.object, each.container) in shadowed,
        )
        for told, further in standing:
            yield _finding(
                examination, told, further, at_tip=any(each.open for each in told) and (name, container) in shadowed
            )


def _finding(examination: Examination, found: Sequence[Divergence], further: str, *, at_tip: bool) -> Finding:
    first = min(found, key=lambda divergence: divergence.from_date)
    paths = _paths(found[0])
    scenarios = dict.fromkeys(divergence.scenario for divergence in found)
    return RULE.finding(
        f"{first.object} would have had the content of {' and '.join(paths) or 'another file'} under "
        f"{', '.join(scenarios)}, first from {first.from_date[:10]}{', to this day' if at_tip else ''}{further}",
        object_=first.object,
        paths=paths,
        commit=first.from_commit,
        at_tip=at_tip,
        detail=first.container,
        only_if=examination.only_if(scenarios),
    )


def fingerprint_of(divergence: Divergence, *, only_if: bool = False) -> str:
    """The fingerprint of the finding that a divergence is a part of; there may be one for an only-if beside it."""
    return RULE.fingerprint(divergence.object, _paths(divergence), divergence.container, only_if=only_if)


def _paths(divergence: Divergence) -> tuple[str, ...]:
    """The files whose content was live in a divergence, one after the other."""
    return tuple(dict.fromkeys(phase.live.path for phase in divergence.phases if phase.live and phase.live.path))
