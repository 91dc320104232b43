"""How much a trace looks at: what leads to the subject, however long the history and whatever else is in it."""

from __future__ import annotations

from collections import Counter

from building import examine, role

from forensics.analysis import trace_live
from forensics.analysis.cookbooks import CookbookIndex
from forensics.analysis.recipe_life import recipe_life
from forensics.analysis.trace import trace
from forensics.analysis.trace_subject import parse_subject
from forensics.chef import recipe_source
from forensics.history.cookbooks import CookbookFinder
from forensics.history.store import TREE, ObjectStore

COOKBOOKS = {f"cookbooks/c{number}/recipes/default.rb": "package 'x'\n" for number in range(20)}
ODD = "include_recipe %w[wanted].first\ninclude_recipe node['x']\n"


def busy(commits, include):
    """Trees in which recipes, roles and a node change, none of them in what leads to ``wanted``."""
    for number in range(commits):
        yield COOKBOOKS | {
            "cookbooks/wanted/recipes/default.rb": "",
            "cookbooks/near/recipes/default.rb": f"# {number}\ninclude_recipe 'wanted'\n",
            "cookbooks/far/recipes/default.rb": f"include_recipe 'c{number % 20}'\npackage '{number}'\n",
            "cookbooks/odd/recipes/default.rb": include,
            "roles/a.json": role("a", "recipe[near]", default_attributes={"n": number}),
            "roles/b.json": role("b", "role[a]", default_attributes={"n": -number}),
            "roles/other.json": role("other", f"recipe[c{number % 20}]"),
        }


def work(tmp_path, monkeypatch, trees):
    done = Counter()

    def counted(name, where, attribute):
        real = getattr(where, attribute)

        def count(*arguments, **options):
            done[name] += 1
            return real(*arguments, **options)

        patch.setattr(where, attribute, count)

    with monkeypatch.context() as patch:
        counted("parsed", recipe_source, "_parsed")
        counted("ways", trace_live, "RoleWays")
        counted("reached", trace_live, "reached")
        examination, _ = examine(tmp_path, *trees)
        found = trace(examination, parse_subject("recipe[wanted]"))
    assert {each.name for each in found.live} == {"a"}
    assert {role for each in found.live for role in each.roles} == {"b"}
    return done


def test_commits_that_change_nothing_on_the_way_cost_no_parsing_and_no_expansion(tmp_path, monkeypatch):
    few = work(tmp_path / "few", monkeypatch, busy(5, ""))
    many = work(tmp_path / "many", monkeypatch, busy(40, ""))
    assert few == many
    assert few["parsed"] == 0
    assert few["reached"] > 0


def test_a_recipe_that_is_not_plain_is_parsed_once_for_each_content(tmp_path, monkeypatch):
    assert work(tmp_path, monkeypatch, busy(10, ODD))["parsed"] == 1


def test_the_trees_of_cookbooks_are_read_once_and_those_that_stay_not_again(tmp_path, monkeypatch):
    examination, _ = examine(tmp_path, *busy(30, ""))
    read, taken_apart = Counter(), Counter()
    real_read, real_apart = ObjectStore.read, CookbookFinder._taken_apart

    def reading(store, oid, expected, **options):
        read[oid] += expected == TREE
        return real_read(store, oid, expected, **options)

    def taking_apart(finder, data, depth, *, shelf):
        taken_apart[data] += 1
        return real_apart(finder, data, depth, shelf=shelf)

    monkeypatch.setattr(ObjectStore, "read", reading)
    monkeypatch.setattr(CookbookFinder, "_taken_apart", taking_apart)
    index = CookbookIndex(examination.history)
    for recipe in ("wanted::default", "near::default", "gone::default", "c1::default"):
        recipe_life(examination.history, index, recipe)
    # a commit has a root, its cookbooks, and two cookbooks with their recipes that are new
    assert max(read.values()) == 1
    assert sum(read.values()) <= 30 * (2 + 2 * 2) + 2 * len(COOKBOOKS)
    assert max(taken_apart.values()) == 1
    assert len(taken_apart) <= 30 * 2 + len(COOKBOOKS)
