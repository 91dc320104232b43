"""Backups of a server in every form, when they were made, and what they say of nodes."""

from __future__ import annotations

import io
import json
import os
import tarfile

import pytest
from building import DAY, START, new_repository, role, write_line

from forensics.chef import knife_text
from forensics.chef.objects import Kind
from forensics.evidence import backup_choice, backup_object, reading
from forensics.evidence.files import EvidenceFileError

BASE = {"name": "base", "json_class": "Chef::Role", "chef_type": "role", "run_list": ["recipe[a]"]}
FILES = {
    "roles/base.json": json.dumps(BASE),
    "environments/prod.json": '{"name": "prod"}',
    "nodes/web1.json": '{"name": "web1", "run_list": ["role[base]"], "automatic": {"ohai_time": 5.5, "secret": "x",'
    ' "expanded_run_list": ["a::default"], "roles": ["base"], "recipes": ["a", "a::default", "b"]}}',
    "data_bags/users/alice.json": '{"id": "alice"}',
}


def put(folder, files):
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def backups_in(named):
    return reading.read([str(named)]).backups


def held(backup):
    return {(str(each.kind), each.bag, each.name) for each in backup.objects}


OBJECTS = {
    ("role", "", "base"),
    ("environment", "", "prod"),
    ("node", "", "web1"),
    ("data_bag_item", "users", "alice"),
}


def test_a_directory_is_a_whole_backup_whatever_stands_around_it(tmp_path):
    put(tmp_path, FILES | {"cookbooks/x/roles/other.json": "{}", "README.md": "", "clients/c.json": "{}"})
    (backup,) = backups_in(tmp_path)
    assert held(backup) == OBJECTS
    assert not backup.partial
    assert backup.kinds == set(Kind)


def test_an_ec_backup_has_an_organization_and_its_acls_are_no_roles(tmp_path):
    top = "organizations/acme/"
    put(tmp_path, {top + path: text for path, text in FILES.items()})
    put(tmp_path, {top + "acls/roles/base.json": "{}", "organizations/acme/org.json": "{}", "user_acls/x.json": "{}"})
    for named in (tmp_path, tmp_path / "organizations", tmp_path / "organizations" / "acme"):
        (backup,) = backups_in(named)
        assert (backup.organization, held(backup)) == ("acme", OBJECTS)


