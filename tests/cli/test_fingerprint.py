"""``forensics fingerprint``: lists content hashes, and answers whose a logged one is in words, JSON and exit codes."""

from __future__ import annotations

import json

import pytest
from building import new_repository, role, set_main, write_commit, write_line
from commandline import command

STRANGER = "3jmj7l5rSw0yVb/vlWAYkK/YBwk="
NOTHING = "2jmj7l5rSw0yVb/vlWAYkK/YBwk="


@pytest.fixture
def repository(tmp_path):
    path = tmp_path / "repository.git"
    base = {"roles/base.json": role("base", "a"), "data_bags/users/bob.json": '{"id": "bob"}'}
    copied = {**base, "roles/base-original.json": role("base", "b"), "spare/base.json": role("base", "spare")}
    broken = {**copied, "roles/base-original.json": '{"name": "base",}', "roles/x.rb": "name ENV['X']\n"}
    write_line(new_repository(path), [base, copied, copied, broken])
    return path


def document(path, *options):
    return command("fingerprint", path, "--format", "json", *options).document


def hash_of(path, file, algorithm="sha1"):
    return next(each[algorithm] for each in document(path)["declarations"] if file in each["paths"])


def test_json_has_the_hashes_of_every_declaration(repository):
    found = document(repository)
    assert found["schema"] == "forensics.fingerprint/1"
    assert [each["object"] for each in found["declarations"]] == [
        "data_bag_item[users/bob]",
        "role[base]",
        "role[base]",
    ]
    by_path = {tuple(each["paths"]): each for each in found["declarations"]}
    assert by_path["roles/base-original.json",]["upload"] is None
    assert by_path["roles/base.json",]["upload"].keys() == {"sha1", "sha256", "length"}
    assert [(each["paths"], each["line"], each["source"]) for each in found["unresolved"]] == [
        (["roles/x.rb"], 1, "ENV['X']")
    ]
    assert [(each["path"], each["kind"]) for each in found["problems"]] == [("roles/base-original.json", "json-syntax")]
    assert found["matches"] == []


def test_text_has_the_hashes_too(repository):
    printed = command("fingerprint", repository).text
    for file in ("roles/base.json", "roles/base-original.json", "data_bags/users/bob.json"):
        assert hash_of(repository, file) in printed
    assert hash_of(repository, "roles/base.json", "sha256") not in printed
    assert "ENV['X']" in printed
    assert "json-syntax" in printed
    assert hash_of(repository, "roles/base.json", "sha256") in command("fingerprint", repository, "--verbose").text


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_hash_is_told_in_words(repository, algorithm):
    done = command("fingerprint", repository, "--lookup", hash_of(repository, "roles/base-original.json", algorithm))
    assert done.code == 0
    _, file, stretch = done.text.rstrip("\n").split("\n")
    assert file.strip().startswith("role[base]: roles/base-original.json (blob ")
    assert file.endswith("sent by knife role from file")
    assert stretch.strip().startswith("as of commits ")
    assert "(2014-05-14 to 2014-05-15; 2)" in stretch


def test_a_hash_is_told_in_json(repository):
    text = hash_of(repository, "roles/base-original.json")
    (match,) = document(repository, "--lookup", text)["matches"]
    assert (match["hash"], match["algorithm"], match["known"], match["reservations"]) == (text, "sha1", True, [])
    (file,) = match["files"]
    assert file["path"] == "roles/base-original.json"
    assert [(each["first_date"][:10], each["last_date"][:10], each["commits"]) for each in file["ranges"]] == [
        ("2014-05-14", "2014-05-15", 2)
    ]


def test_a_hash_that_nothing_has_is_an_edit_from_outside(repository):
    done = command("fingerprint", repository, "--lookup", STRANGER)
    assert done.code == 1
    assert "no declaration in history has this hash: what was sent was edited outside the repository" in done.text
    assert "--all looks at every ref" in done.text
    assert "unresolved" in done.text
    assert "--all looks" not in command("fingerprint", repository, "--all", "--lookup", STRANGER).text


def test_one_unknown_hash_among_several_decides_the_exit_code(repository):
    known = hash_of(repository, "roles/base.json")
    done = command("fingerprint", repository, "--lookup", known, "--lookup", STRANGER, "--lookup", NOTHING)
    assert done.code == 1
    assert "an empty body" in done.text
    assert command("fingerprint", repository, "--lookup", known, "--lookup", NOTHING).code == 0
    assert [match["known"] for match in document(repository, known, STRANGER)["matches"]] == [True, False]


