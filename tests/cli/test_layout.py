"""Which directories hold Chef objects, which are fixtures of tests, and which only look like Chef's."""

from __future__ import annotations

import pytest
from building import Link, new_repository, role, write_line
from commandline import command
from support import clone

from forensics.chef.objects import Kind
from forensics.history.model import Container

TWINS = {"web.json": role("web", "recipe[a]"), "web_ssl.json": role("web", "recipe[b]")}
NODE = {"nodes/n.json": '{"name": "n", "run_list": ["role[web]"]}'}


def below(directory, files):
    return {f"{directory}/{name}": content for name, content in files.items()}


@pytest.fixture
def repository(tmp_path):
    def write(*trees):
        path = tmp_path / "r.git"
        write_line(new_repository(path), trees)
        return path

    return write


def configured(tmp_path, text):
    file = tmp_path / "forensics.toml"
    file.write_text(text, encoding="utf-8")
    return ["--config", file]


def notes(outcome):
    return " ".join(outcome.document["evidence"]["notes"])


NO_CHEF = [
    {"config/environments/production.rb": "Rails.application.configure do\n  config.name = 1\nend\n"},
    {"acls/roles/base.json": '{"create": {"actors": ["pivotal"], "groups": ["admins"]}}'},
    {"roles/nginx/tasks/main.yml": "- name: x\n", "roles/nginx/templates/first-boot.json": '{"run_list": []}'},
    {"cookbooks/mysql/examples/roles/db.json": role("db", "recipe[mysql]")},
    {"cookbooks/nodes/metadata.rb": 'name "nodes"\n', "cookbooks/nodes/recipes/default.rb": 'name "x"\n'},
    {"config/environments/a.json": '{"name": "a"}'},
    {"cookbooks/nagios/test/integration/roles/a.json": role("a")},
]


@pytest.mark.parametrize("files", NO_CHEF)
def test_what_is_chefs_by_its_place_only_is_nothing_to_examine(repository, files):
    path = repository(files)
    for name in ("scan", "shadows", "report"):
        assert command(name, path).code == 4


@pytest.mark.parametrize("files", NO_CHEF)
def test_it_changes_nothing_beside_what_is_chefs(repository, files):
    path = repository(files | {"chef/roles/web.json": role("web")})
    document = command("scan", path, "--format", "json").document
    assert (document["shadows"], document["findings"], document["problems"]) == ([], [], [])


@pytest.mark.parametrize(
    "files",
    [
        {"roles/a.json": '{"json_class": "Chef::Role"}'},
        {"roles/a.json": '{"run_list": ["recipe[a]"'},
        {"roles/east/a.rb": 'name "a"\n'},
        {"roles/a.rb": "# roles\n  default_attributes(\n"},
        {"environments/a.rb": 'cookbook "apt", "= 1"\n'},
        {"nodes/a.json": '{"run_list": []}'},
        {"data_bags/users/ada.json": '{"id": "ada"}'},
        {"roles/a.json": '{"run_list": []}'.encode("utf-16")},
        {"roles/a.json": Link("../elsewhere.json")},
    ],
)
def test_one_thing_that_only_chef_has_makes_a_container(repository, files):
    assert command("shadows", repository(files)).code == 0


def test_a_name_counts_beside_what_is_chefs(repository):
    names = {"environments/p.json": '{"name": "p"}', "environments/q.json": '{"name": "p"}'}
    document = command("shadows", repository(names | NODE), "--format", "json").document
    assert [each["paths"] for each in document["shadows"]] == [sorted(names)]


def test_what_was_chefs_at_some_commit_is(repository):
    path = repository({"roles/a.json": '{"name": "a"}'}, {"roles/a.json": role("a")}, {"roles/a.json": '{"name": "a"}'})
    assert command("scan", path).code == 0
    assert command("scan", path, "--rev", command("scan", path).text.split()[6]).code == 0


