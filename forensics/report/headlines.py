"""What is wrong at the tip with a shadowed object, in one sentence, for text and Markdown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.cases import Status, recipes
from forensics.uploads.scenario import is_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from forensics.analysis.proof_terms import ByEvidence
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


def _was_live(case: Case, said: ByEvidence, wording: Wording) -> str:
    files = wording.listing(said.live, _MOST_NAMES) or "another file"
    replayed = [each for each in case.open_scenarios if not is_evidence(each)]
    place = wording.text(said.source.short) if said.source else "evidence"
    return (
        f"{wording.text(case.object)} WAS LIVE with another file's content, {files}, proven by {place}: from "
        f"{moment(said.first_time)} to {moment(said.last_time)} UTC, where the evidence ends"
        + (f" (so it would be under {wording.listing(replayed, _MOST_NAMES)})" if replayed else "")
    )


def _proven(case: Case) -> ByEvidence | None:
    """What evidence says of what lasts to the tip."""
    return next((each.by_evidence for each in case.lasting if each.proven), None)


def otherwise(case: Case, wording: Wording) -> str | None:
    """What evidence proves at the tip instead of what scenarios give there, None where it does not."""
    told = [each.by_evidence for each in case.refuted if each.by_evidence is not None and each.by_evidence.source]
    if not told:
        return None
    said = told[-1]
    live = wording.listing(said.live, _MOST_NAMES) or ("it gone" if said.gone else "a content that no file here has")
    under = wording.listing(dict.fromkeys(each.scenario for each in case.refuted), _MOST_NAMES)
    shown = f"{live} live from" if said.live else f"{live} from"
    place = wording.text(said.source.short) if said.source else "evidence"
    return (
        f"{wording.text(case.object)}: what {under} would have left is not what happened: {place} shows {shown} "
        f"{moment(said.first_time)} to {moment(said.last_time)}."
    )


def moment(text: str | None) -> str:
    """A moment in UTC as people read it."""
    return "?" if text is None else text[:19].replace("T", " ")


def _effect(case: Case, wording: Wording) -> str:
    now, nodes = case.open_phases, case.open_nodes
    verb, names = "adds", recipes(now)
    if not names:
        verb, names = "removes", recipes(now, gained=False)
    effect = f"; it {verb} {wording.listing((f'recipe[{name}]' for name in names), _MOST_RECIPES)}" if names else ""
    return effect + (f" on {len(nodes)} node{'s' if len(nodes) > 1 else ''}" if nodes else "")
