"""Shadows, their episodes and what could have been live."""

from __future__ import annotations

from building import DAY, START, Link, examine, examine_at, new_repository, role, ruby_role, write_commit

from forensics.uploads.target import SharedServer

BASE = {"roles/base.json": role("base", "ntp")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
THIRD = {"roles/base-2.json": role("base", "third")}


def only(shadows):
    (shadow,) = shadows
    return shadow


def test_an_episode_lasts_as_long_as_exactly_these_files_declare_the_object(tmp_path):
    examination, ids = examine(
        tmp_path, BASE, BASE | IMPOSTOR, BASE | IMPOSTOR | THIRD, BASE | IMPOSTOR, BASE, BASE | {"README": ""}
    )
    shadows = {len(shadow.paths): shadow for shadow in examination.shadows}
    assert set(shadows) == {2, 3}
    pair, three = shadows[2], shadows[3]
    assert pair.paths == ("roles/base-original.json", "roles/base.json")
    assert pair.commit_ids == tuple(sorted([ids[1], ids[3]]))
    assert (pair.first_commit, pair.last_commit, pair.commits, pair.first_parent_commits) == (ids[1], ids[3], 2, 2)
    assert (three.first_commit, three.last_commit, three.commits) == (ids[2], ids[2], 1)
    assert not pair.at_head
    assert not three.at_head


def test_a_commit_that_does_not_touch_the_files_belongs_to_the_episode(tmp_path):
    examination, ids = examine(tmp_path, BASE | IMPOSTOR, BASE | IMPOSTOR | {"README": ""})
    shadow = only(examination.shadows)
    assert (shadow.commits, shadow.last_commit, shadow.at_head) == (2, ids[1], True)


def test_paths_are_sorted_by_bytes_and_the_canonical_file_is_the_one_of_that_stem(tmp_path):
    examination, _ = examine(tmp_path, {"roles/b\u00e9.json": role("b"), "roles/bz.json": role("b"), **BASE})
    shadow = only(examination.shadows)
    assert shadow.paths == ("roles/bz.json", "roles/b\u00e9.json")
    assert shadow.canonical is None
    assert only(examine(tmp_path / "2", BASE | IMPOSTOR)[0].shadows).canonical == "roles/base.json"


def test_of_twins_ruby_is_canonical(tmp_path):
    twins = {"roles/base.rb": ruby_role("base")}
    assert only(examine(tmp_path, BASE | twins)[0].shadows).canonical == "roles/base.rb"


def test_nested_and_javascript_files_make_shadows(tmp_path):
    examination, _ = examine(tmp_path, BASE | {"roles/old/x.json": role("base"), "roles/y.js": role("base")})
    assert only(examination.shadows).paths == ("roles/base.json", "roles/old/x.json", "roles/y.js")


def test_a_refused_file_declares_nothing(tmp_path):
    refused = {
        "roles/a.json": '{"name": "base",}',
        "roles/b.json": '{"run_list": []}',
        "roles/c.json": Link("gone.json"),
        "roles/d.rb": 'run_list "x"\n',
    }
    assert examine(tmp_path, BASE | refused)[0].shadows == ()


def test_a_link_inside_the_tree_declares_what_it_leads_to(tmp_path):
    examination, _ = examine(tmp_path, BASE | {"roles/c.json": Link("base.json")})
    assert only(examination.shadows).paths == ("roles/base.json", "roles/c.json")


def test_containers_are_servers_of_their_own_unless_the_configuration_joins_them(tmp_path):
    tree = {"a/roles/base.json": role("base"), "b/roles/base.json": role("base")}
    assert examine(tmp_path / "1", tree)[0].shadows == ()
    joined = only(examine(tmp_path / "2", tree, servers=(SharedServer(("a", "b")),))[0].shadows)
    assert (joined.container, joined.canonical) == ("a/roles", None)


def test_kinds_are_kept_apart(tmp_path):
    tree = {"roles/prod.json": role("prod"), "environments/prod.json": '{"name": "prod"}'}
    assert examine(tmp_path, tree)[0].shadows == ()


def test_whether_contents_differ_is_asked_commit_by_commit(tmp_path):
    same = {"roles/copy.json": '{ "name": "base", "run_list": ["recipe[ntp]"], "json_class": "Chef::Role" }'}
    assert only(examine(tmp_path / "1", BASE | same)[0].shadows).contents_differ is False
    both = [{"roles/base.json": role("base", r), "roles/copy.json": role("base", r)} for r in "ab"]
    moved_together = only(examine(tmp_path / "3", *both)[0].shadows)
    assert moved_together.contents_differ is False  # at no commit did they differ
    assert len(moved_together.possible) == 2
    apart = only(examine(tmp_path / "4", both[0], both[0] | {"roles/base.json": role("base", "b")})[0].shadows)
    assert apart.contents_differ is True


def test_an_unresolved_value_leaves_open_whether_contents_differ(tmp_path):
    unknown = {"roles/base.rb": 'name "base"\ndescription ENV["X"]\nrun_list "ntp"\n'}
    assert only(examine(tmp_path / "1", BASE | unknown)[0].shadows).contents_differ is None
    surely = unknown | {"roles/base.json": role("base", "other")}
    assert only(examine(tmp_path / "2", surely)[0].shadows).contents_differ is True


def test_the_possible_contents_are_distinct_and_name_one_file_each(tmp_path):
    edited = {"roles/base.json": role("base", "ntp", "sudo")}
    copy = {"roles/copy.json": role("base", "ntp")}
    shadow = only(examine(tmp_path, BASE | copy, edited | copy)[0].shadows)
    assert [(version.path, len(version.blob)) for version in shadow.possible] == [
        ("roles/base.json", 40),
        ("roles/base.json", 40),
    ]


def test_shadows_on_side_branches_are_found_and_counted_apart(tmp_path):
    repository = new_repository(tmp_path)
    root = write_commit(repository, BASE, time=START)
    side = write_commit(repository, BASE | IMPOSTOR, [root], time=START + DAY)
    mended = write_commit(repository, BASE, [side], time=START + 2 * DAY)
    main = write_commit(repository, BASE | {"README": ""}, [root], time=START + DAY)
    merge = write_commit(repository, BASE | {"README": ""}, [main, mended], time=START + 3 * DAY)
    shadow = only(examine_at(repository, merge).shadows)
    assert (shadow.commits, shadow.first_parent_commits, shadow.at_head) == (1, 0, False)
    assert shadow.commit_ids == (side,)


def test_first_and_last_are_told_by_committer_time_and_then_by_topology(tmp_path):
    repository = new_repository(tmp_path)
    both = BASE | IMPOSTOR
    root = write_commit(repository, BASE, time=START)
    late = write_commit(repository, both, [root], time=START + 9 * DAY)  # its child was committed before it
    early = write_commit(repository, both | {"README": "1"}, [late], time=START + DAY)
    same_time = write_commit(repository, both | {"README": "2"}, [early], time=START + DAY)
    tip = write_commit(repository, BASE, [same_time], time=START + 10 * DAY)
    shadow = only(examine_at(repository, tip).shadows)
    assert (shadow.first_commit, shadow.last_commit) == (early, late)
    twice = write_commit(repository, both | {"README": "3"}, [late], time=START + 9 * DAY)
    assert only(examine_at(repository, twice).shadows).last_commit == twice


def test_a_narrowed_examination_looks_at_the_named_containers_only(tmp_path):
    tree = {f"{top}/roles/{name}.json": role("base") for top in ("a", "b") for name in ("base", "copy")}
    assert only(examine(tmp_path, tree, containers=("b",))[0].shadows).container == "b/roles"


def test_since_and_until_cut_the_report(tmp_path):
    def found(number, **options):
        examination, _ = examine(tmp_path / str(number), BASE, BASE | IMPOSTOR, BASE | IMPOSTOR, BASE, **options)
        return len(examination.shadows)

    assert found(1, since=START + 2 * DAY) == 1
    assert found(2, since=START + 2 * DAY + 1) == 0
    assert found(3, until=START + DAY) == 1
    assert found(4, until=START + DAY - 1) == 0


def test_the_id_of_a_shadow_survives_another_history(tmp_path):
    one = only(examine(tmp_path / "1", BASE | IMPOSTOR)[0].shadows)
    other = only(examine(tmp_path / "2", {"README": ""}, BASE | IMPOSTOR, BASE)[0].shadows)
    assert one.id == other.id
    assert one.id != only(examine(tmp_path / "3", BASE | THIRD)[0].shadows).id


def test_data_bag_items_are_shadowed_within_their_bag(tmp_path):
    tree = {
        "data_bags/users/alice.json": '{"id": "alice"}',
        "data_bags/users/laptop.json": '{"id": "alice", "key": 1}',
        "data_bags/keys/alice.json": '{"id": "alice"}',
    }
    shadow = only(examine(tmp_path, tree)[0].shadows)
    assert (shadow.object, shadow.container) == ("data_bag_item[users/alice]", "data_bags/users")
