"""What narrows or widens a question, as people write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypedDict

from forensics.errors import UsageError
from forensics.evidence import CLOCK_SKEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from forensics.uploads.scenario import Scenario

When: TypeAlias = "str | date | datetime | None"
"""A date: ``2014-08-31``, ``3 weeks ago`` (counted from the revision), or one of Python's own."""


_LINES: Final = ("first-parent", "full")


class Narrowing(TypedDict, total=False):
    """The keywords that all questions about a history share.

    ``since`` and ``until`` cut what is reported, not what is known; ``scenarios`` are names of ways of uploading that
    are used, and exactly these count (if none: all are told of, and those of usual standing count); ``containers``
    paths at or above the containers wanted; ``history`` says which commits are replayed, the ``first-parent`` line or
    the ``full`` graph; ``replay_from`` is the commit that meets an empty server; ``commands`` a file with the commands
    that were run; ``nodes`` a directory with node objects from outside of the repository; ``evidence`` names files of
    logs and the like, each ``FILE`` or ``FILE@ZONE``, that prove what was live: the scenario ``evidence``;
    ``clock_skew`` is how many seconds clocks may differ.
    """

    since: When
    until: When
    scenarios: Sequence[str]
    containers: Sequence[str]
    history: Literal["first-parent", "full"]
    replay_from: str | None
    commands: str | PathLike[str] | None
    nodes: str | PathLike[str] | None
    evidence: Sequence[str | PathLike[str]]
    clock_skew: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The same, complete and comparable."""

    since: str | None = None
    until: str | None = None
    scenarios: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    full: bool = False
    replay_from: str | None = None
    commands: str | None = None
    nodes: str | None = None
    evidence: tuple[str, ...] = ()
    clock_skew: int = CLOCK_SKEW

    @classmethod
    def of(cls, narrowing: Narrowing) -> Selection:
        """What the keywords say.

        Raises:
            UsageError: there is no such keyword, or no such ``history``.
        """
        unknown = sorted(set(narrowing) - Narrowing.__annotations__.keys())
        if unknown:
            raise UsageError(f"there is no {unknown[0]!r} to ask for; there are {', '.join(Narrowing.__annotations__)}")
        line = narrowing.get("history", "first-parent")
        if line not in _LINES:
            raise UsageError(f"history is one of {', '.join(_LINES)}, not {line!r}")
        if (skew := narrowing.get("clock_skew", CLOCK_SKEW)) < 0:
            raise UsageError(f"clocks differ by no less than nothing, and {skew} is less")
        commands, nodes = narrowing.get("commands"), narrowing.get("nodes")
        return cls(
            since=text_of(narrowing.get("since")),
            until=text_of(narrowing.get("until")),
            scenarios=_several(narrowing.get("scenarios", ())),
            containers=_several(narrowing.get("containers", ())),
            full=line == "full",
            replay_from=narrowing.get("replay_from"),
            commands=None if commands is None else str(commands),
            nodes=None if nodes is None else str(nodes),
            evidence=_several(_texts(narrowing.get("evidence", ()))),
            clock_skew=skew,
        )

    @property
    def narrows(self) -> bool:
        """Whether it leaves out a part of what there is to find."""
        return bool(self.since or self.until or self.scenarios or self.containers or self.replay_from)

    def asked(self, scenarios: Sequence[Scenario]) -> Mapping[str, str]:
        """What was asked for, as a report tells it; ``scenarios`` are those it narrows to, none if it does not."""
        given = {
            "since": self.since,
            "until": self.until,
            "scenario": ", ".join(each.name for each in scenarios) or None,
            "container": ", ".join(self.containers) or None,
            "history": "full" if self.full else None,
            "replay-from": self.replay_from,
            "commands": self.commands,
            "nodes": self.nodes,
            "evidence": ", ".join(self.evidence) or None,
            "clock-skew": str(self.clock_skew) if self.evidence and self.clock_skew != CLOCK_SKEW else None,
        }
        return {name: text for name, text in given.items() if text is not None}


def text_of(when: When) -> str | None:
    """A date as people write it."""
    if isinstance(when, date):  # a datetime is one too
        return when.isoformat()
    return when


def _texts(files: Sequence[str | PathLike[str]]) -> str | list[str]:
    return files if isinstance(files, str) else [str(each) for each in files]


def _several(names: Sequence[str]) -> tuple[str, ...]:
    # one name alone is what somebody means who writes scenarios="glob"
    return (names,) if isinstance(names, str) else tuple(names)
