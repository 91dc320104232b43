"""Frames of shadows: sets of files that declare one object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeAlias

from forensics.analysis.check_results import StagedShadow
from forensics.analysis.results import FileVersion, Shadow
from forensics.analysis.trace_results import LineStretch
from forensics.frames.building import build
from forensics.frames.columns import object_columns, stretch
from forensics.frames.derived import frame
from forensics.frames.schema import integer, number_of
from forensics.history.model import FilePath

if TYPE_CHECKING:
    import pandas as pd

_Id: TypeAlias = Annotated[str, "The id of the shadow."]
_IsCanonical: TypeAlias = Annotated[bool, "Whether the file's stem is the object's name."]


class _Staged(NamedTuple):
    each: StagedShadow
    introduced: Annotated[bool, "Whether the commit would bring it; else it was there before."]


class _File(NamedTuple):
    shadow: _Id
    whole: Shadow
    path: Annotated[FilePath, "The file."]
    canonical: _IsCanonical


class _Possible(NamedTuple):
    shadow: _Id
    whole: Shadow
    version: FileVersion
    canonical: _IsCanonical


class _Episode(NamedTuple):
    shadow: _Id
    whole: Shadow
    stretch: LineStretch


SHADOWS: Final = frame(
    "shadows",
    Shadow,
    "id",
    object_columns(Shadow),
    integer("files", "How many files declare the object; the frame `files` has a row for each.", of=number_of("paths")),
    "paths",
    "canonical",
    "first_commit",
    "first_date",
    "last_commit",
    "last_date",
    "commits",
    "first_parent_commits",
    "at_head",
    "contents_differ",
    integer(
        "possible_contents",
        "How many contents some order of upload could have made live.",
        of=number_of("possible"),
    ),
    row="a set of files that declared one object together",
)

FILES: Final = frame(
    "files", _File, "shadow", object_columns(_File, "whole"), "path", "canonical", row="a file of a shadow"
)

POSSIBLE: Final = frame(
    "possible",
    _Possible,
    "shadow",
    object_columns(_Possible, "whole"),
    "version.path",
    "version.blob",
    "canonical",
    row="a content that some order of upload could have made live",
)

EPISODES: Final = frame(
    "episodes",
    _Episode,
    "shadow",
    object_columns(_Episode, "whole"),
    stretch(_Episode, "stretch"),
    row="a stretch of the first-parent line in which a shadow was there; one on side branches only has none",
)

STAGED: Final = frame(
    "staged",
    _Staged,
    "each.shadow.id",
    object_columns(_Staged, "each.shadow"),
    "introduced",
    "each.shadow.paths",
    "each.shadow.canonical",
    "each.added",
    "each.edited",
    "each.finding.fingerprint",
    row="a shadow that a commit of what is staged would have",
)


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


def episodes(found: Sequence[Shadow], stretches: Mapping[str, Sequence[LineStretch]]) -> pd.DataFrame:
    """When each shadow was there, along the first-parent line; ``stretches`` go by the shadow's id."""
    return build(EPISODES, (_Episode(each.id, each, one) for each in found for one in stretches.get(each.id, ())))
