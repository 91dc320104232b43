"""``check --staged``: what git is about to commit, in real repositories with a real index."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from building import role
from commandline import command, process_environment
from jsonschema import Draft202012Validator
from reporting import hostile_check
from support import PROJECT, clone

import forensics
from forensics.history.store import BLOB, COMMIT, TREE, ObjectStore
from forensics.report.schemas import schema_of
from forensics.report.text.check import check_text
from forensics.report.text.style import Style

ENTRY = (PROJECT / "examples" / "ci" / "pre-commit").read_text("utf-8")
SCHEMA = schema_of("forensics.check/1")
BASE = {"roles/base.json": role("base", "recipe[a]")}
COPY = {"roles/base-copy.json": role("base", "recipe[b]")}


class Checkout:
    """A work tree with an index, as people have one."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words, check=True, **environment):
        surroundings = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
            **environment,
        }
        done = subprocess.run(
            ["git", *words],
            cwd=self.path,
            env=process_environment(surroundings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def write(self, files):
        for path, content in files.items():
            file = self.path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)

    def stage(self, files):
        self.write(files)
        self.git("add", "--all")

    def commit(self, files=None):
        self.stage(files or {})
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", "A change")

    def check(self, *options, **environment):
        return command("check", "--staged", "-C", self.path, *options, environment=environment)

    def document(self, *options):
        document = self.check("--format", "json", *options).document
        errors = [
            f"{list(each.absolute_path)}: {each.message}" for each in Draft202012Validator(SCHEMA).iter_errors(document)
        ]
        assert not errors
        return document

    def hook(self, text=ENTRY):
        """Install a pre-commit hook that finds the tool of this checkout."""
        program = self.path / ".git" / "bin" / "forensics"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m forensics "$@"\n')
        file = self.path / ".git" / "hooks" / "pre-commit"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        for each in (program, file):
            each.chmod(each.stat().st_mode | stat.S_IXUSR)
        self.search = f"{program.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "chef-repo")


def introduced(document):
    return [(each["object"], each["added"]) for each in document["introduced"]]


def standing(document):
    return [(each["object"], each["edited"]) for each in document["standing"]]


def test_a_copy_that_is_staged_is_refused_with_what_to_do(checkout):
    checkout.commit(BASE)
    checkout.stage(COPY)
    done = checkout.check()
    assert done.code == 1
    text = " ".join(done.text.split())
    for part in (
        "This commit would have 2 files declare role[base]",
        "roles/base-copy.json (declares it only now)",
        "roles/base.json (the canonical file)",
        "they have different contents",
        "give roles/base-copy.json a name of its own inside, then git add roles/base-copy.json",
        "git restore --staged roles/base-copy.json",
        "give forensics.toml an [[ignore]] with a reason and fingerprint = ",
        "1 new shadow: refused.",
    ):
        assert part in text, part
    document = checkout.document()
    assert introduced(document) == [("role[base]", ["roles/base-copy.json"])]
    assert document["evidence"]["head"] == checkout.git("rev-parse", "HEAD").stdout.strip()


def test_what_is_not_staged_does_not_count(checkout):
    checkout.commit(BASE)
    checkout.write(COPY)
    assert checkout.check().code == 0
    checkout.git("add", "--intent-to-add", "roles/base-copy.json")
    done = checkout.check()
    assert (done.code, done.errors) == (0, b"")
    assert checkout.document()["evidence"]["complete"]
    checkout.git("add", "roles/base-copy.json")
    checkout.write({"roles/base-copy.json": role("other")})
    assert checkout.check().code == 1


def test_a_shadow_that_was_there_before_passes_and_is_named(checkout):
    checkout.commit(BASE | COPY)
    checkout.stage({"README": "x"})
    done = checkout.check()
    assert done.code == 0
    assert "Shadowed before, and no reason to refuse: role[base]." in done.text
    assert standing(checkout.document()) == [("role[base]", [])]


def test_an_edit_of_only_one_of_two_files_is_warned_of(checkout):
    checkout.commit(BASE | COPY)
    checkout.stage({"roles/base.json": role("base", "recipe[new]")})
    done = checkout.check()
    assert done.code == 0
    assert (
        "Beware: role[base] is declared by roles/base-copy.json, too; this commit changes only roles/base.json"
        in " ".join(done.text.split())
    )
    assert standing(checkout.document()) == [("role[base]", ["roles/base.json"])]


def test_a_file_that_chef_would_not_load_is_warned_of_once_and_refuses_nothing(checkout):
    checkout.commit(BASE | {"roles/old.json": "{"})
    checkout.stage({"roles/web.json": "{\n<<<<<<< ours\n"})
    done = checkout.check()
    assert done.code == 0
    assert "Beware: Chef would not load roles/web.json, line 2: FFI_Yajl::ParseError" in " ".join(done.text.split())
    assert "roles/old.json" not in done.text
    assert [each["path"] for each in checkout.document()["unreadable"]] == ["roles/web.json"]


def test_a_third_file_is_refused_and_one_fewer_is_not(checkout):
    third = {"roles/base-third.json": role("base", "recipe[c]")}
    checkout.commit(BASE | COPY)
    checkout.stage(third)
    assert introduced(checkout.document()) == [("role[base]", ["roles/base-third.json"])]
    checkout.commit()
    checkout.git("rm", "--quiet", "roles/base-copy.json")
    assert checkout.check().code == 0


def test_a_file_that_changes_its_name_inside_is_refused(checkout):
    checkout.commit(BASE | {"roles/web.json": role("web")})
    checkout.stage({"roles/web.json": role("base", "recipe[web]")})
    assert introduced(checkout.document()) == [("role[base]", ["roles/web.json"])]


def test_files_that_only_move_introduce_nothing(checkout):
    checkout.commit(BASE | COPY)
    checkout.git("mv", "roles/base-copy.json", "roles/base-old.json")
    assert checkout.check().code == 0
    checkout.commit()
    (checkout.path / "chef").mkdir()
    checkout.git("mv", "roles", "chef/roles")
    assert checkout.check().code == 0


def test_a_file_that_moves_into_a_container_is_refused(checkout):
    checkout.commit(BASE | {"staging/roles/base.json": role("base", "recipe[s]")})
    assert checkout.check().code == 0
    (checkout.path / "roles" / "old").mkdir()
    checkout.git("mv", "staging/roles/base.json", "roles/old/base.json")
    assert introduced(checkout.document()) == [("role[base]", ["roles/old/base.json"])]


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"roles/a.rb": 'name "a"\n', "roles/a.json": role("a")}, "role[a]"),
        ({"environments/p.json": '{"name": "p"}', "environments/q.rb": 'name "p"\n'}, "environment[p]"),
        ({"data_bags/u/a.json": '{"id": "a"}', "data_bags/u/b.json": '{"id": "a"}'}, "data_bag_item[u/a]"),
        ({"nodes/n.json": '{"name": "n", "run_list": []}', "nodes/m.json": '{"name": "n"}'}, "node[n]"),
    ],
)
def test_every_kind_is_checked(checkout, files, name):
    checkout.stage(files)
    assert [each["object"] for each in checkout.document()["introduced"]] == [name]


