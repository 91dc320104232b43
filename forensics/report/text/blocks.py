"""One block of the scan report for each shadowed object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.ground_results import CONTRADICTED, IN_PART, NOT_KNOWN, PROVEN
from forensics.chef import layout
from forensics.report.advice import look_up, several_stems
from forensics.report.cases import Case, Status
from forensics.report.places import nobody_text, node_files_text, unusual
from forensics.report.text.proof_block import proof_lines
from forensics.report.text.proven import line
from forensics.report.text.style import Style, commit, day, field, listing, table, verbatim
from forensics.report.text.values import change_text
from forensics.report.text_safety import clean
from forensics.uploads.chef_solo import LEGACY, refused_twins

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.ground_results import ByEvidence
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import Shadow, ValueChange

_MOST_CHANGES: Final = 6
_MOST_SHADOWS: Final = 4
_MOST_STRETCHES: Final = 24
_LASTS: Final = "still so"
_COLORS: Final = {
    Status.EXPOSED: "red",
    Status.LEFT_BEHIND: "magenta",
    Status.UNKNOWN: "yellow",
    Status.SHADOWED: "yellow",
    Status.SPECIAL: "dim",
    Status.PAST: "yellow",
    Status.HARMLESS: "dim",
}


def block(case: Case, number: int, scan: Scan, style: Style, *, mark: str = "") -> Iterator[str]:
    """A case as text; ``mark`` is what an earlier report makes of it."""
    elsewhere = unusual(case)
    where = f" in {listing(elsewhere, style)}" if elsewhere else ""
    title = f"{number}. {clean(case.object)}{where}"
    status = style.paint(case.status, _COLORS.get(case.status, "yellow"))
    yield style.paint(title, "bold") + f"   {status}" + (f"   ({mark})" if mark else "")
    for shadow in case.shadows if style.verbose else case.shadows[:_MOST_SHADOWS]:
        yield from _files(shadow, scan, style)
    if len(case.shadows) > _MOST_SHADOWS and not style.verbose:
        yield f"   and {len(case.shadows) - _MOST_SHADOWS} more sets of files (--verbose lists them)"
    for proof in case.proofs:
        yield from proof_lines(proof, style)
    if scan.proof is not None and not case.proofs:
        yield from field("by the logs", "nothing is proven of it", style, label_width=13)
    if case.divergences:
        yield from _stretches(case, scan, style)
        for path, scenarios in case.stopped_by.items():
            told = f"{clean(path)}, which Chef refuses: under {', '.join(scenarios)} {clean(case.canonical or '')} "
            yield from field("stopped by", told + "would be live but for that file", style)
        yield from _effects(case, style)
        yield from _reach(case, style)
        # what decides nothing saves nobody a look either
        safe = [name for name in case.safe_scenarios(scan) if style.verbose or name in case.deciding]
        if safe:
            yield from field("never under", ", ".join(safe), style)
    else:
        yield from field("effect", case.no_effect, style)
    for difference in case.differences:
        yield from field("differ", f"{clean(difference.path)}, against {clean(difference.other)}:", style)
        yield from _changes(difference.changes, style, label="")
    if case.gone:
        command = look_up(case.kind, case.container, case.name)
        yield from field("today", f"no file declares it; a server that had it still does ({command} tells)", style)
    yield from _advice(case, style)


def _files(shadow: Shadow, scan: Scan, style: Style) -> Iterator[str]:
    label = "files"
    for path in shadow.paths:
        role = "  (the canonical file)" if path == shadow.canonical else ""
        yield from field(label, clean(path) + role, style)
        label = ""
    if shadow.canonical is None:
        several = several_stems(shadow.name, shadow.paths)
        which = "several of them are called after the object, so none is the canonical file by itself"
        yield from field("", which if several else "none of them is called after the object", style)
    if not any(layout.is_direct_child(shadow.container, path) for path in shadow.paths):
        yield from field("", f"{clean(shadow.container)}/* reaches none of them: they lie in directories below", style)
    refused = refused_twins(shadow.kind, shadow.container, shadow.name, shadow.paths)
    if refused and any(each.uploader == LEGACY.name for each in scan.scenarios):
        yield from field("", f"under {LEGACY.name} no node can read it: {clean(refused)}", style)
    first, last = shadow.first_commit, shadow.last_commit
    until = "to the tip" if shadow.at_head else f"last seen {commit(last, scan.notes, subject=style.verbose)}"
    side = "" if shadow.first_parent_commits else ", on side branches only"
    count = f"{shadow.commits} commit{'s' if shadow.commits > 1 else ''}"
    since = commit(first, scan.notes)
    if first in scan.evidence.cut_at:  # where the history begins is not where this did
        since = f"{commit(first, scan.notes, subject=False)} or before"
    yield from field("since", f"{since}, {until}; {count}{side}", style)
    if shadow.contents_differ is False:
        yield from field("", "at each of these commits all of them say the same", style)


def _stretches(case: Case, scan: Scan, style: Style) -> Iterator[str]:
    expected = case.canonical
    color = _COLORS[case.status]
    if not case.stretches:
        return
    shown = case.stretches if style.verbose else case.last_stretches(_MOST_STRETCHES)
    yield f"   {'live, as the upload went' if expected is None else 'live instead of ' + clean(expected)}:"
    rows = [
        [
            clean(each.path or "?"),
            commit(each.start, scan.notes, subject=False)
            + (" or before" if each.start in scan.evidence.cut_at else ""),
            commit(each.until, scan.notes, subject=False) if each.until else _LASTS,
            ", ".join(name + each.doubt(name) for name in each.scenarios),
            *([_said(each.said)] if scan.proof else []),
        ]
        for each in shown
    ]
    headers = ["file", "from", "until", "under", *(["by the logs"] if scan.proof else [])]
    lines = table(rows, headers=headers, indent="      ")
    lasts = _LASTS
    if max(map(len, lines)) > style.width:
        lines, lasts = list(_listed_stretches(rows, style)), f"{_LASTS},"
    yield from (line.replace(lasts, style.paint(lasts, color)) for line in lines)
    if len(shown) < len(case.stretches):
        yield f"      and {len(case.stretches) - len(shown)} earlier ones (--verbose lists them)"


_SAID: Final = {
    PROVEN: "proven",
    CONTRADICTED: "NOT what happened",
    IN_PART: "not where they tell",
    NOT_KNOWN: "nothing",
}


def _said(said: ByEvidence | None) -> str:
    """What evidence says of a stretch."""
    if said is None:
        return ""
    by = f", {line(said.source)}" if said.source is not None else ""
    return f"{_SAID[said.says]}{by}"


def _listed_stretches(rows: Sequence[Sequence[str]], style: Style) -> Iterator[str]:
    """The same where a table is too wide: the stretches of each file below it."""
    for path in dict.fromkeys(row[0] for row in rows):
        yield f"      {path}"
        for file, start, until, scenarios, *said in rows:
            if file == path:
                by = f"; by the logs: {said[0]}" if said else ""
                end = until if until == _LASTS else f"until {until}"
                yield from field("", f"from {start}, {end}, under {scenarios}{by}", style, label_width=0, indent=9)


def _effects(case: Case, style: Style) -> Iterator[str]:
    added, removed = case.recipes_added, case.recipes_removed
    if added:
        shown = listing((f"recipe[{name}]" for name in added), style)
        yield from field("it adds", style.paint(shown, "red"), style)
    if removed:
        yield from field("it removes", listing((f"recipe[{name}]" for name in removed), style), style)
    phases = [phase for phase in case.phases if phase.expected is not None]
    if not phases:
        return
    if not added and not removed and case.kind == "role":
        yield from field("effect", "the same recipes; attributes or description differ", style)
    longest = max(phases, key=lambda phase: len(phase.changes))
    yield from _changes(longest.changes, style)
    if case.kind != "data_bag_item" and style.verbose:
        for phase in phases[1:]:
            if phase.changes != longest.changes:
                yield from field("", f"from {day(phase.from_date)} ({phase.from_commit[:12]}):", style)
                yield from _changes(phase.changes, style)


def _reach(case: Case, style: Style) -> Iterator[str]:
    nodes, roles, environments = case.nodes, case.roles, case.environments
    if case.kind == "data_bag_item":
        yield from field("felt by", "the recipes that read this item: no run list tells which", style)
    elif nodes is None:
        yield from field("felt by", "unknown: the repository keeps no nodes/ beside it", style)
    elif nodes:
        yield from field(
            "felt by", f"{len(nodes)} node{'s' if len(nodes) > 1 else ''}: {listing(nodes, style, 16)}", style
        )
    elif not case.node_files:
        yield from field("felt by", nobody_text(case.undecided), style)
    if case.node_files:
        told = f"{node_files_text(len(case.node_files))}: {listing(case.node_files, style, 16)}"
        yield from field("" if nodes else "felt by", told, style)
    if roles:
        yield from field("through", f"role{'s' if len(roles) > 1 else ''} {listing(roles, style)}", style)
    if case.kind == "role" and environments not in ([], ["_default"]):
        yield from field(
            "in", f"environment{'s' if len(environments) > 1 else ''} {listing(environments, style)}", style
        )


def _advice(case: Case, style: Style) -> Iterator[str]:
    advice = case.advice
    if advice is None:
        return
    if advice.first:
        yield from field("do first", advice.first, style)
    if advice.do:
        yield verbatim("do", style.paint(advice.do, "green"))
    if advice.decide:
        yield from field("do", advice.decide, style)
    if advice.remove:
        label = "then" if advice.do else "do"
        yield verbatim(label, f"{advice.remove}   (or give it a name of its own)")
    label = "avoid"
    for command in advice.avoid:
        yield verbatim(label, command)
        label = ""


def _changes(changes: Sequence[ValueChange], style: Style, label: str = "in detail") -> Iterator[str]:
    # what came is more dangerous than what went
    ordered = sorted(changes, key=lambda change: change.op != "add")
    shown = ordered if style.verbose else ordered[:_MOST_CHANGES]
    for change in shown:
        yield from field(label, change_text(change), style)
        label = ""
    if len(changes) > len(shown):
        yield from field("", f"and {len(changes) - len(shown)} more (--verbose lists them)", style)
