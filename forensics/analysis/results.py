"""What an examination yields: plain values that every output format is a function of.

Object ids are hexadecimal text, dates ISO 8601 text with the commit's own offset. Every field says what it means, and
which values it can have, for all that is made of it (``forensics.facts``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from forensics.analysis.ground_results import CONTRADICTED, ByEvidence
from forensics.analysis.problem_results import UndecidedPath
from forensics.analysis.terms import (
    Certainty,
    Count,
    CountFromOne,
    FindingId,
    KindName,
    Line,
    Names,
    ObjectText,
    Severity,
    ShadowId,
)
from forensics.analysis.tool import Tool
from forensics.chef.objects import Value
from forensics.facts import IF_ANY, INTERNAL, ON_REQUEST, absent, document_view, limit, named, words
from forensics.history.model import CONTAINER_ELSEWHERE, CommitDate, FilePath, Gap, Oid, Provenance
from forensics.uploads.scenario import ScenarioName, is_evidence

CUTS: Final = frozenset({"shallow", "missing-commit", "corrupt-commit", "promised-commit"})
"""Kinds of gaps before whose commits the history is cut off."""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One content of one file."""

    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid, "The id of its content."]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a live content came from."""

    path: Annotated[FilePath | None, "The file.", absent("no file of the repository gave it")]
    blob: Annotated[Oid | None, "The id of the file's content.", absent("no file of the repository gave it")]
    commit: Annotated[Oid, "The commit whose upload put it there."]


@dataclass(frozen=True, slots=True)
class Shadow:
    """Two or more files of one container that declare one object in the same commits.

    The first and the last commit are told by committer time and topology.
    """

    id: Annotated[
        ShadowId,
        "A short id that divergences refer to, made of container, kind, name and files; "
        "it stays the same when history is rewritten.",
    ]
    kind: Annotated[KindName, "The kind of the object."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    name: Annotated[str, "The object's name, which stands inside the files."]
    paths: Annotated[
        tuple[FilePath, ...], limit(minItems=2, uniqueItems=True), "The files that declare the object together."
    ]
    canonical: Annotated[
        FilePath | None,
        "The one of the files whose stem is the object's name.",
        absent("none is, or several are, in different directories"),
    ]
    first_commit: Annotated[Oid, "The earliest commit in which exactly these files declare the object."]
    first_date: Annotated[CommitDate, "When that commit was made."]
    last_commit: Annotated[Oid, "The latest such commit."]
    last_date: Annotated[CommitDate, "When that commit was made."]
    commits: Annotated[CountFromOne, "How many such commits the revision reaches."]
    first_parent_commits: Annotated[Count, "How many of them are on the first-parent line."]
    at_head: Annotated[bool, "Whether the tip is one of them."]
    contents_differ: Annotated[
        bool | None, "Whether the contents ever differed.", absent("a value that is not known leaves it open")
    ]
    possible: Annotated[
        tuple[FileVersion, ...], "The distinct contents that some order of upload could have made live."
    ]
    fixture: Annotated[bool, IF_ANY, "Whether the container holds fixtures of tests, which nobody uploads."] = False
    commit_ids: Annotated[Sequence[Oid], ON_REQUEST, "All such commits; only if asked for."] = ()

    @property
    def object(self) -> ObjectText:
        """The object as people write it: role[base]."""
        return object_text(self.kind, self.container, self.name)


@document_view(name="change")
@dataclass(frozen=True, slots=True)
class ValueChange:
    """One difference between two contents; the values are whatever the files hold."""

    op: Annotated[str, words("add", "remove", "replace"), "What happened at this place."]
    pointer: Annotated[
        str,
        limit(pattern="^/"),
        "A JSON pointer into the content; the index of a run list's entry that is removed counts in the content "
        "before, of one that is added in the content after.",
    ]
    before: Annotated[Value, "The value before.", absent("there was none")] = None
    after: Annotated[Value, "The value after.", absent("there is none")] = None

    @property
    def keys(self) -> list[str]:
        """The keys (and indices) on the way that the pointer tells."""
        return [part.replace("~1", "/").replace("~0", "~") for part in self.pointer.split("/")[1:]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What would have felt a divergence, through run lists."""

    roles: Annotated[Names, "Roles whose run lists lead to it, directly or through others."]
    nodes: Annotated[Names | None, "Nodes that would have felt it.", absent("the repository keeps no nodes")]
    environments: Annotated[Names, "Environments of the nodes that would have felt it."]
    node_files: Annotated[
        Names, IF_ANY, "Node files that lead to it and have no name inside: chef-solo's, and no server's by themselves."
    ] = ()


