"""Every frame there is, by name: what the reference tells and the tests hold the frames to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.frames import divergences, fingerprints, objects, scans, shadows, stories, traces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.frames.schema import Schema

SCHEMAS: Final[Mapping[str, Schema]] = {
    each.name: each
    for module in (shadows, divergences, stories, scans, objects, traces, fingerprints)
    for each in module.FRAMES
}
