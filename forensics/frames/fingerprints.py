"""Frames of content hashes, and of those that were looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.frames.building import build
from forensics.frames.columns import kind
from forensics.frames.schema import boolean, category, integer, joined, moment, number_of, schema, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from forensics.analysis.fingerprint import Fingerprints, UnresolvedBlob
    from forensics.analysis.lookup import LookUp, MatchedFile
    from forensics.analysis.lookup import Stretch as Range

_BLOB: Final = text("blob", "the content, as an object id", of=lambda each: each.blob.hex())

FINGERPRINTS: Final = schema(
    "fingerprints",
    "a content that declares an object, with the hashes of what knife sends for it",
    _BLOB,
    kind(),
    text("object", "the object as people write it"),
    text("paths", "the files that ever had this content", of=joined("paths")),
    text("sha1", "of what `knife ... from file` sends, in base64; missing: it refuses the file", nullable=True,
         of="sent.sha1"),
    text("sha256", "the same as SHA-256", nullable=True, of="sent.sha256"),
    integer("length", "how many bytes it sends", nullable=True, of="sent.length"),
    text("upload_sha1", "of what `knife upload` sends, in base64; missing: it refuses the file", nullable=True,
         of="upload.sha1"),
    text("upload_sha256", "the same as SHA-256", nullable=True, of="upload.sha256"),
    integer("upload_length", "how many bytes it sends", nullable=True, of="upload.length"),
    text("upload_paths", "the files that `knife upload` takes", of=joined("upload_paths")),
)  # fmt: skip

UNRESOLVED_BODIES: Final = schema(
    "unresolved_bodies",
    "a content whose hash only running the file could tell",
    _BLOB,
    kind(),
    text("paths", "the files that ever had this content", of=joined("paths")),
    integer("line", "where the value stands that makes it so, counted from 1"),
    text("source", "its source text"),
    category("command", "which of knife's commands it is about", ("from file", "upload")),
)

LOOKUPS: Final = schema(
    "lookups",
    "a hash that was looked up",
    text("hash", "the hash", of="hash.text"),
    category("algorithm", "what it was computed with", ("sha1", "sha256"), of="hash.algorithm"),
    boolean("known", "whether the history explains it"),
    boolean("empty_body", "whether it is that of an empty request", of="hash.of_nothing"),
    integer("files", "how many file versions have it", of=number_of("files")),
    text("reservations", "what could not be looked at, where no file has it",
         of=lambda each: " ".join(each.reservations)),
)  # fmt: skip

MATCHES: Final = schema(
    "matches",
    "a stretch of history that holds a file version with a hash that was looked up",
    text("hash", "the hash"),
    text("object", "the object that the request names", nullable=True, of="file.object"),
    text("path", "the file", of="file.path"),
    text("blob", "its content, as an object id", of="file.blob"),
    text("commands", "what of knife sends it", of=joined("file.commands")),
    text("note", "what else there is to know", nullable=True, of="file.note"),
    text("first_commit", "the earliest commit of the stretch", of="range.first_commit"),
    *moment("first", "when that was committed", of="range.first_date"),
    text("last_commit", "the latest", of="range.last_commit"),
    *moment("last", "when that was committed", of="range.last_date"),
    integer("commits", "how many commits it has", of="range.commits"),
    boolean("at_head", "whether the tip is one of them", of="range.at_tip"),
)


class _Match(NamedTuple):
    hash: str
    file: MatchedFile
    range: Range


def fingerprints(found: Fingerprints) -> pd.DataFrame:
    """The hashes of every declaration, and of what only ``knife upload`` takes."""
    return build(FINGERPRINTS, (*found.declarations, *found.upload_only))


def unresolved_bodies(found: Sequence[UnresolvedBlob]) -> pd.DataFrame:
    """The contents without a hash."""
    return build(UNRESOLVED_BODIES, found)


def lookups(answers: Sequence[LookUp]) -> pd.DataFrame:
    """The hashes that were looked up."""
    return build(LOOKUPS, answers)


def matches(answers: Sequence[LookUp]) -> pd.DataFrame:
    """The files that have them, and when."""
    rows = (
        _Match(answer.hash.text, file, one) for answer in answers for file in answer.files for one in file.stretches
    )
    return build(MATCHES, rows)
