"""What people did at their terminals and what ran by itself, as a file beside the story tells it.

The format is described in README.md of ``sample_repos``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sample_repos.story import StoryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where somebody types: the address that the server sees, and the shell that keeps a history."""

    address: str
    shell: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that somebody typed, and what came of it.

    ``sends`` are files, ``cookbooks`` names, both as the clone had them at the story's ``commit``; ``reads`` are
    objects asked of the server, ``converges`` the nodes on which chef-client ran (``*``: all that there are).
    """

    by: str
    at: datetime
    line: str
    commit: str = ""
    sends: tuple[str, ...] = ()
    cookbooks: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    converges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is left when somebody asks late: a new log begins each week, one is lost, the newest is cut off."""

    weekday: int
    at: time
    lost: tuple[date, ...]
    cut: int
    backups: tuple[date, ...]
    histories: tuple[str, ...]
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that left a trace, from the time when the log begins until it ends."""

    organization: str
    knife: str
    begins: datetime
    ends: datetime
    holds: str
    logged: tuple[str, ...]
    nightly: tuple[datetime, ...]
    backups: tuple[datetime, ...]
    people: Mapping[str, Terminal]
    typed: tuple[Typed, ...]
    gaps: Gaps


def names() -> tuple[str, ...]:
    """The stories that have evidence."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load(name: str) -> Account:
    """What happened in the story ``name``; raises ``StoryError`` if nobody wrote that down."""
    if name not in names():
        raise StoryError(f"there is no evidence for {name!r}; there is for {', '.join(names())}")
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    begins, ends = table["begins"], table["ends"]
    nightly = datetime.combine(begins.date(), table["nightly"]["chef_client"], begins.tzinfo)
    rotated = table["rotated"]
    return Account(
        organization=table["organization"],
        knife=table["knife"],
        begins=begins,
        ends=ends,
        holds=table["holds"],
        logged=tuple(table["logged"]),
        nightly=tuple(nightly + timedelta(days=day) for day in range((ends - nightly).days + 1)),
        backups=tuple(table["nightly"]["backups"]),
        people={name: Terminal(**terminal) for name, terminal in table["people"].items()},
        typed=tuple(_typed(entry) for entry in table["typed"]),
        gaps=Gaps(**{key: tuple(value) if isinstance(value, list) else value for key, value in rotated.items()}),
    )


def _typed(entry: dict[str, Any]) -> Typed:
    return Typed(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})
