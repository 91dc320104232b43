"""Two contents side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_results import DATES, FIRST, LAST, NOTES, divergence, phase

from forensics.analysis.changes import changes
from forensics.analysis.report_results import FileContent, ObjectStory
from forensics.analysis.results import ValueChange
from forensics.chef.objects import Unresolved
from forensics.report.html.commits import Commits
from forensics.report.html.comparison import Pair, comparisons
from forensics.report.html.files import FileMarks

COPY, CANONICAL = "roles/base-copy.json", "roles/base.json"


def content(*run_list, **others):
    return {"name": "base", "run_list": list(run_list), "env_run_lists": {}, **others}


def compared(before, after, *, known=True):
    """The comparison of a canonical content with the one that is live instead."""
    story = ObjectStory(
        *("role", "roles", "base", (COPY, CANONICAL), (), CANONICAL, (), (), ()),
        contents=(FileContent(COPY, "c" * 40, after), FileContent(CANONICAL, "d" * 40, before)) if known else (),
    )
    found = divergence("base", replace(phase(), changes=changes(before, after)))
    (only,) = comparisons(story, [found], FileMarks([COPY, CANONICAL], CANONICAL), Commits(NOTES))
    return only


def test_run_lists_stand_in_step():
    found = compared(
        content("recipe[a]", "recipe[old]", "recipe[b]", "recipe[c]"),
        content("recipe[a]", "recipe[b]", "recipe[new]", "recipe[c]"),
    )
    (run_list,) = found.lists
    assert run_list.environment is None
    assert run_list.pairs == (
        Pair("same", "recipe[a]", "recipe[a]"),
        Pair("removed", "recipe[old]", ""),
        Pair("same", "recipe[b]", "recipe[b]"),
        Pair("added", "", "recipe[new]"),
        Pair("same", "recipe[c]", "recipe[c]"),
    )
    assert found.differences == 2


def test_without_the_contents_what_differs_is_still_told():
    found = compared(content("recipe[a]", "recipe[old]"), content("recipe[a]", "recipe[new]"), known=False)
    pairs = found.lists[0].pairs
    assert {(pair.op, pair.left or pair.right) for pair in pairs} == {
        ("removed", "recipe[old]"),
        ("added", "recipe[new]"),
    }


def test_long_stretches_without_a_difference_are_folded():
    same = [f"recipe[{number}]" for number in range(30)]
    found = compared(content(*same, "recipe[x]"), content(*same))
    ops = [pair.op for pair in found.lists[0].pairs]
    assert ops == ["same", "same", "more", "same", "same", "removed"]
    assert found.lists[0].pairs[2].left == "26"


def test_run_lists_of_environments_have_a_table_of_their_own():
    before = content("recipe[a]", env_run_lists={"prod/eu": ["recipe[p]"]})
    after = content("recipe[a]", env_run_lists={"prod/eu": ["recipe[p]", "recipe[q]"]})
    assert [each.environment for each in compared(before, after).lists] == [None, "prod/eu"]


def test_values_have_a_level_and_a_path():
    before = content(default_attributes={"ntp": {"servers": ["a"], "x/y": 1}}, description="one")
    after = content(default_attributes={"ntp": {"servers": ["b"]}}, description="two", override_attributes={"z": None})
    found = {(each.level, each.place): (each.op, each.left, each.right) for each in compared(before, after).values}
    assert found == {
        ("default", "ntp.servers"): ("replaced", '["a"]', '["b"]'),
        ("default", "ntp.x/y"): ("removed", "1", ""),
        ("", "description"): ("replaced", '"one"', '"two"'),
        ("", "override_attributes"): ("added", "", '{"z": null}'),
    }


def test_what_is_unresolved_shows_its_source():
    before = content(default_attributes={"a": 1})
    after = content(default_attributes={"a": Unresolved("ENV['A']", 7)})
    (value,) = compared(before, after).values
    assert value.right == "\"(line 7: ENV['A'])\""


def test_a_very_long_value_is_cut():
    (value,) = compared(content(description="x" * 9000), content(description="y" * 9000)).values
    assert len(value.left) == 4000
    assert value.left.endswith("\N{HORIZONTAL ELLIPSIS}")


def test_each_pair_of_contents_is_told_once_those_of_the_tip_first():
    early = replace(phase(), changes=(ValueChange("add", "/run_list/0", after="recipe[early]"),))
    late = replace(
        phase(commit=LAST),
        expected=replace(phase().expected, blob="e" * 40),
        changes=(ValueChange("add", "/run_list/0", after="recipe[late]"),),
    )
    divergences = [
        divergence("base", early, late, scenario="glob"),
        divergence("base", early, scenario="changed", is_open=False),
    ]
    found = comparisons(None, divergences, FileMarks([COPY, CANONICAL], CANONICAL), Commits(NOTES))
    assert [each.lists[0].pairs[0].right for each in found] == ["recipe[late]", "recipe[early]"]
    assert [each.open for each in found] == [True, False]
    (when,) = found[1].whens
    assert (when.start.id, when.until, when.scenarios) == (FIRST, DATES[LAST][:10], ("glob", "changed"))


@pytest.mark.parametrize("canonical", [CANONICAL, None])
def test_where_no_file_is_named_after_the_object_there_is_nothing_beside(canonical):
    found = divergence("base", replace(phase(), expected=None, changes=()))
    (only,) = comparisons(None, [found], FileMarks([COPY, CANONICAL], canonical), Commits(NOTES))
    assert only.expected is None
    assert only.lists == ()
