"""Content hashes, and what was found under some, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.problems import UNDECIDED
from forensics.report.evidence import cut_sentence
from forensics.report.text.evidence import counted_commits
from forensics.report.text.style import SHORT, Style, day, field, table
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.fingerprint_results import Fingerprint, Fingerprints, HeldStretch, LookUp, MatchedFile
    from forensics.chef.wire import ContentHashes

_ALGORITHMS = {"sha1": "SHA-1", "sha256": "SHA-256"}
_MOST_STRETCHES = 5
_MOST_PATHS = 3


def fingerprint_text(found: Fingerprints, style: Style) -> str:
    """A row for each content and body that a command sends for it; then what has no hash."""
    evidence = found.evidence
    count = len(found.declarations)
    lines = [
        f"{count} declaration{'' if count == 1 else 's'} in {counted_commits(evidence)} "
        f"up to {evidence.provenance.head[:SHORT]}" + ("" if evidence.complete else "; the evidence is incomplete")
    ]
    lines += [sentence for sentence in [cut_sentence(evidence)] if sentence]
    rows = [row for each in (*found.declarations, *found.upload_only) for row in _rows(each, style)]
    hashes = ["SHA-1", "SHA-256"] if style.verbose else ["SHA-1"]
    lines += table(rows, headers=["object", "blob", "command", "length", *hashes, "files"])
    if found.unresolved:
        lines += ["", style.paint("Only running the file could tell the hash of:", "bold")]
        rows = [
            [each.blob.hex()[:SHORT], _files(each.paths, style), f"line {each.line}", _shortened(each.source)]
            for each in found.unresolved
        ]
        lines += table(rows, indent="   ")
    for title, of_kind in (
        ("Chef refuses, so that nothing is sent:", [each for each in found.problems if each.kind not in UNDECIDED]),
        ("What is sent cannot be told:", [each for each in found.problems if each.kind in UNDECIDED]),
    ):
        rows = [
            [(each.blob or "")[:SHORT], clean(each.path), clean(each.kind), _shortened(each.message)]
            for each in of_kind
        ]
        if rows:
            lines += ["", style.paint(title, "bold"), *table(rows, indent="   ")]
    return "\n".join(lines) + "\n"


def lookup_text(answers: Sequence[LookUp], style: Style) -> str:
    """For each hash the files that have it, or that none has."""
    lines: list[str] = []
    for answer in answers:
        lines.append(style.paint(f"{answer.hash.text}  ({_ALGORITHMS[answer.hash.algorithm]})", "bold"))
        if answer.hash.of_nothing:
            lines += field("", "an empty body: the request read or deleted something and sent nothing", style, **_FLAT)
        elif not answer.files:
            lines += field(
                "",
                "no declaration in history has this hash: what was sent was edited outside the repository",
                style,
                **_FLAT,
            )
            for reservation in answer.reservations:
                lines += field("but", clean(reservation), style, label_width=4)
        for file in answer.files:
            lines += _matched(file, style)
        lines.append("")
    return "\n".join(lines)


_FLAT = {"label_width": 0}


def _matched(file: MatchedFile, style: Style) -> list[str]:
    what = f"{clean(file.object)}: " if file.object else ""
    by = clean(" or ".join(file.commands)) + (f", {clean(file.note)}" if file.note else "")
    lines = [f"   {what}{clean(file.path)} (blob {file.blob[:SHORT]}), sent by {by}"]
    shown = file.stretches if style.verbose else file.stretches[:_MOST_STRETCHES]
    lines += [f"      as of {_stretch(each)}" for each in shown]
    if len(file.stretches) > len(shown):
        lines.append(f"      and {len(file.stretches) - len(shown)} more stretches (--verbose lists them)")
    return lines


def _stretch(stretch: HeldStretch) -> str:
    first, last = f"{stretch.first_commit[:SHORT]}", f"{stretch.last_commit[:SHORT]}"
    if stretch.commits == 1:
        text = f"commit {first} ({day(stretch.first_date)})"
    else:
        text = f"commits {first}..{last} ({day(stretch.first_date)} to {day(stretch.last_date)}; {stretch.commits})"
    return text + (", the tip included" if stretch.at_tip else "")


def _rows(each: Fingerprint, style: Style) -> list[list[str]]:
    requests: list[tuple[str, ContentHashes, tuple[str, ...]]] = []
    if each.sent is not None:
        requests.append(("from file", each.sent, each.paths))
    if each.upload is not None and each.upload == each.sent and each.upload_paths == each.paths:
        requests = [("both", each.upload, each.paths)]
    elif each.upload is not None:
        requests.append(("upload", each.upload, each.upload_paths))
    return [
        [
            clean(each.object),
            each.blob.hex()[:SHORT],
            command,
            str(hashes.length),
            hashes.sha1,
            *([hashes.sha256] if style.verbose else []),
            _files(paths, style),
        ]
        for command, hashes, paths in requests
    ]


def _files(paths: Sequence[str], style: Style) -> str:
    shown = paths if style.verbose else paths[:_MOST_PATHS]
    lines = [clean(path) for path in shown]
    if len(paths) > len(shown):
        lines.append(f"and {len(paths) - len(shown)} more")
    return "\n".join(lines)


def _shortened(text: str, most: int = 70) -> str:
    shown = clean(text)
    return shown if len(shown) <= most else shown[: most - 1] + "\u2026"
