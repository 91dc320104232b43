"""The lines of one history, session by session, in the order in which they were typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.evidence.records import Shell
from forensics.evidence.shell.consoles import UNTRACED
from forensics.evidence.shell.fish import FishParser
from forensics.evidence.shell.posix import PosixParser
from forensics.evidence.shell.possibilities import outcomes
from forensics.evidence.shell.state import ShellState
from forensics.evidence.shell.syntax import Node, NotUnderstood, Simple, Text, Unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.evidence.records import Place, Transcript, TypedLine
    from forensics.evidence.shell.commits import Candidates, ClonePoints
    from forensics.evidence.shell.state import Act, Settings

_MOST_JOINED: Final = 50
_MOST_VAIN: Final = 100
_MOST_STATES: Final = 16
_END: Final = re.compile(r"\s*(exit|logout)(\s+\d+)?\s*;?\s*\Z")


class LineRun(NamedTuple):
    """What one typed line ran, for each group of possible commits and each outcome of other commands that matters.

    ``failures`` say why not all of it is told.
    """

    place: Place
    time: int | None
    possible: list[tuple[Candidates, tuple[Act, ...]]]
    failures: tuple[str, ...]


class _Session:
    """The lines of one shell from its start to its end, and the states that it can be in."""

    def __init__(self, lines: list[TypedLine]) -> None:
        self.lines = lines
        self.next = 0
        self.states = [ShellState()]


def lines_run(transcript: Transcript, commits: ClonePoints, settings: Settings) -> Iterator[LineRun]:
    """Everything that the lines of a history ran; concurrent sessions share the clone."""
    sessions = _sessions(transcript.lines)
    order: list[tuple[int, int]] = []
    for number, session in enumerate(sessions):
        last = order[-1][0] if order and session.lines[0].time is None else 0
        for line in session.lines:
            last = max(last, line.time or 0)
            order.append((last, number))
    reader = _LineReader(transcript.shell, commits, settings)
    # the sort is stable: without times the order of the file counts
    for _, number in sorted(order, key=lambda each: each[0]):
        session = sessions[number]
        if session.next < len(session.lines):
            told = reader.line(session)
            if told is not None:
                yield told


def _sessions(lines: Sequence[TypedLine]) -> list[_Session]:
    found: list[list[TypedLine]] = [[]]
    for line in lines:
        last = found[-1][-1] if found[-1] else None
        ended = last is not None and _END.fullmatch(last.text) is not None
        backwards = last is not None and None not in (last.time, line.time) and line.time < last.time  # type: ignore[operator]
        if ended or backwards:
            found.append([])
        found[-1].append(line)
    return [_Session(each) for each in found if each]


class _LineReader:
    def __init__(self, shell: Shell, commits: ClonePoints, settings: Settings) -> None:
        self._shell = shell
        self._commits = commits
        self._settings = settings
        self._clone = ShellState()
        self._vain = 0

    def line(self, session: _Session) -> LineRun | None:
        """Run a session's next line; None if there is nothing in it."""
        first = session.lines[session.next]
        possible: list[tuple[Candidates, tuple[Act, ...]]] = []
        failures: list[str] = []
        afterwards: list[ShellState] = []
        consumed = 1
        for state in session.states:
            try:
                node, count = self._parsed(session, state)
                consumed = max(consumed, count)
                found = outcomes(
                    node, self._kind(first), state.with_clone_of(self._clone), self._commits, self._settings, first.time
                )
            except NotUnderstood as error:
                if self._may_upload(first.text, state):
                    failures.append(str(error))
                afterwards.append(state)
                continue
            for outcome in found:
                possible.append((outcome.candidates, outcome.acts))
                failures += outcome.failures
                if outcome.state not in afterwards:
                    afterwards.append(outcome.state)
        session.next += consumed
        self._keep(session, afterwards)
        if not first.text.strip():
            return None
        return LineRun(first.place, first.time, possible, tuple(dict.fromkeys(failures)))

    def _keep(self, session: _Session, states: list[ShellState]) -> None:
        """Keep the states that differ but for the clone, and of the clone what all agree on."""
        clone = states[0]
        if any(state.clone != clone.clone for state in states):
            clone = clone.copy()
            clone.clone = None
        self._clone = ShellState().with_clone_of(clone)
        distinct: list[ShellState] = []
        for state in states:
            own = state.with_clone_of(self._clone)
            if own not in distinct:
                distinct.append(own)
        session.states = (
            distinct if len(distinct) <= _MOST_STATES else [ShellState(cwd=None).with_clone_of(self._clone)]
        )

    def _kind(self, line: TypedLine) -> Shell:
        return Shell.BASH if self._shell is Shell.TRACE and line.text.startswith(UNTRACED) else self._shell

    def _parsed(self, session: _Session, state: ShellState) -> tuple[Node, int]:
        """Parse the next line, with those after it that belong to it, and say how many lines that took."""
        text = session.lines[session.next].text
        if self._shell is Shell.TRACE and not text.startswith(UNTRACED):
            return _traced(text), 1
        text = text.removeprefix(UNTRACED)
        following = session.lines[session.next + 1 : session.next + _MOST_JOINED]
        if self._vain > _MOST_VAIN or self._shell is not Shell.BASH:
            following = []
        unfinished = None
        for number, more in enumerate(("", *(line.text for line in following))):
            text = f"{text}\n{more}" if number else text
            try:
                return self._parse(text, state), number + 1
            except Unfinished as error:
                unfinished = unfinished or error
        self._vain += 1
        raise NotUnderstood(f"unfinished: {unfinished}")

    def _parse(self, text: str, state: ShellState) -> Node:
        try:
            if self._shell is Shell.FISH:
                return FishParser(text).program()
            zsh = self._shell is Shell.ZSH
            comments = not zsh or "interactivecomments" in state.options
            aliases = {**self._settings.aliases, **state.aliases}
            return PosixParser(text, aliases, zsh=zsh, comments=comments).program()
        except RecursionError:
            raise NotUnderstood("nested too deeply") from None

    def _may_upload(self, text: str, state: ShellState) -> bool:
        names = [*self._settings.aliases, *state.aliases, *state.functions]
        return "knife" in text or any(re.search(rf"(?<!\S){re.escape(name)}(?!\S)", text[: 1 << 16]) for name in names)


def _traced(text: str) -> Node:
    """The words of a traced command: quoted where a shell quotes what it shows, and expanded already."""
    try:
        parser = PosixParser(text, {}, comments=False)
        words = []
        while not parser.at_end():
            parser.skip_blanks()
            if parser.at_end():
                break
            word = parser.word()
            if not all(isinstance(part, Text) for part in word):
                words = text.split()
                break
            words.append("".join(part.value for part in word if isinstance(part, Text)))
    except NotUnderstood:
        words = text.split()
    return Simple((), tuple((Text(word, quoted=True),) for word in words))
