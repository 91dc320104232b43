"""How complete the evidence is, in the words of every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.results import CUTS
from forensics.chef import layout
from forensics.report.text_safety import clean, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from forensics.analysis.results import EvidenceSummary

_MOST: Final = 8
_SHORT: Final = 12


def undecided_sentence(evidence: EvidenceSummary, shown: Callable[[str], str] = clean) -> str:
    """Of which files it cannot be told what they declare, at the tip and in the past; empty if of none.

    ``shown`` makes a path harmless where the sentence is to stand.
    """
    now = [
        shown(shortened(each.path))
        for each in evidence.undecided
        # those of a container that leads elsewhere are told with it
        if each.at_tip and not any(layout.at_or_below(each.path, container) for container in evidence.elsewhere)
    ]
    past = [shown(shortened(each.path)) for each in evidence.undecided if not each.at_tip]
    if not now:
        return f"What {_files(past)} declared in the past could not be told: {_listed(past)}." if past else ""
    then = f"; nor, in the past, what {_files(past)} declared: {_listed(past)}" if past else ""
    return f"What {_files(now)} {'declares' if len(now) == 1 else 'declare'} could not be told: {_listed(now)}{then}."


def elsewhere_sentence(evidence: EvidenceSummary, shown: Callable[[str], str] = clean) -> str:
    """Which directories of objects lead out of the repository at the tip; empty if none does."""
    if not evidence.elsewhere:
        return ""
    names = _listed([shown(shortened(path)) for path in evidence.elsewhere])
    leads = "leads" if len(evidence.elsewhere) == 1 else "lead"
    return f"At the tip {names} {leads} out of the repository: what is there was not examined."


def cut_sentence(evidence: EvidenceSummary) -> str:
    """Before which commits the history is cut off; empty if before none."""
    cut = sorted(evidence.cut_at)
    if not cut:
        return ""
    where = _listed([commit[:_SHORT] for commit in cut])
    return (
        f"The history is cut off before {where}: what was there then may have been so for long, "
        "and what came earlier is not known."
    )


def sentences(evidence: EvidenceSummary, shown: Callable[[str], str] = clean) -> Iterator[str]:
    """All that keeps an answer from being conclusive; nothing where nothing does."""
    others = [gap for gap in evidence.gaps if gap.kind not in CUTS or gap.commit is None]
    if others:
        kinds = list(
            dict.fromkeys(f"{gap.kind} {shown(shortened(gap.path or gap.oid or ''))}".rstrip() for gap in others)
        )
        number = f"{len(others)} gap{'s' if len(others) > 1 else ''}"
        yield f"The evidence is incomplete ({number}): {_listed(kinds)}."
    yield from doubts(evidence, shown)


def doubts(evidence: EvidenceSummary, shown: Callable[[str], str] = clean) -> Iterator[str]:
    """What the first lines of an answer say of the past, of directories and of files that nobody could look into."""
    told = (cut_sentence(evidence), elsewhere_sentence(evidence, shown), undecided_sentence(evidence, shown))
    yield from (sentence for sentence in told if sentence)


def not_exposed(evidence: EvidenceSummary, *, shadowed: bool) -> str:
    """The answer to whether something is exposed, where nothing was found that is.

    Only what several files declare at the tip can be: a file of the past leaves it open if there is such an object
    (``shadowed``), of which that file may have been uploaded last.
    """
    return "not known" if evidence.tip_lacks_content or (shadowed and evidence.undecided) else "no"


def _files(paths: Sequence[str]) -> str:
    return f"{len(paths)} file{'s' if len(paths) > 1 else ''}"


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + rest
