"""What is to be told of each shadowed object, in any format: its facts, ordered by danger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.rules import live_divergence, shadowed_object
from forensics.report.advice import argument, decide, from_file, glob, safe_command

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import Divergence, Phase, Reach, Shadow


class Status(StrEnum):
    """How bad it is, in the words that people read."""

    EXPOSED = "EXPOSED NOW"
    SHADOWED = "shadowed at the tip"
    PAST = "past"
    HARMLESS = "past, without effect"


class CaseStretch(NamedTuple):
    """One stretch under one live file, with all the scenarios that have it.

    ``path`` is None where no file of the repository gave the content; ``until`` is None if it lasts to the tip.
    ``raced`` are those of the scenarios under which it is only possible.
    """

    path: str | None
    start: str
    start_date: str
    until: str | None
    until_date: str | None
    scenarios: tuple[str, ...]
    raced: frozenset[str]


class Advice(NamedTuple):
    """What to type, and what not.

    ``do`` is the command that puts the right content back, None where nobody can say which file is right: then
    ``decide`` says so, in words. ``remove`` is the command that ends the shadow and leaves the canonical file, None
    where no copy is left; ``avoid`` are the commands that the replay shows to make a copy live, or perhaps.
    """

    do: str | None
    decide: str | None
    remove: str | None
    avoid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one shadowed object: its shadows (sets of files) and its divergences.

    What the configuration lets pass is left out of both; ``forgiven`` says that divergences were. ``globs`` are the
    scenarios in which somebody names all files of a directory to one command.
    """

    kind: str
    container: str
    name: str
    object: str
    shadows: tuple[Shadow, ...]
    divergences: tuple[Divergence, ...]
    forgiven: bool = False
    globs: frozenset[str] = frozenset()

    @property
    def at_head(self) -> bool:
        """Whether several files declare it at the tip."""
        return any(shadow.at_head for shadow in self.shadows)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios under which another file's content was ever live."""
        return tuple(dict.fromkeys(divergence.scenario for divergence in self.divergences))

    @property
    def open_scenarios(self) -> tuple[str, ...]:
        """Those under which it still is at the tip."""
        return tuple(dict.fromkeys(each.scenario for each in self.divergences if each.open))

    @property
    def open_phases(self) -> tuple[Phase, ...]:
        """What holds at the tip: the last phase of each divergence that lasts to it."""
        return tuple(each.phases[-1] for each in self.divergences if each.open)

    @property
    def open_nodes(self) -> list[str] | None:
        """The nodes that feel what holds at the tip; None where the repository keeps none."""
        now = [each.reach_at_tip for each in self.divergences if each.reach_at_tip is not None]
        if all(each.nodes is None for each in now):
            return None
        return _union(each.nodes or () for each in now)

    def safe_scenarios(self, scan: Scan) -> tuple[str, ...]:
        """Those asked for under which it never was."""
        return tuple(scenario.name for scenario in scan.scenarios if scenario.name not in self.scenarios)

    @property
    def canonical(self) -> str | None:
        """The file that should be live."""
        expected = [each.expected.path for each in self.divergences if each.expected]
        return expected[-1] if expected else self.shadows[0].canonical if self.shadows else None

    @property
    def status(self) -> Status:
        """How bad it is."""
        if self.open_scenarios:
            return Status.EXPOSED
        if self.at_head:
            return Status.SHADOWED
        return Status.PAST if self.divergences else Status.HARMLESS

    @property
    def severity_order(self) -> tuple[bool, bool, bool, bool]:
        """For sorting, the most dangerous first."""
        return (
            not self.open_scenarios,
            not self.at_head,
            not any(recipes(each.phases) for each in self.divergences),
            not self.divergences,
        )

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of all divergences."""
        return tuple(phase for each in self.divergences for phase in each.phases)

    @property
    def recipes_added(self) -> list[str]:
        """The recipes that another file's content ever brought, without the word ``recipe``."""
        return recipes(self.phases)

    @property
    def recipes_removed(self) -> list[str]:
        """The recipes that it ever took away."""
        return recipes(self.phases, gained=False)

    @property
    def _reaches(self) -> tuple[Reach, ...]:
        return tuple(reach for each in self.divergences for reach in each.reaches)

    @property
    def nodes(self) -> list[str] | None:
        """The nodes that would ever have felt it; None where the repository keeps none."""
        if all(each.nodes is None for each in self._reaches):
            return None
        return _union(each.nodes or () for each in self._reaches)

    @property
    def roles(self) -> list[str]:
        """The roles through which they would have."""
        return _union(each.roles for each in self._reaches)

    @property
    def environments(self) -> list[str]:
        """The environments in which they would have."""
        return _union(each.environments for each in self._reaches)

    def last_stretches(self, most: int) -> tuple[CaseStretch, ...]:
        """Those that last, and of the others so many of the latest that there are no more than ``most`` of these."""
        first = len(self.stretches) - most
        return tuple(each for place, each in enumerate(self.stretches) if place >= first or not each.until)

    @property
    def stretches(self) -> tuple[CaseStretch, ...]:
        """When another file's content was live, the earliest first; scenarios that agree stand together."""
        groups: dict[tuple[str | None, str, str | None], list[Divergence]] = {}
        for each in self.divergences:
            path = each.live.path if each.live else None
            groups.setdefault((path, each.from_commit, each.until_commit), []).append(each)
        found = [
            CaseStretch(
                path,
                start,
                group[0].from_date,
                until,
                group[0].until_date,
                tuple(dict.fromkeys(each.scenario for each in group)),
                frozenset(each.scenario for each in group if each.certainty == "race"),
            )
            for (path, start, until), group in groups.items()
        ]
        return tuple(sorted(found, key=lambda stretch: stretch.start_date))

    @property
    def no_effect(self) -> str:
        """Why nothing diverged, for a case without divergences."""
        if self.forgiven:
            return "let pass by the configuration, with its reason below"
        if not any(shadow.first_parent_commits for shadow in self.shadows):
            return (
                "none on the first-parent line: the files met on side branches only (--history full replays those too)"
            )
        if all(shadow.contents_differ is False for shadow in self.shadows):
            return "none: the contents were the same"
        if self.canonical is None:
            return "none: no file is the canonical one, and the ways of uploading agree"
        return "none: under every scenario what was live comes to the same as the canonical file"

    @property
    def advice(self) -> Advice | None:
        """What to do about it; None where nothing is wrong at the tip any more."""
        if not self.open_scenarios and not self.at_head:
            return None
        shadow = next((shadow for shadow in self.shadows if shadow.at_head), None)
        expected = [phase.expected.path for phase in self.open_phases if phase.expected]
        canonical = shadow.canonical if shadow else next(iter(expected), None)
        if canonical is None:
            return Advice(None, decide(self.name, shadow.paths) if shadow else None, None, ())
        copies = [path for path in shadow.paths if path != canonical] if shadow else []
        return Advice(
            safe_command(self.kind, canonical),
            None,
            f"git rm {' '.join(map(argument, copies))}" if copies else None,
            tuple(dict.fromkeys((*self._harmful(copies, "file"), *self._harmful(copies, "glob")))),
        )

    def _harmful(self, copies: Collection[str], what: str) -> Iterator[str]:
        """The commands that would make a copy live at the tip: its own upload, or that of its directory's files."""
        for each in self.divergences:
            live = each.phases[-1].live
            if not each.open or live is None or live.path is None or live.path not in copies:
                continue
            directory = live.path.rpartition("/")[0]
            if what == "file":
                yield from_file(self.kind, directory, [live.path])
            elif each.scenario in self.globs:
                yield glob(self.kind, directory)


