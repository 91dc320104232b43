"""Every knife command that shell histories and consoles show, in the order in which they ran.

Where nobody can tell which commit a clone stood at, or whether a command ran, all that is possible is told: no guess.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from forensics.evidence import CLOCK_SKEW
from forensics.evidence.moments import Moment  # noqa: TC001 (facts read it)
from forensics.evidence.secrets import without_secrets
from forensics.evidence.shell.builtins import order_of
from forensics.evidence.shell.commits import ClonePoints
from forensics.evidence.shell.knife_words import Effect, understood
from forensics.evidence.shell.sessions import LineRun, lines_run
from forensics.evidence.shell.state import Settings
from forensics.evidence.shell.work_tree import WorkTree, location
from forensics.facts import IF_ANY, INTERNAL, absent, document_view, limit, words
from forensics.history.model import FilePath, Oid  # noqa: TC001 (facts read it)
from forensics.uploads.commands import GivenCommand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.evidence.records import Place, Transcript
    from forensics.evidence.shell.commits import Candidates
    from forensics.evidence.shell.state import Act
    from forensics.history.walk import History

_MOST_FILES: Final = 1000
_MOST_WITH_FILES: Final = 16
_DIRECTORIES: Final = {"role": "roles", "environment": "environments", "node": "nodes", "data bag": "data_bags"}


class Shells(NamedTuple):
    """What histories do not say of the shells that wrote them: their locale, and aliases that no line defines."""

    locale: str = "en_US.UTF-8"
    aliases: Mapping[str, str] = MappingProxyType({})


_SHELLS: Final = Shells()


@document_view(name="typed_at")
@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file of evidence."""

    file: Annotated[str, "The file, as it was named."]
    line: Annotated[int | None, limit(minimum=1), "The line, counted from 1.", absent("it is the file as a whole")]

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@document_view(name="command_file")
@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a command's words name, as a commit has it."""

    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid, "Its content."]
    commit: Annotated[Oid, "The latest commit with that content at which the clone can have stood."]
    edited: Annotated[
        bool, "Whether an earlier line may have changed the file, so that something else was sent.", IF_ANY
    ] = False


@document_view(name="possible_command")
@dataclass(frozen=True, slots=True)
class PossibleCommand:
    """One of several commands that a line can have run."""

    argv: Annotated[tuple[str, ...], "The words after the program's name, as the shell passed them."]
    cwd: Annotated[str, "The working directory, from the repository's root."]
    files: Annotated[
        tuple[NamedFile, ...],
        "The files that the words name, for each content that is possible; left out where more than 16 commands are.",
    ]
    commit: Annotated[
        Oid | None,
        "The latest commit at which the clone can have stood for it.",
        absent("it is not among those examined"),
    ]


@document_view(name="command")
@dataclass(frozen=True, slots=True)
class RanCommand:
    """A knife command that changes a server's objects, as a line shows it."""

    time: Annotated[Moment | None, "When the line was typed.", absent("nothing tells it")]
    user: Annotated[str, "Whose history it is; empty where nothing tells it."]
    argv: Annotated[
        tuple[str, ...] | None,
        "The words after the program's name, as the shell passed them.",
        absent("several are possible"),
    ]
    cwd: Annotated[str | None, "The working directory, from the repository's root.", absent("several are possible")]
    exit: Annotated[int | None, "How it ended.", absent("nothing tells it")]
    source: Annotated[SourceLine, "Where the line stands."]
    files: Annotated[tuple[NamedFile, ...], "The files that the words name, for each content that is possible."]
    effect: Annotated[
        str,
        words("upload", "by-hand", ordered=False),
        "Whether it uploads files, or changes objects to what no file of the repository tells.",
    ]
    certain: Annotated[bool, "Whether it ran for certain; otherwise it depends on how another command ended."]
    assumed: Annotated[tuple[str, ...], "What had to be taken for granted to say so."]
    possible: Annotated[tuple[PossibleCommand, ...], "All that are possible, where several are.", IF_ANY] = ()
    commit: Annotated[
        Oid | None, "The latest commit at which the clone can have stood.", absent("it is not among those examined")
    ] = None
    seconds: Annotated[int | None, "When, in seconds since 1970.", INTERNAL] = None


@document_view(name="unclear_line")
@dataclass(frozen=True, slots=True)
class UnclearLine:
    """A line that ran knife, or may have, of which not everything can be told."""

    source: Annotated[SourceLine, "Where it stands."]
    reason: Annotated[str, "Why."]


@dataclass(frozen=True, slots=True)
class FoundCommands:
    """What histories and consoles show."""

    commands: Annotated[tuple[RanCommand, ...], "The commands that change a server's objects, in their order."] = ()
    lines: Annotated[int, "How many lines were typed."] = 0
    passed_over: Annotated[int, "How many of them change no object on a server."] = 0
    not_understood: Annotated[tuple[UnclearLine, ...], "Those of which not everything can be told."] = ()


def commands(
    transcripts: Sequence[Transcript],
    history: History,
    shells: Shells = _SHELLS,
    *,
    skew: int = CLOCK_SKEW,
) -> FoundCommands:
    """Understand histories and consoles, each user's by itself; commands with times are put in their order.

    ``skew`` is how far clocks may differ, in seconds.
    """
    commits = ClonePoints(history)
    settings = Settings(order_of(shells.locale), shells.aliases, skew)
    found: list[RanCommand] = []
    unclear: list[UnclearLine] = []
    typed = passed = 0
    for transcript in transcripts:
        ran: list[RanCommand] = []
        for line in lines_run(transcript, commits, settings):
            typed += 1
            told = list(_told(line, transcript.user, commits))
            ran += [command for command in told if isinstance(command, RanCommand)]
            reasons = [command for command in told if isinstance(command, str)]
            unclear += [
                UnclearLine(_source(line.place), reason) for reason in dict.fromkeys((*reasons, *line.failures))
            ]
            passed += not told and not line.failures
        found += ran
    return FoundCommands(tuple(_by_time(found)), typed, passed, tuple(unclear))


