"""What evidence proves, as text."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from forensics.analysis.ground_results import HASH, LENGTH, PATH
from forensics.analysis.proof_live import proven_timelines
from forensics.report.text.evidence import evidence_lines
from forensics.report.text.runs import run_lines
from forensics.report.text.sources import place_of, source_lines, time_of, uncovered_lines
from forensics.report.text.style import SHORT, field, table
from forensics.report.text.typed import typed_lines
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.ground_results import ProofMatch
    from forensics.analysis.proof_results import (
        Proven,
        ProvenStretch,
        SeenUpload,
        UnseenChange,
    )
    from forensics.report.text.style import Style

_MOST_UPLOADS: Final = 200
_MOST_MATCHES: Final = 3
_OF_REQUESTS: Final = frozenset({"access-log", "requests-log"})
_PROVEN: Final = {HASH: "", LENGTH: "by its length ", PATH: "some version of "}


def proof_text(proven: Proven, style: Style) -> str:
    """What was read, what nobody knows, every upload with its files, and what is live in the end."""
    names = _short_names(each.file for each in proven.sources)
    lines = [*evidence_lines(proven.evidence, style), *source_lines(proven.sources, names, style)]
    lines += uncovered_lines(proven.uncovered, names, style)
    lines += _uploads(proven, names, style)
    if proven.unseen:
        lines.append(style.paint("Changed, though no request tells of it", "bold"))
        told = (_unseen(each, names, style) for each in proven.unseen)
        lines += [line for text in told for line in field("", text, style, label_width=0)]
        lines.append("")
    lines += _last(proven, names, style)
    lines += typed_lines(proven, names, style)
    lines += run_lines(proven.runs, names, style)
    lines += _further(proven)
    return "\n".join(lines).rstrip("\n") + "\n"


def _short_names(files: Iterable[str]) -> dict[str, str]:
    """What people read of each file: its own name, if no other file here has the same."""
    every = list(dict.fromkeys(files))
    count = Counter(PurePath(each).name for each in every)
    return {each: clean(name if count[name := PurePath(each).name] == 1 else each) for each in every}


def _uploads(proven: Proven, names: dict[str, str], style: Style) -> Iterator[str]:
    if not proven.uploads:
        if any(each.format in _OF_REQUESTS for each in proven.sources):
            yield "No request changed a role, an environment, a data bag or, but for clients' own, a node."
            yield ""
        return
    shown = proven.uploads if style.verbose else proven.uploads[-_MOST_UPLOADS:]
    several = len({each.organization for each in proven.uploads}) > 1
    number = len(proven.uploads)
    yield style.paint(f"{number} request{'' if number == 1 else 's'} that changed something (times are UTC)", "bold")
    if len(shown) < len(proven.uploads):
        yield f"   the last {len(shown)}; --verbose lists all"
    for each in shown:
        what = f"{each.action.upper()} {clean(each.object) if each.object else 'an object without a name'}"
        where = f" of {clean(each.organization)}" if several else ""
        who = f" by {clean(each.user)}" if each.user else ""
        client = f" with {clean(each.client)}" if each.client else ""
        told = f"{what}{where}{who}{client}, {place_of(each.source, names)}"
        yield from field(time_of(each.time) if each.time else "?", told, style, label_width=21)
        for line in _what(each, style):
            yield from field("", line, style, label_width=0, indent=6)
    yield ""


def _what(upload: SeenUpload, style: Style) -> Iterator[str]:
    if upload.note and (not upload.matches or upload.proof == LENGTH):
        yield upload.note
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
    when = f"{clean(change.object)}{where} between {time_of(change.after)} and {time_of(change.by)}"
    if change.absent:
        return f"{when}: gone (proven by {place_of(change.source, names)})"
    files = "; ".join(_files(change.matches, style)) or "no version of its files is as long"
    return f"{when}: {change.length} bytes (proven by {place_of(change.source, names)}); by its length {files}"


def _last(proven: Proven, names: dict[str, str], style: Style) -> Iterator[str]:
    last = [stretches[-1] for stretches in proven_timelines(proven).values()]
    if not last:
        return
    several = len({each.organization for each in last}) > 1
    yield style.paint("Live in the end, as far as requests prove it", "bold")
    rows = [
        [
            clean(each.object) + (f" of {clean(each.organization)}" if several else ""),
            time_of(each.begun),
            _live(each, style),
            place_of(each.change.source, names),
        ]
        for each in sorted(last, key=lambda each: (each.organization, each.object))
    ]
    yield from table(rows, ["object", "since (UTC)", "from", "proven by"], indent="   ")
    if any(each.covered_until is not None for each in last):
        yield "   * no log covers all the time since: it may have been changed again"
    yield ""


def _live(stretch: ProvenStretch, style: Style) -> str:
    if stretch.gone:
        return "gone"
    files = _or(dict.fromkeys(each.path for each in stretch.files), style) or "a content of no file here"
    return files if stretch.covered_until is None else f"{files} *"


def _or(names: Iterable[str], style: Style) -> str:
    shown = [clean(each) for each in names]
    if len(shown) > _MOST_MATCHES and not style.verbose:
        return f"{', '.join(shown[:_MOST_MATCHES])} or {len(shown) - _MOST_MATCHES} more"
    return " or ".join(shown)


def _further(proven: Proven) -> Iterator[str]:
    """How many there are of what stands in the JSON alone."""
    saves = sum(each.saves for each in proven.saves)
    counts = (
        (saves, "save of a node by its own client", "saves of nodes by their own clients"),
        (len(proven.observations), "observation", "observations"),
        (len(proven.snapshots), "backup", "backups"),
    )
    told = [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]
    if told:
        yield f"Also read: {', '.join(told)}."