def cases(scan: Scan) -> list[Case]:
    """The shadowed objects, the most dangerous first; not those that the configuration lets pass altogether."""
    ignored = {each.finding.fingerprint for each in scan.suppressed}
    shadows: dict[tuple[str, str, str], list[Shadow]] = {}
    divergences: dict[tuple[str, str, str], list[Divergence]] = {}
    forgiven: set[tuple[str, str, str]] = set()
    globs = frozenset(
        each.name
        for each in scan.scenarios
        if (each.uploader, each.scope) == ("from-file", "all") and each.order in {"byte", "locale"}
    )
    for shadow in scan.shadows:
        if shadow.fixture:
            continue
        if not ignored or shadowed_object.fingerprint_of(shadow) not in ignored:
            shadows.setdefault((shadow.kind, shadow.container, shadow.name), []).append(shadow)
    for divergence in scan.divergences:
        key = divergence.kind, divergence.container, divergence.name
        if ignored and live_divergence.fingerprint_of(divergence) in ignored:
            forgiven.add(key)
        else:
            divergences.setdefault(key, []).append(divergence)
    found = [
        Case(
            *key,
            object=(shadows.get(key) or divergences[key])[0].object,
            shadows=tuple(shadows.get(key, ())),
            divergences=tuple(divergences.get(key, ())),
            forgiven=key in forgiven,
            globs=globs,
        )
        for key in dict.fromkeys((*shadows, *divergences))
    ]
    return sorted(found, key=lambda case: case.severity_order)


def recipes(phases: Iterable[Phase], *, gained: bool = True) -> list[str]:
    """The recipes that some phases brought, or took away."""
    names: dict[str, None] = {}
    for phase in phases:
        by_environment = phase.recipes_added if gained else phase.recipes_removed
        for found in by_environment.values():
            names.update(dict.fromkeys(found))
    return list(names)


def _union(groups: Iterator[Sequence[str]]) -> list[str]:
    return sorted({name for group in groups for name in group})
