"""Opening evidence: no other repository than the one that was asked for, and one clear line where it cannot be read."""

import os
import shutil
import subprocess

import pytest
from raw_git import START, blob, commit, commit_files, files_at, history_of, loose, repository_at, set_ref

from forensics.history.model import EvidenceError, NothingToExamineError, UnknownRevisionError
from forensics.history.repository import open_evidence, work_tree_of
from forensics.history.walk import History

ROLE = {"roles/base.json": b"{}"}


@pytest.fixture
def repository(tmp_path):
    """A repository with a work tree and two commits."""
    created = repository_at(tmp_path / "repo", bare=False)
    first = commit_files(created, ROLE)
    set_ref(created, commit_files(created, {"roles/base.json": b"2"}, [first], when=START + 1))
    return created


def test_a_work_tree_a_git_directory_and_a_bare_repository_are_opened(tmp_path, repository):
    head = repository.head.target.raw
    for path in (tmp_path / "repo", tmp_path / "repo" / ".git"):
        evidence = open_evidence(path)
        assert evidence.heads == (head,)
        assert evidence.provenance.head == head.hex()
        assert evidence.provenance.notes == ()
    shutil.copytree(tmp_path / "repo" / ".git", tmp_path / "bare.git")
    assert open_evidence(tmp_path / "bare.git").heads == (head,)


def test_a06_a_repository_is_found_from_within_its_work_tree_only(tmp_path, repository):
    top = tmp_path / "repo"
    (top / "one" / "roles").mkdir(parents=True)
    (tmp_path / "beside").mkdir()
    assert repository.workdir
    assert work_tree_of(top / "one" / "roles") == (top, "one/roles")
    for path in (top, top / ".git", top / ".git" / "objects", tmp_path, tmp_path / "beside", tmp_path / "nowhere"):
        assert work_tree_of(path) == (path, "")
    for path in (top / "one" / "roles", tmp_path, tmp_path / "beside"):
        with pytest.raises(EvidenceError, match=r"is not a git repository$"):
            open_evidence(path)
    with pytest.raises(EvidenceError, match="does not exist"):
        open_evidence(tmp_path / "nowhere")


def test_a05_a_repository_of_somebody_else_is_opened_only_when_asked_for(tmp_path, repository):
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    top = tmp_path / "repo"
    os.chown(top, 12345, 12345)
    os.chown(top / ".git", 12345, 12345)
    with pytest.raises(EvidenceError, match=r"belongs to another user; if you trust it, .*--trust-owner"):
        open_evidence(top)
    assert open_evidence(top, trust_owner=True).heads == (repository.head.target.raw,)
    with pytest.raises(EvidenceError, match="another user"):  # nothing stays switched off
        open_evidence(top)


def test_a07_gitfile_and_alternates_are_noted_and_followed(tmp_path, repository):
    head = repository.head.target.raw
    copy = repository_at(tmp_path / "copy.git")
    second = repository_at(tmp_path / "second.git")
    objects = tmp_path / "repo" / ".git" / "objects"
    (tmp_path / "second.git" / "objects" / "info" / "alternates").write_text(f"# a comment\n{objects}\n")
    (tmp_path / "copy.git" / "objects" / "info" / "alternates").write_text("../../second.git/objects\n")
    set_ref(copy, head)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text(f"gitdir: {tmp_path / 'copy.git'}\n")
    evidence = open_evidence(tmp_path / "tree")
    assert len(History(evidence).graph) == 2
    gitfile, alternates = evidence.provenance.notes
    assert gitfile == f"the work tree's .git is a file that names {tmp_path / 'copy.git'}/"
    assert alternates == "objects come from alternates: ../../second.git/objects"
    assert second.is_bare


@pytest.mark.parametrize("config", ["[core\nhunter2", "[include]\n\tpath = secret\n"])
def test_a08_a_broken_configuration_is_an_error_that_quotes_nothing(tmp_path, repository, config):
    git = tmp_path / "repo" / ".git"
    (git / "secret").write_text('[user "hunter2]\n')
    (git / "config").write_text(config)
    with pytest.raises(EvidenceError, match="config") as raised:
        open_evidence(tmp_path / "repo")
    assert "hunter2" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert repository.workdir


def test_a09_replacement_refs_are_reported_and_not_followed(tmp_path, repository):
    head = repository.head.target.raw
    fake = commit_files(repository, {"roles/other.json": b"fake"})
    set_ref(repository, fake, f"refs/replace/{head.hex()}")
    evidence = open_evidence(tmp_path / "repo", every_ref=True)
    assert evidence.heads == (head,)
    assert evidence.provenance.notes == ("1 replacement refs are present; the original objects are read",)
    assert len(History(evidence).graph) == 2


def test_a10_grafts_are_reported_and_not_followed(tmp_path, repository):
    head = repository.head.target.raw
    (tmp_path / "repo" / ".git" / "info").mkdir(exist_ok=True)
    (tmp_path / "repo" / ".git" / "info" / "grafts").write_text(head.hex() + "\n")
    evidence = open_evidence(tmp_path / "repo")
    assert len(History(evidence).graph) == 2
    assert evidence.provenance.notes == (
        "info/grafts is present; the recorded parents are walked, not the grafted ones",
    )


