"""What questions about single objects yield: what was live when, what it was at a moment, and how files changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, NotRequired, TypeAlias, TypedDict

from forensics.analysis.ground_results import EvidencePlace, Ground, Proof, ProofMatch
from forensics.analysis.results import CommitNote, EvidenceSummary, Source, ValueChange
from forensics.analysis.terms import (
    Basis,
    Certainty,
    Content,
    Count,
    FileEvent,
    Keys,
    KindName,
    Level,
    ObjectText,
)
from forensics.chef.objects import Unresolved, Value
from forensics.evidence.moments import Moment
from forensics.facts import IF_ANY, INTERNAL, absent, document_view, limit, named, words
from forensics.history.model import CommitDate, FilePath, Oid
from forensics.uploads.scenario import ScenarioName

MOST_POSSIBLE: Final = 16
"""Of the contents that an aborted upload may have left, so many are told."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A change of what was live of an object under a scenario: content, file or blob."""

    object: Annotated[ObjectText, "The object as people write it: role[base]."]
    kind: Annotated[KindName, INTERNAL, "The kind of the object."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    name: Annotated[str, INTERNAL, "The object's name, which stands inside the files."]
    scenario: Annotated[ScenarioName, "The scenario."]
    from_commit: Annotated[Oid, "The commit whose upload made the change."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    path: Annotated[
        FilePath | None,
        "The file whose content is live from here on.",
        absent("the object ceased to be, or no file gave it"),
    ]
    blob: Annotated[
        Oid | None, "The id of that content.", absent("the object ceased to be, no file gave it, or it is not known")
    ]
    commit: Annotated[Oid | None, "The commit whose upload put the content there.", absent("the object ceased to be")]
    content: Annotated[
        Content | None,
        "What is live from here on, as the uploader sends it.",
        absent("the object ceased to be, or it is not known"),
    ]
    certainty: Annotated[Certainty, "Whether the replay is sure of it."] = "exact"
    possible: Annotated[
        tuple[TimelinePossibility, ...],
        limit(minItems=2),
        IF_ANY,
        f"What the upload may have left, the newest first, {MOST_POSSIBLE} at most; only where that is not certain.",
    ] = ()
    unlisted: Annotated[
        Count, IF_ANY, "How many older contents the upload may have left, too, beyond those that possible lists."
    ] = 0
    time: Annotated[
        Moment | None,
        IF_ANY,
        "By evidence: when it happened, or was first seen; from_commit is then the newest commit of that time, or else "
        "the first one.",
        absent("it is no scenario of evidence"),
    ] = None
    until: Annotated[
        Moment | None,
        IF_ANY,
        "By evidence: until when it is proven to have stayed so.",
        absent("nothing is proven"),
    ] = None
    organization: Annotated[
        str, IF_ANY, "By evidence: the organization in the path of the request; empty where paths have none."
    ] = ""
    proof: Annotated[Proof | None, IF_ANY, "By evidence: how it is known what was sent.", absent("nothing is")] = None
    source: Annotated[
        EvidencePlace | None, IF_ANY, "By evidence: where that stands.", absent("no line tells of it")
    ] = None
    user: Annotated[str, IF_ANY, "By evidence: who sent it, if anything tells."] = ""
    client: Annotated[str, IF_ANY, "By evidence: with which program, if anything tells."] = ""
    matches: Annotated[
        tuple[ProofMatch, ...],
        IF_ANY,
        "By evidence: every file version that it can have been of; path, blob and commit stand where they agree.",
    ] = ()
    note: Annotated[str, IF_ANY, "By evidence: what else to know, such as why nothing is known."] = ""
    failure: Annotated[
        str | None, IF_ANY, "Why nodes that read the files themselves cannot read it from here on, though it is there."
    ] = None


@document_view(name="possibility")
@dataclass(frozen=True, slots=True)
class TimelinePossibility:
    """One of the contents that an upload cut short may have left."""

    path: Annotated[FilePath | None, "The file.", absent("the upload may have left nothing, or no file gave it")]
    blob: Annotated[
        Oid | None, "The id of its content.", absent("the upload may have left nothing, or no file gave it")
    ]
    content: Annotated[
        Content | None, "What it declares.", absent("the upload may have left nothing, or that is not known")
    ]


@document_view("object", "basis", "source.*")
@dataclass(frozen=True, slots=True)
class ObjectSource:
    """Where an object came from that the expansion is made of."""

    object: Annotated[ObjectText, "The object as people write it: role[base]."]
    basis: Annotated[Basis, "Whether it was uploaded, read from the commit's tree, or given."]
    source: Annotated[Source, "Where its content came from."]


@document_view(name="contribution")
@dataclass(frozen=True, slots=True)
class Contributor:
    """What one role, environment or level of a node says of an attribute."""

    level: Annotated[Level, "The level of precedence."]
    object: Annotated[
        str,
        limit(minLength=1),
        "Who says so: role[base], environment[prod], node[web01], or a run list that is not resolved.",
    ]
    source: Annotated[Source | None, "Where that object came from.", absent("that is not known")]
    path: Annotated[
        Keys, "Where the value stands, key by key: the attribute, or the plain value that takes its place further up."
    ]
    value: Annotated[Value, "What it says there."]
    wins: Annotated[
        bool | None,
        "Whether the value or a part of it is in the merged one.",
        absent("an unresolved value leaves that open"),
    ]


@dataclass(frozen=True, slots=True)
class Why:
    """Why an attribute has its value: everything that is said of it, the weakest first."""

    path: Annotated[Keys, "The attribute that was asked about, key by key."]
    found: Annotated[bool, "Whether the attribute has a value."]
    value: Annotated[Value, "Its merged value.", absent("it has none")]
    contributions: Annotated[tuple[Contributor, ...], "Everything that is said of it, the weakest first."]


RunListName: TypeAlias = Annotated[str | Unresolved, named("text_or_unresolved", "A text, or an unresolved value.")]


class Expanded(TypedDict):
    """What the run list of a role or a node leads to."""

    environment: Annotated[str, "The environment for which the run list was expanded."]
    recipes: Annotated[list[RunListName], "The recipes, in the order in which the node runs them."]
    roles: Annotated[
        list[RunListName], "The roles that the run list leads to, the object itself included where it is one."
    ]
    missing_roles: Annotated[list[RunListName], "Roles that the run list names and that were not live."]
    default_attributes: Annotated[Value, "The merged default attributes of the roles."]
    override_attributes: Annotated[Value, "The merged override attributes of the roles."]
    error: Annotated[str | None, "The class of the error with which the client fails.", absent("it does not")]
    certainty: Annotated[Certainty, "Whether the replay is sure of all that went into it."]
    sources: Annotated[tuple[ObjectSource, ...], "Where every object that went into it came from."]
    attributes: NotRequired[
        Annotated[Value, "Of a node: everything merged.", absent("the client fails before, or that is not known")]
    ]


@document_view(
    "scenario",
    "container",
    "source.*",
    "certainty",
    "basis",
    "content",
    "expanded",
    "notes",
    "proven",
)
@dataclass(frozen=True, slots=True)
class State:
    """What one scenario had live of an object at a moment."""

    scenario: Annotated[ScenarioName, "The scenario."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    source: Annotated[Source | None, "Where what was live came from.", absent("nothing was live")]
    content: Annotated[
        Content | None, "What was live, as the uploader sends it.", absent("nothing was, or it is not known")
    ]
    expanded: Annotated[
        Expanded | None,
        "What the run list of a role or node leads to.",
        absent("it is of another kind, nothing was live, or the notes say why not"),
    ]
    certainty: Annotated[Certainty, "Whether the replay is sure of it."] = "exact"
    basis: Annotated[Basis, "Whether it was uploaded, read from the commit's tree, or given."] = "live"
    without_automatic: Annotated[
        Value,
        INTERNAL,
        "A node's merged attributes but for what only Ohai says.",
        absent("it is no node, or they are not known"),
    ] = None
    proven: Annotated[
        Ground | None, IF_ANY, "What proves it; only of the scenario evidence.", absent("it is no scenario of evidence")
    ] = None
    why: Annotated[tuple[Why, ...] | None, IF_ANY, "What was asked of single attributes; only if it was."] = None
    notes: Annotated[tuple[Annotated[str, limit(minLength=1)], ...], "What to know about this state."] = ()


@document_view("commit", "note.*", name="origin_commit")
@dataclass(frozen=True, slots=True)
class OriginCommit:
    """A commit of a merged branch."""

    commit: Annotated[Oid, "The commit."]
    note: Annotated[CommitNote, "What people want to read beside its id."]


@dataclass(frozen=True, slots=True)
class MergeChange:
    """A value that a merge left otherwise than its parents' changes since their common ancestor come to."""

    did: Annotated[
        str,
        words("dropped", "restored", "doubled", "chose", "changed", ordered=False),
        "Whether the merge dropped a parent's change, brought back what a parent had removed, has an entry more often "
        "than its parents, chose between two values, or has what no parent had.",
    ]
    change: Annotated[
        ValueChange | None, "What turns that parent, or the first one, into the merge.", absent("it is the whole file")
    ]
    parent: Annotated[Oid | None, "The parent whose change is lost.", absent("none is")]
    origin: Annotated[
        OriginCommit | None,
        "The commit behind that parent that had made the change.",
        absent("none is lost, or no single commit made it"),
    ]


@document_view("commit", "note.*")
@dataclass(frozen=True, slots=True)
class LogEntry:
    """A commit that changed what a file says of an object."""

    commit: Annotated[Oid, "The commit."]
    note: Annotated[CommitNote, "What people want to read beside its id."]
    path: Annotated[FilePath, "The file that it changed."]
    blob: Annotated[Oid | None, "The id of the content it left.", absent("it removed the file or the declaration")]
    event: Annotated[FileEvent, "Whether the file began, changed or ceased to declare the object."]
    changes: Annotated[
        tuple[ValueChange, ...],
        "What changed in the content that the file declares, against the commit's first parent; for a merge whose "
        "branches are told themselves, none.",
    ]
    reason: Annotated[str | None, "Why the file cannot be loaded.", absent("it can be, or is gone")] = None
    moved_from: Annotated[FilePath | None, IF_ANY, "The file that declared it before."] = None
    default_list: Annotated[
        str | None, IF_ANY, "The list that takes the place of run_list: env_run_lists._default, if the file has it."
    ] = None
    overridden: Annotated[
        tuple[ValueChange, ...], IF_ANY, "What changed in a run_list that counts nowhere for that reason."
    ] = ()
    brought_by: Annotated[
        tuple[OriginCommit, ...], IF_ANY, "Of a merge: the commits of the merged branches that changed the file so."
    ] = ()
    merge: Annotated[tuple[MergeChange, ...], IF_ANY, "Of a merge: what its parents' changes do not come to."] = ()


@document_view(name="timeline")
@dataclass(frozen=True, slots=True)
class TimelineAnswer:
    """What was live of objects over time."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    timeline: Annotated[tuple[TimelineEntry, ...], "One entry for each change of content, file or blob, in order."]


@document_view(name="show")
@dataclass(frozen=True, slots=True)
class ShowAnswer:
    """An object at a moment."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    object: Annotated[ObjectText, "The object that was asked about."]
    at: Annotated[CommitDate, "The moment that was asked about: the date of the commit that was current then."]
    states: Annotated[tuple[State, ...], "The object under each scenario, and in each container that has it."]


@document_view(name="log")
@dataclass(frozen=True, slots=True)
class LogAnswer:
    """How the declarations of an object changed."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    object: Annotated[ObjectText, "The object that was asked about."]
    log: Annotated[tuple[LogEntry, ...], "One entry for each commit and file that changed what is said of the object."]
    file: Annotated[FilePath | None, IF_ANY, "The file by whose name the object was asked for."] = None
