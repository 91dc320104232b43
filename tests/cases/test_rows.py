"""What people struggled with, row by row: the right answer to each question that another file here does not ask.

Those that were right from the start stand here, too: they must stay right.
"""

from __future__ import annotations

import json

import pygit2
import pytest
from building import new_repository, role, write_line
from case_repositories import document, findings
from commandline import command

CHANGED = {"changed", "changed-locale", "changed-reversed"}


def told(*arguments):
    """What a command prints, its lines as one."""
    return " ".join(command(*arguments).text.split())


def live(repository, name, *options):
    """What was live at last, by scenario: the file and the content; nothing where the object ceased to be live."""
    entries = document("timeline", name, "-C", repository, *options)["timeline"]
    return {each["scenario"]: (each["path"], each["content"]) for each in entries}


def exposed(scan):
    """The scenarios that count under which another file's content is live at the tip, by object and file."""
    found = {}
    for each in scan["divergences"]:
        if each["until_commit"] is None and each["scenario"] in scan["deciding"]:
            found.setdefault((each["object"], each["live"]["path"]), set()).add(each["scenario"])
    return found


def configured(tmp_path, text, **files):
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "forensics.toml").write_text(text, encoding="utf-8")
    return "--config", tmp_path / "forensics.toml"


def line_of(tmp_path, *trees):
    repository = new_repository(tmp_path / "r.git")
    write_line(repository, trees)
    return repository.path


# those of the table


def test_01_a_file_of_another_name_declares_the_role(built):
    outcome = command("scan", built("01"), "--format", "json")
    assert outcome.code == 1
    assert exposed(outcome.document) == {("role[web]", "roles/web-east.rb"): CHANGED}
    (shadow,) = outcome.document["shadows"]
    assert (shadow["canonical"], shadow["at_head"]) == ("roles/web.rb", True)
    for each in outcome.document["divergences"]:
        assert each["recipes_added"]["_default"] == ["east_proxy"]
        assert each["reach"]["nodes"] == ["n1"]
    text = command("scan", built("01")).text
    assert "do          knife role from file roles/web.rb\n" in text
    assert "then        git rm roles/web-east.rb " in text
    assert "roles/*\n" not in text  # no glob does harm: web.rb comes last


def test_02_an_environment_goes_by_the_name_inside_and_for_chef_solo_by_its_file(built):
    (missing,) = findings(built("02"), "missing-reference")
    assert "nodes/dev01.json names environment[develop]" in missing["message"]
    assert "environments/develop.json declares environment[dev]" in missing["message"]
    by_scenario = live(built("02"), "environment[dev]")
    assert {path for path, _ in by_scenario.values()} == {"environments/develop.json"}
    assert "knife-upload" not in by_scenario  # the stem is not the name: refused
    shown = ["show", "node[dev01]", "-C", built("02"), "--scenario"]
    assert "the client fails Net::HTTPClientException" in told(*shown, "glob")
    assert "attributes shop.debug = true" in told(*shown, "chef-solo")


def test_04_what_a_copy_said_of_an_environment_is_left_behind(built):
    scan = document("scan", built("04"))
    assert exposed(scan) == {("environment[prod]", "environments/prod-2.json"): CHANGED}
    assert command("scan", built("04")).code == 0  # one file is left, and one upload settles it
    assert "environment[prod]: what environments/prod-2.json said was left behind" in told("scan", built("04"))
    assert "grocery-delivery" not in live(built("04"), "environment[prod]")  # which uploads no environments
    assert live(built("04"), "role[base]")["grocery-delivery"][0] == "roles/base.json"  # json, as all files are