def test_what_was_removed_is_still_told(repository):
    document = command("shadows", repository(below("roles", TWINS), {"README": ""}), "--format", "json").document
    assert [each["at_head"] for each in document["shadows"]] == [False]


@pytest.mark.parametrize("directory", ["test/integration/roles", "spec/roles", "tests/roles"])
def test_fixtures_are_listed_and_nothing_else(repository, directory):
    path = repository(below(directory, TWINS) | NODE)
    document = command("shadows", path, "--format", "json").document
    assert [(each["container"], each["fixture"]) for each in document["shadows"]] == [(directory, True)]
    done = command("scan", path, "--fail-on", "any")
    assert done.code == 0
    assert "EXPOSED" not in done.text
    assert "from file" not in done.text
    told = notes(command("scan", path, "--format", "json"))
    assert f"fixtures of tests, which nobody uploads, are in {directory}" in told
    assert "several files of them declare role[web]" in told


def test_fixtures_are_counted_apart_from_what_is_the_repository_s_own(repository):
    own = below("roles", {"db.json": role("db"), "db-old.json": role("db", "x")})
    path = repository(own | below("test/roles", TWINS))
    told = command("shadows", path).text
    assert told.startswith("1 shadow and 1 among fixtures of tests, which nobody uploads, in 1 commit up to ")
    assert "role[web]  (a fixture)" in told


def test_what_came_with_cookbooks_is_counted_where_everything_is_told(repository):
    path = repository({"roles/a.json": role("a", "x"), "cookbooks/mysql/examples/roles/db.json": role("db", "mysql")})
    told = "Left out: 1 directory of objects that came with cookbooks kept here: cookbooks/mysql/examples/roles"
    assert told in command("scan", path, "--verbose").text
    assert "Left out" not in command("scan", path).text


@pytest.mark.parametrize("name", ["show", "log", "timeline"])
def test_who_asks_for_a_fixture_is_told_how_to_see_it(repository, name):
    path = repository(below("test/roles", TWINS) | {"data-bags/u/a.json": '{"id": "a"}'} | NODE)
    line = command(name, "role[web]", "-C", path).error_line
    assert line.endswith(
        "only a fixture of tests declares role[web]: add --container test/roles to examine it all the same"
    )
    assert command(name, "role[web]", "-C", path, "--container", "test/roles").code == 0
    line = command(name, "data_bag_item[u/a]", "-C", path).error_line
    assert "no commit declares data_bag_item[u/a]; data-bags looks like a directory of Chef's" in line


def test_fixtures_alone_are_no_clean_result(repository):
    text = command("scan", repository(below("test/roles", TWINS))).text
    assert "there are fixtures of tests only" in text
    assert "declared by one file only" not in text


@pytest.mark.parametrize("asked", ["test/integration", "test", "test/integration/roles/"])
def test_fixtures_are_examined_where_somebody_names_them(repository, asked):
    path = repository(below("test/integration/roles", TWINS) | NODE)
    assert command("scan", path, "--container", asked).code == 1
    assert command("scan", path, "--container", ".").code == 0


def test_the_configuration_makes_fixtures_objects(repository, tmp_path):
    path = repository(below("test/roles", TWINS) | NODE)
    assert command("scan", path, *configured(tmp_path, '[layout]\nroles = ["test/roles"]\n')).code == 1
    assert command("scan", path, *configured(tmp_path, '[[server]]\ndirectories = ["test"]\n')).code == 1
    assert command("scan", path, *configured(tmp_path, '[[server]]\ndirectories = ["."]\n')).code == 0


def test_what_is_excluded_is_not_even_listed(repository, tmp_path):
    path = repository(below("test/roles", TWINS) | below("old/roles", TWINS) | NODE)
    options = configured(tmp_path, '[layout]\nexclude = ["test", "old/roles"]\n')
    document = command("shadows", path, *options, "--format", "json").document
    assert (document["shadows"], document["evidence"]["notes"]) == ([], [])


SUITES = "suites:\n  - name: default\n    roles_path: {}\n"