@pytest.mark.parametrize(
    ("extensions", "reason"),
    [
        ("objectformat = sha256", "is a SHA-256 repository"),
        ("refstorage = reftable", "keeps its refs as reftable"),
        ("colour = blue", "unsupported extension name extensions.colour"),
    ],
)
def test_a13_formats_that_cannot_be_read_are_named(tmp_path, repository, extensions, reason):
    config = f"[core]\n\trepositoryformatversion = 1\n[extensions]\n\t{extensions}\n"
    (tmp_path / "repo" / ".git" / "config").write_text(config)
    with pytest.raises(EvidenceError, match=reason):
        open_evidence(tmp_path / "repo")
    assert repository.workdir


def test_a18_an_unborn_head_is_nothing_to_examine_unless_other_refs_are_asked_for(tmp_path, repository):
    head = repository.head.target.raw
    (tmp_path / "repo" / ".git" / "HEAD").write_text("ref: refs/heads/unborn\n")
    with pytest.raises(NothingToExamineError, match="no commit yet"):
        open_evidence(tmp_path / "repo")
    assert open_evidence(tmp_path / "repo", every_ref=True).heads == (head,)
    assert open_evidence(tmp_path / "repo", rev="main").heads == (head,)


def test_a18_a_detached_head_is_a_revision_like_any_other(tmp_path, repository):
    first = repository.get(repository.head.target).parent_ids[0].raw
    (tmp_path / "repo" / ".git" / "HEAD").write_text(first.hex() + "\n")
    assert open_evidence(tmp_path / "repo").heads == (first,)


@pytest.mark.parametrize(
    "rev", ["nothing", "", "a\0b", "HEAD~7", "-x", ":/no such message", "0" * 40, "HEAD^{tree}", "HEAD:roles"]
)
def test_a18_an_unknown_revision_is_a_clear_line(tmp_path, repository, rev):
    with pytest.raises(UnknownRevisionError) as raised:
        open_evidence(tmp_path / "repo", rev=rev)
    assert repr(rev) in str(raised.value)
    assert repository.workdir


def test_revisions_are_branches_tags_expressions_and_ids(tmp_path, repository):
    head = repository.head.target
    first = repository.get(head).parent_ids[0]
    who = repository.get(head).author
    tag = repository.create_tag("v1", head, 1, who, "A tag")
    repository.create_tag("v2", tag, 4, who, "A tag of a tag")
    for rev, oid in [
        ("main", head),
        ("v1", head),
        ("v2", head),
        ("v2~1", first),
        ("HEAD^", first),
        (str(first), first),
    ]:
        assert open_evidence(tmp_path / "repo", rev=rev).heads == (oid.raw,)
    assert open_evidence(tmp_path / "repo", rev=str(first)[:12]).heads == (first.raw,)


def test_a_head_whose_date_libgit2_cannot_parse_is_read(tmp_path):
    repository = repository_at(tmp_path / "r.git")
    known = commit_files(repository, ROLE)
    head = commit(repository, bytes(repository.get(known.hex()).tree_id.raw), [known], when="never")
    assert len(history_of(repository, head).graph) == 2


def test_a19_a_repack_while_walking_changes_nothing(tmp_path, repository):
    evidence = open_evidence(tmp_path / "repo")
    expected = History(open_evidence(tmp_path / "repo"))
    head = repository.head.target.raw
    everything = list((tmp_path / "repo/.git/objects").glob("??/*"))
    repository.pack()
    for path in everything:
        path.unlink()
    history = History(evidence)
    assert history.states == expected.states
    # the pack that is open now gives way to another
    opened = open_evidence(tmp_path / "repo")
    old = list((tmp_path / "repo/.git/objects/pack").glob("pack-*"))
    blob(repository, b"something to make it another pack")
    extra = commit_files(repository, {"roles/more.json": b"more"})
    set_ref(repository, extra, "refs/heads/more")
    repository.pack()
    for path in old:
        path.unlink()
    again = History(opened)
    assert again.states == expected.states
    assert again.gaps == history.gaps == ()
    assert list(files_at(again, head)) == ["roles/base.json"]


def test_a20_refs_that_move_after_opening_change_nothing(tmp_path, repository):
    evidence = open_evidence(tmp_path / "repo")
    head = repository.head.target.raw
    set_ref(repository, commit_files(repository, {"roles/new.json": b"new"}, [head]))
    history = History(evidence)
    assert history.provenance.head == head.hex()
    assert len(history.graph) == 2


def test_a_linked_work_tree_is_opened(tmp_path, repository):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    top = tmp_path / "repo"
    subprocess.run(["git", "-C", top, "worktree", "add", "-q", "--detach", tmp_path / "linked", "HEAD~1"], check=True)
    first = repository.get(repository.head.target).parent_ids[0].raw
    (top / ".git" / "shallow").write_text(first.hex() + "\n")
    evidence = open_evidence(tmp_path / "linked")
    assert evidence.heads == (first,)
    assert evidence.shallow == {first}
    assert len(History(evidence).graph) == 1


def test_a_good_packed_copy_stands_in_for_a_corrupt_loose_one(tmp_path, repository):
    repository.pack()
    head = repository.head.target.raw
    path = loose(repository, head)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-4])
    assert len(History(open_evidence(tmp_path / "repo")).graph) == 2


def test_refs_that_cannot_be_listed_are_a_note_and_an_error_only_where_they_are_asked_for(tmp_path, repository):
    (tmp_path / "repo" / ".git" / "packed-refs").write_bytes(b"\0" * 50)
    evidence = open_evidence(tmp_path / "repo", rev=repository.head.target.raw.hex())
    assert evidence.provenance.notes == ("the refs cannot be listed; look into .git/refs and .git/packed-refs",)
    with pytest.raises(EvidenceError, match="the refs cannot be listed"):
        open_evidence(tmp_path / "repo", every_ref=True)