@pytest.mark.parametrize(
    ("name", "mode"), [("b.tar", "w"), ("b.tar.gz", "w:gz"), ("b.tar.bz2", "w:bz2"), ("b.txz", "w:xz")]
)
def test_a_tar_is_read_as_a_stream_however_it_is_packed(name, mode, tmp_path):
    with tarfile.open(tmp_path / name, mode) as archive:
        for path, text in (FILES | {"../../roles/out.json": "{}"}).items():
            member = tarfile.TarInfo(f"./backup-2014-10-01/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("backup-2014-10-01/roles/link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (backup,) = backups_in(tmp_path / name)
    assert held(backup) == OBJECTS
    assert (backup.first, backup.at) == (1412121600, 1412121600 + DAY - 1)


def test_a_cut_tar_says_so(tmp_path):
    with tarfile.open(tmp_path / "b.tar", "w") as archive:
        for path, text in FILES.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    data = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(data[:1600])
    found = reading.read([str(tmp_path / "cut.tar")])
    assert held(found.backups[0]) < OBJECTS
    assert "cut" in found.sources[0].gaps[0]


def test_what_knife_show_prints_says_itself_which_objects_it_holds(tmp_path):
    text = f'/roles/base.json:\n{json.dumps(BASE, indent=2)}\n/data_bags/users/alice.json:\n{{"id": "alice"}}\n'
    (tmp_path / "show.txt").write_text(text)
    (backup,) = backups_in(tmp_path / "show.txt")
    assert backup.partial
    assert held(backup) == {("role", "", "base"), ("data_bag_item", "users", "alice")}
    assert backup.objects[0].body == BASE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_single_object_is_read_as_powershell_writes_it_too(encoding, tmp_path):
    (tmp_path / "base").write_bytes(json.dumps(BASE, indent=2).replace("\n", "\r\n").encode(encoding))
    (backup,) = backups_in(tmp_path / "base")
    assert [each.body for each in backup.objects] == [BASE]


def test_the_text_for_people_is_that_of_knife_and_tells_what_is_certain(tmp_path):
    answer = {
        **BASE,
        "description": "",
        "default_attributes": {"b": [1, {"c": None}, []], "a": {}, "d": ["x"]},
        "override_attributes": {},
        "env_run_lists": {"_default": [], "prod": ["recipe[a]", "role[b]"]},
    }
    expected = """chef_type:           role
default_attributes:
  a:
  b:
    1
    c:

  d: x
description:
env_run_lists:
  prod:
    recipe[a]
    role[b]
json_class:          Chef::Role
name:                base
override_attributes:
run_list:            recipe[a]"""
    assert knife_text.shown_text(Kind.ROLE, answer) == expected
    (tmp_path / "role.txt").write_text(expected + "\n")
    (backup,) = backups_in(tmp_path / "role.txt")
    assert backup.objects[0].body == {"description": "", "name": "base", "run_list": ["recipe[a]"]}


def test_a_file_that_cannot_be_read_still_stands_for_its_object(tmp_path):
    put(tmp_path, {"roles/base.json": "{", "roles/web.json": "[]"})
    (backup,) = backups_in(tmp_path)
    assert held(backup) == {("role", "", "base"), ("role", "", "web")}
    assert [reason for _, reason in backup.refused] == ["it is no JSON (line 1)", "it holds no object"]


def test_the_time_of_a_file_is_no_proof(tmp_path):
    put(tmp_path / "backup", FILES)
    os.utime(tmp_path / "backup" / "roles" / "base.json", (START, START))
    (backup,) = backups_in(tmp_path / "backup")
    assert (backup.at, backup.basis) == (None, "")
    (backup,), _ = backup_choice.held(reading.source_of(f"{tmp_path / 'backup'}@2014-05-13T10:00:00Z"))
    assert (backup.first, backup.at, backup.basis) == (1399975200, 1399975200, "given")


def test_each_commit_of_a_repository_of_backups_is_an_observation(tmp_path):
    repository = new_repository(tmp_path / "backups.git")
    write_line(repository, [FILES, FILES | {"roles/base.json": role("base", "recipe[b]")}, {"roles/base.json": "{}"}])
    found = backups_in(tmp_path / "backups.git")
    assert [each.at for each in found] == [START, START + DAY, START + 2 * DAY]
    assert [len(each.objects) for each in found] == [4, 4, 1]
    assert found[0].objects[0] is found[1].objects[0], "what did not change is read once"
    assert found[1].objects[-1].body["run_list"] == ["recipe[b]"]
    named = reading.source_of(f"{tmp_path / 'backups.git'}@2014-05-14")
    (chosen,), _ = backup_choice.held(named)
    assert chosen.at == START + DAY


def test_of_several_days_the_last_one_is_meant_or_the_one_that_is_named(tmp_path):
    for day in ("2014-10-01", "2014-10-02"):
        put(tmp_path / day, {"roles/base.json": role("base", f"recipe[{day}]")})
    (last,), _ = backup_choice.held(reading.source_of(str(tmp_path)))
    assert last.objects[0].body["run_list"] == ["recipe[2014-10-02]"]
    (first,), _ = backup_choice.held(reading.source_of(f"{tmp_path}@2014-10-01"))
    assert first.objects[0].body["run_list"] == ["recipe[2014-10-01]"]
    with pytest.raises(EvidenceFileError, match="no backup of that day or before"):
        backup_choice.held(reading.source_of(f"{tmp_path}@2014-09-01"))


def test_two_forms_of_one_backup_must_agree(tmp_path):
    put(tmp_path / "download", FILES)
    put(tmp_path / "knife-backup", {"roles/base.json": role("base", "recipe[a]", description="", env_run_lists={})})
    (backup,), _ = backup_choice.held(reading.source_of(str(tmp_path)))
    assert held(backup) == OBJECTS
    put(tmp_path / "knife-backup", {"roles/base.json": role("base", "recipe[b]")})
    with pytest.raises(EvidenceFileError, match=r"hold role\[base\] differently"):
        backup_choice.held(reading.source_of(str(tmp_path)))


def test_json_of_more_values_than_memory_should_hold_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(backup_object, "_MOST_VALUES", 1000)
    put(tmp_path, {"nodes/a.json": '{"name": "a", "run_list": [' + "[]," * 1000 + "[]]}"})
    (backup,) = backups_in(tmp_path)
    assert backup.objects[0].unreadable.startswith("it has more than")


def test_one_bag_says_nothing_of_the_others(tmp_path):
    put(tmp_path, FILES)
    (backup,) = backups_in(tmp_path / "data_bags" / "users")
    assert held(backup) == {("data_bag_item", "users", "alice")}
    assert backup.partial


def test_a_node_tells_its_last_saved_run_and_nothing_of_its_attributes(tmp_path):
    put(tmp_path, FILES)
    found = reading.read([str(tmp_path)])
    (run,) = found.runs
    assert (run.node, run.start, run.end, run.expanded, run.roles) == ("web1", 5, None, ("a::default",), ("base",))
    assert "secret" not in str(found)


def test_flattened_nodes_and_those_of_older_clients_are_understood(tmp_path):
    """knife-backup writes all levels beside the run list; older clients list what was included, too."""
    put(
        tmp_path / "nodes",
        {
            "new.json": '{"name": "new", "chef_type": "node", "run_list": [], "ohai_time": 7, "roles": [],'
            ' "expanded_run_list": ["x"], "recipes": ["x", "x::default"]}',
            "old.json": '{"name": "old", "chef_environment": "prod", "run_list": [], "automatic": {"ohai_time": 9,'
            ' "recipes": ["x", "x::default", "y::default"]}}',
            "bare.json": '{"name": "bare", "chef_environment": "_default", "run_list": ["role[a]"], "normal": {}}',
        },
    )
    found = reading.read([str(tmp_path / "nodes")])
    assert found.sources[0].format == "node-objects"
    assert [(run.node, run.start, run.expanded) for run in found.runs] == [("new", 7, ("x",))]
    assert [(each.subject, each.first, each.item) for each in found.observations] == [
        ("node[old]", 9, "recipe[x]"),
        ("node[old]", 9, "recipe[y::default]"),
    ]
    assert held(found.backups[0]) == {("node", "", name) for name in ("new", "old", "bare")}


def test_what_knife_search_finds_is_several_nodes(tmp_path):
    found = {"results": 2, "rows": [{"name": name, "chef_environment": "a", "run_list": []} for name in ("x", "y")]}
    (tmp_path / "nodes.json").write_text(json.dumps(found))
    (backup,) = backups_in(tmp_path / "nodes.json")
    assert held(backup) == {("node", "", "x"), ("node", "", "y")}


def test_a_link_in_a_backup_is_not_followed_and_leaves_its_object_unknown(tmp_path):
    put(tmp_path, FILES)
    (tmp_path / "roles" / "link.json").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "roles" / "pipe.json")
    (backup,) = backups_in(tmp_path)
    assert {each.name: each.unreadable for each in backup.objects if each.unreadable} == {
        "link": "it cannot be read",
        "pipe": "it cannot be read",
    }


def test_what_is_no_backup_is_told(tmp_path):
    put(tmp_path, {"notes.json": '{"id": 1}'})
    with pytest.raises(EvidenceFileError, match="holds no backup of a Chef server"):
        backup_choice.held(reading.source_of(str(tmp_path)))
    with pytest.raises(EvidenceFileError, match="nor a log that is called so"):
        reading.read([str(tmp_path)])
