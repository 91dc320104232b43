"""The history of what files say of an object, through times when they could not be read."""

from __future__ import annotations

import pytest
from building import examine, role, ruby_role

from forensics.analysis.objects import log, parse_object
from forensics.analysis.redaction import Redaction, redact_log

BASE = {"roles/base.json": role("base", "ntp")}
BROKEN = {"roles/base.json": '{"name": "base",}'}


def entries(tmp_path, *trees, name="role[base]"):
    examination, _ = examine(tmp_path, *trees)
    return log(examination, parse_object(name))


def events(tmp_path, *trees):
    return [entry.event for entry in entries(tmp_path, *trees)]


def test_a_file_that_cannot_be_loaded_any_more_is_still_there(tmp_path):
    _, last = entries(tmp_path, BASE, BROKEN)
    assert (last.event, last.path, last.changes) == ("unloadable", "roles/base.json", ())
    assert last.reason.startswith("FFI_Yajl::ParseError: parse error")
    assert last.blob is not None


def test_what_it_says_once_it_is_mended_is_compared_with_what_it_said_last(tmp_path):
    mended = {"roles/base.json": role("base", "ntp", "sudo")}
    again = entries(tmp_path, BASE, BROKEN, {"roles/base.json": "{"}, mended)
    assert [entry.event for entry in again] == ["added", "unloadable", "changed"]
    assert [(change.op, change.after) for change in again[-1].changes] == [("add", "recipe[sudo]")]
    assert again[-1].reason is None


@pytest.mark.parametrize(
    ("trees", "expected"),
    [
        ([BASE, BROKEN, BASE, BROKEN], ["added", "unloadable", "changed", "unloadable"]),
        ([BASE, BROKEN, {"roles/z.rb": ruby_role("z")}], ["added", "unloadable", "removed"]),
        ([BASE, BROKEN, {"roles/base.json": role("other")}], ["added", "unloadable", "removed"]),
        ([BASE, {"roles/base.json": role("other")}], ["added", "removed"]),
        ([{"roles/base.rb": 'name "base"\n'}, {"roles/base.rb": 'name ENV["X"]\n'}], ["added", "unloadable"]),
    ],
    ids=["again and again", "then removed", "then another name", "another name at once", "a name that is not known"],
)
def test_what_becomes_of_a_file(tmp_path, trees, expected):
    assert events(tmp_path, *trees) == expected


def test_a_reason_tells_nothing_that_a_report_may_not_show(tmp_path):
    found = entries(tmp_path, {"roles/base.rb": 'name "base"\n'}, {"roles/base.rb": 'name ENV["SECRET"]\n'})
    (_, shown), (_, hidden) = (redact_log("role", found, level) for level in (Redaction.NOTHING, Redaction.SECRETS))
    assert "SECRET" in shown.reason
    assert hidden.reason == "its name depends on what lies outside the file"
