"""Frames of what evidence proves of shadowed objects, and of which ways of uploading it refutes."""

from __future__ import annotations

from typing import Final

from forensics.analysis.proven_results import ObjectProof
from forensics.frames.columns import OBJECT, inside, under
from forensics.frames.derived import frame

_WHERE: Final = (*OBJECT, "organization")

FRAMES: Final = (
    frame(
        "proven_spans",
        ObjectProof,
        *_WHERE,
        "scenario",
        *under("spans", "first_time", "last_time", "live", "certainty", "paths", "diverges", "proof"),
        inside("spans.source", "file", "line", prefix=""),
        *under("spans", "user", "client", "note"),
        of="value.proof.objects",
        each=("spans",),
        row="a time in which a content of a shadowed object is proven to have been live, or in which nothing is known",
    ),
    frame(
        "scenario_fits",
        ObjectProof,
        *_WHERE,
        *under("fits", "scenario", "agrees", "compared", "refuted", "time", "live", "given"),
        inside("fits.source", "file", "line", prefix=""),
        of="value.proof.objects",
        each=("fits",),
        row="a way of uploading compared with what evidence proves of a shadowed object",
    ),
)