def test_fixtures_of_tests_may_be_what_they_are(checkout):
    twins = {"web.json": role("web", "recipe[a]"), "web_ssl.json": role("web", "recipe[b]")}
    checkout.stage({"roles/base.json": role("base")} | {f"test/roles/{name}": text for name, text in twins.items()})
    assert checkout.check().code == 0
    checkout.stage({f"roles/{name}": text for name, text in twins.items()})
    assert checkout.check().code == 1


def test_what_only_looks_like_chefs_is_named(checkout):
    checkout.stage(BASE | {"databags/u/a.json": '{"id": "a"}'})
    assert "Note: databags looks like a directory of Chef's and was not examined" in checkout.check().text


def test_before_the_first_commit_everything_is_new(checkout):
    checkout.stage(BASE | COPY)
    done = checkout.check()
    assert done.code == 1
    assert "git rm --cached roles/base-copy.json" in done.text
    document = checkout.document()
    assert document["evidence"]["head"] is None
    assert introduced(document) == [("role[base]", ["roles/base-copy.json", "roles/base.json"])]


def test_where_nothing_could_declare_something_there_is_nothing_to_refuse(checkout):
    assert checkout.check().code == 0
    checkout.stage({"README": "x"})
    done = checkout.check()
    assert (done.code, done.text) == (0, "Nothing to check: no staged file could declare a Chef object.\n")
    assert checkout.document()["files"] == 0


