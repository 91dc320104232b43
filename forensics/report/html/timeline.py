"""The timeline of one object: a row for each way of uploading, under them a row for each file.

Places and widths are percent of the row's width, so that one drawing fits every screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.html.commits import day
from forensics.report.html.scale import Moment, Tick, TimeScale, label_of
from forensics.report.proof_words import moment, span_words
from forensics.uploads.scenario import COMMANDS, is_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.proven_results import ObjectProof, ProvenSpan
    from forensics.analysis.report_results import Lane, ObjectStory, Span, Touch
    from forensics.analysis.results import Divergence
    from forensics.report.html.commits import Commits, CommitWords
    from forensics.report.html.files import FileMark, FileMarks

_NARROWEST: Final = 0.25
_ROOM_FOR_LETTER: Final = {False: 2.2, True: 5.0}


class Bar(NamedTuple):
    """A stretch under one content. ``race``: only one of the contents that may have been live."""

    x: float
    width: float
    file: FileMark
    race: bool
    words: str
    commit: CommitWords


class Stripe(NamedTuple):
    """A stretch in which what was live was not what the canonical file said."""

    x: float
    width: float
    words: str


class Letter(NamedTuple):
    """The letter of a file, in the middle of what it covers; ``narrow`` where it fits on a phone, too."""

    x: float
    file: FileMark
    narrow: bool


class TouchMark(NamedTuple):
    """A commit that touched a file."""

    x: float
    event: str
    words: str
    commit: CommitWords


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``names`` are the scenarios that it speaks for; ``words`` say what it shows to who sees no picture.

    ``drawn`` is false where commits are not in the order of the scale, as when commands went back to an older one: then
    the words stand in for the picture. ``proven`` says that it shows what evidence proves; ``unknown`` are the times
    of which that tells nothing.
    """

    names: tuple[str, ...]
    words: str
    drawn: bool = True
    file: FileMark | None = None
    bars: tuple[Bar, ...] = ()
    stripes: tuple[Stripe, ...] = ()
    letters: tuple[Letter, ...] = ()
    unknown: tuple[Stripe, ...] = ()
    proven: bool = False
    marks: tuple[TouchMark, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineDrawing:
    """All rows on one scale."""

    ticks: tuple[Tick, ...]
    start: float
    start_label: str
    tip: float
    tip_label: str
    scenarios: tuple[Row, ...]
    files: tuple[Row, ...]

    @property
    def raced(self) -> bool:
        """Whether some content is only one of those that may have been live."""
        return any(bar.race for row in self.scenarios for bar in row.bars)

    @property
    def proven(self) -> bool:
        """Whether a row shows what evidence proves."""
        return any(row.proven for row in self.scenarios)

    @property
    def diverged(self) -> bool:
        """Whether another file's content was ever live."""
        return any(row.stripes for row in self.scenarios)


def timeline(
    story: ObjectStory,
    divergences: Sequence[Divergence],
    files: FileMarks,
    commits: Commits,
    tip: Moment,
    proofs: Sequence[ObjectProof] = (),
) -> TimelineDrawing:
    """The rows of one story: what evidence proves first."""
    scale = TimeScale(_chains(story, divergences), tip)
    return TimelineDrawing(
        ticks=tuple(scale.ticks()),
        start=scale.at(scale.first.commit),
        start_label=label_of(scale.first.date),
        tip=scale.at(tip.commit),
        tip_label=label_of(tip.date),
        scenarios=(
            *(proven_row(each, files, commits, scale) for each in proofs),
            *_scenario_rows(story, divergences, files, commits, scale),
        ),
        files=tuple(_file_row(story.touches, mark, commits, scale) for mark in files),
    )


def _chains(story: ObjectStory, divergences: Sequence[Divergence]) -> Iterator[list[Moment]]:
    """The commits in the order of the replay; those of given commands, which may jump, in none."""
    yield [Moment(touch.commit, touch.date) for touch in story.touches]
    for lane in story.lanes:
        yield from _ordered(lane.scenario, [Moment(span.from_commit, span.from_date) for span in lane.spans])
    for each in divergences:
        chain = [Moment(each.from_commit, each.from_date)]
        if each.until_commit is not None:
            chain.append(Moment(each.until_commit, each.until_date or ""))
        yield from _ordered(each.scenario, chain)


def _ordered(scenario: str, chain: list[Moment]) -> Iterator[list[Moment]]:
    if scenario == COMMANDS.name:
        yield from ([moment] for moment in chain)
    else:
        yield chain


def _forward(commits: Sequence[str], scale: TimeScale) -> bool:
    """Whether commits follow one another on the scale."""
    return all(scale.at(one) <= scale.at(other) for one, other in pairwise(commits))


def _scenario_rows(
    story: ObjectStory, divergences: Sequence[Divergence], files: FileMarks, commits: Commits, scale: TimeScale
) -> Iterator[Row]:
    """A row for each group of scenarios under which the same was live all the time, the most alarming first."""
    groups: dict[tuple[tuple[Span, ...], tuple[tuple[str, str | None], ...]], list[Lane]] = {}
    for lane in story.lanes:
        if is_evidence(lane.scenario):  # drawn by the times of requests
            continue
        stretches = tuple(
            (each.from_commit, each.until_commit) for each in divergences if each.scenario == lane.scenario
        )
        groups.setdefault((lane.spans, stretches), []).append(lane)
    rows = [
        _scenario_row(
            tuple(lane.scenario for lane in lanes),
            spans,
            [each for each in divergences if each.scenario == lanes[0].scenario],
            files,
            commits,
            scale,
        )
        for (spans, _), lanes in groups.items()
    ]
    yield from sorted(rows, key=lambda row: (-sum(stripe.width for stripe in row.stripes), not row.bars))


def _scenario_row(
    names: tuple[str, ...],
    spans: Sequence[Span],
    divergences: Sequence[Divergence],
    files: FileMarks,
    commits: Commits,
    scale: TimeScale,
) -> Row:
    if not _forward([span.from_commit for span in spans], scale):
        return Row(names, _in_turn(spans), drawn=False)
    bars = tuple(_bar(span, files, commits, scale) for span in spans if span.live)
    stripes = tuple(
        Stripe(
            scale.at(each.from_commit),
            max(scale.at(each.until_commit) - scale.at(each.from_commit), _NARROWEST),
            f"not what the canonical file says: {_when(each.from_date, each.until_date)}"
            if each.expected
            else f"no file is called after the object, and it depends on the way: "
            f"{_when(each.from_date, each.until_date)}",
        )
        for each in divergences
    )
    return Row(names, _in_words(spans), bars=bars, stripes=stripes, letters=tuple(_letters(bars)))


def proven_row(proof: ObjectProof, files: FileMarks, commits: Commits, scale: TimeScale) -> Row:
    """What evidence proves of an object: its times stand between those of commits."""
    places = [scale.when(each.first_time) for each in proof.spans]
    ends = [*places[1:], 100.0]
    bars: list[Bar] = []
    stripes: list[Stripe] = []
    unknown = [Stripe(0.0, max(places[0], _NARROWEST), "not known: nothing is proven before the first request")]
    for span, start, following in zip(proof.spans, places, ends, strict=True):
        end = following if span is proof.now else min(scale.when(span.last_time or span.first_time), following)
        words = f"{moment(span.first_time)} UTC: {span_words(span, str)}"
        width = max(end - start, _NARROWEST)
        if span.source is None:
            unknown.append(Stripe(start, max(following - start, _NARROWEST), words))
        elif span.live is not False:
            bars.append(_proven_bar(span, start, width, words, files, commits))
        if span.diverges:
            stripes.append(Stripe(start, width, f"not what the canonical file says: {words}"))
    told = "; ".join(f"{moment(each.first_time)}: {span_words(each, str)}" for each in proof.spans)
    return Row(
        (proof.scenario,),
        told,
        bars=tuple(bars),
        stripes=tuple(stripes),
        letters=tuple(_letters(bars)),
        unknown=tuple(unknown),
        proven=True,
    )


def _proven_bar(span: ProvenSpan, start: float, width: float, words: str, files: FileMarks, commits: Commits) -> Bar:
    path = next((each for each in span.paths if files[each].canonical), span.paths[0] if span.paths else None)
    return Bar(
        x=start,
        width=width,
        file=files[path] if span.live else files[None],
        race=span.certainty != "exact",
        words=words,
        commit=commits(span.between[0], span.first_time),
    )


def _bar(span: Span, files: FileMarks, commits: Commits, scale: TimeScale) -> Bar:
    start = scale.at(span.from_commit)
    mark = files[span.path]
    race = span.certainty != "exact"
    live = f"{mark.letter}: {mark.path} " if mark.path else "what no file of the repository gave "
    return Bar(
        x=start,
        width=max(scale.at(span.until_commit) - start, _NARROWEST),
        file=mark,
        race=race,
        words=f"{live}{'may have been' if race else 'was'} live {_when(span.from_date, span.until_date)}",
        commit=commits(span.from_commit, span.from_date),
    )


def _letters(bars: Iterable[Bar]) -> Iterator[Letter]:
    """One letter for each stretch under one file, where there is room for it."""
    for _, group in groupby(bars, lambda bar: (bar.file, bar.race)):
        run = list(group)
        start, end = run[0].x, run[-1].x + run[-1].width
        if end - start >= _ROOM_FOR_LETTER[False]:
            yield Letter((start + end) / 2, run[0].file, end - start >= _ROOM_FOR_LETTER[True])


def _in_words(spans: Sequence[Span]) -> str:
    """Which file was live when, as one sentence."""
    parts = []
    for (path, live, certainty), group in groupby(spans, lambda span: (span.path, span.live, span.certainty)):
        run = list(group)
        what = (path or "what no file gave") if live else "nothing"
        when = _when(run[0].from_date, run[-1].until_date)
        parts.append(f"{what} {'' if certainty == 'exact' else '(possibly) '}{when}")
    return "; ".join(parts) or "nothing at any time"


def _in_turn(spans: Sequence[Span]) -> str:
    """Which file was live after which, where dates do not tell."""
    return ", then ".join(
        f"{(span.path or 'what no file gave') if span.live else 'nothing'} as of {day(span.from_date)}"
        for span in spans
    )


def _file_row(touches: Sequence[Touch], mark: FileMark, commits: Commits, scale: TimeScale) -> Row:
    own = [touch for touch in touches if touch.path == mark.path]
    marks = tuple(
        TouchMark(
            scale.at(touch.commit),
            _MARKS.get(touch.event, "changed"),
            f"{mark.letter}: {mark.path} {EVENTS.get(touch.event, 'changed')} on {day(touch.date)}",
            commits(touch.commit, touch.date),
        )
        for touch in own
    )
    words = f"{len(own)} commit{'s' if len(own) != 1 else ''} touched it"
    stripes = tuple(_declared(own, scale)) if _forward([touch.commit for touch in own], scale) else ()
    return Row((), words, file=mark, stripes=stripes, marks=marks)


EVENTS: Final = {
    "added": "begins to declare it",
    "changed": "changed",
    "removed": "ceases to declare it",
    "unloadable": "cannot be loaded any more",
    "present": "declares it already",
    "unknown": "cannot be told what it declares",
}
_MARKS: Final = {"added": "added", "present": "added", "removed": "removed", "unloadable": "removed"}


def _declared(touches: Sequence[Touch], scale: TimeScale) -> Iterator[Stripe]:
    """When the file declared the object."""
    since: float | None = None
    for touch in touches:
        if touch.event in {"removed", "unloadable", "unknown"}:
            if since is not None:
                yield Stripe(since, max(scale.at(touch.commit) - since, _NARROWEST), "")
            since = None
        elif since is None:
            since = scale.at(touch.commit)
    if since is not None:
        yield Stripe(since, max(100.0 - since, _NARROWEST), "")


def _when(start: str, end: str | None) -> str:
    return f"from {day(start)} " + (f"until {day(end)}" if end is not None else "to the tip")
