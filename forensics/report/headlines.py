"""What is wrong at the tip with a shadowed object, in one sentence, for text and Markdown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.cases import Status, recipes
from forensics.report.evidence import not_exposed
from forensics.report.proof_words import was_live
from forensics.uploads.scenario import is_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from forensics.analysis.proof_terms import ByEvidence
    from forensics.analysis.report_results import Scan
    from forensics.report.cases import Case

_MOST_RECIPES: Final = 4
_MOST_NAMES: Final = 20


class Wording(NamedTuple):
    """How a format spells what comes from a repository.

    ``text`` makes one text fit to be read, ``listing`` several (the first so many of them, the others counted), ``day``
    a date.
    """

    text: Callable[[str], str]
    listing: Callable[[Iterable[str], int], str]
    day: Callable[[str], str]


def answer_of(found: Iterable[Case], scan: Scan) -> str:
    """Whether something is exposed at the tip, where nothing was found that is."""
    if any(case.foreign for case in found):
        return "not by another file, but a content was live that no file here has"
    return not_exposed(scan.evidence)


def headline(case: Case, wording: Wording) -> str:
    """The sentence of a case of which something lasts to the tip."""
    named = wording.text(case.object)
    under = wording.listing(case.open_scenarios, _MOST_NAMES)
    proven = _proven(case)
    if proven is not None:
        sentence = _was_live(case, proven, wording)
    elif case.status is Status.LEFT_BEHIND:
        said = wording.listing(case.open_paths, _MOST_NAMES) or "another file"
        right = wording.text(case.canonical) if case.canonical else "the right file"
        sentence = (
            f"{named}: what {said} said was left behind, live since {wording.day(case.open_since)} under {under}, "
            f"unless somebody uploaded {right} since"
        )
    elif case.decided:
        sentence = f"{named}: another file's content would be live under {under}"
    else:
        sentence = f"only if you use {under}: {named}: another file's content would be live"
    return sentence + _effect(case, wording) + "."


def _proven(case: Case) -> ByEvidence | None:
    """What evidence says of what lasts to the tip."""
    return next((each.by_evidence for each in case.lasting if each.proven), None)


def _was_live(case: Case, said: ByEvidence, wording: Wording) -> str:
    replayed = [each for each in case.open_scenarios if not is_evidence(each)]
    sentence = f"{wording.text(case.object)} {was_live(said, wording.text)}, and nothing else since, as far as it tells"
    return sentence + (f" (so it would be under {wording.listing(replayed, _MOST_NAMES)})" if replayed else "")


def _effect(case: Case, wording: Wording) -> str:
    now, nodes = case.open_phases, case.open_nodes
    verb, names = "adds", recipes(now)
    if not names:
        verb, names = "removes", recipes(now, gained=False)
    effect = f"; it {verb} {wording.listing((f'recipe[{name}]' for name in names), _MOST_RECIPES)}" if names else ""
    return effect + (f" on {len(nodes)} node{'s' if len(nodes) > 1 else ''}" if nodes else "")
