"""Files that a merge left with its markers."""

from __future__ import annotations

import pytest
from building import examine, new_repository, ruby_role, set_main, write_commit

from forensics.analysis.examination import Examination, Options
from forensics.analysis.rules import conflict_markers, unreadable_declaration
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

CONFLICT = '<<<<<<< HEAD\nrun_list "a"\n=======\nrun_list "b"\n>>>>>>> topic\n'
RUBY = {"roles/app.rb": f'name "app"\n{CONFLICT}'}
BEFORE = {"roles/app.rb": ruby_role("app", "a")}


def found(tmp_path, *trees, rule=conflict_markers):
    examination, ids = examine(tmp_path, *trees)
    return list(rule.find(examination)), ids


def test_the_markers_the_beginning_and_what_the_server_has_at_best(tmp_path):
    trees = (BEFORE, RUBY, RUBY | {"roles/other.rb": ruby_role("other")})
    (finding,), ids = found(tmp_path, *trees)
    assert (finding.severity, finding.paths, finding.commit, finding.line) == ("error", ("roles/app.rb",), ids[1], 2)
    assert finding.message == (
        "roles/app.rb holds conflict markers from line 2 on: nothing can load it since 2014-05-14 "
        f"({ids[1][:12]}); a server keeps what it had, at best what the file said from 2014-05-13 ({ids[0][:12]}) on"
    )
    assert found(tmp_path / "2", *trees, rule=unreadable_declaration)[0] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("roles/app.json", '{"name": "app",\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> topic\n}\n'),
        ("data_bags/users/a.json", '{"id": "a",\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> 1234\r\n}\r\n'),
        ("environments/p.rb", f'name "p"\n{CONFLICT}'),
    ],
)
def test_every_kind_of_file(tmp_path, path, text):
    (finding,), _ = found(tmp_path, {path: text})
    assert finding.message.startswith(f"{path} holds conflict markers from line 2 on")
    assert finding.message.endswith("no earlier version of the file could be loaded")


@pytest.mark.parametrize(
    "text",
    [
        'name "app"\ndescription "a\n<<<<<<< x\n=======\n>>>>>>> y\n"\n',
        'name "app"\n<<<<<<< HEAD\n',
        'name "app"\n=======\n>>>>>>> x\n<<<<<<< y\n',
        "{",
        'name "app"\n',
    ],
    ids=["in a string", "one marker", "another order", "broken otherwise", "well"],
)
def test_silent_about_what_is_no_conflict(tmp_path, text):
    assert found(tmp_path, {"roles/app.rb": text})[0] == []


def test_silent_when_it_was_resolved(tmp_path):
    assert found(tmp_path, BEFORE, RUBY, BEFORE)[0] == []


def test_a_merge_that_brought_them_is_what_is_named(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    base = write_commit(repository, BEFORE)
    ours = write_commit(repository, {"roles/app.rb": ruby_role("app", "b")}, [base], time=1_400_100_000)
    theirs = write_commit(repository, {"roles/app.rb": ruby_role("app", "c")}, [base], time=1_400_200_000)
    merge = write_commit(repository, RUBY, [ours, theirs], time=1_400_300_000)
    set_main(repository, merge)
    history = History(open_evidence(tmp_path / "repository.git", rev=merge))
    (finding,) = conflict_markers.find(Examination(history, Declarations(history.blob), Options()))
    assert finding.commit == merge
    assert f"({ours[:12]}) on" in finding.message
