"""The file versions that declare nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.problem_results import ProblemRecord

if TYPE_CHECKING:
    from forensics.analysis.shadows import Survey
    from forensics.analysis.tip import Tip
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations


UNDECIDED: Final = frozenset({"unresolved-name", "unreadable"})
"""The kinds of those that may declare something: nobody can tell what."""


def problem_records(
    history: History, declarations: Declarations, survey: Survey, tip: Tip
) -> tuple[ProblemRecord, ...]:
    """Every file version in the graph that declares nothing, by path and first commit."""
    records: list[tuple[str, int, ProblemRecord]] = []
    for sighting in survey.sightings:
        kind = sighting.target.kind
        declared = declarations.from_file(kind, sighting.path, sighting.file)
        if declared.name is not None:
            continue
        blob = sighting.file.hex() if isinstance(sighting.file, bytes) else None
        if declared.problem is not None:
            word, message, line = declared.problem.kind, declared.problem.message, declared.problem.line
            message = f"{declared.problem.error_class}: {message}"
        elif declared.unresolved is not None:
            word, message, line = "unresolved-name", declared.unresolved.source, declared.unresolved.line
        else:
            word, message, line = (
                "unreadable",
                "its content is missing or damaged",
                None,
            )
        records.append(
            (
                sighting.path,
                sighting.commit,
                ProblemRecord(
                    path=sighting.path,
                    blob=blob,
                    first_commit=history.graph.ids[sighting.commit].hex(),
                    kind=word,
                    message=message,
                    line=line,
                    at_head=tip.holds(sighting),
                ),
            )
        )
    return tuple(record for _, _, record in sorted(records, key=lambda each: each[:2]))