@pytest.mark.parametrize(
    ("suites", "beside", "fixture"),
    [
        ("kitchen/roles", {"metadata.rb": 'name "x"\n'}, True),
        ('"./kitchen/roles"  # ours', {"roles/base.json": role("base")}, True),
        ("kitchen/roles", {}, False),
        ("kitchen/roles", {"data_bags/u/a.json": '{"id": "a"}'}, False),
        ("<%= ENV['ROLES'] %>", {"metadata.rb": 'name "x"\n'}, False),
        ("../roles", {"metadata.rb": 'name "x"\n'}, False),
    ],
)
def test_the_roles_of_a_kitchen_suite_are_fixtures_where_others_are_the_real_ones(repository, suites, beside, fixture):
    path = repository(below("kitchen/roles", TWINS) | {".kitchen.yml": SUITES.format(suites)} | beside)
    assert command("scan", path).code == (0 if fixture else 1)
    (shadow,) = command("shadows", path, "--format", "json").document["shadows"]
    assert shadow.get("fixture", False) is fixture


def test_the_real_roles_stay_real_where_a_suite_tests_with_them(repository):
    path = repository(below("roles", TWINS) | {".kitchen.yml": SUITES.format("roles"), "metadata.rb": ""})
    assert command("scan", path).code == 1


@pytest.mark.parametrize(
    ("directory", "key"),
    [
        ("Roles", "roles"),
        ("role", "roles"),
        ("site-roles", "roles"),
        ("chef/roles.bak", "roles"),
        ("databags/users", "data_bags"),
        ("data-bags/users", "data_bags"),
    ],
)
def test_directories_that_look_like_chefs_are_named_with_the_remedy(repository, tmp_path, directory, key):
    files = {"a.json": '{"id": "x", "chef_type": "x"}', "b.json": '{"id": "x", "name": "x"}'}
    path = repository(below(directory, files) | NODE)
    top = directory.removesuffix("/users")
    done = command("scan", path)
    said = f"{top} looks like a directory of Chef's and was not examined"
    assert said in done.text
    assert "in all of the history examined" not in done.text
    assert said in command("report", path, "--format", "html").text.replace("&#39;", "'")
    remedy = f'[layout]\n{key} = ["{top}"]\n'
    assert remedy.strip().replace("\n", " ") in done.text
    done = command("scan", path, *configured(tmp_path, remedy), "--format", "json")
    assert notes(done) == ""
    assert {each.get("path") for each in done.document["problems"]} <= {f"{directory}/{name}" for name in files}


@pytest.mark.parametrize(
    "files",
    [
        {"role/README.json": "{}"},
        {"app/role/user.rb": "class User\nend\n"},
        {"test/databags/u/a.json": '{"id": "a"}'},
        {"cookbooks/x/files/role/a.json": role("a")},
        {"vendor/x/metadata.rb": "", "vendor/x/role/a.json": role("a")},
    ],
)
def test_what_does_not_look_like_chefs_is_not_named(repository, files):
    assert notes(command("scan", repository(files | NODE), "--format", "json")) == ""


@pytest.mark.parametrize(
    "setting",
    [
        "role_path 'site'",
        'role_path ["#{Dir.pwd}/site"]',
        'role_path = "#{current_dir}/../site"',
        'role_path File.join(current_dir, "..", "site")',
        'role_path File.expand_path("../../site", __FILE__)',
    ],
)
def test_the_directory_that_knife_is_told_of_is_named(repository, setting):
    path = repository({"site/base.json": "[]", ".chef/knife.rb": setting + "\n"} | NODE)
    assert "site (named in .chef/knife.rb) looks like a directory of Chef's" in command("scan", path).text


