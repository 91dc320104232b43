"""What evidence proves, as text."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from forensics.analysis.ground_results import HASH, LENGTH, PATH, EvidencePlace
from forensics.analysis.proof_live import proven_timelines
from forensics.report.text.evidence import evidence_lines
from forensics.report.text.style import SHORT, Style, field, table
from forensics.report.text.typed import typed_lines
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.ground_results import ProofMatch
    from forensics.analysis.proof_results import (
        EvidenceSource,
        Proven,
        ProvenStretch,
        SeenUpload,
        UncoveredPeriod,
        UnseenChange,
    )

_MOST_UPLOADS: Final = 200
_MOST_MATCHES: Final = 3
_MOST_BAD: Final = 3
_PROVEN: Final = {HASH: "", LENGTH: "by its length ", PATH: "some version of "}


def proof_text(proven: Proven, style: Style) -> str:
    """What was read, what nobody knows, every upload with its files, and what is live in the end."""
    names = _short_names(each.file for each in proven.sources)
    lines = [*evidence_lines(proven.evidence, style), *_sources(proven.sources, names, style)]
    if proven.uncovered:
        lines.append(style.paint("No log covers", "bold"))
        lines += [line for each in proven.uncovered for line in field("", _period(each, names), style, label_width=0)]
        lines.append("")
    lines += _uploads(proven, names, style)
    if proven.unseen:
        lines.append(style.paint("Changed, though no request tells of it", "bold"))
        told = (_unseen(each, names, style) for each in proven.unseen)
        lines += [line for text in told for line in field("", text, style, label_width=0)]
        lines.append("")
    lines += _last(proven, names, style)
    lines += typed_lines(proven, style)
    lines += _further(proven)
    return "\n".join(lines).rstrip("\n") + "\n"


def _short_names(files: Iterable[str]) -> dict[str, str]:
    """What people read of each file: its own name, if no other file here has the same."""
    every = list(dict.fromkeys(files))
    count = Counter(PurePath(each).name for each in every)
    return {each: clean(name if count[name := PurePath(each).name] == 1 else each) for each in every}


def _place(place: EvidencePlace, names: dict[str, str]) -> str:
    name = names.get(place.file, clean(place.file))
    return name if place.line is None else f"{name}:{place.line}"


def _sources(sources: Sequence[EvidenceSource], names: dict[str, str], style: Style) -> Iterator[str]:
    by_format: dict[str, list[EvidenceSource]] = {}
    for each in sources:
        by_format.setdefault(each.format, []).append(each)
    for group in by_format.values():
        yield style.paint(f"{group[0].title}: {group[0].proves}", "bold")
        rows = [
            [
                names[each.file],
                _time(each.first) if each.first else "",
                _time(each.last) if each.last else "",
                clean(each.zone),
                str(each.lines),
                str(each.used),
                str(each.refused),
                str(each.repeated),
                str(each.bad_lines),
            ]
            for each in sorted(group, key=lambda each: (each.first or "", each.file))
        ]
        headers = ["file", "from (UTC)", "to (UTC)", "zone", "lines", "told", "refused", "repeated", "bad"]
        yield from table(rows, headers, indent="   ")
        for each in group:
            for gap in each.gaps:
                yield from field("", f"{names[each.file]} {clean(gap)}", style, label_width=0)
            for bad in each.bad[: None if style.verbose else _MOST_BAD]:
                text = f"{_place(EvidencePlace(bad.file, bad.line), names)} {clean(bad.reason)}"
                yield from field("", text, style, label_width=0)
        yield ""


def _period(period: UncoveredPeriod, names: dict[str, str]) -> str:
    missing = f"; not among the files: {', '.join(map(clean, period.missing))}" if period.missing else ""
    after, before = (names.get(each, clean(each)) for each in (period.after, period.before))
    return (
        f"{_time(period.first_time)} to {_time(period.last_time)}: nothing happened between {after} and {before}, or a "
        f"log is missing{missing}"
    )


def _uploads(proven: Proven, names: dict[str, str], style: Style) -> Iterator[str]:
    if not proven.uploads:
        yield "No request changed a role, an environment, a data bag or, but for clients' own, a node."
        yield ""
        return
    shown = proven.uploads if style.verbose else proven.uploads[-_MOST_UPLOADS:]
    several = len({each.organization for each in proven.uploads}) > 1
    number = len(proven.uploads)
    yield style.paint(f"{number} request{'' if number == 1 else 's'} that changed something", "bold")
    if len(shown) < len(proven.uploads):
        yield f"   the last {len(shown)}; --verbose lists all"
    rows = [
        [
            _time(each.time) if each.time else "?",
            clean(each.user) or "?",
            *([clean(each.organization)] if several else []),
            f"{each.action.upper()} {clean(each.object) if each.object else 'an object without a name'}",
            "\n".join(_what(each, style)),
            _place(each.source, names),
        ]
        for each in shown
    ]
    headers = ["time (UTC)", "user", *(["organization"] if several else []), "request", "of", "proven by"]
    yield from table(rows, headers, indent="   ")
    yield ""


def _what(upload: SeenUpload, style: Style) -> Iterator[str]:
    if upload.note and (not upload.matches or upload.proof == LENGTH):
        yield from field("", upload.note, Style(width=60), label_width=0, indent=0)
    yield from _files(upload.matches, style, before=_PROVEN.get(upload.proof, ""))
    if upload.committed_later and (style.verbose or not upload.matches):
        yield from _files(upload.committed_later, style, before="committed later: ")
    if not upload.applied:
        yield f"answered {upload.status}: whether it took effect is not known"


def _files(matches: Sequence[ProofMatch], style: Style, *, before: str = "") -> Iterator[str]:
    versions: dict[tuple[str, str], list[ProofMatch]] = {}
    for each in matches:
        versions.setdefault((each.path, each.blob), []).append(each)
    shown = list(versions.items()) if style.verbose else list(versions.items())[:_MOST_MATCHES]
    for (path, blob), stretches in shown:
        yield f"{before}{clean(path)} ({blob[:SHORT]}), {_commits(stretches, style)}"
    if len(versions) > len(shown):
        yield f"or {len(versions) - len(shown)} more (--verbose lists them)"


def _commits(stretches: Sequence[ProofMatch], style: Style) -> str:
    shown = stretches if style.verbose else stretches[:_MOST_MATCHES]
    told = [
        each.first_commit[:SHORT]
        if each.first_commit == each.last_commit
        else f"{each.first_commit[:SHORT]}..{each.last_commit[:SHORT]}"
        for each in shown
    ]
    more = " and more" if len(shown) < len(stretches) else ""
    return f"commits {', '.join(told)}{more}"


def _unseen(change: UnseenChange, names: dict[str, str], style: Style) -> str:
    where = f" of {clean(change.organization)}" if change.organization else ""
    when = f"{clean(change.object)}{where} between {_time(change.after)} and {_time(change.by)}"
    if change.absent:
        return f"{when}: gone (proven by {_place(change.source, names)})"
    files = "; ".join(_files(change.matches, style)) or "no version of its files is as long"
    return f"{when}: {change.length} bytes (proven by {_place(change.source, names)}); by its length {files}"


def _last(proven: Proven, names: dict[str, str], style: Style) -> Iterator[str]:
    last = [stretches[-1] for stretches in proven_timelines(proven).values()]
    if not last:
        return
    several = len({each.organization for each in last}) > 1
    yield style.paint("Live in the end, as far as requests prove it", "bold")
    rows = [
        [
            clean(each.object) + (f" of {clean(each.organization)}" if several else ""),
            f"since {_time(each.begun)}",
            _live(each, style),
            f"proven by {_place(each.change.source, names)}",
        ]
        for each in sorted(last, key=lambda each: (each.organization, each.object))
    ]
    yield from table(rows, indent="   ")


def _live(stretch: ProvenStretch, style: Style) -> str:
    if stretch.gone:
        return "gone"
    lost = "; no log tells of later changes" if stretch.covered_until is not None else ""
    files = _or(dict.fromkeys(each.path for each in stretch.files), style)
    return (files or "a content of no file here") + lost


def _or(names: Iterable[str], style: Style) -> str:
    shown = [clean(each) for each in names]
    if len(shown) > _MOST_MATCHES and not style.verbose:
        return f"{', '.join(shown[:_MOST_MATCHES])} or {len(shown) - _MOST_MATCHES} more"
    return " or ".join(shown)


def _further(proven: Proven) -> Iterator[str]:
    """How many there are of what stands in the JSON alone."""
    counts = (
        (sum(each.saves for each in proven.saves), "saves of nodes by their own clients"),
        (len(proven.runs), "converges"),
        (len(proven.observations), "observations"),
        (len(proven.snapshots), "backups"),
    )
    told = [f"{number} {what}" for number, what in counts if number]
    if told:
        yield ""
        yield f"Also read: {', '.join(told)}."


def _time(moment: str) -> str:
    return moment[:19].replace("T", " ")
