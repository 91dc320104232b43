"""Which files go up: scopes that only scenarios of one's own have (cases 08 and 31)."""

from __future__ import annotations

from building import DAY, START, Replayed, examine_at, new_repository, role, ruby_role, write_commit, write_line

from forensics.analysis.object_log import log
from forensics.analysis.objects import parse_object
from forensics.uploads.scenario import SHIPPED, Scenario

TREE = Scenario("rake", "from-file", "tree", "byte", "Dir['roles/**/*.rb'].sort.each")
BACKWARDS = Scenario("rake-reversed", "from-file", "tree", "reverse-byte", "the other way round")
EAST, WEST = {"roles/east/web.rb": ruby_role("web", "east")}, {"roles/west/web.rb": ruby_role("web", "west")}
BASE = {"roles/base.json": role("base", "ntp")}
COPY = {"roles/copy.json": role("base", "old")}


def test_a_tree_sends_files_at_any_depth_in_the_order_given(tmp_path):
    replayed = Replayed(tmp_path, EAST | WEST | BASE, scenarios=(*SHIPPED, TREE, BACKWARDS))
    assert replayed.path("rake", "web") == "west/web.rb"
    assert replayed.path("rake-reversed", "web") == "east/web.rb"
    assert replayed.path("rake", "base") == "base.json"
    assert replayed.path("glob", "web") is None


def test_a_tree_sends_no_hidden_files_nor_what_lies_in_hidden_directories(tmp_path):
    hidden = {"roles/.x.rb": ruby_role("x"), "roles/.old/y.rb": ruby_role("y"), "roles/a/b/.z.rb": ruby_role("z")}
    replayed = Replayed(tmp_path, hidden | {"roles/a/b/c.rb": ruby_role("c")}, scenarios=(TREE,))
    assert [replayed.path("rake", name) for name in "xyzc"] == [None, None, None, "a/b/c.rb"]


def test_a_refused_file_stops_a_tree_where_it_stands(tmp_path):
    replayed = Replayed(tmp_path, EAST | WEST | {"roles/middle/bad.rb": "name +"}, scenarios=(TREE,))
    assert replayed.path("rake", "web") == "east/web.rb"
    assert replayed.stops("rake") == [("roles/middle/bad.rb", 0, None)]


def pushed(tmp_path, trees, which, **options):
    """The examination with a scenario that ran at some of the commits, given by number, and the commits."""
    repository = new_repository(tmp_path / "repository.git")
    ids = write_line(repository, trees)
    pushes = tuple(ids[each] if isinstance(each, int) else each for each in which)
    ci = Scenario("ci", "from-file", "push", "byte", "CI, after each push", pushes=pushes)
    return examine_at(repository, ids[-1], scenarios=(*SHIPPED, ci), **options), ids


def of_pushes(examination):
    (found,) = [each for replayed in examination.replays for each in replayed.timelines if each.scenario.name == "ci"]
    return found


def lives(examination, name):
    timeline = of_pushes(examination)
    return [(event.step, event.live.path) for event in timeline.events.get(name, ())]


def test_what_two_pushes_differ_in_goes_up_at_once(tmp_path):
    # by commits the copy goes up first and the rightful file after it; by pushes both, and the copy comes last
    edited = {"roles/base.json": role("base", "sudo")}
    examination, ids = pushed(tmp_path, [BASE, BASE | COPY, edited | COPY], (0, 2))
    assert lives(examination, "base") == [(0, "roles/base.json"), (1, "roles/copy.json")]
    found = {each.scenario: each for each in examination.divergences if each.open}
    assert "changed" not in found
    assert (found["ci"].from_commit, found["ci"].phases[0].live.path) == (ids[2], "roles/copy.json")


def test_a_file_that_comes_and_goes_between_two_pushes_never_goes_up(tmp_path):
    examination, _ = pushed(tmp_path, [BASE, BASE | COPY, BASE], (0, 2))
    assert lives(examination, "base") == [(0, "roles/base.json")]
    assert not [each for each in examination.divergences if each.scenario == "ci"]


def test_a_push_may_go_back(tmp_path):
    edited = {"roles/base.json": role("base", "sudo")}
    examination, _ = pushed(tmp_path, [BASE, edited, edited | COPY], (1, 0, 2))
    assert lives(examination, "base") == [(0, "roles/base.json"), (1, "roles/base.json"), (2, "roles/copy.json")]


def test_pushes_that_the_revision_does_not_reach_are_passed_over_and_said(tmp_path):
    examination, _ = pushed(tmp_path, [BASE, BASE | COPY], (0, "f" * 40, 1))
    assert lives(examination, "base") == [(0, "roles/base.json"), (1, "roles/copy.json")]
    (note,) = [each for each in examination.evidence().provenance.notes if each.startswith("ci:")]
    assert note.startswith("ci: 1 of 3 pushed commits are not among those that the revision reaches")


def test_pushes_share_nothing_with_the_log_of_the_line(tmp_path):
    examination, ids = pushed(tmp_path, [BASE, BASE | COPY], (0, 1))
    assert [each.commit for each in log(examination, parse_object("role[base]"))] == ids


def test_a_pushed_tip_may_lie_off_the_first_parent_line(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    first = write_commit(repository, BASE, (), time=START)
    side = write_commit(repository, BASE | COPY, (first,), time=START + DAY)
    main = write_commit(repository, BASE | {"roles/z.json": role("z")}, (first,), time=START + 2 * DAY)
    merge = write_commit(repository, BASE | COPY | {"roles/z.json": role("z")}, (main, side), time=START + 3 * DAY)
    ci = Scenario("ci", "from-file", "push", "byte", "CI, after each push", pushes=(first, side, merge))
    examination = examine_at(repository, merge, scenarios=(*SHIPPED, ci))
    assert lives(examination, "base") == [(0, "roles/base.json"), (1, "roles/copy.json")]
    assert lives(examination, "z") == [(2, "roles/z.json")]


def test_nodes_are_reached_through_the_roles_that_the_same_pushes_left(tmp_path):
    node = {"nodes/n.json": '{"name": "n", "run_list": ["role[base]"]}'}
    examination, _ = pushed(tmp_path, [BASE | node, BASE | COPY | node], (0, 1))
    (found,) = [each for each in examination.divergences if each.scenario == "ci"]
    assert (found.reach.nodes, found.phases[0].recipes_added["_default"]) == (("n",), ("old",))
