"""What evidence says of a shadowed object."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.analysis.proven_results import ObjectProof
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import Divergence


class CaseProof:
    """The part of a case that rests on evidence: ``proofs`` has what that proves, in each organization."""

    __slots__ = ()

    if TYPE_CHECKING:
        divergences: tuple[Divergence, ...]
        proofs: tuple[ObjectProof, ...]

    @property
    def refuted(self) -> tuple[Divergence, ...]:
        """What would last to the tip, but evidence proves that something else was live there."""
        return tuple(each for each in self.divergences if each.open and not each.lasts)

    @property
    def foreign(self) -> bool:
        """Whether evidence proves that a content that no file has is live in the end."""
        ends = [each.now for each in self.proofs]
        return any(each is not None and each.live is None and each.source and not each.matches for each in ends)

    @property
    def proven(self) -> tuple[Divergence, ...]:
        """What evidence proves to have been so."""
        return tuple(each for each in self.divergences if each.proven)


def proofs_of(scan: Scan, key: tuple[str, str, str]) -> tuple[ObjectProof, ...]:
    """What evidence proves of the object of a kind, a container and a name."""
    every = scan.proof.objects if scan.proof else ()
    return tuple(each for each in every if (each.kind, each.container, each.name) == key)
