"""Shell histories as bash, zsh and fish write them.

A time is only as good as the shell's: the start of a typed line, in seconds. Nothing here knows what a line means;
several physical lines that a shell kept as one entry stay one.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from forensics.evidence.format import EvidenceFormat
from forensics.evidence.records import Place, Shell, Transcript, TypedLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import SourceReport

LONGEST_LINE: Final = 1 << 16
"""Nobody types more in one line; what is longer is counted and passed over."""

MOST_LINES: Final = 100_000
_MOST_BYTES: Final = 1 << 25

_EPOCH: Final = re.compile(rb"#(\d{9,10})\s*\Z")
_EXTENDED: Final = re.compile(rb": *(\d{1,11}):\d{1,9};")
_WHEN: Final = re.compile(r"  when: (\d{1,11})\s*\Z")
_META: Final = 0x83
_NAMES: Final = {
    Shell.BASH: re.compile(r"bash|history|\.hist\b|^hist"),
    Shell.ZSH: re.compile(r"zsh|zhist"),
    Shell.FISH: re.compile(r"fish"),
}
_USER: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)[.-](?:bash|zsh|fish)?_?hist(?:ory)?(?:[.-].*)?\Z")
_NO_USERS: Final = frozenset({"bash", "zsh", "fish", "shell", "sh", "command", "cmd"})


def user_of(name: str) -> str:
    """Whose history a file is, as far as its name says so (``alice.bash_history``); otherwise empty."""
    found = _USER.fullmatch(PurePath(name).name)
    user = found[1] if found else ""
    return "" if user.lower() in _NO_USERS or user.isdigit() else user


def physical_lines(source: EvidenceFile, report: SourceReport) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, without their ends; those that are too long are counted as bad."""
    for lines in source.lines(report, ended=False):
        for number, line in enumerate(lines, report.lines - len(lines) + 1):
            if len(line) >= LONGEST_LINE:
                report.bad.add(Place(report.file, number), "the line is too long to have been typed")
            else:
                yield number, line.removesuffix(b"\r")


def _of_a_life(lines: Iterable[tuple[int, bytes]], report: SourceReport) -> Iterator[tuple[int, bytes]]:
    """No more lines than somebody can have typed: they are kept, and what is compressed may expand to anything."""
    size = 0
    for number, line in lines:
        size += len(line)
        if number > MOST_LINES or size > _MOST_BYTES:
            report.gaps.append(f"was left after line {number - 1}: nobody types more")
            return
        yield number, line


def _bash(lines: Iterable[tuple[int, bytes]], report: SourceReport) -> Iterator[TypedLine]:
    """The entries of a bash history; what stands below one time is one entry, and without times each line is one."""
    time: int | None = None
    collected: list[bytes] = []
    first = 0
    for number, line in lines:
        epoch = _EPOCH.match(line)
        if epoch is None and (time is None or not collected):
            if time is None:
                yield _typed(report, number, None, line)
            else:
                collected, first = [line], number
        elif epoch is None:
            collected.append(line)
        else:
            if collected:
                yield _typed(report, first, time, b"\n".join(collected))
            time, collected = int(epoch[1]), []
    if collected:
        yield _typed(report, first, time, b"\n".join(collected))


def _zsh(lines: Iterable[tuple[int, bytes]], report: SourceReport) -> Iterator[TypedLine]:
    """The entries of a zsh history, extended or plain: a line that ends in a backslash goes on in the next."""
    collected: list[bytes] = []
    first = 0
    for number, line in lines:
        if not collected:
            first = number
        if line.endswith(b"\\") and len(collected) < LONGEST_LINE:
            collected.append(line[:-1])
            continue
        yield _zsh_entry(report, first, [*collected, line])
        collected = []
    if collected:
        yield _zsh_entry(report, first, collected)


