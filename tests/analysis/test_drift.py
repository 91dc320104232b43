"""What a server holds against a revision: recorded backups with their origins, and every state that there is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from building import new_repository, role, ruby_role, write_line
from commandline import command
from recorded import imported, stories, told
from support import clone

import forensics
from forensics.chef.objects import Kind
from forensics.uploads.answers import answer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"roles": "role", "environments": "environment", "data_bags": "data_bag_item", "nodes": "node"}
BASE = role("base", "recipe[a]")


def origins(backup: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Each object of a recorded backup with the file and blob that it came from; None if it came from no commit."""
    for place, origin in backup["origin"].items():
        directory, _, name = place.partition("/")
        committed = origin["file"] is not None and not origin.get("locally_edited")
        yield f"{KINDS[directory]}[{name}]", (origin["file"], origin["blob"]) if committed else None


def test_where_every_object_of_a_recorded_backup_came_from(tmp_path):
    """Of each form: the file and blob of the origin is among the matches, and what no commit holds matches nothing."""
    compared = 0
    for story in stories("evidence"):
        repo = forensics.open(imported(story, tmp_path), rev="main")
        for backup in told(story)["backups"]:
            truth = dict(origins(backup))
            folder = story / "backups" / backup["name"]
            for form in [folder, *sorted(folder.iterdir())]:
                if form.suffix == ".out" or form.name.startswith("data-bag-show"):
                    continue  # what no reader can tell: a protocol, and an item without its bag
                found = repo.drift(form)
                for each in found.objects:
                    if each.kind == "node" or each.state == "repository-only":
                        continue
                    matches = {(match.path, match.blob) for match in each.matches}
                    origin = truth[each.object]
                    assert (origin in matches) if origin else not matches, (form, each.object)
                    assert (each.state == "unknown-content") is (origin is None), (form, each.object)
                    compared += 1
                if form.is_dir():
                    held = {each.object for each in found.objects if each.state != "repository-only"}
                    assert held == set(truth), form
    assert compared > 0


def drift(tmp_path, commits, server, *, config="", **asked):
    """What ``drift`` says of a server that holds these files, against the last of some trees."""
    (tmp_path / "c.toml").write_text(config)
    (tmp_path / "repository.git").mkdir()
    repository = new_repository(tmp_path / "repository.git")
    write_line(repository, commits)
    for path, text in server.items():
        place = tmp_path / "backup" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    repo = forensics.open(tmp_path / "repository.git", config=tmp_path / "c.toml")
    return repo.drift(asked.pop("source", tmp_path / "backup"), **asked)


def states(found):
    return {each.object: each.state for each in found.objects}


def only(found):
    (each,) = found.objects
    return each


OLD = {"roles/base.json": BASE}
NEW = {"roles/base.json": role("base", "recipe[b]")}


def test_the_share_that_is_explained_is_counted_and_the_worst_comes_first(tmp_path):
    commits = [
        OLD | {"roles/web.json": role("web"), "roles/gone.json": role("gone")},
        NEW
        | {"roles/web.json": role("web"), "roles/db.json": role("db"), "roles/web-copy.json": role("web", "role[c]")},
    ]
    server = OLD | {
        "roles/web.json": role("web", "role[c]"),
        "roles/gone.json": role("gone"),
        "roles/mine.json": role("mine"),
    }
    found = drift(tmp_path, commits, server)
    assert list(states(found).items()) == [
        ("role[web]", "other-file"),
        ("role[base]", "older"),
        ("role[gone]", "older"),
        ("role[mine]", "server-only"),
        ("role[db]", "repository-only"),
    ]
    assert found.value.summary.by_state == {"other-file": 1, "older": 2, "server-only": 1, "repository-only": 1}
    assert (found.value.summary.objects, found.value.summary.explained) == (5, 3)
    assert found.drifted


def test_what_an_upload_leaves_is_the_same_however_it_was_sent_and_is_told(tmp_path):
    """Defaults are filled in, run lists lose what stands in them twice, a key more is what knife upload sends."""
    twice = json.dumps({"name": "base", "run_list": ["recipe[a]", "recipe[a]", "b"], "mine": 1})
    answer = {"run_list": ["recipe[a]", "recipe[b]"], "name": "base", "description": "", "env_run_lists": {}}
    for number, extra in enumerate(({}, {"mine": 1})):
        (tmp_path / str(number)).mkdir()
        found = drift(
            tmp_path / str(number), [{"roles/base.json": twice}], {"roles/base.json": json.dumps(answer | extra)}
        )
        assert states(found) == {"role[base]": "same"}
        assert not found.drifted


