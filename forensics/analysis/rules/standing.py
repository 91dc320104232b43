"""What of several scenarios makes one finding: those that decide, and apart from them what others alone give."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

T = TypeVar("T")


def by_standing(
    found: Iterable[T], deciding: Collection[str], *, scenario: Callable[[T], str], lasts: Callable[[T], bool]
) -> list[tuple[list[T], str]]:
    """What is to be told as a finding each, with the words about scenarios that give the same and do not decide.

    What those give to which none that decides leads makes a finding of its own: all of it, or what alone lasts to the
    tip.
    """
    decided: list[T] = []
    others: list[T] = []
    for each in found:
        (decided if scenario(each) in deciding else others).append(each)
    if not decided:
        return [(others, "")]
    lasting = [] if any(map(lasts, decided)) else [each for each in others if lasts(each)]
    further = ", ".join(dict.fromkeys(scenario(each) for each in others if each not in lasting))
    told = [(decided, f"; under {further}, too" if further else "")]
    return [*told, (lasting, "")] if lasting else told
