"""dangling-recipe: a run list at the tip names a recipe that was in the repository once and is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.outside import Outside
from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.analysis.tip_recipes import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.analysis.tip_recipes import Reference

RULE: Final = Rule(
    "dangling-recipe",
    "warning",
    "A run list names a recipe that was removed",
    "A run list at the tip names a recipe that the repository once had and no longer has. A server keeps a "
    "cookbook until somebody deletes it there, so that nodes may go on running what nobody can read any more. "
    "Once the server has forgotten it too, every node that gets the recipe fails its whole run.",
    "Take the recipe out of the run list: a node that gets it fails its whole run, once the server forgets it "
    "too. If it is still wanted, bring its cookbook back, or say in a Berksfile or Policyfile.rb where it "
    "comes from.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each such recipe; silent about cookbooks that were never here, or may come from elsewhere now."""
    by_recipe: dict[str, list[Reference]] = {}
    for reference in references(examination):
        by_recipe.setdefault(reference.recipe, []).append(reference)
    if not by_recipe:
        return
    index, head = examination.cookbooks, examination.head_commit
    missing = [recipe for recipe in by_recipe if recipe not in index.recipes(head)]
    if not missing:
        return
    # few repositories have such a recipe: the others need nothing of what tells its life
    from forensics.analysis.recipe_life import recipe_life  # noqa: PLC0415

    outside = Outside(examination)
    for recipe in missing:
        life = recipe_life(examination.history, index, recipe)
        cookbook = recipe.partition("::")[0]
        if life is None or (not life.cookbook_at_head and outside.may_give(cookbook)):
            continue
        named_in = by_recipe[recipe]
        objects = list(dict.fromkeys(object_text(r.target.kind, r.target.label.path, r.name) for r in named_in))
        removal = life.removals[-1] if life.removals else None
        when = f" on {removal.date[:10]} ({removal.commit[:12]})" if removal else ""
        what = (
            ""
            if life.cookbook_at_head
            else f", with all of its cookbook: cookbook {cookbook} is not in this repository, and no lock file or "
            "dependency here names it"
        )
        yield RULE.finding(
            f"{', '.join(r.path for r in named_in)} name{'s' if len(named_in) == 1 else ''} recipe[{recipe}], "
            f"which was removed{when}{what}",
            object_=objects[0] if len(objects) == 1 else None,
            paths=tuple(r.path for r in named_in),
            commit=removal.commit if removal else None,
            detail=recipe,
        )
