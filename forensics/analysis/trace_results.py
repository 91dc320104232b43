"""What a trace yields: plain values that every output format is a function of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from forensics.analysis.ground_results import Ground
from forensics.analysis.results import CommitNote, EvidenceSummary, ValueChange
from forensics.analysis.terms import Certainty, CountFromOne, Line, Names, ShadowId, written_as
from forensics.chef.objects import Value
from forensics.facts import IF_ANY, INTERNAL, absent, document_view, limit, named, only, words
from forensics.history.model import CommitDate, FilePath, Oid
from forensics.uploads.scenario import ScenarioName

_NO_OBJECT = absent("it is the file of a policy")


@document_view(name="stretch")
@dataclass(frozen=True, slots=True)
class LineStretch:
    """A stretch of the first-parent line."""

    from_commit: Annotated[Oid, "The commit that begins it."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    until_commit: Annotated[Oid | None, "The first commit after it.", absent("it lasts to the tip")]
    until_date: Annotated[CommitDate | None, "When that commit was made.", absent("it lasts to the tip")]


@document_view(
    "object",
    "container",
    "path",
    "where",
    "environment",
    "item",
    "carriage",
    "through",
    "values=given",
    "dropped_by",
    "canonical",
)
@dataclass(frozen=True, slots=True)
class Carrier:
    """One way in which a file carries what is traced, and all commits in which it does."""

    kind: Annotated[str, words("role", "environment", "node", "recipe"), INTERNAL, "The kind of the object, or recipe."]
    container: Annotated[str, "The directory that holds a server's objects of this kind; of a recipe, its cookbook's."]
    name: Annotated[str, INTERNAL, "The name of what the file declares."]
    path: Annotated[FilePath, "The file."]
    where: Annotated[
        str,
        words(
            "run_list",
            "env_run_lists",
            "include_recipe",
            "default_attributes",
            "override_attributes",
            "normal",
            "default",
            "override",
            "automatic",
            "cookbook_versions",
            ordered=False,
        ),
        "In which part of the file it stands.",
    ]
    environment: Annotated[str | None, "The environment whose run list names it.", absent("any")]
    item: Annotated[str, "What stands there."]
    carriage: Annotated[
        str,
        words("direct", "include", "nested"),
        "Whether it stands there itself, is included by a recipe, or comes through a role.",
    ]
    through: Annotated[
        tuple[Annotated[str, limit(minLength=1)], ...],
        "What lies between the item and what is traced, at the last of the commits.",
    ]
    canonical: Annotated[bool, "Whether the file's stem is the object's name."]
    shadows: Annotated[tuple[ShadowId, ...], "The ids of the object's shadows that ever held the file."]
    shadowed_at_head: Annotated[bool, "Whether another file declares the same object at the tip."]
    commits: Annotated[CountFromOne, "How many commits that the revision reaches hold the file so."]
    first_commit: Annotated[Oid, "The earliest of them."]
    first_date: Annotated[CommitDate, "When that commit was made."]
    last_commit: Annotated[Oid, "The latest of them."]
    last_date: Annotated[CommitDate, "When that commit was made."]
    at_head: Annotated[bool, "Whether the tip is one of them."]
    stretches: Annotated[
        tuple[LineStretch, ...], "When it was so, along the first-parent line; a side branch alone gives none."
    ]
    values: Annotated[tuple[ValueChange, ...], INTERNAL, "An attribute's values there, as additions."] = ()
    dropped_by: Annotated[
        Oid | None,
        "The commit that followed the last of them without it: a merge, perhaps.",
        absent("the tip holds it so, or no such commit is reached"),
    ] = None

    @property
    def object(self) -> Annotated[str, written_as("role", "environment", "node", "recipe")]:
        """What the file declares; a cookbook's recipe is written recipe[COOKBOOK::NAME]."""
        return f"{self.kind}[{self.name}]"

    @property
    def given(self) -> tuple[Value, ...]:
        """An attribute's values there, if one is traced."""
        return tuple(change.after for change in self.values)

    @property
    def names(self) -> bool:
        """Whether the file itself names it or a recipe that includes it, and not only a role."""
        return self.carriage != "nested" and self.kind != "recipe"


