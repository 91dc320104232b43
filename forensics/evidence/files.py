"""Files of evidence, opened once and read as streams: plain or compressed, whatever their size.

Nothing waits for a pipe or a device, and no file is taken into memory as a whole.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from forensics.errors import UsageError
from forensics.evidence.records import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo
    from pathlib import Path

    from forensics.evidence.dated_names import Dated
    from forensics.evidence.records import SourceReport

_BEGINNING: Final = 64 * 1024
_BLOCK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 20
# what no log comes near: gzip makes 1032 bytes of one at most, and of lines hardly 300
_MOST_EXPANDED: Final = 900
_LARGE: Final = 256 << 20

_COMPRESSED: Final[Mapping[bytes, Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
DAMAGED: Final = (OSError, EOFError, lzma.LZMAError, ValueError)
"""What reading a compressed file that was cut or damaged raises."""


class EvidenceFileError(UsageError):
    """A file of evidence that is missing, cannot be read, or has no format that is known."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file or directory of evidence.

    ``name`` is what people read; ``zone`` what times without one are in (None: nobody said); ``moment`` when it was
    made, where somebody said so.
    """

    path: Path
    name: str
    zone: tzinfo | None = None
    moment: Dated | None = None

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return self.path.is_dir()

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The contents, decompressed.

        Raises:
            EvidenceFileError: it is no regular file, or cannot be opened.
        """
        try:
            # neither a pipe nor a device may keep us waiting
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise EvidenceFileError(f"{self.name} cannot be read: {error.strerror}") from None
        with os.fdopen(descriptor, "rb") as raw:
            if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
                raise EvidenceFileError(f"{self.name} is no regular file")
            try:
                start = raw.read(6)
                raw.seek(0)
            except OSError as error:
                raise EvidenceFileError(f"{self.name} cannot be read: {error.strerror}") from None
            for magic, opening in _COMPRESSED.items():
                if start.startswith(magic):
                    with opening(raw, "rb") as expanded:
                        yield expanded
                    return
            yield raw

    def beginning(self) -> bytes:
        """The first bytes, for recognising a format; what can be read of them where the file is damaged."""
        found = b""
        with self.opened() as file:
            try:
                while len(found) < _BEGINNING and (block := _some(file)):
                    found += block
            except DAMAGED:
                pass
        return found[:_BEGINNING]

    def lines(self, report: SourceReport, *, ended: bool = True) -> Iterator[list[bytes]]:
        """The lines without their ends, many at a time, each counted before it is given.

        A line of more than a million bytes is given as an empty one and counted as bad. A file that is cut or damaged
        gives what can be read, and the report tells that; so it does, if whole files of the format are ``ended`` by the
        end of a line, where one is not.
        """
        rest = b""
        overlong = False
        read = 0
        size = self.path.stat().st_size
        with self.opened() as file:
            while True:
                try:
                    block = _some(file)
                except DAMAGED as error:
                    report.gaps.append(f"is damaged or cut after line {report.lines + bool(rest)}: {error}")
                    break
                if not block:
                    break
                read += len(block)
                if read > _LARGE and read > _MOST_EXPANDED * size:
                    report.gaps.append(f"was left after line {report.lines}: {size} bytes expand to more than {read}")
                    rest = b""
                    break
                lines = (rest + block).split(b"\n")
                rest = lines.pop()
                if overlong and lines:
                    lines[0], overlong = b"", False
                if lines:
                    report.lines += len(lines)
                    yield lines
                if overlong or len(rest) > _LONGEST_LINE:
                    if not overlong:
                        place = Place(self.name, report.lines + 1)
                        report.bad.add(place, f"is longer than {_LONGEST_LINE} bytes")
                    overlong, rest = True, b""
        if rest:
            report.lines += 1
            if ended:
                report.gaps.append(f"ends within line {report.lines}: it is cut, or was copied without the end")
            yield [rest]


def _some(file: IO[bytes]) -> bytes:
    """The next bytes: what could be read before damage is given before it is told."""
    found: bytes = file.read1(_BLOCK)  # type: ignore[attr-defined]  # every reader of bytes here has it
    return found