def test_a_configured_directory_is_a_container_like_any_other(repository, tmp_path):
    nothing = {"README": ""}
    path = repository(nothing, below("site-roles", TWINS), nothing)
    options = configured(tmp_path, '[layout]\nroles = ["site-roles/"]\n')
    (shadow,) = command("shadows", path, *options, "--format", "json").document["shadows"]
    assert (shadow["container"], shadow["kind"], shadow["commits"]) == ("site-roles", "role", 1)
    bags = {"databags/u/a.json": '{"id": "a"}', "databags/u/b.json": '{"id": "a"}', "data_bags": Link("databags")}
    options = configured(tmp_path, '[layout]\ndata_bags = ["databags"]\n')
    document = command("shadows", _other(tmp_path, bags), *options, "--format", "json").document
    assert [each["container"] for each in document["shadows"]] == ["data_bags/u", "databags/u"]


DEEPER = {
    "data_bags/prod/users/alice.json": '{"id": "alice", "uid": 1}',
    "data_bags/prod/users/copy.json": '{"id": "alice", "uid": 2}',
    "data_bags/stage/users/alice.json": '{"id": "alice", "uid": 1}',
    "data_bags/groups/ops.json": '{"id": "ops"}',
    "data_bags/groups/README/notes.json": '{"title": "none of Chef"}',
}


def test_items_below_the_directories_of_data_bags_are_named_and_examined_where_something_says_so(repository, tmp_path):
    path = repository(DEEPER)
    unconfigured = command("scan", path, "--format", "json")
    assert unconfigured.document["shadows"] == []
    assert "data_bags/prod/*, data_bags/stage/* look like directories of Chef's and were not examined" in notes(
        unconfigured
    )
    assert 'data_bags = ["data_bags/prod", "data_bags/stage"]' in notes(unconfigured)
    layout = configured(tmp_path, '[layout]\ndata_bags = ["data_bags/prod"]\n')
    for options in (layout, ["--container", "data_bags/prod"], ["--container", "data_bags/prod/users/"]):
        done = command("scan", path, *options, "--format", "json")
        (shadow,) = done.document["shadows"]
        assert (shadow["container"], shadow["name"]) == ("data_bags/prod/users", "alice")
        assert "data_bags/prod/*" not in notes(done)
        assert 'data_bags = ["data_bags/stage"]' in notes(done)
    # a bag of which directories are configured keeps the items of its own
    entries = command("timeline", "-C", path, *layout, "--format", "json").document["timeline"]
    assert {each["object"] for each in entries} >= {"data_bag_item[groups/ops]", "data_bag_item[users/alice]"}


def test_data_bags_further_down_belong_to_the_repository_of_their_roles():
    assert Container("data_bags/prod/users", Kind.DATA_BAG_ITEM).root == ""
    assert Container("chef/data_bags/prod/users", Kind.DATA_BAG_ITEM).root == "chef"
    assert Container("data_bags/data_bags", Kind.DATA_BAG_ITEM).root == ""
    assert Container("x/bags/users", Kind.DATA_BAG_ITEM).root == "x"


def _other(tmp_path, files):
    path = tmp_path / "other.git"
    write_line(new_repository(path), [files])
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("layout = 1", "layout is a table"),
        ('[layout]\nrole = ["x"]', "'role' is not known"),
        ('[layout]\nroles = "x"', "roles is a list of paths"),
        ('[layout]\nroles = ["/"]', "roles is a list of paths"),
        ('[layout]\nroles = ["x"]\nnodes = ["x/"]', "layout names 'x' twice"),
        ('[[server]]\ndirectories = ["a"]\ncanonical = ["b"]', "'b' is canonical but lies in none"),
    ],
)
def test_a_layout_that_says_something_impossible_is_refused(repository, tmp_path, text, said):
    done = command("scan", repository(NODE), *configured(tmp_path, text))
    assert done.code == 2
    assert said in done.error_line


@pytest.mark.slow
def test_the_fixtures_of_a_public_history_are_told():
    done = command("scan", clone("openstreetmap/chef"))
    assert "fixtures of tests, which nobody uploads, are in test/data_bags:" in done.text
    assert "test/data_bags/" not in done.text
    assert "roles/nominatim-v4.rb" in done.text
