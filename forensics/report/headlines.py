"""What is wrong at the tip with a shadowed object, in one sentence, for text and Markdown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.cases import Status, recipes
from forensics.report.evidence import not_exposed
from forensics.report.proof_words import was_live
from forensics.uploads.scenario import is_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from forensics.analysis.ground_results import ByEvidence
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import Source
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


def answer_of(found: Sequence[Case], scan: Scan) -> str:
    """Whether something is exposed at the tip, where nothing was found that is."""
    if any(case.foreign for case in found):
        return "not by another file, but a content was live that no file here has"
    return not_exposed(scan.evidence, shadowed=any(case.at_head for case in found))


def left_behind(cases: Sequence[Case]) -> str:
    """How many objects are left behind, and what they have in common."""
    count = f"{len(cases)} object{'s' if len(cases) > 1 else ''}"
    if any(case.unclaimed for case in cases):
        return f"{count}, of which the server may have what no canonical file says"
    return f"{count}, declared by one file today; one upload settles it"


def still_declared(cases: Sequence[Case], wording: Wording) -> Iterator[str]:
    """What there is to say of objects that several files declare at the tip, where the scenarios leave nothing wrong.

    Without a canonical file nobody can say that anything is right, either.
    """
    if settled := [case.object for case in cases if case.canonical is not None]:
        names = wording.listing(settled, len(settled))
        yield (
            f"Still declared by several files at the tip, though each scenario now ends well: {names}. "
            "The next edit or the next upload by hand can change that."
        )
    if open_ := [case.object for case in cases if case.canonical is None]:
        names = wording.listing(open_, len(open_))
        yield (
            f"Declared by several files at the tip, none of which is the canonical one: {names}. "
            "No two ways of uploading leave different contents of it today, but nobody can tell which file is right."
        )


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
        since = f"since {wording.day(case.open_since)} under {under}"
        sentence = f"{named}: what {said} said was left behind, live {since}, unless somebody uploaded {right} since"
        if case.unclaimed is not None:
            sentence = (
                f"{named}: {right} ceased to declare it on {wording.day(case.unclaimed.date)}, which deletes nothing "
                f"on a server: what {said} said stayed live ({since})"
            )
    elif case.decided:
        sentence = f"{named}: {_live(case, wording)}"
    else:
        sentence = f"only if you use {under}: {named}: {_live(case, wording)}"
    # where some uploads go through, the shadow is to blame as well
    stops = case.stopped_by if all(each.stopped_by for each in case.lasting) else {}
    stopped = f", for want of uploads: {wording.listing(stops, _MOST_NAMES)} stops them" if stops else ""
    return sentence + stopped + _effect(case, wording) + "."


def _live(case: Case, wording: Wording) -> str:
    """What would be live, and under which scenarios unless these are told before."""
    if case.canonical is not None:
        return "another file's content would be live" + (
            f" under {wording.listing(case.open_scenarios, _MOST_NAMES)}" if case.decided else ""
        )
    by_content: dict[tuple[str, str | None], dict[str, Source]] = {}
    for each in case.lasting:
        live = each.phases[-1].live
        if live is not None:
            by_content.setdefault((live.path or "no file", live.blob), {})[each.scenario] = live
    paths = [path for path, _ in by_content]
    told = []
    for (path, _), found in by_content.items():
        older = f" as of {next(iter(found.values())).commit[:12]}" if paths.count(path) > 1 else ""
        told.append(f"{wording.text(path)}{older} under {wording.listing(found, _MOST_NAMES)}")
    return f"no file is the canonical one, and what is live depends on the upload ({'; '.join(told)})"


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
    effect = f"; it {verb} {wording.listing((f'recipe[{name}]' for name in names), _MOST_RECIPES)} on" if names else ""
    felt = f"{len(nodes)} node{'s' if len(nodes) > 1 else ''}" if nodes else ""
    if not felt:
        return effect.removesuffix(" on")
    return f"{effect or ', felt by'} {felt}"
