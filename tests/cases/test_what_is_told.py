"""What scans say of situations that people met: of two files with one stem, of paths that differ in case alone."""

from __future__ import annotations

from building import new_repository, role, write_line
from case_repositories import case, document, findings
from commandline import command

BASE = {"roles/base.json": role("base", "recipe[ntp]")}
IMPOSTOR = {"roles/base-original.json": role("base", "recipe[old]")}
NODE = {"nodes/n.json": '{"name": "n", "run_list": ["role[base]"]}'}


def told(repository, *options):
    return " ".join(command("scan", repository, *options).text.split())


def line_of(tmp_path, *trees):
    path = tmp_path / "r.git"
    write_line(new_repository(path), trees)
    return path


def test_two_files_with_the_stem_of_a_role_in_directories_below(tmp_path):
    repository = case("08", tmp_path)
    refused = "Chef::Exceptions::DuplicateRole: roles/east/web.rb, roles/west/web.rb"
    text = told(repository)
    assert f"under chef-solo-legacy no node can read it: {refused}" in text
    assert "ends well" not in text
    assert "none of which is the canonical one: role[web]" in text
    assert "roles/west/web.rb, against roles/east/web.rb: + run list: recipe[west_proxy]" in text
    (shadowed,) = findings(repository, "shadowed-object")
    assert refused in shadowed["message"]
    assert "chef-solo-legacy" not in told(repository, "--scenario", "glob")
    entries = document("timeline", "role[web]", "-C", repository)["timeline"]
    (last,) = [each for each in entries if each.get("failure")]
    assert (last["scenario"], last["content"], last["failure"]) == ("chef-solo-legacy", None, refused)
    assert "(cannot be read)" in command("timeline", "role[web]", "-C", repository).text
    assert refused in " ".join(command("show", "role[web]", "-C", repository).text.split())


def test_a_backup_beside_the_live_folder_of_one_server(tmp_path):
    repository = case("18", tmp_path)
    roots = sorted({each["container"] for each in document("timeline", "-C", repository)["timeline"]})
    directories = sorted({root.rpartition("/")[0] or "." for root in roots})
    (repository / "forensics.toml").write_text(f"[[server]]\ndirectories = {directories}\n", encoding="utf-8")
    text = told(repository)
    assert "several of them are called after the object" in text
    assert "ends well" not in text
    assert "against" in text
    assert "git rm" not in text


def test_paths_that_differ_in_case_alone(tmp_path):
    text = told(case("21", tmp_path))
    assert (
        "Note: paths that differ in case alone: roles/Web.json and roles/web.json. Where the file system ignores case"
        in text
    )
    assert "holds only one of them, and git rm of one deletes the file of both" in text
    assert "case alone" not in told(line_of(tmp_path, BASE | IMPOSTOR))


def test_two_files_none_of_which_is_called_after_the_object(tmp_path):
    files = {
        "roles/hr-db-master.json": role("hr-db", "recipe[m]"),
        "roles/hr-db-slave.json": role("hr-db", "recipe[s]"),
    }
    repository = line_of(tmp_path, files | {"nodes/n.json": '{"name": "n", "run_list": ["role[hr-db]"]}'})
    text = told(repository)
    assert "role[hr-db]: no file is the canonical one, and what is live depends on the upload (" in text
    assert "roles/hr-db-master.json under changed-reversed), felt by 1 node." in text
    assert "it adds" not in text
    assert "live instead" not in text
    assert (
        "differ roles/hr-db-slave.json, against roles/hr-db-master.json: + run list: recipe[s] - run list: recipe[m]"
        in text
    )
    (difference,) = document("scan", repository)["differences"]
    assert [each["op"] for each in difference["changes"]] == ["remove", "add"]
    for form in ("markdown", "html"):
        page = command("report", repository, "--format", form).text
        assert "+ run list: recipe[s]" in page
        assert "live instead" not in page


def test_secrets_of_data_bags_are_not_told_in_the_difference_of_two_files(tmp_path):
    files = {f"data_bags/users/{name}.json": f'{{"id": "x", "password": "{name}-secret"}}' for name in ("a", "b")}
    repository = line_of(tmp_path, files)
    for options in ((), ("--format", "json")):
        assert "-secret" not in command("scan", repository, *options).text
    assert "password" in told(repository)


def test_a_canonical_file_that_was_deleted(tmp_path):
    repository = line_of(tmp_path / "", BASE | NODE, BASE | IMPOSTOR | NODE, IMPOSTOR | NODE)
    text = told(repository)
    assert "role[base]: roles/base.json ceased to declare it on 2014-05-15, which deletes nothing on a server" in text
    assert "1. role[base] left behind" in text
    assert (
        "do decide what is meant: name roles/base-original.json after the object, or bring roles/base.json back" in text
    )
    (finding,) = [each for each in findings(repository, "stale-after-removal") if each["at_tip"]]
    assert "the content of roles/base-original.json stayed live under glob" in finding["message"]
    assert finding["message"].endswith("to this day")
    for form in ("markdown", "html"):
        assert "bring roles/base.json back" in command("report", repository, "--format", form).text


def test_what_to_do_once_no_file_declares_an_object_depends_on_who_has_it(tmp_path):
    (tmp_path / "a").mkdir()
    named = told(line_of(tmp_path / "a", BASE | NODE, BASE | IMPOSTOR | NODE, NODE | {"roles/z.json": role("z")}))
    assert "run lists lead to it, of node[n]: mend these, or bring roles/base.json back" in named
    assert "knife role delete" not in named
    (tmp_path / "b").mkdir()
    free = told(line_of(tmp_path / "b", BASE, BASE | IMPOSTOR, {"roles/z.json": role("z")}))
    assert "knife role delete base takes it off the server, once knife search node roles:base finds no node" in free
