"""What the tool should say about a story, in a form that a test can hold it to.

Commits are named by their story ids. The lists are complete: a shadow or a divergence that is not listed, under any
shipped scenario, is not expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class ExpectedShadow:
    """Exactly these files declare one object in ``commits`` commits, the earliest ``first``, the latest ``last``."""

    kind: str
    container: str
    name: str
    paths: tuple[str, ...]
    canonical: str | None
    first: str
    last: str
    commits: int
    at_head: bool


@dataclass(frozen=True, slots=True)
class ExpectedDivergence:
    """Under ``scenario`` the content of ``live`` is what the server holds from one commit until another, or the tip.

    ``certain`` is false where a race decides. The recipes are those that nodes of the environment ``_default`` gain
    and lose at ``start``, after full expansion; ``nodes`` are those that reach the object there. ``None``: not stated.
    """

    scenario: str
    object: str
    container: str
    live: str
    start: str
    until: str | None
    certain: bool
    recipes_added: tuple[str, ...] | None
    recipes_removed: tuple[str, ...] | None
    nodes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """A finding that must be among those reported; the list of findings makes no claim to be complete."""

    rule: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that a story expects."""

    shadows: tuple[ExpectedShadow, ...]
    divergences: tuple[ExpectedDivergence, ...]
    findings: tuple[ExpectedFinding, ...]
    problems: tuple[str, ...]


def read_expectation(table: Mapping[str, Any], commits: Collection[str]) -> Expectation:
    """Read the ``[expect]`` table of a story; raises ``ValueError`` if it names a commit the story does not have."""
    expectation = Expectation(
        shadows=tuple(_shadow(dict(entry)) for entry in table.get("shadow", [])),
        divergences=tuple(
            divergence for entry in table.get("divergence", []) for divergence in _divergences(dict(entry))
        ),
        findings=tuple(ExpectedFinding(entry["rule"], tuple(entry["paths"])) for entry in table.get("finding", [])),
        problems=tuple(table.get("problems", ())),
    )
    named = {shadow.first for shadow in expectation.shadows} | {shadow.last for shadow in expectation.shadows}
    named |= {divergence.start for divergence in expectation.divergences}
    named |= {divergence.until for divergence in expectation.divergences if divergence.until is not None}
    if unknown := sorted(named.difference(commits)):
        raise ValueError(f"no such commits: {', '.join(unknown)}")
    return expectation


def _shadow(entry: dict[str, Any]) -> ExpectedShadow:
    entry["paths"] = tuple(entry["paths"])
    entry.setdefault("canonical", None)
    return ExpectedShadow(**entry)


def _divergences(entry: dict[str, Any]) -> Iterator[ExpectedDivergence]:
    """One divergence per scenario: an entry may list several scenarios to which the same happens."""
    for key in ("recipes_added", "recipes_removed", "nodes"):
        entry[key] = tuple(entry[key]) if key in entry else None
    start = entry.pop("from")
    until = entry.pop("until", None)
    certain = entry.pop("certain", True)
    for scenario in entry.pop("scenarios"):
        yield ExpectedDivergence(scenario=scenario, start=start, until=until, certain=certain, **entry)
