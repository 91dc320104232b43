"""What evidence proves, in the report of ``scan``: on top beside the verdict, and in the block of each object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.proof_words import fit_words, moment, span_words, verdict_sentences
from forensics.report.text.style import Style, field
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.proven_results import ObjectProof, ScanProof
    from forensics.report.cases import Case

_MOST_SPANS: Final = 12
_WIDTH: Final = 22


def proof_verdict(found: Sequence[Case], proof: ScanProof, style: Style) -> Iterator[str]:
    """What was really live, before what each way of uploading would have left."""
    yield style.paint("What the logs prove (times in UTC)", "bold")
    for sentence in verdict_sentences(found, proof, clean, verbose=style.verbose):
        yield from field("", sentence, style, label_width=0)


def proof_lines(proof: ObjectProof, style: Style) -> Iterator[str]:
    """The times of one object that matter, and which ways of uploading agree with them."""
    where = f" in the organization {clean(proof.organization)}" if proof.organization else ""
    yield f"   proven by the logs{where} (UTC):"
    spans = proof.spans
    if not style.verbose:
        spans = tuple(each for each in spans if each.diverges or each.certainty != "exact" or each is proof.now)
    shown = spans if style.verbose else spans[-_MOST_SPANS:]
    for each in shown:
        yield from field(moment(each.first_time), span_words(each, clean), style, label_width=_WIDTH, indent=6)
    if len(shown) < len(proof.spans):
        yield f"      and {len(proof.spans) - len(shown)} more times in which nothing was wrong, or earlier (--verbose)"
    last = ""
    for label, sentence in fit_words(proof, clean):
        yield from field("" if label == last else label, sentence, style)
        last = label
