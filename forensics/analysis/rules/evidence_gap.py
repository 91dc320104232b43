"""evidence-gap: something that the examination needed is not in the repository or cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.history.model import Gap

RULE: Final = Rule(
    "evidence-gap",
    "warning",
    "The evidence is incomplete",
    "Something that the examination needed is not in the repository or cannot be read: the past that a shallow "
    "clone leaves out, a missing or corrupt object, a link that leads nowhere. The rest was examined. What is "
    "reported holds, but there may be more than is reported.",
    "Examine a complete clone (git fetch --unshallow or --refetch, git fsck), or read the result as a lower bound.",
)


_FEW: Final = 3
"""So many gaps of one cause are told one by one."""

SHALLOW_REMEDY: Final = (
    "git fetch --unshallow gets the rest; in CI, set fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 in GitLab"
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each gap, for many of one cause together, and for all places where a shallow clone is cut off."""
    gaps = examination.evidence(replayed=True).gaps
    cut = [gap for gap in gaps if gap.kind == "shallow"]
    if cut:
        where = f"{len(cut)} commits" if len(cut) > 1 else "one commit"
        yield RULE.finding(
            f"shallow: the history before {where} was not cloned, so what came earlier is not known: {SHALLOW_REMEDY}",
            commit=cut[0].commit,
            detail="shallow",
        )
    causes: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        if gap.kind != "shallow":
            causes.setdefault((gap.kind, gap.detail), []).append(gap)
    for alike in causes.values():
        if len(alike) > _FEW:
            yield _of_one_cause(alike)
            continue
        for gap in alike:
            what = gap.path or gap.oid or "the repository"
            yield RULE.finding(
                f"{gap.kind}: {what}: {gap.detail}",
                paths=(gap.path,) if gap.path else (),
                commit=gap.commit,
                # the id of a commit changes when history is rewritten, those of files and directories do not
                detail=gap.kind if gap.kind.endswith("-commit") else f"{gap.kind} {gap.oid or ''}",
            )


def _of_one_cause(alike: Sequence[Gap]) -> Finding:
    """The finding for many gaps that have one cause."""
    first = alike[0]
    paths = tuple(dict.fromkeys(gap.path for gap in alike if gap.path))
    shown = ", ".join(paths[:_FEW])
    return RULE.finding(
        f"{first.kind}: {len(alike)} times ({shown}, ...): {first.detail}",
        paths=paths,
        commit=first.commit,
        detail=f"{first.kind} {first.detail}",
    )
