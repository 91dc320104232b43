"""At which commits a clone can have stood, what that makes of patterns, and what nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import DAY, START, new_repository, role, set_main, write_commit

from forensics.evidence.commands import commands
from forensics.evidence.reading import source_of
from forensics.evidence.records import Place, Shell, SourceReport, Transcript, TypedLine
from forensics.evidence.shell import consoles, histories
from forensics.history.repository import open_evidence
from forensics.history.walk import History

TREES = (
    {"roles/base.json": role("base")},
    {"roles/base.json": role("base", "recipe[a]"), "roles/web.json": role("web")},
    {"roles/base.json": role("base", "recipe[a]"), "roles/web.json": role("web"), "notes": "x"},
    {"roles/base.json": role("base", "recipe[b]"), "roles/base-old.json": role("base"), "roles/web.json": role("web")},
)
GLOB = "knife role from file roles/*.json"


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    repository = new_repository(tmp_path_factory.mktemp("clone"))
    ids: list[str] = []
    for number, files in enumerate(TREES):
        ids.append(write_commit(repository, files, ids[-1:], time=START + number * DAY))
    set_main(repository, ids[-1])
    return History(open_evidence(Path(repository.path))), ids


def told(history, *typed, shell=Shell.BASH, **options):
    """What lines ran, typed at times in days after the first commit (None: nobody knows)."""
    lines = tuple(
        TypedLine(Place("history", number), None if day is None else int(START + day * DAY), text)
        for number, (day, text) in enumerate(typed, 1)
    )
    return commands([Transcript(Place("history"), shell, lines)], history, **options)


def files_of(command):
    several = [each.argv for each in command.possible] or [command.argv]
    return sorted(" ".join(word.rpartition("/")[2].removesuffix(".json") for word in argv[3:]) for argv in several)


def test_a_pull_brings_what_was_committed_by_then_and_the_clone_stays_there(line):
    history, ids = line
    got = told(history, (1.5, "git pull"), (1.6, GLOB), (3.5, GLOB), (3.6, "git pull -q"), (3.7, GLOB))
    assert [(files_of(each), each.commit) for each in got.commands] == [
        (["base web"], ids[1]),
        (["base web"], ids[1]),
        (["base base-old web"], ids[3]),
    ]


def test_without_git_commands_everything_that_there_was_by_then_is_possible(line):
    history, ids = line
    got = told(history, (2.5, GLOB), (None, "exit"), (3.5, GLOB))
    assert [files_of(each) for each in got.commands] == [
        ["base", "base web"],
        ["base", "base base-old web", "base web"],
    ]
    assert [(each.argv, each.files) for each in got.commands] == [(None, ()), (None, ())]
    assert [each.commit for each in got.commands[0].possible] == [ids[2], ids[0]]
    only = told(history, (3.5, "knife role from file roles/base.json")).commands[0]
    assert only.argv == ("role", "from", "file", "roles/base.json")
    assert [(file.path, file.commit) for file in only.files] == [
        ("roles/base.json", ids[3]),
        ("roles/base.json", ids[2]),
        ("roles/base.json", ids[0]),
    ]
    assert told(history, (None, GLOB)).commands[0].possible


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        (["git checkout {1}"], 1),
        (["git checkout -q -f {1}"], 1),
        (["git reset --hard {1}"], 1),
        (["git checkout {3}", "git checkout HEAD~2"], 1),
        (["git checkout {3}", "git reset --hard HEAD^^"], 1),
        (["git checkout {1}", "git checkout -b topic"], 1),
        (["git checkout {1}", "git checkout -b topic {0}", "git checkout {0}", "git checkout roles/base.json"], 0),
        (["git checkout {1}", "git fetch", "git status", "git log"], 1),
        (["git fetch", "git reset --hard origin/main"], 3),
        (["git fetch", "git merge origin/main"], 3),
        (["git clone ssh://git@example.org/chef.git chef", "cd chef"], 3),
        (["cd ~/chef", "git pull --rebase origin main"], 3),
        (["git checkout {1}", "cd /etc && ls", "cd -"], 1),
    ],
)
def test_git_commands_tell_where_the_clone_stands(line, typed, where):
    history, ids = line
    lines = [(3.5, each.format(*ids)) for each in typed]
    got = told(history, *lines, (3.6, "knife role from file roles/base.json"))
    assert {file.commit for command in got.commands for file in command.files} == {ids[where]}


def test_a_commit_that_is_not_examined_leaves_only_what_was_typed(line):
    history, _ = line
    got = told(history, (1, "git checkout 0123456789abcdef"), (2, "knife role from file roles/base.json"), (2, GLOB))
    assert [(each.argv, each.files, each.commit) for each in got.commands] == [
        (("role", "from", "file", "roles/base.json"), (), None)
    ]
    assert [each.reason for each in got.not_understood] == [
        "the commit that was checked out is not among those examined"
    ]


def test_what_depends_on_how_a_program_ended_is_possible(line):
    history, _ = line
    got = told(history, (3.5, "make && knife role from file roles/base.json || knife role from file roles/web.json"))
    assert [(each.argv[-1], each.certain) for each in got.commands] == [
        ("roles/base.json", False),
        ("roles/web.json", False),
    ]
    both = told(history, (3.5, "make && cd roles"), (3.6, "knife role from file base.json")).commands[0]
    assert sorted(each.cwd for each in both.possible) == [".", "roles"]


def test_what_earlier_lines_did_to_files_counts(line):
    history, _ = line
    got = told(
        history,
        (3.5, "git pull"),
        (3.5, "cp roles/web.json roles/web2.json; rm roles/base-old.json; vim roles/base.json"),
        (3.5, GLOB),
        (3.5, "git checkout roles"),
        (3.5, "knife role from file roles/base.json"),
    )
    assert files_of(got.commands[0]) == ["base web2 web"]
    assert [file.edited for file in got.commands[0].files] == [True, False]
    assert got.commands[0].assumed == (
        "roles/base-old.json had been removed",
        "roles/web2.json had been made, though it is not in the commit",
    )
    assert [file.edited for file in got.commands[1].files] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "knife role from file $WHAT",
        "for f in $(cat /tmp/list); do knife role from file $f; done",
        "while true; do knife role from file roles/web.json; sleep 60; done",
        "while read f; do knife role from file $f; done < /tmp/list",
        "find roles -name '*.json' | xargs knife role from file",
        "ssh build knife role from file roles/web.json",
        "knife role from file roles/{1..100000}{1..100000}.json",
        "knife role from file " + "{a,b}" * 40,
        "(" * 500 + "knife role from file x" + ")" * 500,
        "f() { f; f; knife role from file x; }; f",
        "A=aaaaaaaaaa; " + "A=$A$A; " * 40 + "knife role from file $A",
        "knife role from file " + "a " * 60000,
        "knife role from file 'roles/web.json",
        "knife frobnicate everything",
    ],
)
def test_what_nobody_can_tell_is_told_with_its_line_and_never_guessed(line, text):
    history, _ = line
    got = told(history, (3.5, "git pull"), (3.5, text), (3.5, "knife role from file roles/web.json"))
    assert [each.source.line for each in got.not_understood] == [2]
    assert [each.source.line for each in got.commands] in ([3], [])  # an open quote takes in what follows


def test_a_pattern_is_compared_in_linear_steps(line):
    history, _ = line
    got = told(history, (3.5, "git pull"), (3.5, "knife role from file roles/" + "*a" * 2000 + " " + "[a-" * 2000))
    assert len(got.commands) == 1


def test_secrets_of_command_lines_are_not_kept(line):
    history, _ = line
    got = told(
        history,
        (3.5, "knife data bag from file users x.json --secret hunter2"),
        (3.5, "knife role edit x --secret=hunter2"),
    )
    assert len(got.commands) == 2
    assert "hunter2" not in repr(got)


def read(format_, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    source = source_of(str(path))
    assert format_.recognise(source, source.beginning())
    report = SourceReport(source.name, format_.name)
    return list(format_.read(source, report)), report


def test_consoles_are_read_with_the_times_and_colours_of_ci_servers(line, tmp_path):
    history, ids = line
    content = f"""\
