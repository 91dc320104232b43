"""What a report yields beyond a scan: the stories of shadowed objects, and how it differs from an earlier report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.problem_results import ProblemRecord
from forensics.analysis.proven_results import ScanProof
from forensics.analysis.results import (
    CommitNote,
    Divergence,
    EvidenceSummary,
    Finding,
    Shadow,
    ValueChange,
    object_text,
)
from forensics.analysis.terms import (
    Certainty,
    Content,
    Count,
    FileEvent,
    FindingId,
    KindName,
    Line,
    ObjectText,
    ShadowId,
)
from forensics.facts import IF_ANY, INTERNAL, absent, document_view, limit, only
from forensics.history.model import CommitDate, FilePath, Oid
from forensics.uploads.scenario import Scenario, ScenarioName


@dataclass(frozen=True, slots=True)
class FileDifference:
    """How one file of a shadow differs from another, in the latest commit in which they declare the object together."""

    shadow: Annotated[ShadowId, "The id of the shadow, none of whose files is the canonical one."]
    kind: Annotated[KindName, INTERNAL, "The kind of the object."]
    path: Annotated[FilePath, "The file."]
    other: Annotated[FilePath, "The file that it is compared with: the first of the shadow."]
    changes: Annotated[tuple[ValueChange, ...], "What it says otherwise than that one."]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the replay in which one content of an object was live under one scenario."""

    from_commit: Annotated[Oid, "The commit that begins it."]
    from_date: Annotated[CommitDate, "When that commit was made."]
    until_commit: Annotated[Oid | None, "The commit at which the next one begins.", absent("it lasts to the tip")]
    until_date: Annotated[CommitDate | None, "When that commit was made.", absent("it lasts to the tip")]
    live: Annotated[bool, "Whether anything was live; what no file of the repository gave has neither path nor blob."]
    path: Annotated[
        FilePath | None, "The file whose content was live.", absent("nothing was, or no file of the repository gave it")
    ]
    blob: Annotated[
        Oid | None, "The id of that content.", absent("nothing was live, or no file of the repository gave it")
    ]
    certainty: Annotated[Certainty, "Whether the replay is sure of it."]
    diverges: Annotated[bool, "Whether the canonical file says something else in a part of it."]


@dataclass(frozen=True, slots=True)
class Lane:
    """What was live of an object under one scenario, from the first upload to the tip."""

    scenario: Annotated[ScenarioName, "The scenario."]
    spans: Annotated[tuple[Span, ...], "What was live under it, one stretch after the other."]


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit of the replayed line at which a file began, changed or ceased to declare the object."""

    commit: Annotated[Oid, "The commit."]
    date: Annotated[CommitDate, "When it was committed."]
    path: Annotated[FilePath, "The file that it touched."]
    blob: Annotated[Oid | None, "The id of the content it left.", absent("it removed the file or the declaration")]
    event: Annotated[FileEvent, "Whether the file began, changed or ceased to declare the object."]


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one version of a file says of the object, as knife would send it (``chef.wire.content``)."""

    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid, "The id of its content."]
    content: Annotated[Content, "What the file declares, as knife would send it."]


