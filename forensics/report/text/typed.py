"""The knife commands that shell histories and consoles show, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.text.sources import place_of, time_of
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.proof_results import Proven
    from forensics.evidence.commands import RanCommand
    from forensics.report.text.style import Style

_MOST: Final = 5


def typed_lines(proven: Proven, names: dict[str, str], style: Style) -> Iterator[str]:
    """Every command with what it can have been, and the lines of which not everything can be told."""
    if not (proven.commands or proven.unclear):
        return
    yield style.paint("Commands (times are UTC)", "bold")
    for each in proven.commands:
        yield from _command(each, names, style)
    if proven.unclear:
        yield "Not understood, so that more may have been sent:"
        yield from (f"   {place_of(each.source, names)}: {clean(each.reason)}" for each in proven.unclear)
    if proven.passed_over:
        yield f"{proven.passed_over} more lines change no object."
    yield ""


def _command(command: RanCommand, names: dict[str, str], style: Style) -> Iterator[str]:
    who = f"  {clean(command.user)}" if command.user else ""
    notes = [] if command.certain else ["if it ran"]
    if command.effect == "by-hand":
        notes.append("changes the server by hand, nobody knows to what")
    if any(file.edited for file in command.files):
        notes.append("a file had been edited")
    told = f" ({'; '.join(notes)})" if notes else ""
    when = time_of(command.time) if command.time else "?"
    yield f"   {when}{who}  {place_of(command.source, names)}{told}"
    if command.argv is not None:
        yield f"      {_words(command.argv, command.cwd)}"
        return
    shown = command.possible if style.verbose else command.possible[:_MOST]
    for number, each in enumerate(shown):
        yield f"      {'or ' if number else 'either '}{_words(each.argv, each.cwd)}"
    if len(shown) < len(command.possible):
        yield f"      or {len(command.possible) - len(shown)} more"


def _words(argv: Sequence[str], cwd: str | None) -> str:
    where = f"  [in {clean(cwd)}]" if cwd not in (None, ".") and cwd is not None else ""
    return clean(f"knife {' '.join(argv)}") + where