def test_what_merging_brings_was_there_before(checkout):
    checkout.commit(BASE)
    checkout.git("checkout", "--quiet", "-b", "side")
    checkout.commit(COPY)
    checkout.git("checkout", "--quiet", "main")
    checkout.commit({"README": "x"})
    checkout.git("merge", "--quiet", "--no-commit", "side")
    assert checkout.check().code == 0
    checkout.git("merge", "--abort")
    checkout.git("checkout", "--quiet", "side", "--", "roles/base-copy.json")
    assert checkout.check().code == 1


def test_two_branches_that_only_together_shadow_are_refused(checkout):
    checkout.commit({"README": "x"})
    checkout.git("checkout", "--quiet", "-b", "side")
    checkout.commit(COPY)
    checkout.git("checkout", "--quiet", "main")
    checkout.commit(BASE)
    checkout.git("merge", "--quiet", "--no-commit", "side")
    assert introduced(checkout.document()) == [("role[base]", ["roles/base-copy.json"])]
    text = " ".join(checkout.check().text.split())
    assert "give roles/base-copy.json a name of its own inside" in text
    assert "leave it out" not in text, "that would undo the other branch's commit"


def test_in_a_merge_the_file_to_mend_is_not_the_right_one_of_the_other_branch(checkout):
    checkout.commit({"README": "x"})
    checkout.git("checkout", "--quiet", "-b", "side")
    checkout.commit(BASE)
    checkout.git("checkout", "--quiet", "main")
    checkout.commit(COPY)
    checkout.git("merge", "--quiet", "--no-commit", "side")
    (found,) = checkout.document()["introduced"]
    assert (found["added"], found["mend"]) == (["roles/base.json"], ["roles/base-copy.json"])
    text = " ".join(checkout.check().text.split())
    assert "give roles/base-copy.json a name of its own inside" in text
    assert "give roles/base.json" not in text
    assert "(leave it out of the commit)" not in text


def test_in_a_merge_of_two_copies_ones_own_gives_way(checkout):
    checkout.commit({"README": "x"})
    checkout.git("checkout", "--quiet", "-b", "side")
    checkout.commit({"roles/hr-db-slave.json": role("hr-db", "recipe[slave]")})
    checkout.git("checkout", "--quiet", "main")
    checkout.commit({"roles/hr-db-master.json": role("hr-db", "recipe[master]")})
    checkout.git("merge", "--quiet", "--no-commit", "side")
    (found,) = checkout.document()["introduced"]
    assert (found["canonical"], found["mend"]) == (None, ["roles/hr-db-master.json"])


def test_unmerged_files_are_one_line(checkout):
    checkout.commit(BASE)
    checkout.git("checkout", "--quiet", "-b", "side")
    checkout.commit({"roles/base.json": role("base", "recipe[side]")})
    checkout.git("checkout", "--quiet", "main")
    checkout.commit({"roles/base.json": role("base", "recipe[main]")})
    assert checkout.git("merge", "--quiet", "side", check=False).returncode == 1
    done = checkout.check()
    assert done.code == 2
    assert "roles/base.json: unmerged, so nothing can be committed" in done.error_line


def test_links_are_followed_in_what_is_staged(checkout):
    checkout.commit(BASE)
    checkout.write({"shared/base.json": role("base", "recipe[shared]")})
    (checkout.path / "roles" / "link.json").symlink_to("../shared/base.json")
    checkout.git("add", "--all")
    assert introduced(checkout.document()) == [("role[base]", ["roles/link.json"])]
    checkout.commit()
    checkout.git("rm", "--quiet", "--cached", "shared/base.json")
    document = checkout.document()
    assert document["introduced"] == []
    assert [gap["kind"] for gap in document["evidence"]["gaps"]] == ["dangling-symlink"]
    assert checkout.check("--strict-evidence").code == 3
    assert "not examined: roles/link.json" in checkout.check().text


def test_a_submodule_is_told_and_nothing_else(checkout):
    checkout.commit(BASE)
    commit = checkout.git("rev-parse", "HEAD").stdout.strip()
    checkout.git("update-index", "--add", "--cacheinfo", f"160000,{commit},roles/shared")
    document = checkout.document()
    assert [gap["kind"] for gap in document["evidence"]["gaps"]] == ["submodule"]
    assert document["introduced"] == []


def test_files_that_a_sparse_checkout_leaves_out_count(checkout):
    checkout.commit(BASE | {"other/README": "x"})
    checkout.git("update-index", "--skip-worktree", "roles/base.json")
    (checkout.path / "roles" / "base.json").unlink()
    checkout.write(COPY)
    checkout.git("add", "roles/base-copy.json")
    assert introduced(checkout.document()) == [("role[base]", ["roles/base-copy.json"])]


