"""The story of each shadowed object: what was live under each scenario, and which commits touched its files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.analysis.commits import commit_notes
from forensics.analysis.dates import commit_date
from forensics.analysis.report_results import FileContent, Lane, ObjectStory, Span, Touch
from forensics.analysis.scanning import scan
from forensics.analysis.shadows import canonical_path
from forensics.chef.name_line import name_line
from forensics.chef.wire import content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import Divergence
    from forensics.history.model import File
    from forensics.uploads.replay import Replay
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Timeline


def report(examination: Examination, asked: Mapping[str, str] | None = None) -> Scan:
    """The whole examination with the stories behind it."""
    return with_stories(examination, scan(examination, asked))


def with_stories(examination: Examination, found: Scan) -> Scan:
    """A scan with the stories behind it."""
    stories = tuple(object_stories(examination))
    named: dict[str, None] = dict.fromkeys(touch.commit for story in stories for touch in story.touches)
    for story in stories:
        for lane in story.lanes:
            named.update(dict.fromkeys(span.from_commit for span in lane.spans))
    new = [commit for commit in named if commit not in found.notes]
    return replace(found, stories=stories, notes={**found.notes, **commit_notes(examination.history, new)})


def object_stories(examination: Examination) -> Iterator[ObjectStory]:
    """The stories of the objects that are told of: those with a shadow or a divergence in the time asked for."""
    objects = dict.fromkeys((each.kind, each.container, each.name) for each in examination.shadows)
    diverging: dict[tuple[str, str, str], list[Divergence]] = {}
    for divergence in examination.divergences:
        diverging.setdefault((divergence.kind, divergence.container, divergence.name), []).append(divergence)
    objects.update(dict.fromkeys(diverging))
    replays: dict[tuple[str, str], list[Replay]] = {}
    for replayed in examination.contested_replays:
        key = (str(replayed.target.kind), replayed.target.label.path)
        replays.setdefault(key, []).append(replayed)
    versions = _versions(examination)
    for kind, container, name in objects:
        found = replays[kind, container]
        yield _story(
            examination,
            found,
            name,
            versions.get((found[0].target, name), {}),
            diverging.get((kind, container, name), ()),
        )


def _versions(examination: Examination) -> dict[tuple[Target, str], dict[str, list[File]]]:
    """The file versions that ever declared each object, by path."""
    found: dict[tuple[Target, str], dict[str, list[File]]] = {}
    for seen in examination.survey.sightings:
        name = examination.declarations.from_file(seen.target.kind, seen.path, seen.file).name
        if name is not None:
            found.setdefault((seen.target, name), {}).setdefault(seen.path, []).append(seen.file)
    return found


def _story(
    examination: Examination,
    replays: Sequence[Replay],
    name: str,
    versions: Mapping[str, Sequence[File]],
    diverging: Sequence[Divergence],
) -> ObjectStory:
    target = replays[0].target
    paths = tuple(sorted(versions, key=lambda path: path.encode("utf-8", "surrogateescape")))
    tip = target.files(examination.history, target.version(examination.history.state(examination.head_commit)))
    at_tip = tuple(path for path in paths if tip.get(path) in versions[path])
    touches = tuple(_touches(examination, replays[0], versions))
    timelines = {one.scenario: one for replayed in replays for one in examination.chosen_timelines(replayed)}
    lanes = tuple(
        Lane(scenario.name, tuple(_spans(examination, timelines[scenario], name, diverging)))
        for scenario in examination.options.scenarios
        if scenario in timelines
    )
    return ObjectStory(
        kind=str(target.kind),
        container=target.label.path,
        name=name,
        paths=paths,
        at_tip=at_tip,
        canonical=canonical_path(name, paths, target),
        shadows=tuple(
            shadow.id
            for shadow in examination.shadows
            if (shadow.kind, shadow.container, shadow.name) == (target.kind, target.label.path, name)
        ),
        lanes=lanes,
        touches=touches,
        contents=tuple(_contents(examination, target, touches, lanes, diverging)),
        name_lines=dict(_name_lines(examination, target, {path: tip[path] for path in at_tip})),
    )


def _name_lines(examination: Examination, target: Target, files: Mapping[str, File]) -> Iterator[tuple[str, int]]:
    """Where each file gives the object its name."""
    for path, file in files.items():
        data = examination.history.blob(file, path) if isinstance(file, bytes) else None
        line = None if data is None else name_line(target.kind, path, data)
        if line is not None:
            yield path, line


def _touches(examination: Examination, replayed: Replay, versions: Mapping[str, Sequence[File]]) -> Iterator[Touch]:
    """The commits of the replay at which a file began, changed or ceased to declare the object, or may have."""
    history, declarations, kind = examination.history, examination.declarations, replayed.target.kind
    cut = examination.evidence().cut_at
    declaring: set[str] = set()
    for step in replayed.steps:
        for change in step.since_last:
            known = versions.get(change.path, ())
            after = change.after if change.after in known else None
            undecided = change.after is not None and declarations.from_file(kind, change.path, change.after).undecided
            if change.path not in declaring and (after is None or undecided):
                continue
            if undecided:
                event = "unknown"
            elif after is None:
                there = change.after is not None and declarations.from_file(kind, change.path, change.after).problem
                event = "unloadable" if there else "removed"
                declaring.discard(change.path)
            elif change.path in declaring:
                event = "changed"
            else:
                event = "present" if history.graph.ids[step.commit].hex() in cut else "added"
                declaring.add(change.path)
            yield Touch(
                commit=history.graph.ids[step.commit].hex(),
                date=commit_date(history, step.commit),
                path=change.path,
                blob=after.hex() if isinstance(after, bytes) else None,
                event=event,
            )


def _spans(examination: Examination, one: Timeline, name: str, diverging: Sequence[Divergence]) -> Iterator[Span]:
    """What was live one after the other; nothing before the first upload."""
    history = examination.history
    events = one.events.get(name, ())
    stretches = [
        (examination.position(each.from_commit), examination.position(each.until_commit) if each.until_commit else None)
        for each in diverging
        if each.scenario == one.scenario.name
    ]
    for number, event in enumerate(events):
        start = one.steps[event.step]
        end = one.steps[events[number + 1].step] if number + 1 < len(events) else None
        live = event.undecided or event.live
        yield Span(
            from_commit=history.graph.ids[start].hex(),
            from_date=commit_date(history, start),
            until_commit=None if end is None else history.graph.ids[end].hex(),
            until_date=None if end is None else commit_date(history, end),
            live=live is not None,
            path=live.path if live else None,
            blob=live.blob.hex() if live and live.blob else None,
            certainty=event.certainty,
            diverges=any((end is None or first < end) and (last is None or start < last) for first, last in stretches),
        )


def _contents(
    examination: Examination,
    target: Target,
    touches: Sequence[Touch],
    lanes: Sequence[Lane],
    diverging: Sequence[Divergence],
) -> Iterator[FileContent]:
    """Each version that is spoken of, once."""
    named: dict[tuple[str | None, str | None], None] = {(touch.path, touch.blob): None for touch in touches}
    named.update({(span.path, span.blob): None for lane in lanes for span in lane.spans})
    for each in diverging:
        for phase in each.phases:
            named.update({(source.path, source.blob): None for source in (phase.live, phase.expected) if source})
    for path, blob in named:
        if path is None or blob is None:
            continue
        body = examination.declarations.from_file(target.kind, path, bytes.fromhex(blob)).body
        if body is not None:
            yield FileContent(path, blob, content(target.kind, body))