@document_view(
    "object",
    "kind",
    "container",
    "name",
    "paths",
    "at_tip",
    "canonical",
    "shadows",
    "lanes",
    "touches",
    "name_lines",
    "contents",
    name="story",
)
@dataclass(frozen=True, slots=True)
class ObjectStory:
    """Everything that is known about one object which several files declared."""

    kind: Annotated[KindName, "The kind of the object."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    name: Annotated[str, limit(minLength=1), "The object's name, which stands inside the files."]
    paths: Annotated[tuple[FilePath, ...], limit(minItems=1), "All files that ever declared it, in byte order."]
    at_tip: Annotated[tuple[FilePath, ...], "Those that do at the tip."]
    canonical: Annotated[FilePath | None, "The one of the files whose stem is the object's name.", absent("none is")]
    shadows: Annotated[tuple[ShadowId, ...], "The ids of its shadows."]
    lanes: Annotated[tuple[Lane, ...], "What was live, one lane for each scenario that was asked for, in their order."]
    touches: Annotated[tuple[Touch, ...], "The commits that touched the files, in order."]
    contents: Annotated[
        tuple[FileContent, ...], "Every content of the files that a lane, a touch or a divergence names, once."
    ]
    name_lines: Annotated[
        Mapping[FilePath, Line],
        "The lines, counted from 1, on which the files at the tip give the name, as far as that is plain to see.",
    ] = field(default_factory=dict)

    @property
    def object(self) -> ObjectText:
        """The object as people write it: role[base]."""
        return object_text(self.kind, self.container, self.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the findings differ from those of an earlier report."""

    head: Annotated[Oid, "The commit that the earlier report examined."]
    head_date: Annotated[CommitDate | None, "When that commit was made.", absent("the earlier report does not say")]
    new: Annotated[frozenset[FindingId], "Fingerprints of findings that the earlier report has not."]
    worse: Annotated[
        frozenset[FindingId],
        "Fingerprints of those that it has, but that are true at the tip only now, "
        "or of another file's content that is live under more scenarios now.",
    ]
    gone: Annotated[tuple[Finding, ...], "Findings that only it has, or that were true at its tip and no longer are."]
    commits: Annotated[
        Count | None, "How many commits came since.", absent("the earlier head is not among those examined")
    ] = None
    remarks: Annotated[
        tuple[str, ...], "Whole sentences about what makes the two hard to compare: a rebase, other options."
    ] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is new, worse or gone."""
        return bool(self.new or self.worse or self.gone)

    def mark(self, fingerprint: str) -> str:
        """``new``, ``worse`` or ``known``: what the earlier report makes of a finding."""
        if fingerprint in self.new:
            return "new"
        return "worse" if fingerprint in self.worse else "known"


SCAN: Final = only(
    "scan",
    "evidence.tool",
    "evidence",
    "scenarios",
    "deciding",
    "shadows",
    "divergences",
    "differences",
    "findings",
    "problems",
    "suppressed",
    "stale_ignores",
    "proof",
)
"""What ``scan`` tells of an examination; ``report`` tells the rest of it, too."""


@document_view(*SCAN.paths, "head_date", "asked", "stories", "commits=notes", name="report")
@dataclass(frozen=True, slots=True)
class Scan:
    """The whole examination, as ``scan`` prints it; with the stories and what follows them, as ``report`` does.

    ``shadows`` and ``divergences`` are facts, all of them; ``findings`` is what is to be told of them.
    """

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    head_date: Annotated[CommitDate, "When the examined revision was committed."]
    scenarios: Annotated[tuple[Scenario, ...], "The ways of uploading that were replayed."]
    deciding: Annotated[
        tuple[ScenarioName, ...],
        "The names of those by which headline, severity and exit code go: the ones that somebody says are used, "
        "else those of usual standing.",
    ]
    shadows: Annotated[
        tuple[Shadow, ...], "Every set of files that ever declared one object together, those at the tip first."
    ]
    divergences: Annotated[
        tuple[Divergence, ...],
        "The stretches in which, under a scenario, another file's content would have been live.",
    ]
    findings: Annotated[tuple[Finding, ...], "What the rules found, the most severe rule first."]
    problems: Annotated[tuple[ProblemRecord, ...], "The file versions that declare nothing, and why."]
    notes: Annotated[Mapping[Oid, CommitNote], "What people want to read beside the commits that are named here."]
    suppressed: Annotated[
        tuple[Suppression, ...], "Findings that an ignore of forensics.toml takes out, with that ignore."
    ] = ()
    stale_ignores: Annotated[
        tuple[Ignore, ...], "Ignores of forensics.toml that match nothing any more, or have expired."
    ] = ()
    proof: Annotated[
        ScanProof | None,
        IF_ANY,
        "What evidence proves of shadowed objects; only with --evidence.",
        absent("there is none"),
    ] = None
    asked: Annotated[Mapping[str, str], "The options that narrow or widen the examination, as people write them."] = (
        field(default_factory=dict)
    )
    stories: Annotated[
        tuple[ObjectStory, ...],
        "What was live of each shadowed object under every scenario, and the commits that touched its files.",
    ] = ()
    baseline: Annotated[
        Comparison | None,
        "How the findings compare with the earlier report that --baseline or --since-last names.",
        absent("none was given"),
    ] = None
    first: Annotated[
        bool, "Whether this is the first of a series: --since-last named a file that is not there yet."
    ] = False
    differences: Annotated[
        tuple[FileDifference, ...], IF_ANY, "How the files of each shadow differ none of which is the canonical one."
    ] = ()
    only_fixtures: Annotated[bool, INTERNAL, "Whether there are no objects but fixtures of tests."] = False
    gone: Annotated[
        frozenset[tuple[str, str, str]],
        INTERNAL,
        "Those of the objects told of that no file declares at the tip, by kind, container and name.",
    ] = frozenset()
    examples: Annotated[
        tuple[FilePath, ...], INTERNAL, "Directories of objects that came with cookbooks kept here: not examined."
    ] = ()
    repository_uri: Annotated[str | None, INTERNAL, "Where others find the repository.", absent("nobody said so")] = (
        None
    )
