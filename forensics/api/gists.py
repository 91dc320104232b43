"""What each kind of answer comes to: the sentence and the table that an interactive session shows of it."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final

from forensics.api.repository import Repository
from forensics.api.results import (
    CheckResult,
    FingerprintResult,
    LogResult,
    ReportResult,
    ScanResult,
    ScenariosResult,
    ShadowsResult,
    ShowResult,
    TimelineResult,
    TraceResult,
)
from forensics.report.cases import Status, cases
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.analysis.results import TimelineEntry
    from forensics.report.cases import Case

_DAY: Final = 10
_SHORT: Final = 12
_LONGEST: Final = 160
_MOST_NAMES: Final = 4


def line_of(answer: object) -> str:
    """An answer on one line."""
    from forensics.report.text_safety import clean  # noqa: PLC0415

    sentence = clean(gist_of(answer).sentence)
    shown = sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1] + "\u2026"
    return f"<{type(answer).__name__}: {shown}>"


@singledispatch
def gist_of(answer: object) -> Gist:
    """What an answer comes to."""
    return Gist(type(answer).__name__)


@gist_of.register(Repository)
def _(repository: Repository) -> Gist:
    evidence = repository.examination_of_everything.evidence()
    containers = [target.label for target in repository.examination_of_everything.targets]
    return Gist(
        f"{repository.path.resolve().name} at {repository.rev} ({repository.head[:_SHORT]}): "
        f"{_count(evidence.commits, 'commit')}, {_count(len(containers), 'container')}"
        + ("" if evidence.complete else f"; {_count(len(evidence.gaps), 'piece')} of evidence missing"),
        ("container", "of"),
        tuple((each.path, str(each.kind)) for each in containers),
    )


@gist_of.register(ScanResult)
@gist_of.register(ReportResult)
def _(result: ScanResult | ReportResult) -> Gist:
    found = cases(result.value)
    return Gist(
        _verdict(found) + ("" if result.evidence.complete else " The evidence is incomplete: to_frame('gaps')."),
        ("object", "status", "files", "another file's content live under", "adds", "nodes"),
        tuple(
            (
                case.object,
                str(case.status),
                _names(path for shadow in case.shadows[:1] for path in shadow.paths),
                _names(case.open_scenarios or case.scenarios) or "no scenario",
                _names(case.recipes_added),
                "" if case.nodes is None else str(len(case.nodes)),
            )
            for case in found
        ),
    )


@gist_of.register(ShadowsResult)
def _(result: ShadowsResult) -> Gist:
    now = {(each.container, each.kind, each.name) for each in result.shadows if each.at_head}
    return Gist(
        (f"{_count(len(now), 'object')} declared by several files at the tip; " if now else "No shadow at the tip; ")
        + f"{_count(len(result.shadows), 'set')} of files that did so in {_count(result.evidence.commits, 'commit')}.",
        ("object", "files", "from", "until", "commits"),
        tuple(
            (
                each.object,
                _names(each.paths),
                each.first_date[:_DAY],
                "still so" if each.at_head else each.last_date[:_DAY],
                str(each.commits),
            )
            for each in result.shadows
        ),
    )


@gist_of.register(TimelineResult)
def _(result: TimelineResult) -> Gist:
    last: dict[tuple[str, str, str], TimelineEntry] = {}
    for entry in result.entries:
        last[entry.container, entry.object, entry.scenario] = entry
    objects = {(entry.container, entry.object) for entry in result.entries}
    scenarios = {entry.scenario for entry in result.entries}
    what = next(iter(objects))[1] if len(objects) == 1 else _count(len(objects), "object")
    return Gist(
        f"{what}: {_count(len(result.entries), 'change')} of what was live under {_count(len(scenarios), 'scenario')}.",
        ("object", "scenario", "last live from", "since", "commit"),
        tuple(
            (
                each.object,
                each.scenario,
                "gone" if each.content is None else each.path or "a command",
                each.from_date[:_DAY],
                each.from_commit[:_SHORT],
            )
            for each in last.values()
        ),
    )


@gist_of.register(ShowResult)
def _(result: ShowResult) -> Gist:
    paths = dict.fromkeys(each.source.path or "a command" if each.source else "nothing" for each in result.states)
    return Gist(
        f"{result.object} at {result.at[:_DAY]} ({result.commit[:_SHORT]}): "
        + (f"{len(paths)} answers, as it was uploaded: " if len(paths) > 1 else "")
        + (_names(paths) or "no scenario")
        + ".",
        ("scenario", "live from", "uploaded at", "recipes"),
        tuple(
            (
                each.scenario,
                each.source.path or "a command" if each.source else "nothing",
                each.source.commit[:_SHORT] if each.source else "",
                "" if each.expanded is None else str(len(each.expanded["recipes"])),
            )
            for each in result.states
        ),
    )


@gist_of.register(LogResult)
def _(result: LogResult) -> Gist:
    paths = {entry.path for entry in result.entries}
    return Gist(
        f"{result.object}: {_count(len(result.entries), 'change')} in {_count(len(paths), 'file')}.",
        ("date", "commit", "author", "subject", "file", "event"),
        tuple(
            (
                each.note.date[:_DAY],
                each.commit[:_SHORT],
                each.note.author,
                each.note.subject,
                each.path,
                each.event,
            )
            for each in result.entries
        ),
    )


@gist_of.register(TraceResult)
def _(result: TraceResult) -> Gist:
    found = result.value
    naming = [each for each in found.carriers if each.names]
    now = dict.fromkeys(each.path for each in naming if each.at_head)
    copies = "" if found.visible_at_head or not now else ", a copy that shadows another file"
    live = ", ".join(found.live_at_head) or "no scenario"
    return Gist(
        f"{found.subject}: named today by {_names(now) or 'no file'}{copies}; live at the tip under {live}.",
        ("object", "file", "where", "from", "until"),
        tuple(
            (
                each.object,
                each.path,
                each.where,
                each.first_date[:_DAY],
                "still so" if each.at_head else each.last_date[:_DAY],
            )
            for each in naming
        ),
    )


@gist_of.register(FingerprintResult)
def _(result: FingerprintResult) -> Gist:
    known = sum(answer.known for answer in result.matches)
    contents = _count(len(result.value.declarations), "content")
    if not result.matches:
        return Gist(
            f"{contents} with a hash, {len(result.value.unresolved)} without.",
            ("object", "files", "X-Ops-Content-Hash of knife ... from file"),
            tuple(
                (each.object, _names(each.paths), each.sent.sha256 if each.sent else "")
                for each in result.value.declarations
            ),
        )
    return Gist(
        f"{known} of {_count(len(result.matches), 'hash', 'hashes')} known among {contents}.",
        ("hash", "object", "file", "from", "until"),
        tuple(
            (
                answer.hash.text,
                file.object or "",
                file.path,
                one.first_date[:_DAY],
                "still so" if one.at_tip else one.last_date[:_DAY],
            )
            for answer in result.matches
            for file in answer.files
            for one in file.stretches
        ),
    )


@gist_of.register(ScenariosResult)
def _(result: ScenariosResult) -> Gist:
    return Gist(
        f"{_count(len(result.scenarios), 'way')} of uploading.",
        ("scenario", "what somebody did"),
        tuple((each.name, each.description) for each in result.scenarios),
    )


@gist_of.register(CheckResult)
def _(result: CheckResult) -> Gist:
    new, old = result.value.introduced, result.value.standing
    standing = f" {_count(len(old), 'shadow')} stood before." if old else ""
    return Gist(
        (f"This commit would introduce {_count(len(new), 'shadow')}." if new else "This commit introduces no shadow.")
        + standing,
        ("object", "files", "introduced"),
        tuple((each.shadow.object, _names(each.shadow.paths), "yes") for each in new)
        + tuple((each.shadow.object, _names(each.shadow.paths), "no") for each in old),
    )


def _verdict(found: list[Case]) -> str:
    exposed = [case for case in found if case.status is Status.EXPOSED]
    if exposed:
        under = _names(exposed[0].open_scenarios)
        others = f", and {_count(len(exposed) - 1, 'object')} more" if len(exposed) > 1 else ""
        return f"EXPOSED at the tip: another file's content of {exposed[0].object} would be live under {under}{others}."
    waiting = [case.object for case in found if case.status is Status.SHADOWED]
    if waiting:
        return f"Not exposed at the tip, but several files declare {_names(waiting)}."
    past = f", but {_count(len(found), 'object')} {'was' if len(found) == 1 else 'were'} in the past" if found else ""
    return f"Nothing is shadowed at the tip{past}."


def _names(names: Iterable[str]) -> str:
    shown = list(names)
    if len(shown) <= _MOST_NAMES:
        return ", ".join(shown)
    return f"{', '.join(shown[:_MOST_NAMES])} and {len(shown) - _MOST_NAMES} more"


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {several or one + 's'}"
