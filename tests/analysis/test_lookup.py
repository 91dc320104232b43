"""Looking a logged hash up: which file it was, from which commit to which, or that no file in history was it."""

from __future__ import annotations

import pygit2
import pytest
from building import examine, examine_at, new_repository, role, ruby_role, write_commit
from support import json_lines, vectors
from uploads.test_knife_stories import imported

from forensics.analysis import further_requests
from forensics.analysis.examination import Examination
from forensics.analysis.fingerprint import fingerprints
from forensics.analysis.lookup import ContentHashError, look_up, parse_hash
from forensics.chef.wire import content_hashes
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

NOTHING = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
STRANGER = "3jmj7l5rSw0yVb/vlWAYkK/YBwk="


def looked_up(examination, *hashes, **options):
    return look_up(examination, fingerprints(examination), [parse_hash(each) for each in hashes], **options)


def sent_hash(examination, path, number=0):
    """The SHA-1 of the content of that number that a path had."""
    return [each.sent.sha1 for each in fingerprints(examination).declarations if path in each.paths][number]


def ranges(answer, path):
    (file,) = [file for file in answer.files if file.path == path]
    return [(each.first_commit, each.last_commit, each.commits, each.at_tip) for each in file.stretches]


def test_a_hash_tells_its_file_and_the_commits_that_hold_it(tmp_path):
    first, second = {"roles/base.json": role("base", "a")}, {"roles/base.json": role("base", "b")}
    examination, ids = examine(tmp_path, first, {**first, "README": ""}, second)
    for text in (sent_hash(examination, "roles/base.json"), fingerprints(examination).declarations[0].sent.sha256):
        (answer,) = looked_up(examination, text)
        assert answer.known
        (file,) = answer.files
        assert (file.object, file.path) == ("role[base]", "roles/base.json")
        assert file.commands == ("knife role from file",)
        assert ranges(answer, "roles/base.json") == [(ids[0], ids[1], 2, False)]
    (answer,) = looked_up(examination, sent_hash(examination, "roles/base.json", 1))
    assert ranges(answer, "roles/base.json") == [(ids[2], ids[2], 1, True)]


def test_a_content_that_came_back_has_two_ranges(tmp_path):
    one, two = {"roles/a.json": role("a", "1")}, {"roles/a.json": role("a", "2")}
    examination, ids = examine(tmp_path, one, two, one, one)
    (answer,) = looked_up(examination, sent_hash(examination, "roles/a.json"))
    assert ranges(answer, "roles/a.json") == [(ids[0], ids[0], 1, False), (ids[2], ids[3], 2, True)]


