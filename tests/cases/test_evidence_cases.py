"""What cannot be told is said to be unknown, by every command; errors come in their order."""

from __future__ import annotations

import json
import subprocess
import tarfile

import pygit2
import pytest
from building import Link, new_repository, role, ruby_role, write_line
from commandline import command, process
from raw_git import (
    DIRECTORY,
    FILE,
    Submodule,
    Symlink,
    blob,
    commit,
    commit_files,
    damage,
    repository_at,
    set_ref,
    tree,
    tree_of,
)
from support import cases

FROM_SETTINGS = 'require "./settings"\nname Settings[:name]\n'
EXAMINING = [
    ["scan"],
    ["report"],
    ["shadows"],
    ["timeline", "base"],
    ["show", "base"],
    ["log", "base"],
    ["trace", "role[base]"],
    ["fingerprint"],
]


def told(repository, *words):
    """What a command prints, its lines as one."""
    outcome = command(*words, "-C", repository, "--quiet")
    assert outcome.code in {0, 1}, outcome.errors
    return " ".join(outcome.text.split())


def answer(repository, *words):
    return command(*words, "-C", repository, "--format", "json", "--quiet").document


def unpacked(name, tmp_path):
    """A repository that git would call damaged; skips the test where there is none."""
    with tarfile.open(cases() / "hostile" / f"{name}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / name


def line_of(tmp_path, *trees):
    repository = new_repository(tmp_path / "r.git")
    return repository, write_line(repository, trees)


@pytest.fixture
def unread(tmp_path):
    """Of three versions of a copy the second cannot be read."""
    contents = [role("base", word) for word in ("one", "two", "three")]
    trees = [{"roles/base.json": role("base", "good"), "roles/base-old.json": content} for content in contents]
    repository, ids = line_of(tmp_path, *trees)
    damage(repository, blob(repository, contents[1].encode()))
    return repository.path, ids


# undecided is not clean


@pytest.mark.parametrize("words", [["scan"], ["report"], ["shadows"]])
def test_a63_two_files_whose_names_cannot_be_told(tmp_path, words):
    repository, _ = line_of(tmp_path, {"roles/a.rb": FROM_SETTINGS, "roles/b.rb": FROM_SETTINGS + 'run_list "x"\n'})
    text = told(repository.path, *words)
    assert "What 2 files declare could not be told: roles/a.rb, roles/b.rb." in text[:300]
    assert "one file only" not in text
    assert "Exposed at the tip: no:" not in text
    assert command(*words, repository.path, "--strict-evidence", "--quiet").code == 3
    assert command(*words, repository.path, "--quiet").code == 0


def test_a63_what_could_not_be_told_in_the_past_is_told_too(tmp_path):
    repository, _ = line_of(tmp_path, {"roles/a.rb": FROM_SETTINGS}, {"roles/a.rb": 'name "a"\n'})
    text = told(repository.path, "scan")
    assert "What 1 file declared in the past could not be told: roles/a.rb." in text
    assert "one file only" not in text


@pytest.mark.parametrize("format_", ["html", "markdown", "json", "sarif", "junit", "gitlab", "github", "csv"])
def test_a63_in_every_format(tmp_path, format_):
    repository, _ = line_of(tmp_path, {"roles/a.rb": FROM_SETTINGS, "roles/b.json": role("b")})
    text = command("report", repository.path, "--format", format_, "--quiet").text
    assert "roles/a.rb" in text
    assert "could not be told" in text
    assert "declared by one file only" not in text


def test_a63_an_object_that_such_a_file_may_declare_is_no_unknown_one(tmp_path):
    repository, _ = line_of(tmp_path, {"roles/a.rb": FROM_SETTINGS})
    assert "live not known" in told(repository.path, "show", "a")
    assert "it cannot be told what this file declares" in told(repository.path, "timeline", "a")
    assert "nobody can tell what it declares from here on" in told(repository.path, "log", "a")
    assert command("show", "b", "-C", repository.path).code == 2


def test_a63_check_says_it_of_what_is_staged(tmp_path):
    repository = pygit2.init_repository(str(tmp_path / "r"))
    (tmp_path / "r" / "roles").mkdir()
    (tmp_path / "r" / "roles" / "a.rb").write_text(FROM_SETTINGS)
    repository.index.add_all()
    repository.index.write()
    text = told(tmp_path / "r", "check", "--staged")
    assert "What 1 file declares could not be told: roles/a.rb." in text
    assert "Beware" not in text, "whether Chef would load it cannot be told either"
    assert command("check", "--staged", "--strict-evidence", "-C", tmp_path / "r").code == 3


# unreadable is not absent


def test_a54_an_unreadable_content_ceases_nothing(unread):
    path, ids = unread
    log = answer(path, "log", "base")
    assert [(each["commit"], each["event"]) for each in log["log"] if each["path"] == "roles/base-old.json"] == [
        (ids[0], "added"),
        (ids[1], "unknown"),
        (ids[2], "changed"),
    ]
    assert "any more" not in told(path, "log", "base")


def test_a54_an_unreadable_content_switches_to_no_other_file(unread):
    path, ids = unread
    entries = answer(path, "timeline", "base", "--scenario", "glob")["timeline"]
    assert [(each["from_commit"], each["path"], each["certainty"]) for each in entries] == [
        (ids[0], "roles/base-old.json", "exact"),
        (ids[1], "roles/base-old.json", "unknown"),
        (ids[2], "roles/base-old.json", "exact"),
    ]
    assert entries[1]["content"] is None
    assert [each["path"] for each in entries[1]["possible"]] == ["roles/base.json", "roles/base-old.json"]
    (state,) = answer(path, "show", "base", "--at", ids[1], "--scenario", "glob")["states"]
    assert (state["path"], state["certainty"], state["content"]) == ("roles/base-old.json", "unknown", None)
    scan = answer(path, "scan", "--scenario", "glob")
    assert [(each["from_commit"], each["until_commit"], each["certainty"]) for each in scan["divergences"]] == [
        (ids[0], ids[1], "exact"),
        (ids[1], ids[2], "unknown"),
        (ids[2], None, "exact"),
    ]
    (story,) = answer(path, "report", "--scenario", "glob")["stories"]
    assert [each["event"] for each in story["touches"] if each["path"] == "roles/base-old.json"] == [
        "added",
        "unknown",
        "changed",
    ]


def test_a54_what_is_certain_under_other_scenarios_stays_so(unread):
    path, ids = unread
    entries = answer(path, "timeline", "base", "--scenario", "glob-sh", "--scenario", "knife-upload")["timeline"]
    assert {(each["path"], each["certainty"]) for each in entries} == {("roles/base.json", "exact")}
    assert {each["from_commit"] for each in entries} == {ids[0]}


def test_a54_a_content_that_cannot_be_read_at_the_tip_is_not_a_clean_tip(tmp_path):
    old = role("base", "old")
    good = {"roles/base.json": role("base", "good")}
    repository, _ = line_of(tmp_path, good | {"roles/a.json": role("base", "first")}, good | {"roles/a.json": old})
    damage(repository, blob(repository, old.encode()))
    text = told(repository.path, "scan", "--scenario", "glob-sh")
    assert "Exposed at the tip: not known" in text
    assert "role[base] not known at the tip" in text
    assert "Whether it is still so at the tip cannot be told: role[base]." in text
    assert "in the past" not in text
    rows = told(repository.path, "shadows")
    assert "role[base] not known" in rows
    assert command("scan", repository.path, "--scenario", "glob-sh", "--quiet").code == 0
    assert command("scan", repository.path, "--scenario", "glob-sh", "--quiet", "--strict-evidence").code == 3


def test_a54_what_an_unreadable_directory_held_is_not_gone(tmp_path):
    files = {"roles/base.json": role("base", "good").encode(), "roles/x.json": role("x", "x").encode()}
    repository = repository_at(tmp_path / "r.git")
    ids = [commit_files(repository, files)]
    for number in (1, 2):
        ids.append(commit_files(repository, files | {f"roles/{number}.json": role(str(number)).encode()}, ids[-1:]))
    named = {name.partition("/")[2]: content for name, content in files.items()}
    damage(repository, tree_of(repository, named | {"1.json": role("1").encode()}))
    set_ref(repository, ids[-1])
    entries = answer(repository.path, "timeline", "x", "--scenario", "glob", "--scenario", "chef-solo")["timeline"]
    assert [(each["scenario"], each["from_commit"], each["certainty"]) for each in entries] == [
        (scenario, ids[number].hex(), certainty)
        for scenario in ("glob", "chef-solo")
        for number, certainty in ((0, "exact"), (1, "unknown"), (2, "exact"))
    ]
    assert [each["event"] for each in answer(repository.path, "log", "x")["log"]] == ["added", "unknown", "changed"]
    set_ref(repository, ids[1])
    assert "Exposed at the tip: not known" in told(repository.path, "scan")


@pytest.mark.parametrize("words", EXAMINING, ids=lambda words: words[0])
def test_a64_every_answer_carries_its_evidence(unread, words):
    path, _ = unread
    evidence = answer(path, *words)["evidence"]
    assert [gap["kind"] for gap in evidence["gaps"]] == ["corrupt-blob"] or evidence["gaps"][0][
        "kind"
    ] == "missing-blob"
    assert not evidence["complete"]
    assert [each["path"] for each in evidence["undecided"]] == ["roles/base-old.json"]
    assert "evidence is incomplete" in told(path, *words)
    assert command(*words, "-C", path, "--strict-evidence", "--quiet").code == 3


def test_a54_a_hash_that_cannot_be_computed_is_none_that_chef_refuses(unread):
    path, _ = unread
    text = told(path, "fingerprint")
    assert "What is sent cannot be told:" in text
    assert "Chef refuses" not in text


def test_a54_the_case_of_wrong_claims(tmp_path):
    repository = unpacked("corrupt-blob-wrong-claims", tmp_path)
    assert "any more" not in told(repository, "log", "base")
    entries = answer(repository, "timeline", "base")["timeline"]
    assert {(each["path"], each["certainty"]) for each in entries} == {
        ("roles/base.json", "exact"),
        ("roles/base-old.json", "exact"),
        ("roles/base-old.json", "unknown"),
    }
    for words in EXAMINING:
        assert [gap["kind"] for gap in answer(repository, *words)["evidence"]["gaps"]] == ["corrupt-blob"]
    others = answer(repository, "timeline", "web", "r0")["timeline"]
    assert {each["certainty"] for each in others} == {"exact"}, "nothing else is hidden"
    assert command("check", "--staged", "-C", repository).code in {0, 1}


@pytest.fixture(scope="session")
def deep(tmp_path_factory):
    """A repository whose last commit, which no branch has, holds a path 250 levels deep; and that commit."""
    repository = unpacked("deep-path-hides-roles", tmp_path_factory.mktemp("deep"))
    every = pygit2.Repository(str(repository))
    commits = [each for each in map(every.get, every) if isinstance(each, pygit2.Commit)]
    return repository, str(max(commits, key=lambda each: each.commit_time).id)


@pytest.mark.parametrize("words", EXAMINING, ids=lambda words: words[0])
def test_a55_the_case_of_the_deep_path_hides_no_role_from_any_command(deep, words):
    repository, commit_id = deep
    words = [*words, "--rev", commit_id]
    (gap,) = answer(repository, *words)["evidence"]["gaps"]
    assert gap["kind"] == "too-deep"
    text = told(repository, *words)
    assert "evidence is incomplete" in text
    assert words[0] == "trace" or ("roles/base-old.json" in text and "roles/base.json" in text)
    assert command(*words, "-C", repository, "--quiet", "--strict-evidence").code == 3
    whole = answer(repository, *words[:-2])["evidence"]
    assert (whole["complete"], whole["gaps"]) == (True, []), "the branch has nothing of it"


def test_a55_check_says_what_it_did_not_look_into(deep):
    outcome = command("check", "--staged", "-C", deep[0])
    assert outcome.code == 1
    assert "have 2 files declare role[base]" in outcome.text
    assert "more than 200 deep are not looked into" in outcome.text


def test_a55_a_path_that_is_too_deep_hides_nothing_else(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    inner = tree_of(repository, {"x.json": role("x").encode()})
    for _ in range(250):
        inner = tree(repository, (DIRECTORY, b"d", inner))
    base, old = (blob(repository, role("base", word).encode()) for word in ("good", "old"))
    roles = tree(repository, (FILE, b"base-old.json", old), (FILE, b"base.json", base), (DIRECTORY, b"d", inner))
    set_ref(repository, commit(repository, tree(repository, (DIRECTORY, b"roles", roles))))
    scan = answer(repository.path, "scan")
    assert [each["paths"] for each in scan["shadows"]] == [["roles/base-old.json", "roles/base.json"]]
    (gap,) = scan["evidence"]["gaps"]
    assert gap["kind"] == "too-deep"
    assert gap["path"].startswith("roles/d/d/")


# the past is cut off


@pytest.fixture
def shallow(tmp_path):
    """The last two of five commits."""
    whole, clone = tmp_path / "whole", tmp_path / "clone"
    git = ["git", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", whole], check=True)
    with (cases() / "43-shallow.fast-export").open("rb") as stream:
        subprocess.run([*git, "fast-import", "--quiet"], cwd=whole, stdin=stream, check=True)
    subprocess.run(
        [*git, "clone", "-q", "--depth", "2", "--no-checkout", "--branch", "main", f"file://{whole}", clone], check=True
    )
    return clone, pygit2.Repository(str(clone)).revparse_single("HEAD~1").id


@pytest.mark.parametrize("words", EXAMINING, ids=lambda words: words[0])
def test_case_43_every_command_says_where_the_past_is_cut_off(shallow, words):
    clone, boundary = shallow
    text = told(clone, *words)
    assert f"The history is cut off before {str(boundary)[:12]}" in text
    assert "Robin Vale: readme" not in text, "the commit at the boundary is the origin of nothing"
    (gap,) = answer(clone, *words)["evidence"]["gaps"]
    assert (gap["kind"], gap["commit"]) == ("shallow", str(boundary))
    assert command(*words, "-C", clone, "--strict-evidence", "--quiet").code == 3


def test_case_43_what_was_there_at_the_boundary_did_not_begin_there(shallow):
    clone, boundary = shallow
    events = [(each["event"], each["commit"] == str(boundary)) for each in answer(clone, "log", "base")["log"]]
    assert events == [("present", True), ("present", True), ("changed", False)]
    assert f"uploaded at or before {str(boundary)[:12]}" in told(clone, "show", "base")
    assert "or before" in told(clone, "timeline", "base")
    assert "or before" in told(clone, "trace", "role[base]")


# errors in their order


def test_usage_comes_before_evidence_and_evidence_before_nothing_to_examine(tmp_path):
    repository, _ = line_of(tmp_path, {"README": "nothing of Chef"})
    (tmp_path / "none").mkdir()
    for path in (repository.path, tmp_path / "none"):
        assert "nosuch" in command("scan", path, "--scenario", "nosuch").error_line
        assert command("scan", path, "--scenario", "nosuch").code == 2
        assert command("scan", path, "--since", "yesteryear").code == 2
        assert command("log", "cookbook[x]", "-C", path).code == 2
        assert command("trace", "client[x]", "-C", path).code == 2
        assert command("scan", path, "--nodes", tmp_path / "nowhere").code == 2
        assert command("log", "role[x]", "-C", path, "--output", tmp_path / "no" / "where").code == 2
    assert command("scan", tmp_path / "none").code == 3
    assert command("scan", repository.path).code == 4
    other = repository_at(tmp_path / "o.git")
    set_ref(other, commit_files(other, {"roles/x.json": b"x"}))
    damage(other, tree_of(other, {"x.json": b"x"}))
    assert command("scan", other.path).code == 3, "whether there is anything cannot be told"


def test_a_container_narrows_the_gaps_as_well(tmp_path):
    broken = {"roles/x.json": Link("nowhere"), "environments/e.json": Link("nowhere"), "environments/f.json": role("f")}
    repository, _ = line_of(tmp_path, broken)
    gaps = answer(repository.path, "scan", "--container", "environments")["evidence"]["gaps"]
    assert [gap["path"] for gap in gaps] == ["environments/e.json"]


def test_many_gaps_of_one_cause_are_one_line(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    files = {f"roles/{number:02}.json": Symlink(b"../vendor/roles/%02d.json" % number) for number in range(51)}
    files |= {"vendor": Submodule(), "roles/base.json": role("base").encode()}
    set_ref(repository, commit_files(repository, files))
    scan = answer(repository.path, "scan")
    (message,) = [each["message"] for each in scan["findings"] if each["rule"] == "evidence-gap"]
    assert message == (
        "submodule: 51 times (roles/00.json, roles/01.json, roles/02.json, ...): the content lies in another "
        "repository, the submodule vendor"
    )


def test_a_file_without_a_name_is_told_as_such(tmp_path):
    repository, _ = line_of(tmp_path, {"roles/a.json": "{}", "roles/b.json": role("b")})
    text = told(repository.path, "scan")
    assert "has no name inside" in text
    assert "405" not in text


# where the repository is


def test_a06_a_directory_in_a_work_tree_narrows_to_what_lies_below(tmp_path):
    root = tmp_path / "r"
    repository = pygit2.init_repository(str(root), initial_head="main")
    ids = write_line(repository, [{"one/roles/x.json": role("x"), "two/roles/y.json": role("y")}])
    repository.reset(pygit2.Oid(hex=ids[0]), pygit2.enums.ResetMode.HARD)
    outcome = command("timeline", "-C", root / "two", "--format", "json")
    assert b"lies in the repository" in outcome.errors
    assert b"at or below two is examined" in outcome.errors
    document = answer(root / "two", "timeline")
    assert {each["container"] for each in document["timeline"]} == {"two/roles"}
    assert any("two" in note for note in document["evidence"]["notes"])
    assert {each["container"] for each in answer(root / "two", "timeline", "--container", "one")["timeline"]} == {
        "one/roles"
    }
    assert command("scan", root / "two" / "roles", "--quiet").code == 0
    assert command("scan", root / ".git" / "objects").code == 3, "not within a work tree"


def test_a06_a_path_is_taken_from_the_directory_in_which_somebody_types(tmp_path):
    repository = pygit2.init_repository(str(tmp_path / "r"))
    (tmp_path / "r" / "roles").mkdir()
    (tmp_path / "r" / "roles" / "web-old.json").write_text(role("web"))
    repository.index.add_all()
    who = pygit2.Signature("Ada", "ada@example.org", 1_400_000_000, 0)
    repository.create_commit("HEAD", who, who, "A role", repository.index.write_tree(), [])
    for path in ("web-old.json", "roles/web-old.json"):
        assert "roles/web-old.json declares role[web]" in told(tmp_path / "r" / "roles", "log", path)


def test_a05_a06_nothing_is_looked_for_past_an_owner(tmp_path, monkeypatch):
    root = tmp_path / "r"
    repository = pygit2.init_repository(str(root), initial_head="main")
    write_line(repository, [{"roles/x.json": role("x")}])
    inside = root / "of somebody else"
    inside.mkdir()
    status = type(inside).stat

    def another(path, **options):
        found = status(path, **options)
        if path.name != inside.name:
            return found
        return type(found)((*found[:4], found.st_uid + 1, *found[5:]))

    monkeypatch.setattr(type(inside), "stat", another)
    assert "is not a git repository" in command("scan", inside).error_line


def test_a54_a_command_that_was_given_a_file_that_cannot_be_read(unread, tmp_path):
    path, ids = unread
    given = tmp_path / "commands.jsonl"
    argv = ["role", "from", "file", "roles/base-old.json"]
    given.write_text(json.dumps({"commit": ids[1], "cwd": "", "argv": argv}))
    outcome = command("show", "base", "-C", path, "--commands", given)
    assert outcome.code == 3
    assert "roles/base-old.json is missing or damaged" in outcome.error_line


def test_case_43_which_of_several_files_was_uploaded_before_the_history_begins_is_not_known(shallow):
    clone, boundary = shallow
    entries = answer(clone, "timeline", "base")["timeline"]
    unknown = {each["scenario"] for each in entries if each["certainty"] == "unknown"}
    assert unknown == {"changed", "changed-locale", "changed-reversed", "grocery-delivery"}
    assert {each["from_commit"] for each in entries if each["certainty"] == "unknown"} == {str(boundary)}
    scan = answer(clone, "scan")
    assert {each["scenario"] for each in scan["divergences"] if each["certainty"] == "unknown"} == unknown
    assert {each["scenario"] for each in scan["divergences"] if each["certainty"] == "exact"} == {"glob"}
    assert "may have been uploaded last" in told(clone, "show", "base", "--at", boundary)
    # who names the commit that meets an empty server knows
    entries = answer(clone, "timeline", "base", "--replay-from", boundary)["timeline"]
    assert {each["certainty"] for each in entries} == {"exact"}


@pytest.mark.parametrize("entry", [Symlink(b"../cluster/roles"), Symlink(b"/srv/roles"), Submodule()])
def test_a_container_that_leads_out_of_the_repository_is_not_known_to_hold_nothing(tmp_path, entry):
    repository = repository_at(tmp_path / "r.git")
    kept = {"environments/e.json": b'{"name": "e", "default_attributes": {}}'}
    first = commit_files(repository, kept | {"roles": entry})
    set_ref(repository, first)
    scan = answer(repository.path, "scan")
    assert scan["evidence"]["elsewhere"] == ["roles"]
    assert [(gap["kind"], gap["path"]) for gap in scan["evidence"]["gaps"]] == [("container-elsewhere", "roles")]
    text = told(repository.path, "scan")
    assert "At the tip roles leads out of the repository: what is there was not examined." in text
    assert "Exposed at the tip: not known" in text
    assert "one file only" not in text
    for format_ in ("html", "markdown"):
        page = command("report", repository.path, "--format", format_, "--quiet").text
        assert "what is there was not examined" in page
        assert "not known" in page
    for words in (["log", "web"], ["trace", "role[web]"]):
        error = command(*words, "-C", repository.path).error_line
        assert "what lies in roles, outside of the repository, was not examined" in error
    assert command("scan", repository.path, "--strict-evidence", "--quiet").code == 3

    # once it is over, the tip is known, and the past is not
    set_ref(repository, commit_files(repository, kept | {"roles/a.json": role("a").encode()}, [first]))
    text = told(repository.path, "scan")
    assert "Exposed at the tip: no:" in text
    assert "one file only" not in text
    assert answer(repository.path, "scan")["evidence"]["elsewhere"] == []


@pytest.mark.slow
def test_whatever_is_damaged_a_command_ends_and_says_so(tmp_path):
    archives = sorted((cases() / "hostile").glob("*.tar.xz"))
    for archive in archives:
        name = archive.name.partition(".")[0]
        repository = unpacked(name, tmp_path)
        # in a process of its own, which a library may end; it reads whatever any other command does
        done = process("scan", "-C", repository)
        assert done.code in {0, 1, 3, 4}, (name, done.errors)
        assert not any(line.lstrip().startswith(b"::") for line in done.output.splitlines()), name


# what is not known is no reason to say that another file went up, that a node is free of it, or that all is gone


ROLES = {"roles/web.rb": ruby_role("web", "recipe[nginx]"), "roles/web-old.json": role("web", "recipe[apache]")}
NODE = {"nodes/n1.json": '{"name": "n1", "run_list": ["role[web]"]}'}


def without_tree(tmp_path, path):
    """Of three commits, the second of which edits the canonical file, the one whose directory cannot be read."""
    edited = {**ROLES, "roles/web.rb": ruby_role("web", "recipe[nginx]", "recipe[x]")}
    repository, ids = line_of(tmp_path, ROLES | NODE, edited | NODE, edited | NODE | {"roles/db.json": role("db")})
    damage(repository, bytes.fromhex(str(repository.revparse_single(path).id)))
    return repository.path, ids


def test_which_file_a_commit_changed_is_not_known_where_the_one_before_cannot_be_read(tmp_path):
    path, ids = without_tree(tmp_path, "main~1:roles")
    scan = command("scan", path, "--format", "json")
    assert scan.code == 0
    assert {each["certainty"] for each in scan.document["divergences"] if each["until_commit"] is None} == {"unknown"}
    last = {each["scenario"]: each for each in answer(path, "timeline", "role[web]")["timeline"]}
    for scenario in ("changed", "changed-locale", "changed-reversed", "grocery-delivery"):
        assert last[scenario]["certainty"] == "unknown", scenario
    assert last["glob"]["certainty"] == "exact"
    assert "may have been uploaded last: what changed is not known" in told(path, "show", "role[web]")
    (stuck,) = [each for each in scan.document["findings"] if each["rule"] == "upload-aborted"]
    assert ids[2][:12] in stuck["message"], "what it could not read brought no run"
    assert "at first at" not in stuck["message"]


def test_trace_does_not_tell_what_is_live_where_that_is_not_known(tmp_path):
    path, _ = without_tree(tmp_path, "main:roles")
    found = answer(path, "trace", "recipe[nginx]")["at_head"]
    assert found["live_under"] == []
    assert {"glob", "changed", "knife-upload", "chef-solo"} <= set(found["perhaps_under"])
    text = told(path, "trace", "recipe[nginx]")
    assert "live cannot be told at the tip under glob" in text
    assert "not under" not in text
    assert "may be gone, or declare anything, from here on" in told(path, "log", "role[web]")
    for words in (["timeline", "role[nosuch]"], ["trace", "role[nosuch]"]):
        assert "; what could not be read may" in command(*words, "-C", path).error_line


def test_a_node_that_cannot_be_read_is_not_free_of_an_object(tmp_path):
    path, _ = without_tree(tmp_path, "main:nodes/n1.json")
    assert "felt by no node that could be read reaches it" in told(path, "scan")
    text = told(path, "trace", "recipe[nginx]")
    assert "nothing leads a node there" not in text
    assert "what node[n1] holds there is not known" in text
    assert "no node that could be read reaches it" in command("report", path, "--format", "markdown").text


def test_what_a_container_held_that_leads_out_of_the_repository_is_not_gone(tmp_path):
    other = {"environments/e.json": '{"name": "e", "default_attributes": {}}'}
    repository, _ = line_of(tmp_path, ROLES | other, other | {"roles": Link("../cluster/roles")})
    path = repository.path
    text = told(path, "scan")
    assert "ceased" not in text
    assert "knife role delete" not in text
    assert "could not be told: roles" not in text, "that roles leads out of the repository says it of all its files"
    assert "does not declare it any more" not in told(path, "log", "role[web]")
    assert {each["certainty"] for each in answer(path, "show", "role[web]")["states"]} == {"unknown"}
    # nor what went before the container did
    ids = write_line(new_repository(tmp_path / "s.git"), [ROLES | other, other, other | {"roles": Link("../x/roles")}])
    assert ids
    text = told(tmp_path / "s.git", "scan")
    assert "no file declares it" not in text
    assert "knife role delete" not in text


def test_explain_of_an_object_whose_only_file_cannot_be_read(tmp_path):
    repository, _ = line_of(tmp_path, {"roles/a.json": role("a")})
    damage(repository, blob(repository, role("a").encode()))
    assert "What 1 file declares could not be told: roles/a.json." in told(repository.path, "explain", "role[a]")


def test_a_file_that_leads_into_a_submodule_is_not_known_to_declare_nothing(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    files = {"roles/a.json": role("a").encode(), "roles/b.json": Symlink(b"../shared/b.json"), "shared": Submodule()}
    set_ref(repository, commit_files(repository, files))
    text = told(repository.path, "scan")
    assert "At the tip roles/b.json leads out of the repository: what is there was not examined." in text
    assert "Exposed at the tip: not known" in text
    assert "one file only" not in text


def test_what_an_unreadable_directory_may_declare_is_not_missing(tmp_path):
    node = {"nodes/n1.json": '{"name": "n1", "run_list": ["role[web]", "role[db]"]}'}
    repository, _ = line_of(tmp_path, ROLES | node, ROLES | node | {"roles/db.json": role("db")})
    damage(repository, bytes.fromhex(str(repository.revparse_single("main:roles").id)))
    assert "missing-reference" not in {each["rule"] for each in answer(repository.path, "scan")["findings"]}


def test_drift_does_not_say_that_no_file_declares_what_an_unreadable_one_may(tmp_path):
    path, _ = without_tree(tmp_path, "main:roles")
    damaged = pygit2.Repository(path)
    damage(damaged, bytes.fromhex(str(damaged.revparse_single("main:nodes/n1.json").id)))
    backup = tmp_path / "backup"
    for name, text in {**NODE, "roles/web.json": role("web", "recipe[nginx]"), "roles/zz.json": role("zz")}.items():
        (backup / name).parent.mkdir(parents=True, exist_ok=True)
        (backup / name).write_text(text, encoding="utf-8")
    text = told(path, "drift", backup)
    assert "no file of the revision declares it" not in text
    assert "whether a file of the revision declares it cannot be told" in text
    assert "that this repository never had" not in text