def test_05_a_wrapped_item_is_refused_from_a_file_and_unwrapped_by_others(built):
    shells = {
        scenario: None if content is None else content["shell"]
        for scenario, (_, content) in live(built("05"), "data_bag_item[users/alice]", "--no-redact").items()
    }
    before = {*CHANGED, "glob", "glob-sh", "glob-c", "json-then-rb", "grocery-delivery"}
    assert {scenario for scenario, shell in shells.items() if shell == "/bin/bash"} == before
    assert {scenario for scenario, shell in shells.items() if shell == "/bin/zsh"} >= {"knife-upload", "chef-solo"}
    (refused,) = findings(built("05"), "unreadable-declaration")
    assert refused["paths"] == ["data_bags/users/alice.json"]


def test_06_what_cannot_be_loaded_is_live_as_it_was(built):
    assert {content["name"] for _, content in live(built("06"), "role[win]").values() if content} == {"win"}
    text = told("scan", built("06"))
    assert "byte order mark" in text
    assert "UTF-16" in text
    assert "ceased" not in text


def test_07_twins_of_a_test_suite_are_never_exposed(built):
    outcome = command("scan", built("07"), "--fail-on", "any")
    assert outcome.code == 0
    assert "fixtures of tests" in outcome.text
    assert "EXPOSED" not in outcome.text
    assert "from file test/" not in outcome.text


def test_08_two_directories_each_with_a_file_of_that_stem(built, tmp_path):
    (shadow,) = document("scan", built("08"))["shadows"]
    assert (shadow["canonical"], shadow["at_head"]) == (None, True)
    text = told("scan", built("08"))
    assert "roles/* reaches none of them" in text
    assert "decide which file is meant" in text
    assert "git rm" not in text
    everything = live(built("08"), "role[web]")
    assert not {"glob", "glob-sh", "glob-c", "json-then-rb"} & everything.keys()
    rake = configured(tmp_path, '[[scenario]]\nname = "rake"\nscope = "tree"\norder = "byte"\n')
    assert live(built("08"), "role[web]", *rake, "--scenario", "rake")["rake"][0] == "roles/west/web.rb"


def test_14_show_tells_that_the_client_will_fail(built):
    text = told("show", "node[c1]", "-C", built("14"), "--scenario", "glob")
    assert "tomcatserver.json" in text
    assert "MissingRole" in text


def test_18_the_backup_and_the_live_folder_of_one_server(built, tmp_path):
    one_server = configured(tmp_path, '[[server]]\ndirectories = ["."]\n')
    (shadow,) = document("scan", built("18"), *one_server)["shadows"]
    assert (shadow["canonical"], shadow["paths"]) == (
        None,
        [".chef/chef_server_backup/roles/base.json", "roles/base.json"],
    )
    text = command("scan", built("18"), *one_server).text
    assert "git rm" not in text
    assert "n1" in text
    in_order = configured(tmp_path, '[[server]]\ndirectories = ["."]\ncanonical = ["roles"]\n')
    text = command("scan", built("18"), *in_order).text
    assert "git rm .chef/chef_server_backup/roles/base.json " in text
    assert "git rm roles/base.json" not in text


def test_19_a_file_with_conflict_markers_stays_behind_as_it_was(built):
    for path, content in live(built("19"), "role[app]").values():
        assert path in {None, "roles/app.rb"}
        assert content is None or "<" not in json.dumps(content)
    assert "conflict markers" in told("log", "role[app]", "-C", built("19"))


def test_21_two_roles_whose_files_differ_in_case_only(built):
    scan = document("scan", built("21"))
    (shadow,) = scan["shadows"]
    assert shadow["paths"] == ["roles/Web.json", "roles/web.json"]


def test_25_run_lists_with_typos_are_read_as_chef_does(built):
    refused = findings(built("25"), "unreadable-declaration")
    assert [(each["paths"], each["line"]) for each in refused] == [(["roles/base.rb"], 2), (["roles/db.rb"], 2)]
    assert 'String:"recipe[ntp]recipe[users]"' in refused[0]["message"]
    _, web = live(built("25"), "role[web]")["changed-reversed"]
    assert web["run_list"] == ["recipe[nginx]", "recipe[nginx::default]", "recipe[shop@1.2]"]
    _, node = live(built("25"), "node[n1]")["glob"]
    assert node["run_list"] == ["recipe[web]"]


