"""Frames of shadows: sets of files that declare one object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, NamedTuple

from forensics.analysis.check_results import StagedShadow
from forensics.analysis.results import Shadow
from forensics.analysis.trace_results import LineStretch
from forensics.frames.columns import EXTREMES, OBJECT, STRETCH, column, count, under
from forensics.frames.derived import frame
from forensics.frames.schema import Column, Dtype, boolean

_SHADOW: Final = (column("id", name="shadow", meaning="The id of the shadow."), *OBJECT)
_CANONICAL: Final = "Whether the file's stem is the object's name."


class _Staged(NamedTuple):
    each: StagedShadow
    introduced: Annotated[bool, "Whether the commit would bring it; else it was there before."]


def _staged(answer: Any, _: Any) -> Iterable[_Staged]:
    for introduced, found in ((True, answer.value.introduced), (False, answer.value.standing)):
        yield from (_Staged(each, introduced) for each in found)


def _episodes(answer: Any, shadow: Shadow) -> Iterable[LineStretch]:
    stretches: Iterable[LineStretch] = answer.episodes.get(shadow.id, ())
    return stretches


FRAMES: Final = (
    frame(
        "shadows",
        Shadow,
        "id",
        *OBJECT,
        count("files", "How many files declare the object; the frame `files` has a row for each.", "paths"),
        "paths",
        "canonical",
        *EXTREMES,
        "commits",
        "first_parent_commits",
        "at_head",
        "contents_differ",
        count("possible_contents", "How many contents some order of upload could have made live.", "possible"),
        row="a set of files that declared one object together",
    ),
    frame(
        "files",
        Shadow,
        *_SHADOW,
        Column("path", Dtype.TEXT, "The file.", of=lambda _, path: path),
        boolean("canonical", _CANONICAL, of=lambda shadow, path: path == shadow.canonical),
        of="shadows",
        each=("paths",),
        row="a file of a shadow",
    ),
    frame(
        "possible",
        Shadow,
        *_SHADOW,
        *under("possible", "path", "blob"),
        boolean("canonical", _CANONICAL, of=lambda shadow, version: version.path == shadow.canonical),
        of="shadows",
        each=("possible",),
        row="a content that some order of upload could have made live",
    ),
    frame(
        "episodes",
        Shadow,
        *_SHADOW,
        *under("episodes", *STRETCH),
        of="shadows",
        each=(_episodes,),
        row="a stretch of the first-parent line in which a shadow was there; one on side branches only has none",
    ),
    frame(
        "staged",
        _Staged,
        "each.shadow.id",
        *under("each.shadow", *OBJECT),
        "introduced",
        *under("each", "shadow.paths", "shadow.canonical", "added", "edited", "finding.fingerprint"),
        of=_staged,
        row="a shadow that a commit of what is staged would have",
    ),
)
