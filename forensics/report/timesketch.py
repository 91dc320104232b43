"""What evidence proves, as JSON Lines for Timesketch, where it stands beside other evidence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.analysis.object_results import TimelineEntry
    from forensics.analysis.proof_results import Proven, SeenUpload, UnseenChange

_UPLOADED: Final = "Object changed on the Chef server"
_PROVEN: Final = "Live on the Chef server since, as logs prove"
_REPLAYED: Final = "Live since, if uploaded so when committed"
_SEEN: Final = "Object seen changed on the Chef server"


def timesketch(proven: Proven) -> str:
    """An event for each upload and each change that sizes show; what has no time is left out."""
    return _lines((*_uploads(proven), *_unseen(proven)))


def timeline_events(entries: Iterable[TimelineEntry]) -> str:
    """An event for each change of what was live: proven at the time of its request, replayed at that of its commit."""
    return _lines(_changes(entries))


def _lines(events: Iterable[dict[str, Any]]) -> str:
    ordered = sorted(events, key=lambda event: event["datetime"])
    return "".join(json.dumps(event, ensure_ascii=True) + "\n" for event in ordered)


def _changes(entries: Iterable[TimelineEntry]) -> Iterator[dict[str, Any]]:
    for each in entries:
        when = each.time or _utc(each.from_date)
        if when is not None:
            yield {
                "message": clean(_live(each)),
                "datetime": when,
                "timestamp_desc": _PROVEN if each.time else _REPLAYED,
                "object": each.object,
                "container": each.container,
                "scenario": each.scenario,
                "organization": each.organization,
                "path": each.path or "",
                "blob": each.blob or "",
                "commit": each.commit or "",
                "certainty": each.certainty,
                "user": each.user,
                "proof": each.proof or "",
                "source": str(each.source) if each.source else "",
            }


def _live(entry: TimelineEntry) -> str:
    paths = dict.fromkeys(each.path for each in entry.matches) or ([entry.path] if entry.path else [])
    what = " or ".join(paths) or "content of no file"
    if entry.certainty == "unknown":
        return f"{entry.object}: what is live is not known: {entry.note or what}"
    if entry.content is None and entry.certainty == "exact":
        return f"{entry.object}: gone"
    verb = "is live" if entry.certainty == "exact" else "may be live"
    how = f"proven by {entry.source}" if entry.source else f"if uploaded as scenario {entry.scenario} says"
    return f"{entry.object}: {what} {verb}, {how}"


def _utc(date: str) -> str | None:
    """A commit's date in UTC; None where that is no date."""
    try:
        return datetime.fromisoformat(date).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _uploads(proven: Proven) -> Iterator[dict[str, Any]]:
    for each in proven.uploads:
        if each.time is not None:
            yield {
                "message": clean(_message(each)),
                "datetime": each.time,
                "timestamp_desc": _UPLOADED,
                "action": each.action,
                "object": each.object or "",
                "organization": each.organization,
                "user": each.user,
                "client": each.client,
                "content_hash": each.content_hash,
                "proof": each.proof,
                "paths": [match.path for match in each.matches],
                "commits": [match.first_commit for match in each.matches],
                "source": str(each.source),
            }


def _message(upload: SeenUpload) -> str:
    who = f"{upload.user or 'somebody'} sent {upload.action.upper()} {upload.object or 'an object without a name'}"
    paths = dict.fromkeys(match.path for match in upload.matches)
    return f"{who}: {' or '.join(paths) or upload.note}"


def _unseen(proven: Proven) -> Iterator[dict[str, Any]]:
    for each in proven.unseen:
        yield {
            "message": clean(_changed(each)),
            "datetime": each.by,
            "timestamp_desc": _SEEN,
            "object": each.object,
            "organization": each.organization,
            "paths": [match.path for match in each.matches],
            "source": str(each.source),
        }


def _changed(change: UnseenChange) -> str:
    what = "is gone" if change.absent else f"has {change.length} bytes"
    return f"{change.object} {what}, changed after {change.after} though no request tells of it"
