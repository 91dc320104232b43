"""Frames of content hashes, and of those that were looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from forensics.analysis.fingerprint_results import (
    Fingerprint,
    Fingerprints,
    HeldStretch,
    LookUp,
    MatchedFile,
    UnresolvedBlob,
)
from forensics.frames.building import build
from forensics.frames.columns import inside
from forensics.frames.derived import frame
from forensics.frames.schema import integer, number_of, text

if TYPE_CHECKING:
    import pandas as pd


class _Match(NamedTuple):
    hash: Annotated[str, "The hash, in base64."]
    file: MatchedFile
    range: HeldStretch


FINGERPRINTS: Final = frame(
    "fingerprints",
    Fingerprint,
    "blob",
    "kind",
    "object",
    "paths",
    inside(Fingerprint, "sent", "sha1", "sha256", "length", prefix=""),
    inside(Fingerprint, "upload", "sha1", "sha256", "length", prefix="upload_"),
    "upload_paths",
    row="a content that declares an object, with the hashes of what knife sends for it",
)

UNRESOLVED_BODIES: Final = frame("unresolved_bodies", UnresolvedBlob)

LOOKUPS: Final = frame(
    "lookups",
    LookUp,
    "hash=hash.text",
    "hash.algorithm",
    "known",
    "empty_body=hash.of_nothing",
    integer("files", "How many file versions have it.", of=number_of("files")),
    text(
        "reservations",
        "What could not be looked at, where no file has it.",
        of=lambda each: " ".join(each.reservations),
    ),
    row="a hash that was looked up",
)

MATCHES: Final = frame(
    "matches",
    _Match,
    "hash",
    "file.object",
    "file.path",
    "file.blob",
    "file.commands",
    "file.note",
    "range.first_commit",
    "range.first_date",
    "range.last_commit",
    "range.last_date",
    "range.commits",
    "at_head=range.at_tip",
    row="a stretch of history that holds a file version with a hash that was looked up",
)


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
