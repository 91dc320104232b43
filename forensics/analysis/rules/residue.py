"""residue: recipes that only a shadowed copy at the tip would bring: a loaded gun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.analysis.tip_recipes import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.cookbooks import RecipeFile
    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "residue",
    "warning",
    "Only a shadowed copy names a recipe",
    "Only a copy that shadows another file leads to these recipes; at the tip no other run list names them and "
    "no recipe that one leads to includes them. Nothing but the order of uploads keeps them from the nodes: "
    "one glob on a command line, or one upload of the copy, and they run.",
    "Delete the copy: the next upload of it brings back what no other run list has. If a recipe in it is still "
    "wanted, name it in the rightful file first.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each copy at the tip that names recipes which nothing else there names or includes."""
    copies = {
        (shadow.kind, shadow.container, path)
        for shadow in examination.shadows
        if shadow.at_head and shadow.canonical is not None
        for path in shadow.paths
        if path != shadow.canonical
    }
    if not copies:
        return
    everything = list(references(examination))
    of_copies = [r for r in everything if (str(r.target.kind), r.target.label.path, r.path) in copies]
    named = {r.recipe for r in everything if (str(r.target.kind), r.target.label.path, r.path) not in copies}
    left = [reference for reference in of_copies if reference.recipe not in named]
    if not left:
        return
    reached = _reached(examination, named)
    by_copy: dict[tuple[str, str], list[str]] = {}
    for reference in left:
        if reference.recipe not in reached:
            shown = object_text(reference.target.kind, reference.target.label.path, reference.name)
            by_copy.setdefault((shown, reference.path), []).append(reference.recipe)
    doubt = _doubt(examination) if by_copy else ""
    for (shown, path), recipes in by_copy.items():
        listed = ", ".join(f"recipe[{recipe}]" for recipe in recipes)
        yield RULE.finding(
            f"only {path}, a copy that declares {shown}, leads to {listed}{doubt}",
            object_=shown,
            paths=(path,),
            commit=examination.tip.brought_by(path),
            detail=listed,
        )


def _doubt(examination: Examination) -> str:
    """What to add where a file at the tip has a run list of which nobody can tell all."""
    unknown = [
        each.path
        for each in examination.undecided
        if each.at_tip and any(name.startswith(("role[", "node[")) for name in each.objects)
    ]
    unknown += [each.path for each in examination.tip.with_run_lists if each.lists.unresolved]
    if not unknown:
        return ""
    more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    return f"; whether {unknown[0]}{more} {'do' if more else 'does'}, too, could not be told"


def _reached(examination: Examination, named: set[str]) -> set[str]:
    """These recipes, and those that they include at the tip, directly or not."""
    index = examination.cookbooks
    files: dict[str, list[RecipeFile]] = {}
    for cookbook in index.at(examination.head_commit):
        for file in index.files(cookbook):
            files.setdefault(file.name, []).append(file)
    found, pending = set(named), list(named)
    while pending:
        included = (each.name for file in files.get(pending.pop(), ()) for each in index.includes(file))
        new = [each for each in included if each not in found]
        found.update(new)
        pending += new
    return found
