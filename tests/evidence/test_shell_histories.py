"""Histories that real shells wrote, read and understood: exactly the knife commands that ran."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest
from building import new_repository, set_main, write_commit
from case_repositories import case
from support import cases, vectors

from forensics.evidence.commands import Shells, commands, given
from forensics.evidence.reading import source_of
from forensics.evidence.records import Place, Shell, SourceReport, Transcript, TypedLine
from forensics.evidence.secrets import without_secrets
from forensics.evidence.shell import consoles, histories
from forensics.evidence.shell.knife_words import Effect
from forensics.history.repository import open_evidence
from forensics.history.walk import History

FORMATS = (histories.FISH, histories.ZSH, histories.BASH, consoles.CONSOLE)
RECORDED = json.loads(Path(__file__).with_name("shell_lines.json").read_text("utf-8"))


def transcripts(path):
    source = source_of(str(path))
    start = source.beginning()
    format_ = next(each for each in FORMATS if each.recognise(source, start))
    report = SourceReport(source.name, format_.name)
    return list(format_.read(source, report)), report


def history_of(directory, files):
    repository = new_repository(directory)
    set_main(repository, write_commit(repository, files))
    return History(open_evidence(directory))


def typed(shell, *lines, times=None):
    place = Place("history", 1)
    return Transcript(place, shell, tuple(TypedLine(place, times, line) for line in lines))


def variants():
    return sorted(vectors().glob("evidence/shell-history/*/truth.json"))


def test_every_recorded_history_gives_exactly_the_commands_that_ran(tmp_path):
    found = variants()
    assert found
    for number, path in enumerate(found):
        truth = json.loads(path.read_text("utf-8"))
        files = {name: "web\nbase\n" if name == "list.txt" else "{}" for name in truth["files_in_repo"]}
        history = history_of(tmp_path / str(number), files)
        read = [each for name in truth["history_files"] for each in transcripts(path.with_name(name))[0]]
        got = commands(read, history, Shells(locale=truth["locale"]))
        assert got.not_understood == (), path
        assert [(list(each.argv or ()), each.cwd) for each in got.commands] == expected(truth, read), path
        assert got.lines == got.passed_over + len({each.source.line for each in got.commands}), path


def expected(truth, read):
    """What truth.json says of the lines that the history kept; knife ssh sends nothing.

    The recorder of the bash sessions saw nothing of what ``bash -c`` started; in zsh's it did. Absolute paths lie in a
    directory that no history names.
    """
    kept = {_squeezed(line.text) for transcript in read for line in transcript.lines}
    dropped_repeats = truth["shell"] == "fish"
    want = []
    seen = set()
    for entry in reversed(truth["truth"]):
        line = entry["typed"]
        if line == "!!":
            line = next(each["typed"] for each in truth["truth"] if each["time"] == entry["time"] - 90)
            if "ignoreboth" in truth["note"]:
                continue
        if _squeezed(line) not in kept and not line.startswith("cat >"):
            continue
        if line.startswith(" ") and "ignoreboth" in truth["note"]:
            continue
        if dropped_repeats and line in seen:
            continue
        seen.add(line)
        ran = [each for each in entry["commands"] if each["argv"][0] != "ssh"]
        found = re.fullmatch(r"bash -c 'knife (.*)'", line)
        if found and not ran:
            ran = [{"argv": found[1].split(), "cwd": "."}]
        prefix = f"/srv/c2/{truth['name']}/"
        want = [
            ([re.sub(f"^{prefix}(repo/)?", _named, word) for word in each["argv"]], each["cwd"]) for each in ran
        ] + want
    return want


def _named(found):
    return "" if found[1] else "~/"


def _squeezed(text):
    # bash joins the lines of one command
    return re.sub(r"[\s;\\]+", " ", text).replace("do ", "").strip()


def test_alices_bobs_and_jenkins_uploads_are_told_in_their_order_at_their_commits(tmp_path):
    folder = vectors() / "evidence/long"
    if not folder.is_dir():
        pytest.skip("no long story here")
    history = imported(folder / "repo.fast-export", tmp_path)
    uploads = json.loads((folder / "uploads.json").read_text("utf-8"))
    sources = {
        "alice": [folder / "history/alice.bash_history"],
        "bob": [folder / "history/bob.zsh_history"],
        "jenkins": sorted((folder / "ci").iterdir()),
    }
    for user, paths in sources.items():
        read = [each for path in paths for each in transcripts(path)[0]]
        got = commands(read, history, Shells(aliases={"krf": "knife role from file"}))
        want = [each for each in uploads if each["user"] == user]
        told = [each for each in got.commands if each.argv[:3] != ("data", "bag", "create")]
        assert [(list(each.argv), each.cwd, each.commit) for each in told] == [
            (each["argv"], each["cwd"], each["clone_head"]) for each in want
        ]
        assert {each.user for each in told} == {"" if user == "jenkins" else user}
        for command, upload in zip(told, want, strict=True):
            blobs = {file.path: file for file in command.files}
            for file in upload["files"]:
                assert blobs[file["path"]].blob == file["blob"]
                assert blobs[file["path"]].edited is bool(upload["dirty"])


def imported(stream, directory):
    subprocess.run(["git", "init", "-q", "-b", "main", directory], check=True)
    with stream.open("rb") as data:
        subprocess.run(["git", "-C", directory, "fast-import", "--quiet"], check=True, stdin=data)
    return History(open_evidence(directory))


def test_what_nobody_uploads_is_counted_and_what_changes_the_server_by_hand_is_told(tmp_path):
    history = History(open_evidence(case("23", tmp_path)))
    read, report = transcripts(cases() / "23-commands.history")
    got = commands(read, history)
    assert [(each.effect, " ".join(each.argv), each.cwd) for each in got.commands] == [
        ("upload", "role from file roles/web.json", "."),
        ("upload", "role from file web.json", "."),
        ("by-hand", "node run_list add w1 recipe[monit]", "."),
        ("by-hand", "node run_list set w1 role[web],recipe[monit]", "."),
        ("by-hand", "node environment set w1 prod", "."),
        ("by-hand", "role edit web", "."),
        ("by-hand", "bootstrap 10.0.0.7 -N w2 -r role[web]", "."),
        ("by-hand", "vault update users bob -M client", "."),
        ("upload", "role from file web.json", "roles"),
        ("upload", "spork environment from file environments/prod.json", "."),
    ]
    assert [[file.path for file in each.files] for each in got.commands if each.effect == "upload"] == [
        ["roles/web.json"],
        ["web.json"],
        ["roles/web.json"],
        ["environments/prod.json"],
    ]
    assert (got.lines, got.passed_over, got.not_understood) == (13, 3, ())
    assert (report.first, report.last, report.used) == (1425290400, 1425291120, 13)
    assert given(got)[1].cwd == "."


def test_what_follows_the_end_of_a_round_ran_for_certain_only_behind_the_loop(tmp_path):
    history = history_of(tmp_path, {"roles/a.json": "{}", "roles/b.json": "{}"})
    loop = "for f in a b; do [ $f = a ] && continue; knife role from file roles/$f.json; done"
    got = commands([typed(Shell.BASH, f"{loop}; knife role from file roles/a.json")], history)
    assert [(each.argv[-1], each.certain) for each in got.commands] == [
        ("roles/a.json", False),
        ("roles/b.json", False),
        ("roles/a.json", True),
    ]


def test_what_runs_knife_elsewhere_is_named(tmp_path):
    files = {"roles/a.json": "{}", "Makefile": "up:\n\tknife role from file roles/a.json\n", "up.sh": "knife upload"}
    history = history_of(tmp_path, {**files, "other.sh": "true"})
    lines = ["make up", "sh up.sh", "./up.sh", "find roles -exec knife role from file {} +", "sh other.sh", "find ."]
    got = commands([typed(Shell.BASH, line) for line in lines], history)
    assert got.commands == ()
    assert [each.reason.partition(" ran ")[0] for each in got.not_understood] == ["make", "sh", "./up.sh", "find"]


@pytest.mark.parametrize(
    "words",
    [
        ["bootstrap", "h", "-P", "hunter2"],
        ["bootstrap", "h", "-Phunter2", "--connection-password=hunter2", "--sudo-password", "hunter2"],
        ["bootstrap", "h", "-j", '{"mysql":{"key":"hunter2"}}'],
        ["data", "bag", "from", "file", "users", "a.json", "-s", "hunter2"],
        ["exec", "-E", "nodes.all { |n| n.set['pw'] = 'hunter2' }"],
        ["node", "attribute", "set", "web1", "mysql.pw", "hunter2"],
        ["upload", "roles", "--chef-server-url", "https://bob:hunter2@chef/"],
    ],
)
def test_a_command_is_told_without_what_it_says_in_secret(words):
    told = without_secrets(words)
    assert "hunter2" not in " ".join(told)
    assert len(told) == len(words)


def test_the_words_of_uploads_are_told_as_they_are():
    words = (
        "data",
        "bag",
        "from",
        "file",
        "passwords",
        "data_bags/passwords/a.json",
        "--secret-file",
        "key",
        "-c",
        "k",
    )
    assert without_secrets(words) == words


@pytest.mark.parametrize("name", ["b.bash_history.gz", "z.zsh_history.gz", "fish_history.gz", "ci.log.gz"])
def test_of_a_history_that_expands_to_anything_as_much_is_kept_as_people_type(tmp_path, monkeypatch, name):
    for module in (histories, consoles):
        monkeypatch.setattr(module, "MOST_LINES", 1000)
    line = {"f": b"- cmd: ls\n", "c": b"+ git status\n"}.get(name[0], b"ls\n")
    (tmp_path / name).write_bytes(gzip.compress(line * 100_000))
    ((transcript,), report) = transcripts(tmp_path / name)
    assert len(transcript.lines) == 1000
    assert "was left after line 1000" in report.gaps[0]


@pytest.fixture(scope="module")
def recorded_history(tmp_path_factory):
    return history_of(tmp_path_factory.mktemp("clone"), RECORDED["files"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_lines_run_what_the_real_shell_ran(shell, recorded_history, monkeypatch):
    everything = (Effect.UPLOAD, "upload", [])
    monkeypatch.setattr("forensics.evidence.commands.understood", lambda _: everything)
    lines = [each for each in RECORDED["lines"] if each["shell"] == shell]
    assert len(lines) > 40
    wrong = []
    for each in lines:
        got = commands([typed(Shell(shell), each["line"])], recorded_history, Shells(locale="C"))
        told = [[command.cwd, list(command.argv or ())] for command in got.commands]
        if told != each["ran"] or got.not_understood:
            wrong.append((each["line"], each["ran"], told, got.not_understood))
    assert wrong == []