def _zsh_entry(report: SourceReport, number: int, lines: list[bytes]) -> TypedLine:
    # zsh puts a blank behind a line that ends in a backslash of its own
    text = b"\n".join(lines)
    if len(text) > 1 and text.endswith(b"\\ "):
        text = text[:-1]
    begun = _EXTENDED.match(text)
    return _typed(report, number, int(begun[1]) if begun else None, _plain(text[begun.end() :] if begun else text))


def _plain(text: bytes) -> bytes:
    """Undo zsh's metafication: the byte 0x83, and the one that is meant with one bit turned over."""
    if _META not in text:
        return text
    found = bytearray()
    turned = False
    for byte in text:
        if turned:
            found.append(byte ^ 0x20)
            turned = False
        elif byte == _META:
            turned = True
        else:
            found.append(byte)
    return bytes(found)


def _fish(lines: Iterable[tuple[int, bytes]], report: SourceReport) -> Iterator[TypedLine]:
    """The entries of a fish history: what looks like YAML and is none; ``paths`` says nothing that counts."""
    command: bytes | None = None
    first, time = 0, None
    for number, line in lines:
        if line.startswith(b"- cmd: "):
            if command is not None:
                yield _typed(report, first, time, command)
            command, first, time = _fish_text(line[7:]), number, None
        elif command is not None and (when := _WHEN.match(line.decode("ascii", "replace"))):
            time = int(when[1])
        elif line.strip() and not line.startswith((b"  paths:", b"    - ")):
            report.bad.add(Place(report.file, number), "no line of a fish history")
    if command is not None:
        yield _typed(report, first, time, command)


def _fish_text(text: bytes) -> bytes:
    return re.sub(rb"\\([n\\])", lambda found: b"\n" if found[1] == b"n" else b"\\", text)


def _typed(report: SourceReport, number: int, time: int | None, text: bytes) -> TypedLine:
    report.saw(time)
    report.used += 1
    return TypedLine(Place(report.file, number), time, text.decode("utf-8", "surrogateescape"))


_READERS: Final[dict[Shell, Callable[[Iterable[tuple[int, bytes]], SourceReport], Iterator[TypedLine]]]] = {
    Shell.BASH: _bash,
    Shell.ZSH: _zsh,
    Shell.FISH: _fish,
}


def _reader(shell: Shell) -> Callable[[EvidenceFile, SourceReport], Iterator[Transcript]]:
    def read(source: EvidenceFile, report: SourceReport) -> Iterator[Transcript]:
        report.zone = "UTC"  # seconds since 1970
        lines = tuple(_READERS[shell](_of_a_life(physical_lines(source, report), report), report))
        yield Transcript(Place(source.name), shell, lines, user_of(source.name))

    return read


def _is_zsh(source: EvidenceFile, start: bytes) -> bool:
    if source.is_directory:
        return False
    return bool(re.search(rb"^: *\d{9,11}:\d+;", start, re.MULTILINE)) or _is_named(source, Shell.ZSH, start)


def _is_fish(source: EvidenceFile, start: bytes) -> bool:
    return not source.is_directory and start.startswith(b"- cmd: ")


def _is_bash(source: EvidenceFile, start: bytes) -> bool:
    if source.is_directory:
        return False
    return bool(re.search(rb"^#\d{9,10}\r?$", start, re.MULTILINE)) or _is_named(source, Shell.BASH, start)


def _is_named(source: EvidenceFile, shell: Shell, start: bytes) -> bool:
    # a plain history has no form of its own; JSON and tables have one
    name = PurePath(source.name).name
    return _NAMES[shell].search(name) is not None and not start.lstrip().startswith((b"{", b"[")) and b"\0" not in start


ZSH: Final = EvidenceFormat(
    "zsh-history", "zsh history", "which files were uploaded, and in which order", _is_zsh, _reader(Shell.ZSH)
)
FISH: Final = EvidenceFormat(
    "fish-history", "fish history", "which files were uploaded, and in which order", _is_fish, _reader(Shell.FISH)
)
BASH: Final = EvidenceFormat(
    "bash-history", "bash history", "which files were uploaded, and in which order", _is_bash, _reader(Shell.BASH)
)
