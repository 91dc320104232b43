"""Where grocery-delivery is stuck, in one line: since when, where, and what frees it."""

from __future__ import annotations

from building import examine, role

from forensics.analysis.rules.catalogue import findings
from forensics.uploads.scenario import choose

BASE = {"roles/base.json": role("base", "ntp")}
COPY = {"roles/base-original.json": role("base", "old")}
WEB = {"roles/web.json": role("web")}


def stuck(tmp_path, *trees, chosen=True):
    scenarios = choose(["grocery-delivery"])
    examination, ids = examine(tmp_path, *trees, scenarios=scenarios, chosen=chosen)
    return [each for each in findings(examination) if each.rule == "upload-aborted"], ids


def test_one_line_says_since_when_where_and_what_frees_it(tmp_path):
    later = [BASE | {"roles/web.json": role("web", str(number))} for number in range(5)]
    (finding,), ids = stuck(tmp_path, BASE | COPY | WEB, BASE | WEB, *later)
    assert (finding.paths, finding.commit, finding.at_tip) == (("roles/base-original.json",), ids[1], True)
    assert finding.message.startswith(
        f"grocery-delivery is stuck at roles/base-original.json since 2014-05-14 ({ids[1][:12]}): "
        "the server has no role base-original to delete; "
    )
    for remedy in ("knife role create base-original", "back in the repository", "gd_revision"):
        assert remedy in finding.message


def test_where_nobody_says_that_it_is_used_it_is_told_for_those_who_use_it(tmp_path):
    (finding,), _ = stuck(tmp_path, BASE | COPY, BASE, chosen=False)
    assert (finding.severity, finding.only_if) == ("note", ("grocery-delivery",))
    assert finding.message.startswith("only if you use grocery-delivery: ")


def test_a_place_that_moves_is_still_one_line(tmp_path):
    (finding,), ids = stuck(tmp_path, BASE | COPY, BASE | COPY | {"roles/a.json": "{"}, BASE, BASE | WEB)
    assert (finding.paths, finding.commit) == (("roles/base-original.json",), ids[1])
    assert "at first at roles/a.json" in finding.message


def test_what_is_over_is_told_as_over(tmp_path):
    (finding,), ids = stuck(tmp_path, BASE | COPY, BASE, BASE | COPY)
    assert not finding.at_tip
    assert finding.message.endswith(f"until 2014-05-15 ({ids[2][:12]}): the server has no role base-original to delete")


def test_it_is_silent_where_every_run_goes_through(tmp_path):
    assert stuck(tmp_path, BASE | COPY, BASE | COPY | WEB, COPY | WEB)[0] == []


def test_a_data_bag_item_is_named_with_its_bag(tmp_path):
    items = {"data_bags/users/a.json": '{"id": "a"}', "data_bags/users/copy.json": '{"id": "a", "x": 1}'}
    kept = {"data_bags/users/a.json": '{"id": "a"}'}
    (finding,), _ = stuck(tmp_path, BASE | items, BASE | kept)
    assert "the server has no item copy in the data bag users to delete" in finding.message
    assert "knife data bag create users copy" in finding.message
