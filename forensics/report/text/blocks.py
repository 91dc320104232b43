"""One block of the scan report for each shadowed object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.report.advice import argument, avoid, safe_command
from forensics.report.text.style import Style, commit, day, field, listing, table, verbatim
from forensics.report.text.values import change_text
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.results import Divergence, Phase, Scan, Shadow, ValueChange

_MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Block:
    """Everything about one shadowed object: its shadows (sets of files) and its divergences."""

    kind: str
    container: str
    name: str
    object: str
    shadows: tuple[Shadow, ...]
    divergences: tuple[Divergence, ...]

    @property
    def at_head(self) -> bool:
        """Whether several files declare it at the tip."""
        return any(shadow.at_head for shadow in self.shadows)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios under which another file's content was ever live."""
        return tuple(dict.fromkeys(divergence.scenario for divergence in self.divergences))

    @property
    def open_scenarios(self) -> tuple[str, ...]:
        """Those under which it still is at the tip."""
        return tuple(dict.fromkeys(each.scenario for each in self.divergences if each.open))

    @property
    def canonical(self) -> str | None:
        """The file that should be live."""
        expected = [each.expected.path for each in self.divergences if each.expected]
        return expected[-1] if expected else self.shadows[0].canonical if self.shadows else None

    @property
    def danger(self) -> tuple[bool, bool, bool, bool]:
        """For sorting, the most dangerous first."""
        return (
            not self.open_scenarios,
            not self.at_head,
            not any(_recipes(each.phases) for each in self.divergences),
            not self.divergences,
        )

    def headline(self, style: Style) -> str:
        """What is wrong now, in one sentence."""
        now = [each for each in self.divergences if each.open]
        added = _recipes([each.phases[-1] for each in now])
        nodes = _union(each.reach.nodes or () for each in now)
        sentence = f"{clean(self.object)}: another file's content would be live under {', '.join(self.open_scenarios)}"
        if added:
            sentence += f"; it adds {listing((f'recipe[{name}]' for name in added), style, 4)}"
        if nodes:
            sentence += f" on {len(nodes)} node{'s' if len(nodes) > 1 else ''}"
        return sentence + "."

    def lines(self, number: int, scan: Scan, style: Style) -> Iterator[str]:
        """The block as text."""
        status, color = self._status()
        where = "" if self.container == "roles" else f" in {clean(self.container)}"
        title = f"{number}. {clean(self.object)}{where}"
        yield style.paint(title, "bold") + "   " + style.paint(status, color)
        for shadow in self.shadows if style.verbose else self.shadows[:4]:
            yield from self._files(shadow, scan, style)
        if len(self.shadows) > 4 and not style.verbose:  # noqa: PLR2004 (as many as are told)
            yield f"   and {len(self.shadows) - 4} more sets of files (--verbose lists them)"
        if self.divergences:
            yield from self._stretches(scan, style)
            yield from self._effects(style)
            yield from self._reach(style)
        else:
            yield from field("effect", self._no_effect(), style)
        yield from self._safe(scan, style)
        yield from self._advice(style)

    def _no_effect(self) -> str:
        if not any(shadow.first_parent_commits for shadow in self.shadows):
            return (
                "none on the first-parent line: the files met on side branches only (--history full replays those too)"
            )
        if all(shadow.contents_differ is False for shadow in self.shadows):
            return "none: the contents were the same"
        return "none: under every scenario the canonical file's content was live"

    def _status(self) -> tuple[str, str]:
        if self.open_scenarios:
            return "EXPOSED NOW", "red"
        if self.at_head:
            return "shadowed at the tip", "yellow"
        return ("past", "yellow") if self.divergences else ("past, without effect", "dim")

    def _files(self, shadow: Shadow, scan: Scan, style: Style) -> Iterator[str]:
        label = "files"
        for path in shadow.paths:
            role = "  (the canonical file)" if path == shadow.canonical else ""
            yield from field(label, clean(path) + role, style)
            label = ""
        if shadow.canonical is None:
            yield from field("", "none of them is called after the object", style)
        first, last = shadow.first_commit, shadow.last_commit
        until = "to the tip" if shadow.at_head else f"until {commit(last, scan.commit_subjects, subject=style.verbose)}"
        side = "" if shadow.first_parent_commits else ", on side branches only"
        count = f"{shadow.commits} commit{'s' if shadow.commits > 1 else ''}"
        yield from field("since", f"{commit(first, scan.commit_subjects)}, {until}; {count}{side}", style)
        if shadow.contents_differ is False:
            yield from field("", "their contents were the same throughout", style)

    def _stretches(self, scan: Scan, style: Style) -> Iterator[str]:
        groups: dict[tuple[str, str, str | None], list[str]] = {}
        for each in self.divergences:
            live = each.live.path if each.live and each.live.path else "?"
            mark = " (race)" if each.certainty == "race" else ""
            groups.setdefault((live, each.from_commit, each.until_commit), []).append(each.scenario + mark)
        expected = self.canonical
        yield f"   {'live instead' if expected is None else 'live instead of ' + clean(expected)}:"
        rows = [
            [
                clean(live),
                commit(start, scan.commit_subjects, subject=False),
                commit(until, scan.commit_subjects, subject=False) if until else style.paint("still so", "red"),
                ", ".join(dict.fromkeys(scenarios)),
            ]
            for (live, start, until), scenarios in sorted(groups.items(), key=lambda item: _date(scan, item[0][1]))
        ]
        yield from table(rows, headers=["file", "from", "until", "under"], indent="      ")

    def _effects(self, style: Style) -> Iterator[str]:
        phases = [phase for each in self.divergences for phase in each.phases]
        added, removed = _recipes(phases), _recipes(phases, gained=False)
        if added:
            shown = listing((f"recipe[{name}]" for name in added), style)
            yield from field("it adds", style.paint(shown, "red"), style)
        if removed:
            yield from field("it removes", listing((f"recipe[{name}]" for name in removed), style), style)
        if not added and not removed and self.kind == "role":
            yield from field("effect", "the same recipes; attributes or description differ", style)
        longest = max(phases, key=lambda phase: len(phase.changes))
        yield from _changes_text(longest.changes, style)
        if self.kind == "data_bag_item":
            return
        if style.verbose:
            for phase in phases[1:]:
                if phase.changes != longest.changes:
                    yield from field("", f"from {day(phase.from_date)} ({phase.from_commit[:12]}):", style)
                    yield from _changes_text(phase.changes, style)

    def _reach(self, style: Style) -> Iterator[str]:
        nodes = _union(each.reach.nodes or () for each in self.divergences)
        roles = _union(each.reach.roles for each in self.divergences)
        environments = _union(each.reach.environments for each in self.divergences)
        if self.kind == "data_bag_item":
            yield from field("felt by", "the recipes that read this item: no run list tells which", style)
        elif all(each.reach.nodes is None for each in self.divergences):
            yield from field("felt by", "unknown: the repository keeps no nodes/ beside it", style)
        elif nodes:
            yield from field(
                "felt by", f"{len(nodes)} node{'s' if len(nodes) > 1 else ''}: {listing(nodes, style, 16)}", style
            )
        else:
            yield from field("felt by", "no node of the repository reaches it", style)
        if roles:
            yield from field("through", f"role{'s' if len(roles) > 1 else ''} {listing(roles, style)}", style)
        if environments and self.kind == "role":
            yield from field(
                "in", f"environment{'s' if len(environments) > 1 else ''} {listing(environments, style)}", style
            )

    def _safe(self, scan: Scan, style: Style) -> Iterator[str]:
        safe = [scenario.name for scenario in scan.scenarios if scenario.name not in self.scenarios]
        if self.divergences and safe:
            yield from field("never under", ", ".join(safe), style)

    def _advice(self, style: Style) -> Iterator[str]:
        if not self.open_scenarios and not self.at_head:
            return
        canonical = self.canonical
        paths = next((shadow.paths for shadow in self.shadows if shadow.at_head), ())
        copies = [path for path in paths if path != canonical]
        if canonical:
            yield verbatim("do", style.paint(safe_command(self.kind, canonical), "green"))
        elif paths:
            yield from field("do", "decide which file is meant, and name it after the object", style)
        if copies:
            shown = " ".join(map(argument, copies))
            yield verbatim("then", f"git rm {shown}   (or give it a name of its own)")
            label = "avoid"
            for command in avoid(self.kind, self.container, copies):
                yield verbatim(label, command)
                label = ""


