"""What the configuration lets pass, and by which of its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from forensics.analysis.results import Finding
from forensics.facts import absent


@dataclass(frozen=True, slots=True)
class Ignore:
    """An entry of the configuration that lets matching findings pass; what is null matches everything."""

    reason: Annotated[str, "Why they may pass."]
    rule: Annotated[str | None, "The rule it is kept to.", absent("any")] = None
    object: Annotated[str | None, "The object it is kept to.", absent("any")] = None
    path: Annotated[str | None, "The path it is kept to.", absent("any")] = None
    fingerprint: Annotated[str | None, "The finding it is kept to.", absent("any")] = None
    expires: Annotated[
        str | None,
        "The last day on which it holds (ISO 8601), compared with the revision's committer date.",
        absent("it holds for good"),
    ] = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding that an entry of the configuration lets pass."""

    finding: Annotated[Finding, "The finding."]
    ignore: Annotated[Ignore, "The ignore that takes it out."]
