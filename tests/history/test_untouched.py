"""Reading evidence changes nothing, starts nothing and asks nobody."""

import os
import socket
import stat

import pytest
from raw_git import blob, commit_files, loose, repository_at, set_ref

from forensics.history.repository import open_evidence
from forensics.history.walk import History


def read_everything(path):
    history = History(open_evidence(path, every_ref=True))
    for number in range(len(history.graph)):
        history.details(number)
        history.snapshot(number).names("roles")
        for container, version in history.state(number).items():
            for file, oid in history.files(container, version).items():
                history.blob(oid, file)
    return history


def everything_below(path):
    found = {}
    for file in sorted(path.rglob("*")):
        status = file.lstat()
        content = file.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(file)] = (content, status.st_mtime_ns, status.st_mode, status.st_size)
    return found


@pytest.fixture
def repository(tmp_path):
    created = repository_at(tmp_path / "repo", bare=False)
    first = commit_files(created, {"roles/a.json": b"a", ".gitattributes": b"* filter=evil diff=evil\n"})
    second = commit_files(created, {"roles/a.json": b"b"}, [first])
    set_ref(created, second)
    created.pack()
    loose(created, first).unlink()
    (tmp_path / "repo" / "roles").mkdir()
    (tmp_path / "repo" / "roles" / "a.json").write_text("c")
    return created


def test_a01_every_file_keeps_its_bytes_and_its_time(tmp_path, repository):
    before = everything_below(tmp_path)
    read_everything(tmp_path / "repo")
    assert everything_below(tmp_path) == before
    assert repository.workdir


def test_a01_a_tree_that_nobody_may_write_is_read(tmp_path, repository):
    folders = [path for path in (tmp_path / "repo").rglob("*") if path.is_dir()]
    for path in folders:
        path.chmod(0o555)
    try:
        before = everything_below(tmp_path)
        assert len(read_everything(tmp_path / "repo").graph) == 2
        assert everything_below(tmp_path) == before
    finally:
        for path in folders:
            path.chmod(0o755)
    assert repository.workdir


def test_a02_a_hostile_configuration_starts_no_program(tmp_path, repository):
    git = tmp_path / "repo" / ".git"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    keys = [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "credential.helper",
        "gpg.program",
        "uploadpack.packObjectsHook",
        "alias.log",
        "remote.origin.uploadpack",
        "remote.origin.vcs",
    ]
    for key in keys:
        repository.config[key] = str(trap)
    repository.config["core.hooksPath"] = str(tmp_path / "hooks")
    repository.config["remote.origin.promisor"] = "true"
    repository.config["remote.origin.url"] = f"ext::{trap}"
    for folder in (tmp_path / "hooks", git / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
            copy_of(trap, folder / name)
    (tmp_path / "repo" / ".gitattributes").write_text("* filter=evil diff=evil\n")
    history = read_everything(tmp_path / "repo")
    assert history.blob(b"\5" * 20) is None  # promised, and not fetched
    assert not (tmp_path / "sprung").exists()


def copy_of(source, target):
    target.write_bytes(source.read_bytes())
    target.chmod(0o755)


def test_a02_no_process_is_started_at_all(tmp_path, repository, monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("a process was started")

    for name in ("system", "fork", "posix_spawn", "execv", "execve"):
        monkeypatch.setattr(os, name, refuse)
    monkeypatch.setattr("subprocess.Popen.__init__", refuse)
    assert len(read_everything(tmp_path / "repo").graph) == 2
    assert repository.workdir


def test_a04_reading_works_with_sockets_blocked(tmp_path, repository, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError("no network here")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    repository.config["remote.origin.promisor"] = "true"
    repository.config["remote.origin.url"] = "https://example.invalid/repo.git"
    history = read_everything(tmp_path / "repo")
    assert history.blob(b"\5" * 20) is None
    assert [gap.kind for gap in history.gaps] == ["promised-blob"]


def test_a23_nothing_is_ever_written_under_a_name_from_the_evidence(tmp_path):
    repository = repository_at(tmp_path / "inner" / "r.git")
    names = ["roles/..\\..\\x.json", "roles/.git/hooks/x.json", 'roles/"; touch x.json', "roles/a\nb.json"]
    set_ref(repository, commit_files(repository, dict.fromkeys(names, b"x")))
    before = everything_below(tmp_path)
    history = read_everything(tmp_path / "inner" / "r.git")
    assert everything_below(tmp_path) == before
    container, version = next(iter(history.state(0).items()))
    assert history.files(container, version) == dict.fromkeys(names, blob(repository, b"x"))