def test_26_a_move_is_no_removal(built):
    found = findings(built("26"))
    assert [each for each in found if each["at_tip"] and each["severity"] != "note"] == []


@pytest.mark.parametrize(
    ("number", "names", "how"),
    [
        ("27", "databags", 'data_bags = ["databags"]'),
        ("30", "Roles, role, site-roles (named in .chef/knife.rb)", '[layout] roles = ["Roles", "role", "site-roles"]'),
    ],
)
def test_27_30_directories_of_other_names(built, number, names, how):
    outcome = command("scan", built(number))
    said = " ".join((outcome.text + outcome.errors.decode()).split())
    assert "not examined" in said
    assert how in said
    assert f"{names} look" in said
    assert outcome.code == (4 if number == "30" else 0)  # where there is nothing else, it is no result
    assert "in all of the history examined" not in said


def test_28_items_go_by_their_id_and_bags_apart(built):
    scan = document("scan", built("28"))
    (shadow,) = scan["shadows"]
    assert shadow["paths"] == ["data_bags/db_test/creds.bak.json", "data_bags/db_test/creds.json"]
    assert exposed(scan) == {("data_bag_item[db_test/creds]", "data_bags/db_test/creds.bak.json"): CHANGED}
    assert command("scan", built("28")).code == 1


def test_29_a_finding_names_the_lines_of_what_a_merge_doubled(built):
    dropped = {each["line"] for each in findings(built("29"), "doubled-key")}
    assert dropped == {4, 5}


def test_31_what_two_pushes_differ_in_goes_up_at_once(built, tmp_path):
    ids = [each["commit"] for each in document("log", "role[base]", "-C", built("31"))["log"][1:]]
    pushes = configured(
        tmp_path,
        '[[scenario]]\nname = "ci"\nscope = "push"\norder = "byte"\npushes = "pushes"\n',
        pushes=f"{ids[0]}\n{ids[2]}\n",
    )
    by_push = document("timeline", "role[base]", "-C", built("31"), *pushes, "--scenario", "ci")["timeline"]
    assert [(each["from_commit"], each["path"]) for each in by_push] == [
        (ids[0], "roles/base.json"),
        (ids[2], "roles/base.json"),
    ]
    assert live(built("31"), "role[base]")["changed"][0] == "roles/base-old.json"


def test_32_levels_of_attributes_and_the_environment_that_a_node_lost(built):
    def attributes(when):
        return told("show", "node[n1]", "-C", built("32"), "--scenario", "glob", "--at", when)

    assert 'ntp.mode = "node" ntp.servers = ["e", "a", "b"] ssh.port = 2222' in attributes("2015-03-02")
    assert 'ntp.mode = "node" ntp.servers = ["a", "b"] ssh.port = 22' in attributes("2015-03-03")


def test_34_only_the_commands_that_do_harm_are_to_be_avoided(built, tmp_path):
    one_server = configured(tmp_path, '[[server]]\ndirectories = ["production", "shared"]\n')
    text = command("scan", built("34"), *one_server).text
    assert "1. role[base] in shared/roles   EXPOSED NOW" in text  # where its files are, not where the server begins
    avoided = text.partition("   avoid ")[2].partition("\n\n")[0].split("\n")
    assert [each.strip() for each in avoided] == [
        "knife role from file shared/roles/base-old.json",
        "knife role from file shared/roles/*",
    ]
    assert "production/roles/*" not in text


def copied(repository, tmp_path):
    """A clone with its files, to stage changes in."""
    found = pygit2.clone_repository(str(repository), str(tmp_path / "work"), checkout_branch="main")
    return tmp_path / "work", found


def stage(work, found, path, text):
    (work / path).parent.mkdir(parents=True, exist_ok=True)
    (work / path).write_text(text, encoding="utf-8")
    found.index.add(path)
    found.index.write()
    return command("check", "--staged", "-C", work)