Recipes: TypeAlias = Annotated[
    Mapping[str, Names],
    named("recipes", "Recipes by environment; _default where none has its own.", required=["_default"]),
]


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a divergence in which neither the live content nor the canonical file's changes."""

    from_commit: Annotated[Oid, "The commit that begins it."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    live: Annotated[Source | None, "What was live.", absent("nothing was")]
    expected: Annotated[Source | None, "What the canonical file said.", absent("there is none")]
    changes: Annotated[tuple[ValueChange, ...], "How the live content differs from the expected one."]
    recipes_added: Annotated[Recipes, "Recipes that the difference brings, by environment."]
    recipes_removed: Annotated[Recipes, "Recipes that the difference takes away, by environment."]


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What became of the canonical file while another's content stayed live: no server deletes an object for that."""

    commit: Annotated[Oid, "The commit from which on no file is the canonical one."]
    date: Annotated[CommitDate, "When that commit was made."]
    files: Annotated[tuple[FilePath, ...], "The files that declare the object at the revision's tip."]


@document_view(
    "shadow",
    "scenario",
    "object",
    "container",
    "from_commit",
    "from_date",
    "until_commit",
    "until_date",
    "live",
    "certainty",
    "expected",
    "changes",
    "recipes_added",
    "recipes_removed",
    "reach",
    "reach_at_tip",
    "phases",
    "unclaimed",
    "stopped_by",
    "by_evidence",
)
@dataclass(frozen=True, slots=True)
class Divergence:
    """A stretch of the replayed history in which another file's content was live than the canonical file's."""

    shadow: Annotated[str, limit(pattern="^([0-9a-f]{12})?$"), "The id of the last shadow that held both files."]
    scenario: Annotated[ScenarioName, "The scenario under which it would have been so."]
    kind: Annotated[KindName, INTERNAL, "The kind of the object."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    name: Annotated[str, INTERNAL, "The object's name, which stands inside the files."]
    from_commit: Annotated[Oid, "The commit that begins it."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    until_commit: Annotated[Oid | None, "The commit whose upload ended it.", absent("it lasts to the tip")]
    until_date: Annotated[CommitDate | None, "When that commit was made.", absent("it lasts to the tip")]
    certainty: Annotated[Certainty, "Whether the replay is sure of it."]
    reach: Annotated[Reach, "What would have felt it at its start."]
    phases: Annotated[
        tuple[Phase, ...],
        limit(minItems=1),
        "How it went on: one phase for each change of either content, the first at its start.",
    ]
    reach_at_tip: Annotated[Reach | None, "What feels it at the revision's tip.", absent("it is over")] = None
    unclaimed: Annotated[
        Unclaimed | None, IF_ANY, "Since when the canonical file is gone, whose last content is then the expected one."
    ] = None
    stopped_by: Annotated[
        tuple[FilePath, ...],
        IF_ANY,
        "The files that Chef refuses at the tip and that stop the uploads: without them the canonical file's content "
        "would be live.",
    ] = ()
    by_evidence: Annotated[
        ByEvidence | None, IF_ANY, "What evidence says of it; only with --evidence.", absent("there is none")
    ] = None

    @property
    def object(self) -> ObjectText:
        """The object as people write it: role[base]."""
        return object_text(self.kind, self.container, self.name)

    @property
    def live(self) -> Annotated[Source | None, absent("nothing was")]:
        """What was live at the start."""
        return self.phases[0].live

    @property
    def expected(self) -> Annotated[Source | None, absent("there is none")]:
        """What the canonical file said at the start."""
        return self.phases[0].expected

    @property
    def changes(self) -> tuple[ValueChange, ...]:
        """How the live content differed from the expected one at the start."""
        return self.phases[0].changes

    @property
    def recipes_added(self) -> Recipes:
        """Recipes that the difference brought at the start, by environment."""
        return self.phases[0].recipes_added

    @property
    def recipes_removed(self) -> Recipes:
        """Recipes that the difference took away at the start, by environment."""
        return self.phases[0].recipes_removed

    @property
    def open(self) -> bool:
        """Whether it lasts to the tip."""
        return self.until_commit is None

    @property
    def proven(self) -> bool:
        """Whether evidence alone says so: it is a stretch of the scenario ``evidence``."""
        return self.by_evidence is not None and is_evidence(self.scenario)

    @property
    def lasts(self) -> bool:
        """Whether it lasts to the tip, as far as evidence does not prove that something else was live there."""
        return self.open and (self.by_evidence is None or self.by_evidence.at_tip != CONTRADICTED)

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """What it would have touched at its start and, if it lasts, what it touches at the tip."""
        return (self.reach,) if self.reach_at_tip is None else (self.reach, self.reach_at_tip)


@document_view("rule", "severity", "object", "paths", "line", "commit", "message", "fingerprint", "at_tip", "only_if")
@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found."""

    rule: Annotated[str, limit(pattern="^[a-z]+(-[a-z]+)*$"), "The id of the rule."]
    severity: Annotated[
        Severity, "How severe the rule is; note for what is so only under scenarios that do not decide."
    ]
    object: Annotated[ObjectText | None, "The object.", absent("it is about a file or the repository")]
    paths: Annotated[tuple[FilePath, ...], "The files that it is about."]
    commit: Annotated[
        Oid | None, "The commit where it began, or that brought the file as it is.", absent("none is known")
    ]
    message: Annotated[str, "What was found, in one sentence."]
    fingerprint: Annotated[
        FindingId, "What an ignore of forensics.toml names it by; it stays the same when history is rewritten."
    ]
    at_tip: Annotated[
        bool, "Whether it is true at the tip, under a scenario that decides unless only_if names others."
    ] = True
    line: Annotated[
        Line | None,
        "Where it stands in the first of the files, counted from 1.",
        absent("it is about no one line"),
    ] = None
    only_if: Annotated[
        tuple[ScenarioName, ...],
        "The scenarios under which alone it is so, none of which decides: such a finding fails nothing.",
    ] = ()


@document_view(
    "provenance.repository",
    "provenance.rev",
    "provenance.head",
    "commits",
    "first_parent_commits",
    "complete",
    "gaps",
    "undecided",
    "provenance.notes",
    name="evidence",
)
@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What was examined, and whether it was complete."""

    provenance: Annotated[Provenance, "Which evidence it was."]
    commits: Annotated[CountFromOne, "How many commits the revision reaches."]
    first_parent_commits: Annotated[CountFromOne, "How many of them are on the first-parent line."]
    gaps: Annotated[tuple[Gap, ...], "What could not be read."]
    full: Annotated[bool, INTERNAL, "Whether the replays take side branches, too."] = False
    undecided: Annotated[
        tuple[UndecidedPath, ...], "Files that declare what cannot be told, those at the tip first."
    ] = ()

    elsewhere: Annotated[
        tuple[FilePath, ...], "Containers, and files of containers, that lead out of the repository at the tip."
    ] = ()

    @property
    def base(self) -> Annotated[Oid | None, absent("nothing was committed yet")]:
        """The commit that what is staged is compared with."""
        return self.provenance.head or None

    @property
    def extent(self) -> str:
        """How much was looked at, in words."""
        if self.full or self.first_parent_commits == self.commits:
            return f"{self.commits} commit{'s' if self.commits != 1 else ''} examined and replayed"
        return f"{self.commits} commits examined, the {self.first_parent_commits} of the first-parent line replayed"

    @property
    def complete(self) -> bool:
        """Whether everything that was looked for could be read: no gaps."""
        return not self.gaps

    @property
    def conclusive(self) -> bool:
        """Whether it is complete, and of every file it can be told what it declares."""
        return self.complete and not self.undecided

    @property
    def tip_lacks_content(self) -> bool:
        """Whether the tip may declare something that nobody sees."""
        return bool(self.elsewhere) or any(g.oid for g in self.gaps) or any(u.at_tip for u in self.undecided)

    @property
    def lacks_content(self) -> bool:
        """The same of any commit: what is not found need not be absent."""
        return self.tip_lacks_content or bool(self.undecided) or any(g.kind == CONTAINER_ELSEWHERE for g in self.gaps)

    @property
    def cut_at(self) -> frozenset[Oid]:
        """The commits before which the history is cut off: nothing need have begun there."""
        return frozenset(gap.commit for gap in self.gaps if gap.kind in CUTS and gap.commit is not None)

    @property
    def tool(self) -> Tool:
        """What made the document."""
        return Tool(libgit2=self.provenance.libgit2)


@document_view(name="shadows")
@dataclass(frozen=True, slots=True)
class ShadowScan:
    """The shadows of a history, without any replay."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    shadows: Annotated[
        tuple[Shadow, ...], "Every set of files that ever declared one object together, those at the tip first."
    ]


@dataclass(frozen=True, slots=True)
class CommitNote:
    """What people want to read beside a commit's id."""

    date: Annotated[CommitDate, "When it was committed."]
    author_date: Annotated[CommitDate, "When its author wrote it."]
    author: Annotated[str, "The author's name."]
    subject: Annotated[str, "The first line of the commit's message."]


def object_text(kind: str, container: str, name: str) -> str:
    """An object as people write it: ``role[base]``, ``data_bag_item[users/alice]``."""
    if kind == "data_bag_item":
        return f"{kind}[{container.rpartition('/')[2]}/{name}]"
    return f"{kind}[{name}]"
