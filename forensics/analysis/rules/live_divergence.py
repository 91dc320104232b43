"""live-divergence: a shadowed file would have been live, and would have changed something.

It is true at the tip where several files declare the object there. Where one alone is left, another's content may have
stayed live all the same, until somebody uploads that one: that is ``stale-after-removal``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.ground_results import CONTRADICTED
from forensics.analysis.rules.rule import Rule
from forensics.analysis.rules.standing import by_standing
from forensics.uploads.scenario import is_evidence

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
            lasts=lambda each: each.lasts and (each.object, each.container) in shadowed,
        )
        for told, further in standing:
            yield _finding(
                examination, told, further, at_tip=any(each.lasts for each in told) and (name, container) in shadowed
            )


def _finding(examination: Examination, found: Sequence[Divergence], further: str, *, at_tip: bool) -> Finding:
    first = min(found, key=lambda divergence: divergence.from_date)
    paths = _paths(found[0])
    scenarios = dict.fromkeys(divergence.scenario for divergence in found)
    paths_text, proven = " and ".join(paths) or "another file", next((each for each in found if each.proven), None)
    replayed = ", ".join(each for each in scenarios if not is_evidence(each))
    said = f"{first.object} would have had the content of {paths_text} under {replayed}"
    if proven is not None:
        said = f"{first.object} had the content of {paths_text}, {_proven(proven)}"
        said += f"; it would have under {replayed}" if replayed else ""
    return RULE.finding(
        f"{said}, first from {first.from_date[:10]}{', to this day' if at_tip else ''}{further}{_otherwise(found)}",
        object_=first.object,
        paths=paths,
        commit=first.from_commit,
        at_tip=at_tip,
        detail=first.container,
        only_if=examination.only_if(scenarios),
    )


def _proven(proven: Divergence) -> str:
    said = proven.by_evidence
    return f"proven by {said.source.short} at {said.first_time}" if said and said.source else "as evidence proves"


def _otherwise(found: Sequence[Divergence]) -> str:
    """What evidence shows instead: at the tip, or all the time."""
    said = [each.by_evidence for each in found if each.by_evidence is not None]
    at_tip = [each for each in said if each.at_tip == CONTRADICTED]
    never = [each for each in said if each.says == CONTRADICTED]
    if any(each.lasts for each in found) or not (at_tip or (never and len(never) == len(found))):
        return ""
    one = (at_tip or never)[-1]
    place = one.source.short if one.source else "the evidence"
    live = f"{' or '.join(one.live)} live" if one.live else "it gone" if one.gone else "a content that no file here has"
    when = "not what happened" if len(never) == len(found) else "not so at the tip"
    return f"; {when}: {place} shows {live} from {one.first_time} to {one.last_time}"


def fingerprint_of(divergence: Divergence, *, only_if: bool = False) -> str:
    """The fingerprint of the finding that a divergence is a part of; there may be one for an only-if beside it."""
    return RULE.fingerprint(divergence.object, _paths(divergence), divergence.container, only_if=only_if)


def _paths(divergence: Divergence) -> tuple[str, ...]:
    """The files whose content was live in a divergence, one after the other."""
    return tuple(dict.fromkeys(phase.live.path for phase in divergence.phases if phase.live and phase.live.path))