def test_38_a_copied_environment_with_its_old_name_inside(built, tmp_path):
    assert document("scan", built("38"))["findings"] == []
    work, found = copied(built("38"), tmp_path)
    staged = stage(work, found, "environments/staging.json", (work / "environments/production.json").read_text())
    assert staged.code == 1
    assert "environment[production]" in staged.text
    renamed = (work / "environments/production.json").read_text().replace('"production"', '"staging"')
    assert stage(work, found, "environments/staging.json", renamed).code == 0


def test_39_what_a_branch_lacks_is_told_of_that_branch(built):
    (lost,) = document("log", "role[web]", "-C", built("39"), "--rev", "production")["log"][-1]["changes"]
    assert (lost["op"], lost["before"]) == ("remove", "recipe[waf]")
    assert document("log", "role[web]", "-C", built("39"))["log"][-1]["changes"][0]["op"] == "add"
    assert "recipe[waf]" not in json.dumps(live(built("39"), "role[web]", "--rev", "production")["glob"])
    assert "recipe[waf]" in json.dumps(live(built("39"), "role[web]")["glob"])


def test_40_a_file_that_is_staged_broken(built, tmp_path):
    work, found = copied(built("40"), tmp_path)
    outcome = stage(work, found, "roles/web.json", '{"name": "web", "run_list": ["role[base]"')
    assert outcome.code == 0  # it is no shadow
    assert "roles/web.json" in outcome.text
    assert stage(work, found, "roles/web-copy.json", role("web")).code == 0  # nothing else declares it now


def test_41_a_recipe_that_never_was_is_not_one_that_was_removed(built):
    assert findings(built("41"), "dangling-recipe") == []


def test_42_ends_of_lines_change_nothing(built):
    entries = document("log", "role[db]", "-C", built("42"))["log"]
    assert [len(each["changes"]) for each in entries] == [0, 0, 1]
    assert "changed in form only" in told("log", "role[app]", "-C", built("42"))
    assert document("scan", built("42"))["shadows"] == []
    contents = {
        json.dumps(each["content"]) for each in document("timeline", "role[app]", "-C", built("42"))["timeline"]
    }
    assert len(contents) == 1


def test_44_what_was_deleted_by_one_who_deletes_is_kept_by_the_others(built):
    assert [each["event"] for each in document("log", "role[web]", "-C", built("44"))["log"]] == [
        "added",
        "changed",
        "removed",
    ]
    by_scenario = live(built("44"), "role[web]")
    assert by_scenario["glob"][0] == "acme/roles/web.json"
    assert by_scenario["chef-solo"] == (None, None)
    (missing,) = findings(built("44"), "missing-reference")
    assert "acme/nodes/w1.json names role[web], which no file declares since 2015-03-04" in missing["message"]


# the small inputs


def test_a_lone_carriage_return_is_a_blank(tmp_path):
    path = line_of(tmp_path, {"roles/c.rb": 'name "c"\nrun_list "recipe[x]"\n\r\r\n'})
    assert live(path, "role[c]")["glob"][1]["run_list"] == ["recipe[x]"]
    assert findings(path) == []


SETTINGS = {"settings.rb": 'Settings = {:a => "x"}\n'}


@pytest.mark.parametrize(
    "first",
    [
        'require File.dirname(__FILE__) + "/../settings"\n',
        'require File.join(File.dirname(__FILE__), "..", "settings")\n',
        'require ENV["CHEF_SETTINGS"]\n',
        'place = File.dirname(__FILE__) + "/../settings"\nrequire place\n',
        'Dir[File.dirname(__FILE__) + "/../*.rb"].each { |f| require f }\n',
    ],
)
def test_after_what_cannot_be_followed_nothing_is_certain_to_be_missing(tmp_path, first):
    text = first + 'name "base"\ndefault_attributes("k" => Settings[:a])\n'
    path = line_of(tmp_path, SETTINGS | {"roles/base.rb": text})
    content = live(path, "role[base]")["glob"][1]
    assert content["name"] == "base"
    unresolved = content["default_attributes"]
    unresolved = unresolved.get("k", unresolved)
    assert "$unresolved" in unresolved
    assert findings(path, "unreadable-declaration", "upload-aborted") == []


