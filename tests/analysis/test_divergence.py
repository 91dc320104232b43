"""Where another file's content would have been live: starts, ends, phases and certainty."""

from __future__ import annotations

import pytest
from building import DAY, START, Link, examine, examine_at, new_repository, role, ruby_role, write_commit

from forensics.uploads.scenario import SHIPPED, USUAL, choose

BASE = {"roles/base.json": role("base", "ntp")}
EDITED = {"roles/base.json": role("base", "ntp", "sudo")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
CORRECTED = {"roles/base-original.json": role("base-original", "old")}
OTHER = {"roles/z.json": role("z")}
# a blank is a bad URI: knife upload ends there with exit 100
ABORTING = {"roles/x y.json": role("x y")}


def divergences(tmp_path, *trees, scenarios=(), **options):
    """What diverges under some scenarios, each as (scenario, from, until), and the records."""
    if scenarios:
        options["scenarios"] = choose(list(scenarios))
    examination, ids = examine(tmp_path, *trees, **options)
    number = {oid: position for position, oid in enumerate(ids)} | {None: None}
    found = examination.divergences
    return [(each.scenario, number[each.from_commit], number[each.until_commit]) for each in found], found


def only(scenario, found):
    (divergence,) = [each for each in found if each.scenario == scenario]
    return divergence


def test_it_lasts_from_the_upload_of_the_impostor_until_the_canonical_content_is_live(tmp_path):
    stretches, _ = divergences(
        tmp_path, BASE, BASE | IMPOSTOR, BASE | IMPOSTOR | OTHER, EDITED | IMPOSTOR, EDITED | OTHER
    )
    assert sorted(stretches) == [
        ("changed", 1, 3),
        ("changed-locale", 1, 3),
        ("changed-reversed", 1, 3),
        ("glob", 1, 4),
        ("grocery-delivery", 1, 3),
    ]


def test_an_open_divergence_has_no_end(tmp_path):
    stretches, found = divergences(tmp_path, BASE | IMPOSTOR, scenarios=["glob"])
    assert stretches == [("glob", 0, None)]
    assert found[0].open
    assert found[0].until_date is None


def test_what_was_live_and_what_the_canonical_file_said_are_told_with_their_commits(tmp_path):
    examination, ids = examine(tmp_path, BASE, EDITED | IMPOSTOR)
    divergence = only("glob", examination.divergences)
    assert (divergence.live.path, divergence.live.commit) == ("roles/base-original.json", ids[1])
    assert (divergence.expected.path, divergence.expected.commit) == ("roles/base.json", ids[1])
    assert divergence.live.blob != divergence.expected.blob
    assert divergence.shadow == examination.shadows[0].id
    assert divergence.certainty == "exact"
    (phase,) = divergence.phases
    assert [(change.op, change.pointer, change.before or change.after) for change in phase.changes] == [
        ("remove", "/run_list/0", "recipe[ntp]"),
        ("remove", "/run_list/1", "recipe[sudo]"),
        ("add", "/run_list/0", "recipe[old]"),
    ]
    assert phase.recipes_added == {"_default": ("old",)}
    assert phase.recipes_removed == {"_default": ("ntp", "sudo")}


def test_equal_content_is_no_divergence_and_becomes_one_when_one_of_them_changes(tmp_path):
    copy = {"roles/base-original.json": '{"run_list": ["recipe[ntp]"], "name": "base"}'}
    stretches, _ = divergences(tmp_path, BASE | copy, EDITED | copy, scenarios=["glob"])
    assert stretches == [("glob", 1, None)]


def test_an_impostor_outlives_its_shadow_until_the_rightful_file_goes_out(tmp_path):
    for number, afterwards in enumerate(({}, CORRECTED, {"roles/base-original.json": "{"})):
        stretches, found = divergences(
            tmp_path / str(number), BASE, BASE | IMPOSTOR, BASE | afterwards, EDITED | afterwards, scenarios=["changed"]
        )
        assert stretches == [("changed", 1, 3)]
        assert found[0].shadow


def test_the_canonical_files_own_older_content_is_stale_and_no_divergence(tmp_path):
    # the stop at a.json keeps the edit of base.json from going out
    stretches, _ = divergences(tmp_path, BASE, EDITED | {"roles/a.json": "{"}, scenarios=["glob", "changed"])
    assert stretches == []


def test_each_change_of_content_is_a_phase_of_its_own(tmp_path):
    older = {"roles/base-original.json": role("base", "older")}
    _, found = divergences(tmp_path, BASE | IMPOSTOR, EDITED | IMPOSTOR, EDITED | IMPOSTOR | OTHER, EDITED | older)
    phases = only("glob", found).phases
    assert [(len(phase.recipes_removed["_default"]), phase.recipes_added["_default"]) for phase in phases] == [
        (1, ("old",)),
        (2, ("old",)),
        (2, ("older",)),
    ]
    assert len({phase.from_commit for phase in phases}) == 3


def test_another_impostor_is_another_divergence(tmp_path):
    second = {"roles/base-zero.json": role("base", "zero")}
    stretches, found = divergences(tmp_path, BASE | IMPOSTOR, BASE | IMPOSTOR | second, scenarios=["glob"])
    assert stretches == [("glob", 0, 1), ("glob", 1, None)]
    assert [each.live.path for each in found] == ["roles/base-original.json", "roles/base-zero.json"]
    assert found[0].shadow != found[1].shadow


def test_it_outlives_the_canonical_file_since_that_deletes_nothing_on_a_server(tmp_path):
    for number, (gone, left) in enumerate(
        [
            (IMPOSTOR, ("roles/base-original.json",)),
            (OTHER, ()),
            ({"roles/base.json": role("renamed")} | IMPOSTOR, ("roles/base-original.json",)),
            ({"roles/base.json": "{"} | OTHER, ()),
        ]
    ):
        stretches, (found,) = divergences(
            tmp_path / str(number), BASE | IMPOSTOR, EDITED | IMPOSTOR, gone, scenarios=["glob"]
        )
        assert stretches == [("glob", 0, None)]
        assert found.unclaimed.date == "2014-05-15T16:53:20+00:00"
        assert found.unclaimed.files == left
        # compared with what the canonical file said last
        assert [each.expected.path for each in found.phases] == ["roles/base.json"] * 2
        assert found.phases[-1].recipes_removed["_default"] == ("ntp", "sudo")


def test_it_ends_where_something_else_becomes_live_after_the_canonical_file_went(tmp_path):
    edited = {"roles/base-original.json": role("base", "older")}
    stretches, _ = divergences(tmp_path / "1", BASE | IMPOSTOR, IMPOSTOR, edited, scenarios=["glob"])
    assert stretches == [("glob", 0, 2)]
    stretches, (found,) = divergences(tmp_path / "2", BASE | IMPOSTOR, IMPOSTOR, BASE | OTHER, scenarios=["glob"])
    assert (stretches, found.unclaimed) == ([("glob", 0, 2)], None)
    stretches, (found,) = divergences(tmp_path / "3", BASE, BASE | IMPOSTOR, IMPOSTOR, scenarios=["grocery-delivery"])
    assert stretches == [("grocery-delivery", 1, 2)]  # which deletes the object


def test_without_a_canonical_file_it_diverges_where_the_scenarios_differ(tmp_path):
    one, two = {"roles/x.json": role("base", "x")}, {"roles/y.json": role("base", "y")}
    stretches, found = divergences(tmp_path, one | two, one | two | OTHER, one, scenarios=["glob", "changed-reversed"])
    assert stretches == [("glob", 0, 2), ("changed-reversed", 0, 2)]
    assert [(each.live.path, each.expected) for each in found] == [("roles/y.json", None), ("roles/x.json", None)]
    assert all(each.shadow for each in found)


def test_without_a_canonical_file_it_does_not_diverge_where_all_agree(tmp_path):
    same = {"roles/x.json": role("base", "x"), "roles/y.json": role("base", "x")}
    assert divergences(tmp_path, same)[0] == []


def test_a_race_is_no_certainty(tmp_path):
    # base.rb hides base.json, and declares base too: both are possible while knife upload aborts
    ruby = {"roles/base.rb": ruby_role("base", "ruby")}
    stretches, found = divergences(tmp_path, BASE, BASE | ruby | ABORTING, BASE | ruby, scenarios=["knife-upload"])
    assert stretches == [("knife-upload", 1, 2)]
    assert found[0].certainty == "race"
    assert found[0].live.path == "roles/base.json"


def test_knife_upload_and_chef_solo_know_no_impostors(tmp_path):
    stretches, _ = divergences(tmp_path, BASE | IMPOSTOR)
    assert {scenario for scenario, _, _ in stretches} == {"glob", "changed-locale", "changed-reversed"}


def test_reach_and_recipes_are_those_of_the_world_under_that_scenario(tmp_path):
    tree = {
        **BASE,
        **IMPOSTOR,
        "roles/web.json": role("web", "role[base]"),
        "roles/stale.json": role("stale", "role[web]"),
        "nodes/n1.json": '{"name": "n1", "run_list": ["role[web]"], "chef_environment": "prod"}',
        "nodes/n2.json": '{"name": "n2", "run_list": ["recipe[base]"]}',
    }
    _, found = divergences(tmp_path, tree, scenarios=["glob"])
    assert found[0].reach.roles == ("stale", "web")
    assert found[0].reach.nodes == ("n1",)
    assert found[0].reach.environments == ("prod",)


def test_environments_and_data_bag_items_diverge_too(tmp_path):
    tree = {
        "environments/prod.json": '{"name": "prod", "cookbook_versions": {"app": "= 1.0.0"}}',
        "environments/zed.json": '{"name": "prod"}',
        "data_bags/users/alice.json": '{"id": "alice", "uid": 1}',
        "data_bags/users/laptop.json": '{"id": "alice", "uid": 2}',
        "nodes/n.json": '{"name": "n", "chef_environment": "prod"}',
    }
    _, found = divergences(tmp_path, tree, scenarios=["glob"])
    by_object = {each.object: each for each in found}
    assert set(by_object) == {"environment[prod]", "data_bag_item[users/alice]"}
    assert by_object["environment[prod]"].reach.nodes == ("n",)
    assert [change.pointer for change in by_object["environment[prod]"].phases[0].changes] == ["/cookbook_versions/app"]
    assert by_object["data_bag_item[users/alice]"].reach.nodes is None
    assert by_object["data_bag_item[users/alice]"].phases[0].recipes_added == {"_default": ()}


def test_a_side_branch_diverges_only_when_the_whole_graph_is_replayed(tmp_path):
    repository = new_repository(tmp_path)
    root = write_commit(repository, BASE, time=START)
    side = write_commit(repository, BASE | IMPOSTOR, [root], time=START + DAY)
    mended = write_commit(repository, BASE, [side], time=START + 2 * DAY)
    main = write_commit(repository, BASE | OTHER, [root], time=START + 3 * DAY)
    merge = write_commit(repository, BASE | OTHER, [main, mended], time=START + 4 * DAY)
    assert examine_at(repository, merge).divergences == ()
    full = only("glob", examine_at(repository, merge, full=True).divergences)
    assert (full.from_commit, full.until_commit) == (side, mended)


def test_replaying_from_a_commit_meets_an_empty_server(tmp_path):
    repository = new_repository(tmp_path)
    first = write_commit(repository, BASE, time=START)
    second = write_commit(repository, BASE | IMPOSTOR, [first], time=START + DAY)
    third = write_commit(repository, BASE, [second], time=START + 2 * DAY)
    before = examine_at(repository, third, scenarios=choose(["changed"]))
    assert [each.until_commit for each in before.divergences] == [None]
    assert examine_at(repository, third, scenarios=choose(["changed"]), replay_from=2).divergences == ()


@pytest.mark.parametrize(("since", "until", "found"), [(3, None, 0), (2, None, 1), (None, 0, 0), (None, 1, 1)])
def test_since_and_until_cut_the_report_and_not_the_knowledge(tmp_path, since, until, found):
    options = {
        "since": None if since is None else START + since * DAY,
        "until": None if until is None else START + until * DAY,
    }
    stretches, _ = divergences(tmp_path, BASE, BASE | IMPOSTOR, BASE, BASE | OTHER, scenarios=["glob"], **options)
    assert len(stretches) == found


def test_a_link_that_shares_content_with_its_target_is_no_divergence(tmp_path):
    assert divergences(tmp_path, BASE | {"roles/copy.json": Link("base.json")})[0] == []


def test_stale_content_of_the_canonical_file_is_none_even_while_it_is_shadowed(tmp_path):
    stopped = {"roles/a.json": "{"}
    assert divergences(tmp_path, BASE | IMPOSTOR, EDITED | IMPOSTOR | stopped, scenarios=["changed"])[0] == []


def test_contents_of_which_nobody_knows_whether_they_differ_are_none(tmp_path):
    unknown = {"roles/base-x.rb": 'name "base"\ndescription ENV["X"]\nrun_list "ntp"\n'}
    assert divergences(tmp_path, BASE | unknown, scenarios=["glob"])[0] == []


def test_two_files_that_no_commit_held_together_are_none(tmp_path):
    impostors = {"roles/x.json": role("base", "x"), "roles/y.json": role("base", "y")}
    # base.json replaces both, and a.json keeps it from going out
    stretches, _ = divergences(tmp_path, impostors, BASE | {"roles/a.json": "{"}, scenarios=["changed"])
    assert stretches == [("changed", 0, 1)]


def test_the_shadow_is_the_last_one_that_held_the_live_file_and_the_canonical_one(tmp_path):
    copy, later = {"roles/base-original.json": role("base", "ntp")}, {"roles/base-2.json": role("base", "later")}
    stopped = {"roles/z.json": "{"}
    examination, ids = examine(tmp_path, BASE | copy, BASE | later | stopped, EDITED | later | {"roles/zz.json": "{"})
    divergence = only("changed-reversed", examination.divergences)
    assert (divergence.from_commit, divergence.live.path) == (ids[2], "roles/base-original.json")
    (shadow,) = [each for each in examination.shadows if each.id == divergence.shadow]
    assert shadow.paths == ("roles/base-original.json", "roles/base.json")


def test_nodes_that_came_while_it_lasts_feel_it_at_the_tip(tmp_path):
    first = BASE | IMPOSTOR | {"nodes/web01.json": '{"name": "web01", "run_list": ["role[base]"]}'}
    later = first | {"nodes/web02.json": '{"name": "web02", "run_list": ["role[base]"]}'}
    _, (divergence,) = divergences(tmp_path, first, later, scenarios=["glob"])
    assert divergence.reach.nodes == ("web01",)
    assert divergence.reach_at_tip.nodes == ("web01", "web02")


def test_nobody_feels_at_the_tip_what_is_over(tmp_path):
    nodes = {"nodes/web01.json": '{"name": "web01", "run_list": ["role[base]"]}'}
    _, found = divergences(tmp_path, BASE | IMPOSTOR | nodes, EDITED | nodes, scenarios=["glob"])
    assert [(each.reach.nodes, each.reach_at_tip) for each in found] == [(("web01",), None)]


def test_without_a_canonical_file_what_is_live_from_before_diverges_under_the_shadow_of_that_time(tmp_path):
    before = {"roles/base-old.json": role("base", "old")}
    stopped = {"roles/a.json": "{", "roles/x.json": role("base", "x"), "roles/y.json": role("base", "y")}
    _, found = divergences(tmp_path, before, stopped)
    divergence = only("glob", found)
    assert divergence.live.path == "roles/base-old.json"
    (shadow,) = examine(tmp_path / "again", before, stopped)[0].shadows
    assert (divergence.shadow, shadow.paths) == (shadow.id, ("roles/x.json", "roles/y.json"))


def test_a_special_scenario_puts_no_usual_one_in_dispute_about_an_object_without_a_canonical_file(tmp_path):
    first = {"roles/a-web.json": role("web", "a")}
    last = {"roles/b-web.rb": f"# caf\N{LATIN SMALL LETTER E WITH ACUTE}\n{ruby_role('web', 'b')}"}  # stops glob-c
    examination, _ = examine(tmp_path, first, first | last)
    found = {each.scenario for each in examination.divergences}
    assert "glob-c" in found
    assert not found & {scenario.name for scenario in SHIPPED if scenario.standing == USUAL}