def test_an_edit_on_the_server_is_told_by_the_version_that_it_began_from(tmp_path):
    edited = {"roles/base.json": role("base", "recipe[a]", "recipe[hotfix]")}
    each = only(drift(tmp_path, [OLD, NEW], edited))
    assert (each.state, each.matches) == ("unknown-content", ())
    assert [(c.op, c.before, c.after) for c in each.changes] == [
        ("remove", "recipe[b]", None),
        ("add", None, "recipe[a]"),
        ("add", None, "recipe[hotfix]"),
    ]
    assert not each.closest.match.at_tip
    assert [(c.op, c.after) for c in each.closest.changes] == [("add", "recipe[hotfix]")]


def test_every_file_and_stretch_with_the_content_is_named_the_newest_first(tmp_path):
    copy = OLD | {"roles/copy.json": BASE}
    each = only(drift(tmp_path, [OLD, NEW, copy, NEW | {"roles/copy.json": BASE}], OLD))
    assert [(match.path, match.commits, match.at_tip) for match in each.matches] == [
        ("roles/copy.json", 2, True),
        ("roles/base.json", 1, False),
        ("roles/base.json", 1, False),
    ]
    assert each.state == "other-file", "a file of the revision has it now"


def test_without_a_canonical_file_an_object_is_contested(tmp_path):
    files = {"roles/one.json": BASE, "roles/two.json": role("base", "recipe[b]")}
    each = only(drift(tmp_path, [files], OLD))
    assert (each.state, each.expected, each.changes) == ("contested", None, ())
    assert [match.path for match in each.matches] == ["roles/one.json"]


def test_what_only_running_a_file_could_tell_is_undecided(tmp_path):
    files = {"roles/base.rb": ruby_role("base", "recipe[a]") + "default_attributes 'at' => Time.now.to_i\n"}
    at = {"roles/base.json": role("base", "recipe[a]", default_attributes={"at": 1})}
    assert states(drift(tmp_path, [files], at)) == {"role[base]": "undecided"}
    (tmp_path / "surely").mkdir()
    other = {"roles/base.json": role("base", "recipe[z]", default_attributes={"at": 1})}
    found = drift(tmp_path / "surely", [files], other)
    assert states(found) == {"role[base]": "unknown-content"}


def test_an_object_that_the_backup_cannot_show_is_undecided_and_not_missing(tmp_path):
    found = drift(tmp_path, [OLD], {"roles/base.json": "{"})
    assert states(found) == {"role[base]": "undecided"}
    assert not found.drifted


NODE = {"name": "web1", "run_list": ["role[base]"], "chef_environment": "prod"}


def test_nodes_are_compared_by_what_decides_what_they_run_and_strangers_are_counted(tmp_path):
    server = {
        "nodes/web1.json": json.dumps(NODE | {"automatic": {"fqdn": "x"}, "normal": {"tags": []}}),
        "nodes/web2.json": json.dumps(NODE | {"name": "web2", "chef_environment": "_default"}),
        **{f"nodes/s{number}.json": json.dumps({"name": f"s{number}"}) for number in range(300)},
    }
    files = {"nodes/web1.json": json.dumps(NODE), "nodes/web2.json": json.dumps(NODE | {"name": "web2"})}
    found = drift(tmp_path, [files], server)
    assert states(found) == {"node[web1]": "same", "node[web2]": "unknown-content"}
    assert found.value.summary.unknown_nodes == 300
    assert "300 nodes of the server that this repository never had" in found.to_text()


def test_nodes_of_the_backup_say_who_feels_it(tmp_path):
    server = OLD | {
        "roles/web.json": role("web", "role[base]"),
        "nodes/web1.json": json.dumps(NODE | {"run_list": ["role[web]"]}),
        "nodes/locked.json": json.dumps({"name": "locked", "run_list": ["role[web]"], "policy_name": "x"}),
    }
    found = drift(tmp_path, [NEW | {"roles/web.json": role("web", "role[base]")}], server)
    assert {each.object: each.nodes for each in found.objects} == {"role[base]": ("web1",), "role[web]": None}


def test_only_objects_of_the_containers_that_are_asked_for_are_compared(tmp_path):
    files = OLD | {"data_bags/users/a.json": '{"id": "a"}', "environments/prod.json": '{"name": "prod"}'}
    found = drift(tmp_path, [files], files | {"data_bags/other/b.json": '{"id": "b"}'}, containers=["data_bags/users"])
    assert states(found) == {"data_bag_item[users/a]": "same"}


