"""A trace as a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.documents import evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.trace_results import Carrier, LiveStretch, RecipeLife, Stretch, Trace
    from forensics.report.documents import Document


def trace_document(found: Trace) -> Document:
    """``trace --format json``."""
    return {
        "schema": "forensics.trace/1",
        "evidence": evidence(found.evidence),
        "subject": found.subject,
        "scenarios": list(found.scenarios),
        "at_head": {
            "visible": found.visible_at_head,
            "named_in": list(dict.fromkeys(each.path for each in found.carriers if each.at_head and each.names)),
            "sole": None
            if found.sole is None
            else {
                "path": found.sole.path,
                "since_commit": found.sole.since_commit,
                "since_date": found.sole.since_date,
            },
            "live_under": list(found.live_at_head),
        },
        "recipe": None if found.recipe is None else _recipe(found.recipe),
        "carriers": [_carrier(each) for each in found.carriers],
        "live": [_live(each) for each in found.live],
        "unresolved": [
            {
                "path": each.path,
                "kind": each.kind,
                "source": each.source,
                "line": each.line,
                "first_commit": each.first_commit,
                "at_head": each.at_head,
            }
            for each in found.unresolved
        ],
    }


def _carrier(each: Carrier) -> Document:
    return {
        "object": each.object,
        "container": each.container,
        "path": each.path,
        "where": each.where,
        "environment": each.environment,
        "item": each.item,
        "carriage": each.carriage,
        "through": list(each.through),
        "values": [change.after for change in each.values],
        "canonical": each.canonical,
        "shadows": list(each.shadows),
        "shadowed_at_head": each.shadowed_at_head,
        "commits": each.commits,
        "first_commit": each.first_commit,
        "first_date": each.first_date,
        "last_commit": each.last_commit,
        "last_date": each.last_date,
        "at_head": each.at_head,
        "stretches": _stretches(each.stretches),
    }


def _live(each: LiveStretch) -> Document:
    return {
        "scenario": each.scenario,
        "object": each.object,
        "container": each.container,
        "path": each.path,
        "items": list(each.items),
        "certainty": each.certainty,
        "from_commit": each.from_commit,
        "from_date": each.from_date,
        "until_commit": each.until_commit,
        "until_date": each.until_date,
        "reach": {
            "roles": list(each.roles),
            "nodes": None if each.nodes is None else list(each.nodes),
            "environments": list(each.environments),
        },
    }


def _recipe(life: RecipeLife) -> Document:
    return {
        "name": life.name,
        "exists_at_head": life.exists_at_head,
        "cookbook_at_head": life.cookbook_at_head,
        "files": [{"path": file.path, "stretches": _stretches(file.stretches)} for file in life.files],
        "removals": [{"path": each.path, "commit": each.commit, "date": each.date} for each in life.removals],
    }


def _stretches(stretches: Sequence[Stretch]) -> list[Document]:
    return [
        {
            "from_commit": each.from_commit,
            "from_date": each.from_date,
            "until_commit": each.until_commit,
            "until_date": each.until_date,
        }
        for each in stretches
    ]
