"""Which gaps leave something open under the scenarios by which headline, severity and exit code go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.uploads.stops import RENAMES_NOT_FOLLOWED
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from forensics.history.model import Gap
    from forensics.uploads.scenario import Scenario


def that_decide(gaps: Iterable[Gap], scenarios: Iterable[Scenario], deciding: Collection[str]) -> tuple[Gap, ...]:
    """These gaps; those about grocery-delivery only where it is used."""
    delivered = any(uploader_of(each).checkpoint for each in scenarios if each.name in deciding)
    return tuple(gap for gap in gaps if delivered or gap.kind != RENAMES_NOT_FOLLOWED)