def test_the_environment_default_is_nobodys(tmp_path):
    server = OLD | {"environments/_default.json": '{"name": "_default"}'}
    assert states(drift(tmp_path, [OLD | {"environments/prod.json": '{"name": "prod"}'}], server)) == {
        "role[base]": "same",
        "environment[prod]": "repository-only",
    }


def test_only_what_was_asked_for_can_be_missing(tmp_path):
    """Neither a kind of which the backup says nothing nor, of single objects, any other one is absent."""
    files = OLD | {"environments/prod.json": '{"name": "prod"}', "roles/web.json": role("web")}
    assert states(drift(tmp_path, [files], OLD)) == {"role[web]": "repository-only", "role[base]": "same"}
    (tmp_path / "one").mkdir()
    single = {"base.json": json.dumps({**json.loads(BASE), "json_class": "Chef::Role"})}
    assert states(drift(tmp_path / "one", [files], single)) == {"role[base]": "same"}


def test_items_are_compared_without_what_older_knives_add_and_their_values_are_hashed(tmp_path):
    files = {"data_bags/users/a.json": '{"id": "a", "password": "hunter2"}'}
    shown = {"id": "a", "password": "hunter2", "chef_type": "data_bag_item", "data_bag": "users"}
    assert states(drift(tmp_path, [files], {"data_bags/users/a.json": json.dumps(shown)})) == {
        "data_bag_item[users/a]": "same"
    }
    (tmp_path / "other").mkdir()
    changed = {"data_bags/users/a.json": '{"id": "a", "password": "correct horse"}'}
    found = drift(tmp_path / "other", [files], changed)
    for text in (found.to_text(), found.to_json(), found.render("html"), found.render("markdown")):
        assert "hunter2" not in text
        assert "correct horse" not in text


def test_several_organizations_go_to_the_servers_that_the_configuration_names(tmp_path):
    files = {"east/roles/base.json": BASE, "west/roles/base.json": role("base", "recipe[b]")}
    server = {f"organizations/{name}/roles/base.json": BASE for name in ("a", "b")}
    with pytest.raises(forensics.errors.UsageError, match=r"several organizations \(a, b\)"):
        drift(tmp_path, [files], server)
    config = "".join(
        f'[[server]]\ndirectories = ["{top}"]\norganization = "{name}"\n'
        for top, name in (("east", "a"), ("west", "b"))
    )
    (tmp_path / "named").mkdir()
    found = drift(tmp_path / "named", [files], server, config=config)
    assert [(each.organization, each.state) for each in found.objects] == [("b", "unknown-content"), ("a", "same")]


def test_the_exit_code_says_whether_something_drifted(tmp_path):
    found = drift(tmp_path, [NEW], OLD)
    assert found.drifted
    words = ["drift", tmp_path / "backup", "-C", tmp_path / "repository.git"]
    assert command(*words).code == 0
    assert command(*words, "--fail-on", "drift").code == 1
    assert command(*words, "--fail-on", "drift", "--format", "json").document["summary"]["by_state"] == {
        "unknown-content": 1
    }
    same = command("drift", tmp_path / "repository.git", "-C", tmp_path / "repository.git", "--fail-on", "drift")
    assert same.code == 0, "a repository is a backup of itself"
    none = command("drift", tmp_path / "nowhere", "-C", tmp_path / "repository.git")
    assert (none.code, "there is no such file" in none.error_line) == (2, True)


def test_what_stands_in_a_backup_is_never_markup(tmp_path):
    evil = "<script>alert(1)</script>\x1b[31m`|@x"
    server = {"roles/x.json": role(evil), "roles/base.json": role("base", evil, description=evil)}
    found = drift(tmp_path, [OLD], server)
    assert states(found) == {"role[base]": "unknown-content", f"role[{evil}]": "server-only"}
    page = found.render("html")
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page
    for text in (page, found.render("markdown"), found.to_text()):
        assert "\x1b" not in text


def test_what_a_public_history_declares_is_the_same_once_it_was_uploaded(tmp_path):
    """Whatever form its files have: what the server answers after an upload of the revision is explained whole."""
    repo = forensics.open(clone("mguterl/chef-repo"))
    examination = repo.examination_of_everything
    for target, files in examination.tip.files.items():
        for path, file in files.items():
            declared = examination.declarations.from_file(target.kind, path, file)
            if target.kind is Kind.ROLE and declared.body is not None:
                (tmp_path / "roles").mkdir(exist_ok=True)
                answer = answer_of(target.kind, declared.name, declared.body)
                (tmp_path / "roles" / f"{declared.name}.json").write_text(json.dumps(answer))
    found = repo.drift(tmp_path)
    assert found.objects
    assert set(states(found).values()) == {"same"}
