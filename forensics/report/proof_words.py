"""What evidence proves, in sentences for text, Markdown and HTML alike.

Every function takes ``shown``, which makes what comes from outside fit to be read in a format. Times are in UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from forensics.analysis.ground_results import ByEvidence
    from forensics.analysis.proven_results import Fit, ObjectProof, ProvenSpan, ScanProof
    from forensics.report.cases import Case

    Shown: TypeAlias = Callable[[str], str]

NOTHING_MATCHES: Final = "a content that no file here has"
_MOST_SILENT: Final = 6
_MOST_FILES: Final = 3


def moment(text: str | None) -> str:
    """A moment in UTC as people read it."""
    return "?" if text is None else text[:19].replace("T", " ")


def named(paths: Sequence[str], shown: Shown) -> str:
    """The files that have one content, or may have been sent."""
    more = f" or {len(paths) - _MOST_FILES} more" if len(paths) > _MOST_FILES else ""
    return " or ".join(map(shown, paths[:_MOST_FILES])) + more


def was_live(said: ByEvidence, shown: Shown) -> str:
    """That another file's content was live, when, and what proves it."""
    times = "at {}" if said.first_time == said.last_time else "from {} to {}"
    when = times.format(moment(said.first_time), moment(said.last_time))
    by = shown(said.source.short) if said.source is not None else "evidence"
    return f"WAS LIVE with another file's content, {named(said.live, shown) or 'another file'}, {when}, proven by {by}"


def not_so(case: Case, shown: Shown) -> str | None:
    """What evidence proves at the tip instead of what scenarios give there, None where it does not."""
    told = [each.by_evidence for each in case.refuted if each.by_evidence is not None]
    if not told:
        return None
    said = told[-1]
    live = f"{named(said.live, shown)} live" if said.live else "it gone" if said.gone else NOTHING_MATCHES
    under = ", ".join(shown(each) for each in dict.fromkeys(each.scenario for each in case.refuted))
    place = shown(said.source.short) if said.source is not None else "the evidence"
    return (
        f"{shown(case.object)}: what {under} would have left is not what happened: {place} shows {live} from "
        f"{moment(said.first_time)} to {moment(said.last_time)}"
    )


def verdict_sentences(found: Sequence[Case], proof: ScanProof, shown: Shown, *, verbose: bool = False) -> Iterator[str]:
    """What was really live, and of which times nothing is known."""
    told = False
    for case in found:
        otherwise = not_so(case, shown)
        if otherwise:
            told = True
            yield f"{otherwise}."
        for each in case.proven:
            if each.by_evidence is not None and not each.lasts:
                told = True
                yield f"{shown(case.object)} {was_live(each.by_evidence, shown)}."
        told = told or any(each.proven for each in case.lasting)
    if not told:
        yield "They show no other file's content live; of what they do not cover nothing is known."
    silent = [f"{_edge(each.first_time)} to {_edge(each.last_time)}" for each in proof.silent]
    listed = silent if verbose else silent[:_MOST_SILENT]
    more = f" and {len(silent) - len(listed)} more" if len(silent) > len(listed) else ""
    yield f"No log tells of: {'; '.join(listed)}{more}."
    for note in proof.notes:
        yield f"Note: {shown(note)}."


def _edge(time: str | None) -> str:
    return "any time" if time is None else moment(time)


def span_words(span: ProvenSpan, shown: Shown) -> str:
    """What was live in one time, until when, and what proves it."""
    if span.source is None:
        return f"NOT KNOWN: {shown(span.note)}"
    files = named(span.paths, shown)
    until = f" until {moment(span.last_time)}" if span.last_time not in {None, span.first_time} else ""
    by = f" ({shown(span.user) + ', ' if span.user else ''}{shown(span.source.short)})"
    if span.live is None:
        return f"{files + ', some version of it' if files else NOTHING_MATCHES}{until}{by}"
    what = files if span.live else "gone"
    what = f"WAS LIVE: {what}" if span.diverges else what
    return f"{'perhaps ' if span.certainty == 'race' else ''}{what}{until}{by}"


def fit_words(proof: ObjectProof, shown: Shown) -> Iterator[tuple[str, str]]:
    """Which ways of uploading agree with what is proven, and which line refutes the others: a label and a sentence."""
    agreeing = [shown(each.scenario) for each in proof.fits if each.agrees]
    if agreeing:
        yield "agrees", ", ".join(agreeing)
    against: dict[str, list[Fit]] = {}
    for fit in proof.fits:
        if fit.agrees is False and fit.source is not None:
            against.setdefault(str(fit.source), []).append(fit)
    for fits in against.values():
        yield "refuted", _refuted(fits, shown)
    unknown = [shown(each.scenario) for each in proof.fits if each.agrees is None]
    if unknown:
        yield "open", ", ".join(unknown)


def _refuted(fits: Sequence[Fit], shown: Shown) -> str:
    one = fits[0]
    names = ", ".join(shown(each) for each in dict.fromkeys(each.scenario for each in fits))
    live = named(one.live, shown) or NOTHING_MATCHES
    given = dict.fromkeys(shown(each.given) if each.given else "nothing" for each in fits)
    give = "gives" if len(fits) == 1 else "give"
    by = shown(one.source.short) if one.source is not None else "?"
    instead = f"another version of {live} than {'it' if len(fits) == 1 else 'they'} {give}"
    if len(given) > 1 or one.given not in one.live:
        instead = f"{live}, where {'it' if len(fits) == 1 else 'they'} {give} {' or '.join(given)}"
    return f"{names} by {by} of {moment(one.time)}: {instead}"
