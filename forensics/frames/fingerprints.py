"""Frames of content hashes, and of those that were looked up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from forensics.analysis.fingerprint_results import Fingerprint, LookUp, UnresolvedBlob
from forensics.frames.columns import EXTREMES, column, count, inside, under
from forensics.frames.derived import frame


def _hashed(answer: Any, _: Any) -> Iterable[Fingerprint]:
    return (*answer.value.declarations, *answer.value.upload_only)


FRAMES: Final = (
    frame(
        "fingerprints",
        Fingerprint,
        "blob",
        "kind",
        "object",
        "paths",
        inside("sent", "sha1", "sha256", "length", prefix=""),
        inside("upload", "sha1", "sha256", "length"),
        "upload_paths",
        of=_hashed,
        row="a content that declares an object, with the hashes of what knife sends for it",
    ),
    frame("unresolved_bodies", UnresolvedBlob, of="unresolved"),
    frame(
        "lookups",
        LookUp,
        "hash=hash.text",
        "hash.algorithm",
        "known",
        "empty_body=hash.of_nothing",
        count("files", "How many file versions have it."),
        column("reservations", meaning="What could not be looked at, where no file has it.", convert=" ".join),
        of="matches",
        row="a hash that was looked up",
    ),
    frame(
        "matches",
        LookUp,
        column("hash.text", name="hash", meaning="The hash, in base64."),
        *under("files", "object", "path", "blob", "commands", "note"),
        *under("stretches", *EXTREMES, "commits"),
        "at_head=stretches.at_tip",
        each=("files", "stretches"),
        row="a stretch of history that holds a file version with a hash that was looked up",
    ),
)
