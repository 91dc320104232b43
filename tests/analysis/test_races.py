"""What uploads that kept aborting may have left is told within bounds."""

from __future__ import annotations

import pytest
from building import examine, role

from forensics.analysis.object_results import MOST_POSSIBLE
from forensics.analysis.objects import parse_object, timeline
from forensics.uploads.scenario import choose

ABORTING = {"roles/x y.json": role("x y")}  # a blank is a bad URI: knife ends with exit 100


@pytest.mark.parametrize("edits", [MOST_POSSIBLE - 1, MOST_POSSIBLE, MOST_POSSIBLE + 4])
def test_the_newest_of_many_possible_contents_are_listed_and_the_others_counted(tmp_path, edits):
    trees = [{"roles/base.json": role("base", f"r{number}")} for number in range(edits + 1)]
    examination, _ = examine(
        tmp_path, trees[0], *(tree | ABORTING for tree in trees[1:]), scenarios=choose(["knife-upload"])
    )
    entries = timeline(examination, [parse_object("role[base]")])
    assert len(entries) == edits + 1
    last = entries[-1]
    assert last.certainty == "race"
    told = [each.content["run_list"] for each in last.possible]
    assert told == [[f"recipe[r{edits - number}]"] for number in range(min(edits + 1, MOST_POSSIBLE))]
    assert last.unlisted == edits + 1 - len(told)
