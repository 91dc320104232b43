"""The answer of ``check``: what stands in the way of a commit, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.advice import argument
from forensics.report.evidence import undecided_sentence
from forensics.report.text.style import Style, field, verbatim
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.check_results import Check, StagedShadow

_CONTENTS = {True: "different contents", False: "the same content", None: "contents that are not all known"}


def check_text(found: Check, style: Style) -> str:
    """A block for each shadow that the commit would introduce, or one line that there is none."""
    lines: list[str] = []
    for each in found.introduced:
        # without a commit there is nothing to restore from
        leave_out = "git restore --staged" if found.evidence.provenance.head else "git rm --cached"
        lines += [*_block(each, leave_out, style), ""]
    lines += _summary(found, style)
    for each in found.standing:
        if each.edited:
            lines += _edited(each, style)
    for problem in found.unreadable:
        line = "" if problem.line is None else f", line {problem.line}"
        sentence = f"Beware: Chef would not load {clean(problem.path)}{line}: {clean(problem.message)}"
        lines += field("", sentence, style, label_width=0, indent=0)
    for suppressed in found.suppressed:
        sentence = (
            f"let pass by the configuration ({clean(suppressed.ignore.reason)}): {clean(suppressed.finding.message)}"
        )
        lines += field("", sentence, style, label_width=0, indent=0)
    for gap in found.evidence.gaps:
        sentence = f"not examined: {clean(gap.path or gap.oid or 'an object')}: {clean(gap.detail)}"
        lines += field("", sentence, style, label_width=0, indent=0)
    for note in found.evidence.provenance.notes:
        lines += field("", f"Note: {clean(note)}", style, label_width=0, indent=0)
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(each: StagedShadow, leave_out: str, style: Style) -> Iterator[str]:
    shadow = each.shadow
    title = f"This commit would have {len(shadow.paths)} files declare {clean(shadow.object)}"
    where = "" if shadow.container == "roles" else f" in {clean(shadow.container)}"
    yield style.paint(title + where, "red")
    label = "files"
    added = frozenset(each.added)  # there may be thousands
    for path in shadow.paths:
        notes = [word for word, true in (("declares it only now", path in added),
                                         ("the canonical file", path == shadow.canonical)) if true]  # fmt: skip
        yield from field(label, clean(path) + (f"  ({', '.join(notes)})" if notes else ""), style)
        label = ""
    yield from field(
        "why not",
        f"the server keeps whichever was uploaded last, whatever its file is called; they have "
        f"{_CONTENTS[shadow.contents_differ]}",
        style,
    )
    for path in each.mend:
        yield from field("do", f"give {clean(path)} a name of its own inside, then git add {argument(path)}", style)
        if path in added and path not in each.merged:
            yield verbatim("or", f"{leave_out} {argument(path)}   (leave it out of the commit)")
    yield verbatim("or", "if it must be, give forensics.toml an [[ignore]] with a reason and")
    yield verbatim("", f'fingerprint = "{each.finding.fingerprint}"')


def _summary(found: Check, style: Style) -> list[str]:
    number = len(found.introduced)
    if number:
        text = f"{number} new shadow{'s' if number > 1 else ''}: refused."
    elif not found.files:
        text = "Nothing to check: no staged file could declare a Chef object."
    else:
        none = "No new shadow was found" if found.evidence.lacks_content else "No new shadow"
        text = f"{none}: {found.files} file{'s' if found.files > 1 else ''} looked at."
    if found.standing:
        names = ", ".join(clean(each.shadow.object) for each in found.standing)
        text += f" Shadowed before, and no reason to refuse: {names}."
    lines = field("", text, style, label_width=0, indent=0)
    undecided = undecided_sentence(found.evidence)
    return [*lines, *field("", undecided, style, label_width=0, indent=0)] if undecided else lines


def _edited(each: StagedShadow, style: Style) -> list[str]:
    shadow = each.shadow
    changed = frozenset(each.edited)
    rest = [path for path in shadow.paths if path not in changed]
    if not rest or shadow.contents_differ is False:
        return []
    edited = ", ".join(map(clean, each.edited))
    sentence = (
        f"Beware: {clean(shadow.object)} is declared by {', '.join(map(clean, rest))}, too; this commit changes only "
        f"{edited}, and whichever is uploaded last is live."
    )
    return field("", style.paint(sentence, "yellow"), style, label_width=0, indent=0)