def blocks(scan: Scan) -> list[Block]:
    """The shadowed objects, the most dangerous first."""
    shadows: dict[tuple[str, str, str], list[Shadow]] = {}
    divergences: dict[tuple[str, str, str], list[Divergence]] = {}
    for shadow in scan.shadows:
        shadows.setdefault((shadow.kind, shadow.container, shadow.name), []).append(shadow)
    for divergence in scan.divergences:
        divergences.setdefault((divergence.kind, divergence.container, divergence.name), []).append(divergence)
    found = [
        Block(
            *key,
            object=(shadows.get(key) or divergences[key])[0].object,
            shadows=tuple(shadows.get(key, ())),
            divergences=tuple(divergences.get(key, ())),
        )
        for key in dict.fromkeys((*shadows, *divergences))
    ]
    return sorted(found, key=lambda block: block.danger)


def _recipes(phases: Sequence[Phase], *, gained: bool = True) -> list[str]:
    names: dict[str, None] = {}
    for phase in phases:
        by_environment = phase.recipes_added if gained else phase.recipes_removed
        for recipes in by_environment.values():
            names.update(dict.fromkeys(recipes))
    return list(names)


def _changes_text(changes: Sequence[ValueChange], style: Style) -> Iterator[str]:
    # what came is more dangerous than what went
    ordered = sorted(changes, key=lambda change: change.op != "add")
    told = ordered if style.verbose else ordered[:_MOST_CHANGES]
    label = "in detail"
    for change in told:
        yield from field(label, change_text(change), style)
        label = ""
    if len(changes) > len(told):
        yield from field("", f"and {len(changes) - len(told)} more (--verbose lists them)", style)


def _union(groups: Iterator[Sequence[str]]) -> list[str]:
    return sorted({name for group in groups for name in group})


def _date(scan: Scan, oid: str) -> str:
    note = scan.commit_subjects.get(oid)
    return note.date if note else ""