def test_what_two_files_declare_could_not_be_told(tmp_path):
    both = {f"roles/{each}.rb": f'require "./settings"\nname "{each}"\n' for each in "cd"}
    text = told("scan", line_of(tmp_path, both))
    assert "every object is declared by one file only" not in text or "could not be told" not in text


def test_no_file_bears_the_name_of_the_role(tmp_path):
    files = {
        "roles/hr-db-master.json": role("hr-db", "recipe[db]", "recipe[master]"),
        "roles/hr-db-slave.json": role("hr-db", "recipe[db]"),
    }
    path = line_of(tmp_path, files)
    (shadow,) = document("scan", path)["shadows"]
    assert shadow["canonical"] is None
    text = command("scan", path).text
    assert "decide which file is meant" in text
    assert "keep that one" in " ".join(text.split())
    assert "git rm" not in text
    assert "knife role from file roles/hr-db" not in text


def test_a_node_without_a_name_is_called_after_its_file(tmp_path):
    files = {"nodes/web1.json": '{"run_list": ["role[db]"]}', "roles/db.json": role("db", "recipe[pg]")}
    path = line_of(tmp_path, files)
    assert "has no name inside" in told("scan", path)
    assert "405" not in told("scan", path)
    states = document("show", "node[web1]", "-C", path)["states"]
    named = {each["scenario"] for each in states if each["expanded"] and each["expanded"]["recipes"] == ["pg"]}
    traced = document("trace", "recipe[pg]", "-C", path)["nodes"]
    assert named == {"knife-upload", "chef-solo", "chef-solo-legacy", "grocery-delivery"}
    assert {each["node"] for each in traced} == {"web1"}
    copy = write_line(new_repository(tmp_path / "s.git"), [files | {"roles/a.json": role("db", "recipe[old]")}])
    assert copy
    scan = document("scan", tmp_path / "s.git", "--scenario", "changed-reversed")
    reached = [(*each["reach"]["nodes"], *each["reach"].get("node_files", ())) for each in scan["divergences"]]
    assert set(reached) == {("web1",)}


def test_two_ways_to_write_one_recipe_are_no_exposure(tmp_path):
    files = {"roles/w.json": role("w", "recipe[n]"), "roles/w.rb": 'name "w"\nrun_list "recipe[n::default]"\n'}
    outcome = command("scan", line_of(tmp_path, files), "--format", "json")
    assert (outcome.code, outcome.document["divergences"]) == (0, [])


APT = {"cookbooks/apt/recipes/default.rb": "", "cookbooks/apt/metadata.rb": 'name "apt"\n'}
BASE = {"roles/base.json": role("base", "recipe[apt]")}


@pytest.mark.parametrize(
    "instead",
    [
        {"Berksfile.lock": "DEPENDENCIES\n  apt\n\nGRAPH\n  apt (2.0.0)\n"},
        {"Policyfile.lock.json": '{"cookbook_locks": {"apt": {"version": "2.0.0"}}}'},
        {"cookbooks/shop/metadata.rb": 'name "shop"\ndepends "apt"\n', "cookbooks/shop/recipes/default.rb": ""},
    ],
)
def test_a_cookbook_that_comes_from_elsewhere_is_not_gone(tmp_path, instead):
    assert findings(line_of(tmp_path, APT | BASE, BASE | instead), "dangling-recipe") == []


def test_a_container_has_no_gaps_of_others(tmp_path):
    path = line_of(tmp_path, BASE | {"environments/p.json": '{"name": "p", "cookbook_versions": {}}'})
    assert command("scan", path, "--container", "environments", "--strict-evidence").code == 0