@document_view("object", "path", "line", "where", "environment", "item", "values=given", "reason", "by", "by_line")
@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names what is traced although no run list and no attributes that count do so there."""

    kind: Annotated[str | None, words("role", "environment", "node"), INTERNAL, "The kind of the object.", _NO_OBJECT]
    name: Annotated[str | None, INTERNAL, "The object's name.", _NO_OBJECT]
    path: Annotated[FilePath, "The file."]
    line: Annotated[Line | None, "The line of the text, at the last of the commits.", absent("it has none of its own")]
    where: Annotated[str, "In which part of the file it stands."]
    environment: Annotated[str | None, "The environment whose run list names it.", absent("any")]
    item: Annotated[str, "What stands there."]
    values: Annotated[tuple[ValueChange, ...], INTERNAL, "An attribute's values there, as additions."]
    reason: Annotated[
        str,
        words("replaced", "policy-node", "fixture", "policy", ordered=False),
        "Why it does not count: something else in the file replaces it; the node follows a policy; tests alone use the "
        "file. A policy counts for the nodes that follow it, and is not replayed.",
    ]
    by: Annotated[str | None, "What replaces it in the file.", absent("nothing does")]
    by_line: Annotated[Line | None, "The line of that.", absent("nothing does")]
    first_commit: Annotated[Oid, "The earliest commit that holds it so."]
    first_date: Annotated[CommitDate, "When that commit was made."]
    last_commit: Annotated[Oid, "The latest commit that holds it so."]
    last_date: Annotated[CommitDate, "When that commit was made."]
    at_head: Annotated[bool, "Whether the tip is one of them."]
    stretches: Annotated[
        tuple[LineStretch, ...], "When it was so, along the first-parent line; a side branch alone gives none."
    ]

    @property
    def object(self) -> Annotated[str | None, written_as("role", "environment", "node"), _NO_OBJECT]:
        """What the file declares."""
        return None if self.kind is None else f"{self.kind}[{self.name}]"

    @property
    def given(self) -> tuple[Value, ...]:
        """An attribute's values there, if one is traced."""
        return tuple(change.after for change in self.values)


