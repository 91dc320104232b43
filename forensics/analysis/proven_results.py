"""What evidence proves of shadowed objects, beside what replays give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from forensics.analysis.ground_results import EvidencePlace, Organization, Proof, ProofMatch
from forensics.analysis.terms import Certainty, Count, KindName, ObjectText
from forensics.evidence.moments import Moment
from forensics.facts import INTERNAL, absent, document_view
from forensics.history.model import FilePath
from forensics.uploads.scenario import ScenarioName


@document_view("file", "format", "first", "last", "bad_lines", name="proof_source")
@dataclass(frozen=True, slots=True)
class ProofSource:
    """A file of evidence."""

    file: Annotated[str, "The file as it was named."]
    format: Annotated[str, "What it is: access-log, json-lines, ..."]
    first: Annotated[Moment | None, "The earliest time in it.", absent("it has none")]
    last: Annotated[Moment | None, "The latest time in it.", absent("it has none")]
    bad_lines: Annotated[Count, "How many lines nothing could be made of: any of them may be an upload."]


@document_view("from=first_time", "until=last_time", name="silence")
@dataclass(frozen=True, slots=True)
class Silence:
    """A period of which no log tells."""

    first_time: Annotated[Moment | None, "When it begins.", absent("any time before")]
    last_time: Annotated[Moment | None, "When it ends.", absent("any time after")]


@document_view(
    "from=first_time",
    "until=last_time",
    "live",
    "certainty",
    "paths",
    "diverges",
    "proof",
    "source",
    "user",
    "client",
    "matches",
    "note",
    name="proven_span",
)
@dataclass(frozen=True, slots=True)
class ProvenSpan:
    """A time in which one content of an object is proven to have been live, or in which it is not known what was."""

    first_time: Annotated[Moment, "When it begins."]
    last_time: Annotated[Moment | None, "Until when that is known.", absent("nothing is known of it to the end")]
    live: Annotated[bool | None, "Whether anything was live.", absent("that is not known")]
    certainty: Annotated[Certainty, "Whether it is known what was live; a race is one of several contents."]
    paths: Annotated[tuple[FilePath, ...], "The files that have the content, or may have."]
    diverges: Annotated[bool, "Whether the canonical file said something else at some moment of it."]
    proof: Annotated[Proof | None, "How it is known what was sent.", absent("nothing is known")] = None
    source: Annotated[EvidencePlace | None, "Where that stands.", absent("nothing is known")] = None
    user: Annotated[str, "Who sent it; empty where nothing tells."] = ""
    client: Annotated[str, "With which program; empty where nothing tells."] = ""
    matches: Annotated[tuple[ProofMatch, ...], "Every file version that it can have been of."] = ()
    note: Annotated[str, "What else to know, such as why nothing is known."] = ""
    between: Annotated[tuple[str, str | None], INTERNAL, "The commits of the replayed line around it."] = ("", None)


@document_view(name="fit")
@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a way of uploading gives what evidence proves of an object."""

    scenario: Annotated[ScenarioName, "The way of uploading."]
    agrees: Annotated[bool | None, "Whether it gives the same.", absent("there was nothing to compare it with")]
    compared: Annotated[Count, "At how many moments it could be compared."]
    refuted: Annotated[Count, "At how many of them something else was live."]
    source: Annotated[EvidencePlace | None, "The line that refutes it first.", absent("none does")] = None
    time: Annotated[Moment | None, "When that was logged.", absent("none does")] = None
    live: Annotated[tuple[FilePath, ...], "The files whose content was live then."] = ()
    given: Annotated[FilePath | None, "The file whose content it gives there.", absent("none")] = None


@document_view("object", "container", "organization", "scenario", "spans", "fits", name="object_proof")
@dataclass(frozen=True, slots=True)
class ObjectProof:
    """What evidence proves of one shadowed object in one organization."""

    object: Annotated[ObjectText, "The object."]
    kind: Annotated[KindName, INTERNAL, "Its kind."]
    container: Annotated[FilePath, "The directory that holds a server's objects of this kind."]
    name: Annotated[str, INTERNAL, "Its name."]
    organization: Organization
    scenario: Annotated[ScenarioName, "The scenario under which the same is told."]
    spans: Annotated[tuple[ProvenSpan, ...], "What was live, from the first request that is logged on."]
    fits: Annotated[
        tuple[Fit, ...],
        "For each way of uploading, whether it gives that; none where several organizations may be meant.",
    ]

    @property
    def now(self) -> ProvenSpan | None:
        """What is known of the end."""
        return self.spans[-1] if self.spans else None


@document_view("sources", "silent", "organizations", "objects", "notes", name="scan_proof")
@dataclass(frozen=True, slots=True)
class ScanProof:
    """What evidence proves of the objects that several files declared."""

    sources: Annotated[tuple[ProofSource, ...], "The files of evidence."]
    silent: Annotated[tuple[Silence, ...], "The periods of which no log tells, the first and the last included."]
    organizations: Annotated[tuple[str, ...], "The organizations of which something is proven."]
    objects: Annotated[tuple[ObjectProof, ...], "The objects, as far as something is proven of them."]
    notes: Annotated[tuple[str, ...], "What else to know of it."]
