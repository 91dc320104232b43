"""The words, names and numbers that several results share, with what they can be."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeAlias

from forensics.chef.attributes import LEVELS
from forensics.chef.objects import Kind
from forensics.facts import Limit, limit, named, words

KIND: Final = words(*Kind, name="kind", meaning="A kind of object.")


def written_as(*kinds: str) -> Limit:
    """Objects of some kinds, as people write them: ``role[base]``."""
    return limit(pattern=rf"^({'|'.join(kinds)})\[[\s\S]+\]$")


CERTAINTY: Final = words(
    "unknown",
    "race",
    "exact",
    name="certainty",
    meaning="unknown: a file was uploaded of which it cannot be told what it declares; it may be this object, "
    "or several files declare it where the history is cut off, and which was uploaded last is not known. "
    "race: an upload that was cut short may have left this or something else.",
)

KindName: TypeAlias = Annotated[str, KIND]
ObjectText: TypeAlias = Annotated[
    str,
    named(
        "object",
        "An object as people write it: role[base], data_bag_item[users/alice].",
        **written_as(*Kind).keywords,
    ),
]
Certainty: TypeAlias = Annotated[str, CERTAINTY]
Basis: TypeAlias = Annotated[
    str,
    words(
        "live",
        "tree",
        "given",
        name="basis",
        meaning="live: the scenario uploaded it. "
        "tree: the scenario uploads none of this kind; it is a file of the commit's tree. "
        "given: it is one of the node objects from outside of the repository.",
    ),
]
Level: TypeAlias = Annotated[str, words(*LEVELS, name="level", meaning="A level of precedence.", ordered=False)]
Severity: TypeAlias = Annotated[str, words("note", "warning", "error")]
FileEvent: TypeAlias = Annotated[
    str,
    words(
        "added",
        "changed",
        "removed",
        "unloadable",
        "moved",
        "merged",
        "present",
        "unknown",
        name="file_event",
        meaning="What became of a declaration; unloadable: its file is there and cannot be loaded any more; moved: "
        "another file declared it before; merged: a merge made of it what its parents' changes do not come to; "
        "present: it was there when the history begins that was cloned; unknown: it cannot be told whether the file "
        "still declares the object.",
        ordered=False,
    ),
]

ShadowId: TypeAlias = Annotated[str, limit(pattern="^[0-9a-f]{12}$")]
FindingId: TypeAlias = Annotated[str, limit(pattern="^[0-9a-f]{20}$")]
Line: TypeAlias = Annotated[int, limit(minimum=1)]
Count: TypeAlias = Annotated[int, limit(minimum=0)]
CountFromOne: TypeAlias = Annotated[int, limit(minimum=1)]

Names: TypeAlias = Annotated[tuple[str, ...], named("names", "Names, in the order in which people read them.")]
Keys: TypeAlias = Annotated[tuple[str, ...], named("keys", "A path of keys into the attributes.")]
Content: TypeAlias = Annotated[
    dict[str, Any], named("content", "The body that the uploader sends, its attributes as they are.")
]