@document_view(
    "scenario",
    "object",
    "container",
    "path",
    "items",
    "certainty",
    "from_commit",
    "from_date",
    "until_commit",
    "until_date",
    "reach=_reach",
    "proven",
)
@dataclass(frozen=True, slots=True)
class LiveStretch:
    """A stretch of a replay in which a live object's own content carried what is traced."""

    scenario: Annotated[ScenarioName, "The scenario."]
    kind: Annotated[str, words("role", "environment", "node"), INTERNAL, "The kind of the object."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    name: Annotated[str, INTERNAL, "The object's name."]
    path: Annotated[FilePath | None, "The file whose content was live.", absent("a command gave it")]
    items: Annotated[tuple[str, ...], "What in it carried."]
    certainty: Annotated[Certainty, "Whether the replay is sure that this content was live."]
    from_commit: Annotated[Oid, "The commit that begins it."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    until_commit: Annotated[Oid | None, "The first commit after it.", absent("it lasts to the tip")]
    until_date: Annotated[CommitDate | None, "When that commit was made.", absent("it lasts to the tip")]
    roles: Annotated[
        Names, INTERNAL, "Roles through which it reached nodes at some time in the stretch, the object itself included."
    ]
    nodes: Annotated[
        Names | None,
        INTERNAL,
        "Nodes that it reached at some time in the stretch.",
        absent("the repository keeps no nodes"),
    ]
    environments: Annotated[Names, INTERNAL, "Environments of those nodes."]
    nodes_at_tip: Annotated[
        Names | None,
        INTERNAL,
        "Nodes that it reaches at the tip.",
        absent("it is over, or the repository keeps no nodes"),
    ] = None
    proven: Annotated[
        Ground | None, IF_ANY, "What proves it; only of the scenario evidence.", absent("it is no scenario of evidence")
    ] = None

    @property
    def object(self) -> Annotated[str, written_as("role", "environment", "node")]:
        """The object as people write it: role[base]."""
        return f"{self.kind}[{self.name}]"

    @property
    def open(self) -> bool:
        """Whether it lasts to the tip."""
        return self.until_commit is None

    @property
    def _reach(self) -> Annotated[LiveStretch, only("live_reach", "roles", "nodes", "environments", "nodes_at_tip")]:
        """Who would have felt it."""
        return self


@document_view(name="node_stretch")
@dataclass(frozen=True, slots=True)
class NodeStretch:
    """A stretch of a replay in which something led a node to what is traced."""

    scenario: Annotated[ScenarioName, "The scenario."]
    node: Annotated[str, "The node's name."]
    from_commit: Annotated[Oid, "The commit that begins it."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    until_commit: Annotated[Oid | None, "The first commit after it.", absent("it lasts to the tip")]
    until_date: Annotated[CommitDate | None, "When that commit was made.", absent("it lasts to the tip")]


@dataclass(frozen=True, slots=True)
class RoleEnd:
    """A commit after which no file declares a role that a file of its first parent declared."""

    path: Annotated[FilePath, "The file that declared it."]
    commit: Annotated[Oid, "The commit."]
    date: Annotated[CommitDate, "When that commit was made."]
    instead: Annotated[
        FilePath | None,
        "The file of that commit that took its place: the same one, or the only one that came as it went.",
        absent("there is none"),
    ]
    declares: Annotated[str | None, "The role that this file declares.", absent("there is none, or it declares none")]


@dataclass(frozen=True, slots=True)
class RoleLife:
    """What became of a role's files."""

    files: Annotated[tuple[FilePath, ...], "The files that declare it at the tip."]
    ends: Annotated[tuple[RoleEnd, ...], "The commits of the first-parent line that left no file of it."]


@dataclass(frozen=True, slots=True)
class CookbookVersions:
    """The versions that a cookbook of the repository ever had, and those that are wanted in vain."""

    name: Annotated[str, "The cookbook."]
    versions: Annotated[
        tuple[str, ...] | None,
        "The versions that its metadata say in any commit, the lowest first; none, if it was never here.",
        absent("one of them cannot be told"),
    ]
    unmet: Annotated[
        tuple[str, ...], "What is pinned at the tip, or asked for, and no version of them meets, if it was ever here."
    ]


@dataclass(frozen=True, slots=True)
class RecipeFileLife:
    """A recipe's file."""

    path: Annotated[FilePath, "The file."]
    stretches: Annotated[tuple[LineStretch, ...], "When it was there, along the first-parent line."]


@dataclass(frozen=True, slots=True)
class RecipeRemoval:
    """A commit that removed a recipe's last file: it is there in every parent."""

    path: Annotated[FilePath, "The file that was removed."]
    commit: Annotated[Oid, "The commit that removed it: every parent has it."]
    date: Annotated[CommitDate, "When that commit was made."]


@dataclass(frozen=True, slots=True)
class RecipeLife:
    """When a recipe's file was in the repository."""

    name: Annotated[str, limit(minLength=1), "The recipe."]
    exists_at_head: Annotated[bool, "Whether the tip has a file of it."]
    cookbook_at_head: Annotated[bool, "Whether the tip has its cookbook."]
    files: Annotated[tuple[RecipeFileLife, ...], "The files that ever were the recipe."]
    removals: Annotated[tuple[RecipeRemoval, ...], "The commits without the recipe all of whose parents have it."]


@dataclass(frozen=True, slots=True)
class Sole:
    """The only file at the tip that names what is traced, and since when it has been that."""

    path: Annotated[FilePath, "The file."]
    since_commit: Annotated[Oid, "Since which commit no other file names it."]
    since_date: Annotated[CommitDate, "When that commit was made."]


@document_view(name="unknown_place")
@dataclass(frozen=True, slots=True)
class Unknown:
    """A place that only running the file could tell: it may name what is traced."""

    path: Annotated[FilePath, "The file."]
    kind: Annotated[str, words("role", "environment", "node", "recipe", ordered=False), "What the file is."]
    source: Annotated[str, "The Ruby that leaves it open."]
    line: Annotated[Line, "Its line, counted from 1."]
    first_commit: Annotated[Oid, "The first commit that holds it so."]
    at_head: Annotated[bool, "Whether the tip holds it so."]


_AT_HEAD = only(
    *("at_head", "visible=visible_at_head", "named_in", "sole", "live_under=live_at_head"),
    *("perhaps_under=perhaps_at_head", "unknown=unknown_at_head"),
)


@document_view("evidence", "subject", "scenarios", "at_head=_at_head", "recipe")
@dataclass(frozen=True, slots=True)
class Trace:
    """Everything through which a recipe, role or attribute could have reached a node."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    subject: Annotated[
        str,
        named(
            "subject",
            "What is traced; a recipe with its cookbook and ::default spelled out.",
            **written_as("recipe", "role", "attribute", "cookbook").keywords,
        ),
        "What was traced.",
    ]
    scenarios: Annotated[tuple[ScenarioName, ...], "The names of the scenarios that were replayed."]
    carriers: Annotated[
        tuple[Carrier, ...], "Files that led to what was traced, on every commit that the revision reaches."
    ]
    live: Annotated[
        tuple[LiveStretch, ...], "Stretches in which what was traced would have been live, under each scenario."
    ]
    recipe: Annotated[
        RecipeLife | None,
        "The files of the recipe that was traced.",
        absent("it is no recipe, or one that was never here"),
    ]
    sole: Annotated[
        Sole | None, INTERNAL, "The only file at the tip to name it, since when.", absent("there is none, or several")
    ]
    visible_at_head: Annotated[bool, INTERNAL, "Whether a file at the tip names it that is no shadowed copy."]
    live_at_head: Annotated[
        tuple[ScenarioName, ...], INTERNAL, "The scenarios under which something leads a node to it at the tip."
    ]
    unresolved: Annotated[
        tuple[Unknown, ...], "Places where what was traced may hide, since only running the file could tell."
    ]
    role: Annotated[
        RoleLife | None, "The files of the role that was traced.", absent("it is no role, or none ever declared it")
    ] = None
    nodes: Annotated[
        tuple[NodeStretch, ...], "When something that was live led a node to what was traced, under each scenario."
    ] = ()
    versions: Annotated[
        CookbookVersions | None,
        "The versions of the cookbook that was traced, or whose version was.",
        absent("no version is asked about"),
    ] = None
    mentions: Annotated[
        tuple[Mention, ...],
        "Places that name what was traced and do not count, on every commit reached; policies at the tip.",
    ] = ()
    perhaps_at_head: Annotated[
        tuple[ScenarioName, ...], INTERNAL, "The scenarios under which nobody can tell whether something does."
    ] = ()
    unknown_at_head: Annotated[
        Names, INTERNAL, "The objects of which nobody can tell what they hold at the tip, under one of these scenarios."
    ] = ()
    notes: Annotated[
        Mapping[Oid, CommitNote], INTERNAL, "What people want to read beside the commits that are named."
    ] = field(default_factory=dict)

    @property
    def _at_head(self) -> Annotated[Trace, _AT_HEAD]:
        """What is true at the tip."""
        return self

    @property
    def named_in(self) -> tuple[FilePath, ...]:
        """Files at the tip that name it."""
        return tuple(dict.fromkeys(each.path for each in self.carriers if each.at_head and each.names))
