"""What is wrong at the tip with a shadowed object, in one sentence, for text and Markdown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.cases import Status, recipes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    if case.status is Status.LEFT_BEHIND:
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


def _effect(case: Case, wording: Wording) -> str:
    now, nodes = case.open_phases, case.open_nodes
    verb, names = "adds", recipes(now)
    if not names:
        verb, names = "removes", recipes(now, gained=False)
    effect = f"; it {verb} {wording.listing((f'recipe[{name}]' for name in names), _MOST_RECIPES)}" if names else ""
    return effect + (f" on {len(nodes)} node{'s' if len(nodes) > 1 else ''}" if nodes else "")