[2014-05-20T10:00:00.000Z] Checking out Revision {ids[1]} (refs/remotes/origin/main)
[2014-05-20T10:00:01.000Z] + knife role from file roles/base.json
2014-05-20T10:00:02.1234567Z ++ cd roles
2014-05-20T10:00:03.1234567Z + knife role from file 'web.json'
\x1b[32;1m$ cd .. && knife role from file roles/w*.json\x1b[0;m
+ for f in 'roles/*'
+ echo knife role from file roles/web.json
Updated Role web
""".encode()
    found, report = read(consoles.CONSOLE, tmp_path, "job.log", content)
    got = commands(found, history)
    assert [(each.time, each.argv[-1], each.cwd) for each in got.commands] == [
        ("2014-05-20T10:00:01+00:00", "roles/base.json", "."),
        ("2014-05-20T10:00:03+00:00", "web.json", "roles"),
        (None, "roles/web.json", "."),
    ]
    assert {each.commit for each in got.commands} == {ids[1]}
    assert (report.zone, report.used) == ("Z", 7)


def test_lines_beyond_all_measure_and_damaged_files_are_counted(tmp_path):
    content = b"#1400000000\nknife a\n" + b"x" * 300000 + b"\n#1400000001\nknife b\n"
    found, report = read(histories.BASH, tmp_path, "alice.bash_history", content)
    assert [line.text for line in found[0].lines] == ["knife a", "knife b"]
    assert (found[0].user, report.bad.count, report.lines) == ("alice", 1, 5)
    found, _ = read(
        histories.ZSH, tmp_path, "zsh_history", b"one \\\ntwo\nknife \x83\xe3\x83\xbf\n: 1400000000:3;three\\\\\nfour\n"
    )
    assert [(line.time, line.text) for line in found[0].lines] == [
        (None, "one \ntwo"),
        (None, "knife \udcc3\udc9f".encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")),
        (1400000000, "three\\\nfour"),
    ]


def test_a_heredoc_a_loop_and_a_quote_may_span_lines_of_a_plain_history(line):
    history, _ = line
    typed = (
        "cat > x <<EOF\nknife role from file roles/base.json\nEOF\n"
        "for f in roles/w*.json\ndo\nknife role from file $f\ndone\necho 'a\nknife x'"
    )
    got = told(history, (None, "git checkout " + line[1][3]), *[(None, each) for each in typed.split("\n")])
    assert [(each.argv[-1], each.source.line) for each in got.commands] == [("roles/web.json", 5)]
    assert got.not_understood == ()