def test_a_sparse_index_says_how_to_get_a_whole_one(checkout):
    checkout.commit(BASE | {"a/b/c": "x", "d/e": "y"})
    checkout.git("sparse-checkout", "set", "--cone", "--sparse-index", "roles")
    done = checkout.check()
    assert done.code == 3
    assert "git sparse-checkout reapply --no-sparse-index" in done.error_line
    checkout.git("sparse-checkout", "reapply", "--no-sparse-index")
    assert checkout.check().code == 0


def test_a_split_index_says_how_to_get_a_whole_one(checkout):
    checkout.commit(BASE)
    checkout.git("update-index", "--split-index")
    done = checkout.check()
    assert done.code == 3
    assert "git update-index --no-split-index" in done.error_line


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_of_the_index_is_read(checkout, version):
    checkout.commit(BASE)
    checkout.write(COPY)
    if version == "3":  # which git writes where entries have further flags
        checkout.write({"new": "x"})
        checkout.git("add", "--intent-to-add", "new")
    else:
        checkout.git("update-index", "--index-version", version)
    checkout.git("add", "roles")
    assert (checkout.path / ".git" / "index").read_bytes()[:8] == b"DIRC\0\0\0" + bytes([int(version)])
    assert checkout.check().code == 1


def test_names_that_are_no_utf_8_survive(checkout):
    checkout.commit(BASE)
    name = os.path.join(os.fsencode(checkout.path), b"roles/b\xe4se.json")  # noqa: PTH118 (bytes)
    with open(name, "w") as file:  # noqa: PTH123
        file.write(role("base"))
    checkout.git("add", "--all")
    done = checkout.check()
    assert done.code == 1
    assert "roles/b\\xe4se.json" in done.text
    assert introduced(checkout.document()) == [("role[base]", ["roles/b\udce4se.json"])]


def test_a_damaged_index_is_one_line(checkout):
    checkout.commit(BASE)
    (checkout.path / ".git" / "index").write_bytes(b"DIRC" + bytes(100))
    done = checkout.check()
    assert done.code == 3
    assert "cannot be read" in done.error_line


def test_a_bare_repository_has_nothing_staged(tmp_path):
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "r.git")], check=True)
    done = command("check", "--staged", "-C", tmp_path / "r.git")
    assert done.code == 3
    assert "bare repository, which has no index" in done.error_line
    assert command("check", "--staged", "-C", tmp_path).code == 3


def test_the_work_tree_of_another_branch_has_an_index_of_its_own(checkout, tmp_path):
    checkout.commit(BASE)
    checkout.git("worktree", "add", "--quiet", str(tmp_path / "other"), "-b", "other")
    other = tmp_path / "other" / "roles" / "base-copy.json"
    other.write_text(role("base", "recipe[b]"))
    subprocess.run(["git", "-C", str(other.parent), "add", "."], check=True)
    assert command("check", "--staged", "-C", tmp_path / "other").code == 1
    assert checkout.check().code == 0


def test_nothing_is_written(checkout):
    checkout.commit(BASE)
    checkout.stage(COPY)
    git = checkout.path / ".git"
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in git.rglob("*") if file.is_file()}
    checkout.check()
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in git.rglob("*") if file.is_file()} == before


# the configuration


def ignoring(checkout, text):
    checkout.write({"forensics.toml": text})


def test_an_ignore_lets_it_pass_until_it_expires(checkout):
    checkout.commit(BASE)
    checkout.stage(COPY)
    fingerprint = checkout.document()["introduced"][0]["fingerprint"]
    entry = f'[[ignore]]\nfingerprint = "{fingerprint}"\nreason = "both go in June"\n'
    ignoring(checkout, entry)
    done = checkout.check()
    assert done.code == 0
    assert "let pass by the configuration (both go in June): 2 files would declare role[base]" in " ".join(
        done.text.split()
    )
    assert len(checkout.document()["suppressed"]) == 1
    ignoring(checkout, entry + "expires = 2001-01-01\n")
    assert checkout.check().code == 1


def test_the_fingerprint_is_that_of_a_report(checkout):
    checkout.commit(BASE)
    checkout.stage(COPY)
    told = checkout.document()["introduced"][0]["fingerprint"]
    checkout.commit()
    found = command("scan", checkout.path, "--format", "json").document["findings"]
    assert [each["fingerprint"] for each in found if each["rule"] == "shadowed-object"] == [told]