def test_hashes_may_follow_the_path(repository):
    known = hash_of(repository, "roles/base.json")
    assert command("fingerprint", repository, known) == command("fingerprint", repository, "--lookup", known)


def test_what_is_no_hash_is_wrong_usage(repository):
    done = command("fingerprint", repository, "--lookup", "abc")
    assert done.code == 2
    assert "'abc' is no content hash" in done.error_line


def test_other_refs_are_looked_at_on_demand(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    root = write_commit(repository, {"roles/a.json": role("a", "1")})
    side = write_commit(repository, {"roles/a.json": role("a", "2")}, [root])
    set_main(repository, root)
    repository.references.create("refs/heads/side", repository[side].id)
    everything = document(tmp_path / "r.git", "--all")["declarations"]
    assert len(everything) == 2
    assert document(tmp_path / "r.git")["declarations"] == everything[:1]
    text = everything[1]["sha1"]
    assert command("fingerprint", tmp_path / "r.git", "--lookup", text).code == 1
    assert command("fingerprint", tmp_path / "r.git", "--all", "--lookup", text).code == 0


def test_containers_narrow_a_monorepo(tmp_path):
    write_line(new_repository(tmp_path / "r.git"), [{"one/roles/a.json": role("a"), "two/roles/b.json": role("b")}])
    assert [each["object"] for each in document(tmp_path / "r.git", "--container", "two")["declarations"]] == [
        "role[b]"
    ]


def test_incomplete_evidence_is_exit_3_on_demand(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    root = write_commit(repository, {"roles/a.json": role("a", "1")})
    set_main(repository, write_commit(repository, {"roles/a.json": role("a", "2")}, [root]))
    (tmp_path / "r.git" / "shallow").write_text(f"{repository.head.target}\n")
    assert command("fingerprint", tmp_path / "r.git", "--strict-evidence").code == 3
    done = command("fingerprint", tmp_path / "r.git", "--all", "--lookup", STRANGER)
    assert done.code == 1
    assert "shallow clone" in done.text


def test_the_version_of_chef_decides_what_upload_reads(tmp_path):
    write_line(new_repository(tmp_path / "r.git"), [{"roles/a.rb": "name 'a'\n"}])
    uploads = [
        document(tmp_path / "r.git", "--chef-version", version)["declarations"][0]["upload"] for version in ("11", "18")
    ]
    assert uploads[0] is None
    assert uploads[1] is not None


def test_a_long_story_is_cut_unless_asked_for(tmp_path):
    trees = [{"roles/a.json": role("a", str(number % 2))} for number in range(20)]
    write_line(new_repository(tmp_path / "r.git"), trees)
    text = document(tmp_path / "r.git")["declarations"][0]["sha1"]
    short = command("fingerprint", tmp_path / "r.git", "--lookup", text).text
    assert "and 5 more stretches (--verbose lists them)" in short
    assert command("fingerprint", tmp_path / "r.git", "--lookup", text, "--verbose").text.count("as of commit") == 10


def test_a_file_outside_of_every_container_can_be_what_was_sent(repository, tmp_path):
    write_line(new_repository(tmp_path / "aside.git"), [{"roles/base.json": role("base", "spare")}])
    text = document(tmp_path / "aside.git")["declarations"][0]["sha1"]
    (match,) = document(repository, "--lookup", text)["matches"]
    assert [(file["path"], file["object"], file["commands"]) for file in match["files"]] == [
        ("spare/base.json", "role[base]", ["knife role from file"])
    ]
    assert [each["commits"] for each in match["files"][0]["ranges"]] == [3]


def test_an_item_may_go_to_any_bag_that_the_history_knows(tmp_path):
    bob = json.dumps({"id": "bob"})
    write_line(
        new_repository(tmp_path / "one.git"),
        [{"data_bags/users/bob.json": bob, "data_bags/apps/x.json": '{"id": "x"}'}],
    )
    write_line(new_repository(tmp_path / "two.git"), [{"data_bags/apps/bob.json": bob}])
    text = document(tmp_path / "two.git")["declarations"][0]["sha1"]
    (match,) = document(tmp_path / "one.git", "--lookup", text)["matches"]
    assert [(file["path"], file["object"], file["commands"]) for file in match["files"]] == [
        ("data_bags/users/bob.json", "data_bag_item[apps/bob]", ["knife data bag from file apps"])
    ]
