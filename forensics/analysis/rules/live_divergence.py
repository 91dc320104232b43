"""live-divergence: a shadowed file would have been live, and would have changed something.

It is true at the tip where several files declare the object there. Where one alone is left, another's content may have
stayed live all the same, until somebody uploads that one: that is ``stale-after-removal``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        paths = _paths(found[0])
        told = [each for each in found if each.scenario in examination.deciding] or found
        first = min(told, key=lambda divergence: divergence.from_date)
        open_now = any(divergence.open for divergence in told) and (name, container) in shadowed
        scenarios = ", ".join(dict.fromkeys(divergence.scenario for divergence in told))
        named = {divergence.scenario for divergence in told}
        further = ", ".join(dict.fromkeys(each.scenario for each in found if each.scenario not in named))
        yield RULE.finding(
            f"{name} would have had the content of {' and '.join(paths) or 'another file'} under {scenarios}, "
            f"first from {first.from_date[:10]}"
            + (", to this day" if open_now else "")
            + (f"; under {further}, too" if further else ""),
            object_=name,
            paths=paths,
            commit=first.from_commit,
            at_tip=open_now,
            detail=container,
            only_if=examination.only_if(named),
        )


def fingerprint_of(divergence: Divergence) -> str:
    """The fingerprint of the finding that a divergence is a part of."""
    return RULE.fingerprint(divergence.object, _paths(divergence), divergence.container)


def _paths(divergence: Divergence) -> tuple[str, ...]:
    """The files whose content was live in a divergence, one after the other."""
    return tuple(dict.fromkeys(phase.live.path for phase in divergence.phases if phase.live and phase.live.path))
