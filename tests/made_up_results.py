"""Results made up for tests of reports, without any repository."""

from __future__ import annotations

from forensics.analysis.report_results import Scan
from forensics.analysis.results import (
    CommitNote,
    Divergence,
    EvidenceSummary,
    Phase,
    Reach,
    Shadow,
    Source,
    ValueChange,
)
from forensics.history.model import Provenance
from forensics.uploads.scenario import SHIPPED, deciding

FIRST, LAST = "a1" * 20, "b2" * 20
DATES = {FIRST: "2014-08-31T10:00:00-07:00", LAST: "2014-10-14T09:30:00-07:00"}
NOTES = {oid: CommitNote(date, date, "Dana Whitfield", f"Commit of {date[:10]}") for oid, date in DATES.items()}


def shadow(name="base", *, kind="role", container="roles", at_head=True, paths=None, canonical=True, differ=True):
    """Two files that declare one object."""
    paths = paths or (f"{container}/{name}-copy.json", f"{container}/{name}.json")
    return Shadow(
        id="0" * 12,
        kind=kind,
        container=container,
        name=name,
        paths=paths,
        canonical=paths[-1] if canonical else None,
        first_commit=FIRST,
        first_date=DATES[FIRST],
        last_commit=LAST,
        last_date=DATES[LAST],
        commits=3,
        first_parent_commits=2,
        at_head=at_head,
        contents_differ=differ,
        possible=(),
    )


def phase(*changes, added=(), removed=(), commit=FIRST, name="base", container="roles"):
    """A part of a divergence."""
    return Phase(
        from_commit=commit,
        from_date=DATES[commit],
        live=Source(f"{container}/{name}-copy.json", "c" * 40, commit),
        expected=Source(f"{container}/{name}.json", "d" * 40, commit),
        changes=changes or (ValueChange("add", "/run_list/0", after="recipe[x]"),),
        recipes_added={"_default": tuple(added)},
        recipes_removed={"_default": tuple(removed)},
    )


def divergence(
    name="base", *phases, scenario="glob", is_open=True, nodes=None, kind="role", container="roles", roles=()
):
    """A stretch in which the copy was live."""
    return Divergence(
        shadow="0" * 12,
        scenario=scenario,
        kind=kind,
        container=container,
        name=name,
        from_commit=FIRST,
        from_date=DATES[FIRST],
        until_commit=None if is_open else LAST,
        until_date=None if is_open else DATES[LAST],
        certainty="exact",
        reach=Reach(tuple(roles), nodes, ()),
        reach_at_tip=Reach(tuple(roles), nodes, ()) if is_open else None,
        phases=phases or (phase(name=name, container=container),),
    )


def scan(*, shadows=(), divergences=(), findings=(), gaps=(), notes=(), scenarios=SHIPPED, repository="chef-repo"):
    """A whole result."""
    return Scan(
        evidence=EvidenceSummary(Provenance(repository, "HEAD", LAST, "1.9.7", tuple(notes)), 50, 42, tuple(gaps)),
        head_date=DATES[LAST],
        scenarios=tuple(scenarios),
        deciding=deciding(scenarios, chosen=False),
        shadows=tuple(shadows),
        divergences=tuple(divergences),
        findings=tuple(findings),
        problems=(),
        notes=NOTES,
    )
