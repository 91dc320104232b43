"""Results as JSON documents (docs: the field names are stable once shipped, fields may be added)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.analysis.json_text import json_text
from forensics.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.fingerprint import Fingerprint, Fingerprints
    from forensics.analysis.lookup import LookUp
    from forensics.analysis.results import (
        Divergence,
        EvidenceSummary,
        Finding,
        Ignore,
        LogEntry,
        ProblemRecord,
        Reach,
        Scan,
        Shadow,
        ShadowScan,
        Source,
        State,
        TimelineEntry,
        Why,
    )
    from forensics.chef.wire import ContentHashes
    from forensics.uploads.scenario import Scenario

Document = dict[str, Any]


def render(document: Document) -> str:
    """A document as text: ASCII only, so that no terminal, log or reader can trip over what a repository contains."""
    return json_text(document, indent=1) + "\n"


def scan_document(scan: Scan) -> Document:
    """``scan --format json``."""
    return {
        "schema": "forensics.scan/1",
        "tool": {"name": "forensics", "version": __version__, "libgit2": scan.evidence.provenance.libgit2},
        "evidence": evidence(scan.evidence),
        "scenarios": [scenario(each) for each in scan.scenarios],
        "shadows": [shadow(each) for each in scan.shadows],
        "divergences": [divergence(each) for each in scan.divergences],
        "findings": [finding(each) for each in scan.findings],
        "problems": [problem(each) for each in scan.problems],
        "suppressed": [{"finding": finding(each.finding), "ignore": ignore(each.ignore)} for each in scan.suppressed],
        "stale_ignores": [ignore(each) for each in scan.stale_ignores],
    }


def shadows_document(found: ShadowScan, *, commits: bool) -> Document:
    """``shadows --format json``; ``commits`` adds ``commit_ids``."""
    return {
        "schema": "forensics.shadows/1",
        "evidence": evidence(found.evidence),
        "shadows": [shadow(each, commits=commits) for each in found.shadows],
    }


def timeline_document(entries: Sequence[TimelineEntry]) -> Document:
    """``timeline --format json``."""
    return {"schema": "forensics.timeline/1", "timeline": [_timeline_entry(entry) for entry in entries]}


def show_document(object_text: str, at: str, states: Sequence[State]) -> Document:
    """``show --format json``."""
    return {
        "schema": "forensics.show/1",
        "object": object_text,
        "at": at,
        "states": [_state(state) for state in states],
    }


def log_document(object_text: str, entries: Sequence[LogEntry]) -> Document:
    """``log --format json``."""
    return {
        "schema": "forensics.log/1",
        "object": object_text,
        "log": [
            {
                "commit": entry.commit,
                "date": entry.note.date,
                "author_date": entry.note.author_date,
                "author": entry.note.author,
                "subject": entry.note.subject,
                "path": entry.path,
                "blob": entry.blob,
                "event": entry.event,
                "reason": entry.reason,
                "changes": [_change(change) for change in entry.changes],
            }
            for entry in entries
        ],
    }


def scenarios_document(scenarios: Sequence[Scenario]) -> Document:
    """``scenarios --format json``."""
    return {"schema": "forensics.scenarios/1", "scenarios": [scenario(each) for each in scenarios]}


def evidence(summary: EvidenceSummary) -> Document:
    """Provenance and completeness."""
    return {
        "repository": summary.provenance.repository,
        "rev": summary.provenance.rev,
        "head": summary.provenance.head,
        "commits": summary.commits,
        "first_parent_commits": summary.first_parent_commits,
        "complete": summary.complete,
        "gaps": [
            {"kind": gap.kind, "detail": gap.detail, "oid": gap.oid, "path": gap.path, "commit": gap.commit}
            for gap in summary.gaps
        ],
        "notes": list(summary.provenance.notes),
    }


def scenario(each: Scenario) -> Document:
    """One scenario."""
    return {
        "name": each.name,
        "uploader": each.uploader,
        "scope": each.scope,
        "order": each.order,
        "description": each.description,
    }


def shadow(each: Shadow, *, commits: bool = False) -> Document:
    """One shadow."""
    document: Document = {
        "id": each.id,
        "kind": each.kind,
        "container": each.container,
        "name": each.name,
        "paths": list(each.paths),
        "canonical": each.canonical,
        "first_commit": each.first_commit,
        "first_date": each.first_date,
        "last_commit": each.last_commit,
        "last_date": each.last_date,
        "commits": each.commits,
        "first_parent_commits": each.first_parent_commits,
        "at_head": each.at_head,
        "contents_differ": each.contents_differ,
        "possible": [{"path": version.path, "blob": version.blob} for version in each.possible],
    }
    if commits:
        document["commit_ids"] = list(each.commit_ids)
    return document


def divergence(each: Divergence) -> Document:
    """One divergence; ``phases`` says how it went on after its start."""
    first = each.phases[0]
    return {
        "shadow": each.shadow,
        "scenario": each.scenario,
        "object": each.object,
        "container": each.container,
        "from_commit": each.from_commit,
        "from_date": each.from_date,
        "until_commit": each.until_commit,
        "until_date": each.until_date,
        "live": _source(each.live),
        "certainty": each.certainty,
        "expected": _source(each.expected),
        "changes": [_change(change) for change in first.changes],
        "recipes_added": _by_environment(first.recipes_added),
        "recipes_removed": _by_environment(first.recipes_removed),
        "reach": _reach(each.reach),
        "reach_at_tip": None if each.reach_at_tip is None else _reach(each.reach_at_tip),
        "phases": [
            {
                "from_commit": phase.from_commit,
                "from_date": phase.from_date,
                "live": _source(phase.live),
                "expected": _source(phase.expected),
                "changes": [_change(change) for change in phase.changes],
                "recipes_added": _by_environment(phase.recipes_added),
                "recipes_removed": _by_environment(phase.recipes_removed),
            }
            for phase in each.phases
        ],
    }


def finding(each: Finding) -> Document:
    """One finding."""
    return {
        "rule": each.rule,
        "severity": each.severity,
        "object": each.object,
        "paths": list(each.paths),
        "line": each.line,
        "commit": each.commit,
        "message": each.message,
        "fingerprint": each.fingerprint,
        "at_tip": each.at_tip,
    }


def ignore(each: Ignore) -> Document:
    """An entry of the configuration that lets findings pass."""
    return {
        "reason": each.reason,
        "rule": each.rule,
        "object": each.object,
        "path": each.path,
        "fingerprint": each.fingerprint,
        "expires": each.expires,
    }


def _state(state: State) -> Document:
    document: Document = {
        "scenario": state.scenario,
        "container": state.container,
        "path": state.source.path if state.source else None,
        "blob": state.source.blob if state.source else None,
        "commit": state.source.commit if state.source else None,
        "certainty": state.certainty,
        "basis": state.basis,
        "content": state.content,
        "expanded": None
        if state.expanded is None
        else {
            **state.expanded,
            "sources": [
                {"object": each.object, "basis": each.basis, **_fields(each.source)}
                for each in state.expanded["sources"]
            ],
        },
        "notes": list(state.notes),
    }
    if state.why is not None:
        document["why"] = [_why(each) for each in state.why]
    return document


def _why(answer: Why) -> Document:
    return {
        "path": list(answer.path),
        "found": answer.found,
        "value": answer.value,
        "contributions": [
            {
                "level": each.level,
                "object": each.object,
                "source": _source(each.source),
                "path": list(each.path),
                "value": each.value,
                "wins": each.wins,
            }
            for each in answer.contributions
        ],
    }


def _timeline_entry(entry: TimelineEntry) -> Document:
    document: Document = {
        "object": entry.object,
        "container": entry.container,
        "scenario": entry.scenario,
        "from_commit": entry.from_commit,
        "from_date": entry.from_date,
        "path": entry.path,
        "blob": entry.blob,
        "commit": entry.commit,
        "content": entry.content,
        "certainty": entry.certainty,
    }
    if entry.possible:
        document["possible"] = [
            {"path": each.path, "blob": each.blob, "content": each.content} for each in entry.possible
        ]
    return document


def _reach(reach: Reach) -> Document:
    return {
        "roles": list(reach.roles),
        "nodes": None if reach.nodes is None else list(reach.nodes),
        "environments": list(reach.environments),
    }


def _source(source: Source | None) -> Document | None:
    return None if source is None else _fields(source)


def _fields(source: Source) -> Document:
    return {"path": source.path, "blob": source.blob, "commit": source.commit}


def _change(change: Any) -> Document:
    return {"op": change.op, "pointer": change.pointer, "before": change.before, "after": change.after}


def _by_environment(recipes: Mapping[str, tuple[str, ...]]) -> Document:
    return {environment: list(names) for environment, names in recipes.items()}


def problem(each: ProblemRecord) -> Document:
    """A file version that declares nothing."""
    return {
        "path": each.path,
        "blob": each.blob,
        "first_commit": each.first_commit,
        "kind": each.kind,
        "message": each.message,
        "line": each.line,
        "at_head": each.at_head,
    }


def fingerprint_document(found: Fingerprints, answers: Sequence[LookUp] = ()) -> Document:
    """``fingerprint --format json``; ``matches`` has an entry for each hash that was looked up."""
    return {
        "schema": "forensics.fingerprint/1",
        "evidence": evidence(found.evidence),
        "declarations": [
            {
                "blob": each.blob.hex(),
                "kind": each.kind,
                "paths": list(each.paths),
                "object": each.object,
                **_hashes(each.sent),
                "upload": _hashes(each.upload) if each.upload else None,
                "upload_paths": list(each.upload_paths),
            }
            for each in found.declarations
        ],
        "upload_only": [_upload_only(each) for each in found.upload_only],
        "unresolved": [
            {
                "blob": each.blob.hex(),
                "kind": each.kind,
                "paths": list(each.paths),
                "line": each.line,
                "source": each.source,
                "command": each.command,
            }
            for each in found.unresolved
        ],
        "problems": [problem(each) for each in found.problems],
        "matches": [_look_up(each) for each in answers],
    }


def _upload_only(each: Fingerprint) -> Document:
    return {
        "blob": each.blob.hex(),
        "kind": each.kind,
        "paths": list(each.upload_paths),
        "object": each.object,
        "upload": _hashes(each.upload),
    }


def _hashes(hashes: ContentHashes | None) -> Document:
    if hashes is None:
        raise TypeError("nothing is sent, and so nothing is hashed")
    return {"sha1": hashes.sha1, "sha256": hashes.sha256, "length": hashes.length}


def _look_up(answer: LookUp) -> Document:
    return {
        "hash": answer.hash.text,
        "algorithm": answer.hash.algorithm,
        "known": answer.known,
        "empty_body": answer.hash.of_nothing,
        "files": [
            {
                "object": file.object,
                "path": file.path,
                "blob": file.blob,
                "commands": list(file.commands),
                "note": file.note,
                "ranges": [
                    {
                        "first_commit": stretch.first_commit,
                        "first_date": stretch.first_date,
                        "last_commit": stretch.last_commit,
                        "last_date": stretch.last_date,
                        "commits": stretch.commits,
                        "at_head": stretch.at_tip,
                    }
                    for stretch in file.stretches
                ],
            }
            for file in answer.files
        ],
        "reservations": list(answer.reservations),
    }
