"""What is to be told of each shadowed object, in any format: its facts, ordered by danger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from forensics.analysis.rules import live_divergence, shadowed_object, stale_after_removal
from forensics.report.advice import (
    Advice,
    argument,
    decide,
    decide_unclaimed,
    from_file,
    glob,
    mend_first,
    safe_command,
)
from forensics.report.case_proof import CaseProof, proofs_of
from forensics.report.case_stretch import CaseStretch
from forensics.uploads.from_file import UPLOADER as FROM_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from forensics.analysis.proven_results import ObjectProof
    from forensics.analysis.report_results import FileDifference, Scan
    from forensics.analysis.results import Divergence, Phase, Reach, Shadow, Unclaimed


class Status(StrEnum):
    """How bad it is, in the words that people read, the worst first.

    Exposed is an object that several files declare at the tip, while another one's content than the canonical file's is
    live under a scenario that decides; left behind is one of which one file is left, so that a single upload of that
    one settles it, or of which the canonical file is gone (``Case.unclaimed``).
    """

    EXPOSED = "EXPOSED NOW"
    LEFT_BEHIND = "left behind"
    UNKNOWN = "not known at the tip"
    SHADOWED = "shadowed at the tip"
    SPECIAL = "only under special scenarios"
    PAST = "past"
    HARMLESS = "past, without effect"


@dataclass(frozen=True, slots=True)
class Case(CaseProof):
    """Everything about one shadowed object: its shadows (sets of files) and its divergences.

    ``deciding`` are the scenarios by which its status goes. What the configuration lets pass is left out of both;
    ``forgiven`` says that divergences were. ``globs`` are the scenarios in which somebody names all files of a
    directory to one command.
    """

    kind: str
    container: str
    name: str
    object: str
    shadows: tuple[Shadow, ...]
    divergences: tuple[Divergence, ...]
    deciding: frozenset[str]
    forgiven: bool = False
    undecided: frozenset[str] = frozenset()
    """The files at the tip of which it cannot be told what they declare."""
    globs: frozenset[str] = frozenset()
    differences: tuple[FileDifference, ...] = ()
    """How its files differ where none is the canonical one: of the shadow at the tip, or of the latest."""
    undeclared: bool = False  # by any file, at the tip

    proofs: tuple[ObjectProof, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that ever declared it together."""
        return tuple(dict.fromkeys(path for shadow in self.shadows for path in shadow.paths))

    @property
    def unknown_at_tip(self) -> bool:
        """Whether one of its files may declare it at the tip, or be live, and nobody can tell."""
        return any(each.open and each.certainty == "unknown" for each in self.divergences) or any(
            path in self.undecided for shadow in self.shadows for path in shadow.paths
        )

    @property
    def at_head(self) -> bool:
        """Whether several files declare it at the tip."""
        return any(shadow.at_head for shadow in self.shadows)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios under which another file's content was ever live."""
        return tuple(dict.fromkeys(divergence.scenario for divergence in self.divergences))

    @property
    def lasting(self) -> tuple[Divergence, ...]:
        """What lasts to the tip: under the scenarios that decide or, if it does under none of them, under others."""
        lasting = [each for each in self.divergences if each.lasts and each.certainty != "unknown"]
        return tuple([each for each in lasting if each.scenario in self.deciding] or lasting)

    @property
    def open_scenarios(self) -> tuple[str, ...]:
        """The scenarios under which it lasts: see ``lasting``."""
        return tuple(dict.fromkeys(each.scenario for each in self.lasting))

    @property
    def open_phases(self) -> tuple[Phase, ...]:
        """What holds at the tip: the last phase of each divergence that lasts to it."""
        return tuple(each.phases[-1] for each in self.lasting)

    @property
    def open_nodes(self) -> list[str] | None:
        """The nodes that feel what holds at the tip; None where the repository keeps none."""
        return _nodes(each.reach_at_tip for each in self.lasting)

    @property
    def open_paths(self) -> tuple[str, ...]:
        """The files whose content it is, as far as files gave it."""
        return tuple(dict.fromkeys(each.live.path for each in self.open_phases if each.live and each.live.path))

    @property
    def gone(self) -> bool:
        """Whether all to say of today is that no file declares it: a server that had it still has it."""
        return self.undeclared and self.unclaimed is None

    @property
    def unclaimed(self) -> Unclaimed | None:
        """What is left, where what holds at the tip outlived the canonical file."""
        return next((each.unclaimed for each in self.lasting if each.unclaimed), None)

    @property
    def stopped_by(self) -> dict[str, list[str]]:
        """The files that keep the canonical file from being uploaded, each with the scenarios that stop there."""
        found: dict[str, list[str]] = {}
        for each in self.lasting:
            for path in each.stopped_by:
                found.setdefault(path, []).append(each.scenario)
        return found

    @property
    def open_since(self) -> str:
        """When what holds at the tip began, as a date of a commit; empty where nothing lasts."""
        return min((each.from_date for each in self.lasting), default="")

    @property
    def decided(self) -> bool:
        """Whether something lasts under a scenario that decides."""
        return not self.deciding.isdisjoint(self.open_scenarios)

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
        if self.decided:
            return Status.EXPOSED if self.at_head else Status.LEFT_BEHIND
        if self.at_head:
            return Status.SHADOWED
        if self.unknown_at_tip:
            return Status.UNKNOWN
        if self.open_scenarios:
            return Status.SPECIAL
        return Status.PAST if self.divergences else Status.HARMLESS

    @property
    def severity_order(self) -> tuple[int, bool, int, bool]:
        """For sorting, the most dangerous first: recipes on nodes that are known, recipes, anything else."""
        lasts = bool(self.lasting)
        phases, nodes = (self.open_phases, self.open_nodes) if lasts else (self.phases, self.nodes)
        changes_recipes = bool(recipes(phases) or recipes(phases, gained=False)) or any(
            change.keys[0] in {"run_list", "env_run_lists"} for each in self.differences for change in each.changes
        )
        return (
            list(Status).index(self.status),
            not lasts,
            2 - changes_recipes - (changes_recipes and bool(nodes)),
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
        return _nodes(self._reaches)

    @property
    def node_files(self) -> list[str]:
        """The node files without a name inside that lead to it: chef-solo's, and hardly a server's."""
        return _union(each.node_files for each in self._reaches)

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
            if each.proven:  # told with the times of the requests
                continue
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
                frozenset(each.scenario for each in group if each.certainty == "unknown"),
                group[0].by_evidence,
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
            return "no file is the canonical one, so that none can be called wrong; the ways of uploading agree"
        return "none: under every scenario what was live comes to the same as the canonical file"

    @property
    def advice(self) -> Advice | None:
        """What to do about it; None where nothing is wrong at the tip any more."""
        if not self.open_scenarios and not self.at_head:
            return None
        shadow = next((shadow for shadow in self.shadows if shadow.at_head), None)
        last = next((each.expected for each in self.open_phases if each.expected), None)
        if shadow is None and self.unclaimed is not None and last is not None:
            reaches = tuple(each.reach_at_tip for each in self.lasting if each.reach_at_tip)
            todo = decide_unclaimed(self.kind, self.name, last, self.unclaimed, reaches, gone=self.undeclared)
            return Advice(None, todo, None, ())
        canonical = shadow.canonical if shadow else last.path if last else None
        if canonical is None:
            return Advice(None, decide(self.name, shadow.paths) if shadow else None, None, ())
        copies = [path for path in shadow.paths if path != canonical] if shadow else []
        return Advice(
            safe_command(self.kind, canonical) if self.lasting or self.unknown_at_tip else None,
            None,
            f"git rm {' '.join(map(argument, copies))}" if copies else None,
            tuple(dict.fromkeys((*self._harmful(copies, "file"), *self._harmful(copies, "glob")))),
            mend_first(self.stopped_by) if self.stopped_by else None,
        )

    def _harmful(self, copies: Collection[str], what: str) -> Iterator[str]:
        """The commands that would make a copy live at the tip: its own upload, or that of its directory's files."""
        for each in self.divergences:
            if not each.lasts or each.certainty == "unknown":
                continue
            live = each.phases[-1].live
            if live is None or live.path is None or live.path not in copies:
                continue
            directory = live.path.rpartition("/")[0]
            if what == "file":
                yield from_file(self.kind, directory, [live.path])
            elif each.scenario in self.globs and not each.stopped_by:
                yield glob(self.kind, directory)


def cases(scan: Scan) -> list[Case]:
    """The shadowed objects, the most dangerous first; not those that the configuration lets pass altogether."""
    ignored = {each.finding.fingerprint for each in scan.suppressed}
    deciding = frozenset(scan.deciding)
    shadows: dict[tuple[str, str, str], list[Shadow]] = {}
    divergences: dict[tuple[str, str, str], list[Divergence]] = {}
    forgiven: set[tuple[str, str, str]] = set()
    undecided = frozenset(each.path for each in scan.evidence.undecided if each.at_tip)
    globs = frozenset(
        each.name
        for each in scan.scenarios
        if each.uploader == FROM_FILE.name and each.scope == "all" and each.order in {"byte", "locale"}
    )
    for shadow in scan.shadows:
        if shadow.fixture:
            continue
        if not ignored or shadowed_object.fingerprint_of(shadow) not in ignored:
            shadows.setdefault((shadow.kind, shadow.container, shadow.name), []).append(shadow)
    shadowed = {(each.kind, each.container, each.name) for each in scan.shadows if each.at_head and not each.fixture}
    for divergence in scan.divergences:
        key = divergence.kind, divergence.container, divergence.name
        left_behind = divergence.open and key not in shadowed
        if ignored and not ignored.isdisjoint(_fingerprints(divergence, deciding, left_behind=left_behind)):
            forgiven.add(key)
        else:
            divergences.setdefault(key, []).append(divergence)
    found = [
        Case(
            *key,
            object=(shadows.get(key) or divergences[key])[0].object,
            shadows=tuple(shadows.get(key, ())),
            divergences=tuple(divergences.get(key, ())),
            deciding=deciding,
            forgiven=key in forgiven,
            undecided=undecided,
            globs=globs,
            differences=tuple(
                each for each in scan.differences if each.shadow in {shadow.id for shadow in shadows.get(key, ())[:1]}
            ),
            undeclared=key in scan.gone,
            proofs=proofs_of(scan, key),
        )
        for key in dict.fromkeys((*shadows, *divergences))
    ]
    return sorted(found, key=lambda case: case.severity_order)


def _fingerprints(divergence: Divergence, deciding: Collection[str], *, left_behind: bool) -> Iterator[str]:
    """Those of the findings that a divergence may be a part of."""
    rules = (live_divergence, stale_after_removal) if left_behind else (live_divergence,)
    for rule in rules:
        yield rule.fingerprint_of(divergence)
        if divergence.scenario not in deciding:
            yield rule.fingerprint_of(divergence, only_if=True)


def recipes(phases: Iterable[Phase], *, gained: bool = True) -> list[str]:
    """The recipes that some phases brought, or took away."""
    names: dict[str, None] = {}
    for phase in phases:
        by_environment = phase.recipes_added if gained else phase.recipes_removed
        for found in by_environment.values():
            names.update(dict.fromkeys(found))
    return list(names)


def _nodes(reaches: Iterable[Reach | None]) -> list[str] | None:
    """The nodes of all of these; None where the repository keeps none."""
    found = [reach.nodes for reach in reaches if reach is not None]
    return None if all(nodes is None for nodes in found) else _union(nodes or () for nodes in found)


def _union(groups: Iterator[Sequence[str]]) -> list[str]:
    return sorted({name for group in groups for name in group})
