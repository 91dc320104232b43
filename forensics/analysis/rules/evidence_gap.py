"""evidence-gap: something that the examination needed is not in the repository or cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "evidence-gap",
    "warning",
    "The evidence is incomplete",
    "Something that the examination needed is not in the repository or cannot be read: the past that a shallow "
    "clone leaves out, a missing or corrupt object, a link that leads nowhere. The rest was examined. What is "
    "reported holds, but there may be more than is reported.",
    "Examine a complete clone (git fetch --unshallow or --refetch, git fsck), or read the result as a lower bound.",
)


SHALLOW_REMEDY: Final = (
    "git fetch --unshallow gets the rest; in CI, set fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 in GitLab"
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each gap; one for all places together where a shallow clone is cut off, which move with it."""
    gaps = examination.evidence(replayed=True).gaps
    cut = [gap for gap in gaps if gap.kind == "shallow"]
    if cut:
        where = f"{len(cut)} commits" if len(cut) > 1 else "one commit"
        yield RULE.finding(
            f"shallow: the history before {where} was not cloned, so what came earlier is not known: {SHALLOW_REMEDY}",
            commit=cut[0].commit,
            detail="shallow",
        )
    for gap in gaps:
        if gap.kind == "shallow":
            continue
        what = gap.path or gap.oid or "the repository"
        yield RULE.finding(
            f"{gap.kind}: {what}: {gap.detail}",
            paths=(gap.path,) if gap.path else (),
            commit=gap.commit,
            # the id of a commit changes when history is rewritten, those of files and directories do not
            detail=gap.kind if gap.kind.endswith("-commit") else f"{gap.kind} {gap.oid or ''}",
        )
