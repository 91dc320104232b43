"""Every frame there is, by name: what the reference tells and the tests hold the frames to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forensics.frames import (
    divergences,
    drifts,
    evidence,
    explanations,
    fingerprints,
    objects,
    proofs,
    scans,
    shadows,
    traces,
)
from forensics.frames.building import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from forensics.frames.schema import Schema

_MODULES: Final = (shadows, divergences, scans, objects, traces, explanations, fingerprints, evidence, proofs, drifts)
SCHEMAS: Final[Mapping[str, Schema]] = {each.name: each for module in _MODULES for each in module.FRAMES}


def frame_of(name: str, answer: Any) -> pd.DataFrame:
    """One of the frames of an answer.

    The names of the ways of uploading that were replayed are among the categories even where no row has them.
    """
    replayed = getattr(answer, "scenarios", ()) or getattr(getattr(answer, "value", None), "scenarios", ())
    names = [each if isinstance(each, str) else each.name for each in replayed]
    schema = SCHEMAS[name]
    return build(schema, schema.rows(answer), scenarios=names)
