"""Files that declare nothing, or of which nobody can tell what they declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from forensics.analysis.terms import Line, ObjectText
from forensics.facts import INTERNAL, absent, document_view, limit, words
from forensics.history.model import FilePath, Oid


@document_view(name="problem")
@dataclass(frozen=True, slots=True)
class ProblemRecord:
    """A file version that declares nothing, or of which nobody can tell what it declares, and why."""

    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid | None, "The id of its content.", absent("there is none that could be read")]
    first_commit: Annotated[Oid, "The first commit that holds it."]
    kind: Annotated[str, limit(minLength=1), "What sort of problem it is."]
    message: Annotated[str, "What Chef says of it, or would say."]
    line: Annotated[Line | None, "The line where it stands, counted from 1.", absent("it is about no one line")]
    at_head: Annotated[bool, "Whether the tip still holds it."]


@document_view("path", "objects", "reason", "at_tip", name="undecided")
@dataclass(frozen=True, slots=True)
class UndecidedPath:
    """A file of which it cannot be told what it declares."""

    path: Annotated[FilePath, "The file."]
    objects: Annotated[
        tuple[ObjectText, ...],
        "What it may declare: what other versions of the file do, or else the object that it is called after.",
    ]
    reason: Annotated[
        str,
        words("unresolved-name", "unreadable", ordered=False),
        "Why: only running the file could tell, or its content is missing or damaged.",
    ]
    at_tip: Annotated[bool, "Whether the tip holds such a version of the file."]
    line: Annotated[Line | None, INTERNAL, "The line of what only running could tell.", absent("it is no such")] = None
    source: Annotated[str | None, INTERNAL, "What only running the file could tell.", absent("it is no such")] = None
