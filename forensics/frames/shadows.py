"""Frames of shadows: sets of files that declare one object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.frames.building import build
from forensics.frames.columns import SHADOW, object_columns, stretch
from forensics.frames.schema import boolean, integer, joined, moment, number_of, schema, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from forensics.analysis.check_results import StagedShadow
    from forensics.analysis.results import FileVersion, Shadow
    from forensics.analysis.trace_results import Stretch

SHADOWS: Final = schema(
    "shadows",
    "a set of files that declared one object together",
    text("id", "the shadow's id; it stays the same when history is rewritten"),
    *object_columns(),
    integer("files", "how many files declare the object", of=number_of("paths")),
    text("paths", "those files, for reading; the frame `files` has a row for each", of=joined("paths")),
    text("canonical", "the one whose stem is the object's name; missing: there is none", nullable=True),
    text("first_commit", "the earliest commit in which exactly these files declare it"),
    *moment("first", "when that was committed"),
    text("last_commit", "the latest such commit"),
    *moment("last", "when that was committed"),
    integer("commits", "how many such commits the revision reaches"),
    integer("first_parent_commits", "how many of them are on the first-parent line"),
    boolean("at_head", "whether the tip is one of them"),
    boolean("contents_differ", "whether the contents ever differed; missing: that cannot be known", nullable=True),
    integer(
        "possible_contents",
        "how many contents some order of uploading could have made live",
        of=number_of("possible"),
    ),
)

FILES: Final = schema(
    "files",
    "a file of a shadow",
    SHADOW,
    *object_columns("whole"),
    text("path", "the file"),
    boolean("canonical", "whether its stem is the object's name"),
)

POSSIBLE: Final = schema(
    "possible",
    "a content that some order of uploading could have made live",
    SHADOW,
    *object_columns("whole"),
    text("path", "the file that has it", of="version.path"),
    text("blob", "the content, as an object id", of="version.blob"),
    boolean("canonical", "whether the file's stem is the object's name"),
)

EPISODES: Final = schema(
    "episodes",
    "a stretch of the first-parent line in which a shadow was there; one on side branches only has none",
    SHADOW,
    *object_columns("whole"),
    *stretch("stretch"),
)

STAGED: Final = schema(
    "staged",
    "a shadow that a commit of what is staged would have",
    text("id", "the shadow's id; it stays the same when history is rewritten", of="each.shadow.id"),
    *object_columns("each.shadow"),
    boolean("introduced", "whether the commit would bring it; else it was there before"),
    text("paths", "the files that would declare the object", of=joined("each.shadow.paths")),
    text("canonical", "the one whose stem is the object's name; missing: there is none", nullable=True,
         of="each.shadow.canonical"),
    text("added", "those of the files that the commit makes declare it", of=joined("each.added")),
    text("edited", "those that declare it already and that the commit changes", of=joined("each.edited")),
    text("fingerprint", "that of the finding; it stays the same when history is rewritten",
         of="each.finding.fingerprint"),
)  # fmt: skip


class _Staged(NamedTuple):
    each: StagedShadow
    introduced: bool


class _File(NamedTuple):
    shadow: str
    whole: Shadow
    path: str
    canonical: bool


class _Possible(NamedTuple):
    shadow: str
    whole: Shadow
    version: FileVersion
    canonical: bool


class _Episode(NamedTuple):
    shadow: str
    whole: Shadow
    stretch: Stretch


def shadows(found: Sequence[Shadow]) -> pd.DataFrame:
    """The sets of files that declared one object."""
    return build(SHADOWS, found)


def staged(introduced: Sequence[StagedShadow], standing: Sequence[StagedShadow]) -> pd.DataFrame:
    """The shadows that a commit would have."""
    return build(
        STAGED,
        [
            *(_Staged(each, introduced=True) for each in introduced),
            *(_Staged(each, introduced=False) for each in standing),
        ],
    )


def files(found: Sequence[Shadow]) -> pd.DataFrame:
    """The files of each shadow."""
    return build(FILES, (_File(each.id, each, path, path == each.canonical) for each in found for path in each.paths))


def possible(found: Sequence[Shadow]) -> pd.DataFrame:
    """The contents that could have been live, whatever the order."""
    return build(
        POSSIBLE,
        (
            _Possible(each.id, each, version, version.path == each.canonical)
            for each in found
            for version in each.possible
        ),
    )


def episodes(found: Sequence[Shadow], stretches: Mapping[str, Sequence[Stretch]]) -> pd.DataFrame:
    """When each shadow was there, along the first-parent line; ``stretches`` go by the shadow's id."""
    return build(EPISODES, (_Episode(each.id, each, one) for each in found for one in stretches.get(each.id, ())))
