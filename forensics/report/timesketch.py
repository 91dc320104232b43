"""What evidence proves, as JSON Lines for Timesketch, where it stands beside other evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.proof_results import Proven, SeenUpload, UnseenChange

_UPLOADED: Final = "Object changed on the Chef server"
_SEEN: Final = "Object seen changed on the Chef server"


def timesketch(proven: Proven) -> str:
    """An event for each upload and each change that sizes show; what has no time is left out."""
    events = sorted((*_uploads(proven), *_unseen(proven)), key=lambda event: event["datetime"])
    return "".join(json.dumps(event, ensure_ascii=True) + "\n" for event in events)


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
