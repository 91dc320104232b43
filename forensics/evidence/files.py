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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo
    from pathlib import Path

_BEGINNING: Final = 64 * 1024

_COMPRESSED: Final[Mapping[bytes, Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
DAMAGED: Final = (OSError, EOFError, lzma.LZMAError, ValueError)
"""What reading a compressed file that was cut or damaged raises."""


class EvidenceFileError(UsageError):
    """A file of evidence that is missing, cannot be read, or has no format that is known."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file or directory of evidence.

    ``name`` is what people read; ``zone`` what times without one are in (None: nobody said).
    """

    path: Path
    name: str
    zone: tzinfo | None = None

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
            start = raw.read(6)
            raw.seek(0)
            for magic, opening in _COMPRESSED.items():
                if start.startswith(magic):
                    with opening(raw, "rb") as expanded:
                        yield expanded
                    return
            yield raw

    def beginning(self) -> bytes:
        """The first bytes, for recognising a format; what can be read of them where the file is damaged."""
        with self.opened() as file:
            try:
                return file.read(_BEGINNING)
            except DAMAGED:
                return b""