def given(found: FoundCommands) -> tuple[GivenCommand, ...]:
    """The commands that are certain and of which there is one only, for a replay."""
    return tuple(
        GivenCommand(command.commit, command.cwd, command.argv, f"{command.source.file}:{command.source.line}")
        for command in found.commands
        if command.certain and command.argv is not None and command.cwd is not None and command.commit is not None
    )


def _by_time(found: list[RanCommand]) -> list[RanCommand]:
    """Those of several files in one order; one without a time stays behind the one that it follows."""
    last: dict[str, int] = {}
    keys = []
    for command in found:
        time = command.seconds if command.seconds is not None else last.get(command.source.file, 0)
        last[command.source.file] = time
        keys.append(time)
    order = sorted(range(len(found)), key=lambda number: (keys[number], number))
    return [found[number] for number in order]


class _Meant(NamedTuple):
    act: Act
    effect: Effect
    verb: str
    arguments: list[str]


def _told(line: LineRun, user: str, commits: ClonePoints) -> Iterator[RanCommand | str]:
    """The commands of one line: the first that each possibility runs are one, then the second, and so on."""
    possibilities: list[tuple[Candidates, list[_Meant]]] = []
    for candidates, acts in line.possible:
        meant = [_Meant(act, *understood(act.argv)) for act in acts]
        for each in meant:
            if each.effect is Effect.UNKNOWN:
                yield f"knife {each.verb} is not known here"
        possibilities.append((candidates, [each for each in meant if each.effect in (Effect.UPLOAD, Effect.BY_HAND)]))
    longest = max((len(meant) for _, meant in possibilities), default=0)
    for number in range(longest):
        here = [(candidates, meant[number]) for candidates, meant in possibilities if number < len(meant)]
        yield _command(line, user, commits, here, everywhere=len(here) == len(possibilities))


def _command(
    line: LineRun, user: str, commits: ClonePoints, here: list[tuple[Candidates, _Meant]], *, everywhere: bool
) -> RanCommand:
    possible: dict[tuple[tuple[str, ...], str], PossibleCommand] = {}
    few = len({meant.act[:2] for _, meant in here}) <= _MOST_WITH_FILES
    for candidates, meant in here:
        act = meant.act
        files = tuple(_files(meant, commits, candidates)) if few else ()
        newest = commits.newest(candidates)
        key = (without_secrets(act.argv), act.cwd or ".")
        before = possible.get(key)
        if before is not None:
            files = tuple(dict.fromkeys((*before.files, *files)))
        possible[key] = PossibleCommand(*key, files, newest.hex() if newest else None)
    several = tuple(possible.values())
    only = several[0] if len(several) == 1 else None
    return RanCommand(
        time=None if line.time is None else datetime.fromtimestamp(line.time, UTC).isoformat(),
        user=user,
        argv=only.argv if only else None,
        cwd=only.cwd if only else None,
        exit=None,
        source=_source(line.place),
        files=only.files if only else (),
        effect=here[0][1].effect.value,
        certain=everywhere and all(meant.act.certain for _, meant in here),
        assumed=tuple(dict.fromkeys(what for _, meant in here for what in meant.act.assumed)),
        possible=() if only else several,
        commit=only.commit if only else None,
        seconds=line.time,
    )


def _source(place: Place) -> SourceLine:
    return SourceLine(place.file, place.line)


def _files(meant: _Meant, commits: ClonePoints, candidates: Candidates) -> Iterator[NamedFile]:
    """The files that a command's words name, for each group of commits that agree on one."""
    act, arguments = meant.act, meant.arguments
    directory = ""
    if meant.effect is not Effect.UPLOAD:
        return
    if meant.verb != "upload":
        kind = meant.verb.removeprefix("spork ").removesuffix(" from file")
        directory = _DIRECTORIES[kind]
        if kind == "data bag" and arguments:
            directory, arguments = f"{directory}/{arguments[0]}", arguments[1:]
    count = 0
    for argument in arguments:
        for path, entry, group in _standing(argument, act, directory, commits, candidates):
            newest = commits.newest(group)
            if newest is not None:
                edited = any(change[0] == path and change[1] != "-" for change in act.changes)
                yield NamedFile(path, entry.hex(), newest.hex(), edited)
                count += 1
            if count == _MOST_FILES:
                return


def _standing(
    argument: str, act: Act, directory: str, commits: ClonePoints, candidates: Candidates
) -> Iterator[tuple[str, bytes, Candidates]]:
    pending = [candidates]
    while pending:
        group = pending.pop()
        tree = WorkTree(commits, group, frozenset())
        plain = location(act.cwd, argument)
        path = tree.place_of(plain, location(act.cwd, posixpath.join(directory, argument)) if directory else plain)
        if path is None:
            continue
        if isinstance(path, list):
            pending += path
            continue
        answers = commits.answers(group, path)
        for entry, narrowed in reversed(answers.items()):
            if entry.kind == "file":
                yield path, entry.oid, narrowed
            elif entry.kind == "directory":
                yield from _below(path, commits, narrowed)


def _below(path: str, commits: ClonePoints, candidates: Candidates) -> Iterator[tuple[str, bytes, Candidates]]:
    tree = WorkTree(commits, candidates, frozenset())
    for name in tree.files_below(path):
        for entry, narrowed in reversed(commits.answers(candidates, name).items()):
            if entry.kind == "file" and name.endswith((".json", ".rb", ".js")):
                yield name, entry.oid, narrowed
