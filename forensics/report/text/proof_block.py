"""What evidence proves, in the report of ``scan``: on top beside the verdict, and in the block of each object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.headlines import moment, otherwise
from forensics.report.text.proven import NOTHING_MATCHES, line
from forensics.report.text.style import Style, field
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.proven_results import Fit, ObjectProof, ProvenSpan, ScanProof
    from forensics.report.cases import Case
    from forensics.report.headlines import Wording

_MOST_SPANS: Final = 12
_MOST_SILENT: Final = 6
_WIDTH: Final = 22
_NO_OTHER: Final = "they show no other file's content live; of what they do not cover nothing is known"


def proof_verdict(found: Sequence[Case], proof: ScanProof, wording: Wording, style: Style) -> Iterator[str]:
    """What was really live, before what each way of uploading would have left."""
    yield style.paint("What the logs prove (times in UTC)", "bold")
    told = False
    for case in found:
        sentence = otherwise(case, wording)
        if sentence:
            told = True
            yield from field("", sentence, style, label_width=0)
        for each in case.proven:
            said = each.by_evidence
            if said is not None and said.source is not None and not each.open:
                told = True
                files = " or ".join(map(clean, said.live)) or "another file"
                brief = said.first_time == said.last_time
                times = "at {}" if brief else "from {} to {}"
                when = times.format(moment(said.first_time), moment(said.last_time))
                text = (
                    f"{clean(case.object)} WAS LIVE with another file's content, {files}, {when}, proven by "
                    f"{line(said.source)}"
                )
                yield from field("", style.paint(text, "yellow"), style, label_width=0)
    if not told:
        yield from field(
            "",
            _NO_OTHER,
            style,
            label_width=0,
        )
    silent = [f"{_edge(each.first_time, 'any time')} to {_edge(each.last_time, 'any time')}" for each in proof.silent]
    shown = silent if style.verbose else silent[:_MOST_SILENT]
    more = f" and {len(silent) - len(shown)} more" if len(silent) > len(shown) else ""
    yield from field("", f"No log tells of: {'; '.join(shown)}{more}.", style, label_width=0)
    for note in proof.notes:
        yield from field("", f"Note: {clean(note)}.", style, label_width=0)


def _edge(time: str | None, otherwise_: str) -> str:
    return moment(time) if time is not None else otherwise_


def proof_lines(proof: ObjectProof, style: Style) -> Iterator[str]:
    """The times of one object that matter, and which ways of uploading agree with them."""
    where = f" in the organization {clean(proof.organization)}" if proof.organization else ""
    yield f"   proven by the logs{where} (UTC):"
    spans = proof.spans
    if not style.verbose:
        spans = tuple(each for each in spans if each.diverges or each.certainty != "exact" or each is proof.now)
    shown = spans if style.verbose else spans[-_MOST_SPANS:]
    for each in shown:
        yield from field(moment(each.first_time), _span(each), style, label_width=_WIDTH, indent=6)
    if len(shown) < len(proof.spans):
        rest = len(proof.spans) - len(shown)
        yield f"      and {rest} more in which the canonical file's content was live, or earlier ones (--verbose)"
    agreeing = [each.scenario for each in proof.fits if each.agrees]
    if agreeing:
        yield from field("agrees", ", ".join(agreeing), style)
    against: dict[str, list[Fit]] = {}
    for fit in proof.fits:
        if fit.agrees is False and fit.source is not None:
            against.setdefault(str(fit.source), []).append(fit)
    label = "refuted"
    for fits in against.values():
        yield from field(label, _refuted(fits), style)
        label = ""
    unknown = [each.scenario for each in proof.fits if each.agrees is None]
    if unknown:
        yield from field("not compared", ", ".join(unknown), style, label_width=14)


def _span(span: ProvenSpan) -> str:
    if span.source is None:
        return f"NOT KNOWN: {clean(span.note)}"
    files = " or ".join(map(clean, span.paths))
    until = f" until {moment(span.last_time)}" if span.last_time not in {None, span.first_time} else ""
    by = f" ({clean(span.user) + ', ' if span.user else ''}{line(span.source)})"
    if span.live is None:
        return f"{files + ', some version of it' if files else NOTHING_MATCHES}{until}{by}"
    what = files if span.live else "gone"
    if span.diverges:
        what = f"WAS LIVE: {what}"
    return f"{'perhaps ' if span.certainty == 'race' else ''}{what}{until}{by}"


def _refuted(fits: Sequence[Fit]) -> str:
    """The ways that one line refutes, and how."""
    one = fits[0]
    names = ", ".join(dict.fromkeys(each.scenario for each in fits))
    live = " or ".join(map(clean, one.live)) or NOTHING_MATCHES
    given = dict.fromkeys(clean(each.given) if each.given else "nothing" for each in fits)
    by = line(one.source) if one.source else "?"
    if len(given) == 1 and one.given in one.live:
        return f"{names} by {by}: {moment(one.time)} another version of {live} than they give"
    return f"{names} by {by}: {moment(one.time)} {live}, where they give {' or '.join(given)}"