def test_directories_that_share_a_server_are_checked_together(checkout):
    checkout.commit({"a/roles/base.json": role("base")})
    checkout.stage({"b/roles/base.json": role("base", "recipe[b]")})
    assert checkout.check().code == 0
    ignoring(checkout, '[[server]]\ndirectories = ["a", "b"]\n')
    assert introduced(checkout.document()) == [("role[base]", ["b/roles/base.json"])]


# as a hook


@pytest.mark.slow
def test_the_hook_refuses_a_commit_and_lets_others_pass(checkout):
    checkout.commit(BASE)
    checkout.hook()
    checkout.stage(COPY)
    done = checkout.git("commit", "-m", "copy", check=False, PATH=checkout.search)
    assert done.returncode == 1
    assert "role[base]" in done.stdout + done.stderr
    checkout.git("rm", "--quiet", "--cached", "roles/base-copy.json")
    checkout.stage({"roles/base-copy.json": role("base-copy")})
    checkout.git("commit", "-m", "a name of its own", PATH=checkout.search)


@pytest.mark.slow
def test_the_hook_sees_what_git_commit_adds_on_its_own(checkout):
    checkout.commit(BASE | {"roles/web.json": role("web")})
    checkout.hook()
    checkout.write({"roles/web.json": role("base", "recipe[b]")})
    for words in (["-a"], ["--", "roles/web.json"], ["--only", "roles/web.json"], ["--include", "roles/web.json"]):
        assert checkout.check().code == 0  # nothing is staged
        assert checkout.git("commit", "-m", "x", *words, check=False, PATH=checkout.search).returncode == 1, words


def test_the_index_of_another_repository_is_not_taken_for_this_ones(checkout, tmp_path):
    checkout.commit(BASE)
    checkout.stage(COPY)
    other = Checkout(tmp_path / "other")
    other.commit(BASE)
    done = other.check(GIT_INDEX_FILE=str(checkout.path / ".git" / "index"))
    assert done.code == 0
    assert other.check(GIT_INDEX_FILE=str(other.path / ".git" / "index")).code == 0


# in Python, and fast


def test_the_same_in_python(checkout):
    checkout.commit(BASE)
    checkout.stage(COPY)
    found = forensics.check(checkout.path)
    assert found.failed
    assert [each.shadow.object for each in found.introduced] == ["role[base]"]
    assert found.to_text() == checkout.check().text
    assert found.to_json() == checkout.check("--format", "json").text
    with pytest.raises(forensics.UsageError, match="--staged"):
        forensics.check(checkout.path, staged=False)


class Counted(str):
    """A path that counts how often it is compared with others."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a26_files_are_not_compared_each_with_all():
    made = hostile_check("x")
    paths = tuple(Counted(f"roles/{number}.json") for number in range(500))
    (one,) = made.introduced
    told = replace(one, shadow=replace(one.shadow, paths=paths), added=paths[::-1], edited=(), mend=paths[::-1])
    text = check_text(replace(made, introduced=(told,), standing=()), Style())
    assert text.count("declares it only now") == 500
    assert Counted.compared < 10 * 500


def test_without_staged_it_says_what_to_type(checkout):
    done = command("check", "-C", checkout.path)
    assert (done.code, "pass --staged" in done.error_line) == (2, True)


def test_a_large_repository_is_checked_without_its_history(tmp_path, monkeypatch):
    # the index is made of HEAD, without checking anything out
    path = tmp_path / "chef"
    subprocess.run(
        ["git", "clone", "--quiet", "--shared", "--no-checkout", str(clone("openstreetmap/chef")), str(path)],
        check=True,
    )
    subprocess.run(["git", "-C", str(path), "read-tree", "HEAD"], check=True)
    read = Counter()

    def counted(store, oid, expected, *, original=ObjectStore.read, **told):
        read[expected] += 1
        return original(store, oid, expected, **told)

    monkeypatch.setattr(ObjectStore, "read", counted)
    done = command("check", "--staged", "-C", path)
    assert (done.code, done.errors) == (0, b"")
    of_head = subprocess.run(
        ["git", "-C", str(path), "ls-tree", "-r", "-t", "HEAD"], capture_output=True, check=True
    ).stdout.count(b"\n")
    assert read[COMMIT] <= 3
    assert read[TREE] + read[BLOB] <= of_head