def test_commits_hang_together_over_merges(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    one, two = {"roles/a.json": role("a", "1")}, {"roles/a.json": role("a", "2")}
    root = write_commit(repository, one, time=100)
    line = write_commit(repository, two, [root], time=200)
    side = write_commit(repository, {**one, "x": ""}, [root], time=300)
    merge = write_commit(repository, {**one, "y": ""}, [line, side], time=400)
    examination = examine_at(repository, merge)
    (answer,) = looked_up(examination, sent_hash(examination, "roles/a.json"))
    assert ranges(answer, "roles/a.json") == [(root, merge, 3, True)]


def test_a_hash_of_two_paths_has_ranges_of_their_own(tmp_path):
    content = role("base", "a")
    examination, ids = examine(
        tmp_path,
        {"roles/base.json": content},
        {"roles/base.json": content, "roles/copy.json": content},
        {"roles/copy.json": content},
    )
    (answer,) = looked_up(examination, sent_hash(examination, "roles/base.json"))
    assert [file.path for file in answer.files] == ["roles/base.json", "roles/copy.json"]
    assert ranges(answer, "roles/base.json") == [(ids[0], ids[1], 2, False)]
    assert ranges(answer, "roles/copy.json") == [(ids[1], ids[2], 2, True)]


def test_the_hash_of_an_upload_names_that_command(tmp_path):
    examination, _ = examine(tmp_path, {"roles/a.json": role("a"), "roles/b.json": role("a")})
    upload = next(each.upload for each in fingerprints(examination).declarations if each.upload)
    (answer,) = looked_up(examination, upload.sha256)
    assert [(file.path, file.commands) for file in answer.files] == [("roles/a.json", ("knife upload",))]


def test_an_item_that_both_commands_send_alike_names_both(tmp_path):
    examination, _ = examine(tmp_path, {"data_bags/users/bob.json": '{"id": "bob"}'})
    (answer,) = looked_up(examination, sent_hash(examination, "data_bags/users/bob.json"))
    assert answer.files[0].commands == ("knife data bag from file users", "knife upload")


def test_an_unknown_hash_says_what_was_not_looked_at(tmp_path):
    examination, _ = examine(tmp_path, {"roles/a.json": role("a"), "roles/b.rb": "name 'b'\ndescription ENV['X']\n"})
    (answer,) = looked_up(examination, STRANGER)
    assert (answer.known, answer.files) == (False, ())
    assert ["--all" in each for each in answer.reservations] == [True, False]
    assert "unresolved" in answer.reservations[1]
    (answer,) = looked_up(examination, STRANGER, every_ref=True)
    assert len(answer.reservations) == 1


def test_an_unknown_hash_of_a_shallow_clone_says_so(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    root = write_commit(repository, {"roles/a.json": role("a", "1")})
    tip = write_commit(repository, {"roles/a.json": role("a", "2")}, [root])
    (tmp_path / "r.git" / "shallow").write_text(f"{tip}\n")
    (answer,) = looked_up(examine_at(repository, tip), STRANGER, every_ref=True)
    assert ["shallow clone" in each for each in answer.reservations] == [True]


@pytest.mark.parametrize("text", NOTHING)
def test_the_hash_of_nothing_is_that_of_a_request_that_sends_nothing(tmp_path, text):
    examination, _ = examine(tmp_path, {"roles/a.json": role("a")})
    (answer,) = looked_up(examination, text)
    assert answer.hash.of_nothing
    assert answer.known
    assert answer.files == ()
    assert answer.reservations == ()


def test_hashes_are_read_as_they_are_copied():
    for text in (STRANGER, f' "{STRANGER}" ', STRANGER.rstrip("="), f"'{STRANGER}'\n"):
        assert parse_hash(text).text == STRANGER
    assert parse_hash(STRANGER).algorithm == "sha1"
    assert parse_hash(NOTHING[1]).algorithm == "sha256"


@pytest.mark.parametrize("text", ["", "x", "=", STRANGER[:-4], STRANGER + STRANGER, "da39a3ee5e6b" * 3, "\u00e4" * 28])
def test_what_is_no_hash_is_refused(text):
    with pytest.raises(ContentHashError, match="is no content hash"):
        parse_hash(text)


def examined(repository):
    history = History(open_evidence(repository, every_ref=True))
    return Examination(history, Declarations(history.blob))


def recorded_stories():
    return sorted(folder for folder in (vectors() / "logs").iterdir() if (vectors() / "e2e" / folder.name).is_dir())


def test_every_logged_upload_of_a_file_is_found_as_that_file(tmp_path):
    failures = []
    compared = 0
    for folder in recorded_stories():
        repository = imported(vectors() / "e2e" / folder.name, tmp_path)
        tips = {line["commit"] for line in json_lines(folder / "truth.jsonl")}
        for number, tip in enumerate(sorted(tips)):  # some lie on no branch
            repository.references.create(f"refs/forensics/{number}", pygit2.Oid(hex=tip))
        examination = examined(tmp_path / f"{folder.name}.git")
        lines = [line for line in json_lines(folder / "truth.jsonl") if line["method"] in {"PUT", "POST"}]
        hashes = [line["content_hash"] for line in lines]
        for line, answer in zip(lines, looked_up(examination, *hashes, every_ref=True), strict=True):
            if not line.get("file"):
                continue
            compared += 1
            holding = {file.path for file in answer.files if holds(repository, line["commit"], file.path, file.blob)}
            if line["file"] not in holding:
                failures.append(f"{folder.name} line {line['line']}: {line['file']}, not {sorted(holding)}")
    assert compared
    print(f"{compared} logged uploads found")
    assert not failures, "\n".join(failures)


def holds(repository, commit, path, blob):
    """Whether a commit's tree has a content at a path, symlinks aside."""
    try:
        entry = repository[pygit2.Oid(hex=commit)].tree[path]
    except KeyError:
        return False
    return str(entry.id) == blob or entry.filemode == pygit2.enums.FileMode.LINK


def test_what_only_the_server_refuses_was_sent_all_the_same(tmp_path):
    examination, _ = examine(tmp_path, {"roles/base.json": '{"run_list": ["a"]}'})
    hashes = content_hashes(
        b'{"name":"","description":"","json_class":"Chef::Role","default_attributes":{},"override_attributes":{},'
        b'"chef_type":"role","run_list":["recipe[a]"],"env_run_lists":{}}'
    )
    (answer,) = looked_up(examination, hashes.sha1)
    (file,) = answer.files
    assert (file.object, file.path, file.commands) == (None, "roles/base.json", ("knife role from file",))
    assert "the server refuses" in file.note


def test_knife_raw_sends_a_file_as_it_is(tmp_path):
    content = '{\n  "name": "a"\n}\n'
    examination, ids = examine(tmp_path, {"roles/a.json": content}, {"x/b.json": content, "roles/c.json": role("c")})
    (answer,) = looked_up(examination, content_hashes(content.encode()).sha256)
    assert [(file.path, file.commands) for file in answer.files] == [
        ("roles/a.json", ("knife raw",)),
        ("x/b.json", ("knife raw",)),
    ]
    assert ranges(answer, "x/b.json") == [(ids[1], ids[1], 1, True)]


def test_a_declaration_is_told_before_anything_else(tmp_path):
    examination, _ = examine(tmp_path, {"roles/base.json": role("base"), "aside/base.json": role("base")})
    (answer,) = looked_up(examination, sent_hash(examination, "roles/base.json"))
    assert [file.path for file in answer.files] == ["roles/base.json"]


@pytest.mark.parametrize(
    "naming",
    ['name "a"', "name 'a'", 'name("a")', 'name ("a")', '\tname\t"a"', 'name"a"', "name %q(a)", 'name \\\n "a"'],
)
def test_a_ruby_file_outside_of_every_container_is_a_role_however_it_spells_its_name(tmp_path, naming):
    there = ruby_role("base")
    examination, _ = examine(
        tmp_path / "1", {"aside/a.rb": f'{naming}\nrun_list "recipe[x]"\n', "roles/base.rb": there}
    )
    known, _ = examine(tmp_path / "2", {"roles/a.rb": 'name "a"\nrun_list "recipe[x]"\n', "roles/base.rb": there})
    (answer,) = looked_up(examination, sent_hash(known, "roles/a.rb"))
    assert [(file.path, file.object) for file in answer.files] == [("aside/a.rb", "role[a]")]


@pytest.mark.parametrize(
    "code",
    [
        'name = "a"\nupdate_attributes(x)\n',
        "class A\n  accepts_nested_attributes_for :b\n  name: 1\nend\n",
        "run_list = 1\nname.each { |each| recipes(each) }\n",
        "h = {\n  name => recipes,\n}\n",
    ],
)
def test_ruby_that_gives_no_role_its_name_is_not_evaluated(tmp_path, monkeypatch, code):
    evaluated = []
    monkeypatch.setattr(further_requests, "sent_from_file", lambda *given, **_: evaluated.append(given[1]))
    examination, _ = examine(
        tmp_path, {"app/a.rb": code, "app/b.rb": 'name "b"\nrun_list "x"\n', "roles/c.json": role("c")}
    )
    assert not looked_up(examination, content_hashes(b"nothing").sha1)[0].files
    assert set(evaluated) == {"app/b.rb"}
