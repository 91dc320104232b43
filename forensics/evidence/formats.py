"""The formats of evidence that are known, the most telling first: the first that recognises a file reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.evidence import access_log, backup, client_log, node_objects, requests_log, table, timesketch
from forensics.evidence.shell import consoles, histories

if TYPE_CHECKING:
    from forensics.evidence.format import EvidenceFormat

FORMATS: Final[tuple[EvidenceFormat, ...]] = (
    access_log.FORMAT,
    requests_log.FORMAT,
    timesketch.FORMAT,
    table.JSON_LINES,
    table.CSV,
    client_log.FORMAT,
    node_objects.FORMAT,
    backup.FORMAT,
    histories.FISH,
    histories.ZSH,
    histories.BASH,
    consoles.CONSOLE,
)
