"""The history of what files say of an object, through times when they could not be read."""

from __future__ import annotations

import pytest
from building import DAY, START, examine, examine_at, new_repository, role, ruby_role, set_main, write_commit

from forensics.analysis.object_log import log
from forensics.analysis.objects import parse_object
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
        ([{"roles/base.rb": 'name "base"\n'}, {"roles/base.rb": 'name ENV["X"]\n'}], ["added", "unknown"]),
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


def merged(tmp_path, base, ours, theirs, result, *, full=True):
    """The log of role[base] through a merge of two branches."""
    repository = new_repository(tmp_path / "repository.git")
    ids = [write_commit(repository, base)]
    for number, (files, parents) in enumerate(((ours, [0]), (theirs, [0]), (result, [1, 2])), 1):
        above = [ids[parent] for parent in parents]
        ids.append(write_commit(repository, files, above, time=START + number * DAY, message=f"Commit {number}"))
    set_main(repository, ids[-1])
    found = log(examine_at(repository, ids[-1], full=full), parse_object("role[base]"))
    return [entry for entry in found if entry.commit == ids[-1]], ids


def base(*run_list, **others):
    return {"roles/base.json": role("base", *run_list, **others)}


@pytest.mark.parametrize(
    ("before", "ours", "theirs", "result"),
    [
        (base("a"), base("a", "b"), base("a", "c"), base("a", "c", "b")),
        (base("a", "b"), base("b"), base("a", "b", "c"), base("b", "c")),
        (base("a"), base("a", "b"), base("a", "b"), base("a", "b")),
        (
            base("a", default_attributes={"l": ["x"]}),
            base("a", default_attributes={"l": ["x", "y"]}),
            base("a", default_attributes={"l": ["x"], "k": 1}),
            base("a", default_attributes={"l": ["x", "y"], "k": 1}),
        ),
        (base("a"), {"roles/b.json": role("base", "a")}, base("a", "b"), {"roles/b.json": role("base", "a", "b")}),
        (base("a"), {"roles/z.json": role("z")}, base("a"), {"roles/z.json": role("z")}),
    ],
    ids=["both add", "remove and add", "the same", "attributes", "moved and changed", "removed"],
)
def test_a_merge_of_what_both_parents_changed_is_told_by_their_commits(tmp_path, before, ours, theirs, result):
    found, _ = merged(tmp_path, before, ours, theirs, result)
    assert found == []


@pytest.mark.parametrize(
    ("before", "ours", "theirs", "result", "did"),
    [
        (base("a"), base("a", "b"), base("a", "c"), base("a", "b"), [("dropped", "remove", "recipe[c]", 2)]),
        (base("a", "b"), base("a"), base("a", "b", "c"), base("a", "b", "c"), [("restored", "add", "recipe[b]", 1)]),
        (base("a"), base("a", "b"), base("a"), base("a", "b", "z"), [("changed", "add", "recipe[z]", None)]),
        (
            base(default_attributes={"l": ["x"]}),
            base(default_attributes={"l": ["x", "y"]}),
            base(default_attributes={"l": ["x"]}),
            base(default_attributes={"l": ["x", "y", "y"]}),
            [("doubled", "add", "y", 1)],
        ),
        (
            base(default_attributes={"k": 1}),
            base(default_attributes={"k": 2}),
            base(default_attributes={"k": 3}),
            base(default_attributes={"k": 2}),
            [("chose", "replace", 2, 2)],
        ),
        (base("a"), base("a", "b"), {"roles/z.json": role("z")}, base("a", "b"), [("restored", None, None, None)]),
    ],
    ids=["dropped", "restored", "changed", "doubled", "chose", "a file that a parent removed"],
)
def test_what_a_merge_made_of_its_parents(tmp_path, before, ours, theirs, result, did):
    (entry,), ids = merged(tmp_path, before, ours, theirs, result)
    assert entry.event == "merged"
    assert [
        (
            each.did,
            each.change and each.change.op,
            each.change and (each.change.before if each.change.op == "remove" else each.change.after),
            each.origin and ids.index(each.origin.commit),
        )
        for each in entry.merge
    ] == did


def computed(more, *lists):
    """A Ruby role whose lists all begin with what a variable holds."""
    told = [f'"{each}" => common + ["{each}"],' for each in lists]
    lines = ['name "base"', f"common = {more}", "env_run_lists(", *told, '"_default" => [])']
    return {"roles/base.rb": "\n".join(lines)}


def test_a_merge_of_code_that_computes_values_made_no_value_itself(tmp_path):
    before, ours = computed('["a"]', "qa"), computed('["a"]', "qa", "prod")
    theirs, result = computed('["a", "b"]', "qa"), computed('["a", "b"]', "qa", "prod")
    assert merged(tmp_path / "code", before, ours, theirs, result)[0] == []
    (entry,), _ = merged(tmp_path / "by hand", before, ours, theirs, computed('["a", "c"]', "qa", "prod"))
    assert {each.did for each in entry.merge} >= {"dropped"}


def test_a_file_that_cannot_be_loaded_on_one_side_is_not_judged(tmp_path):
    assert merged(tmp_path / "one", base("a"), BROKEN, base("a", "b"), base("a"))[0] == []


def test_a_merge_of_three_and_one_of_branches_that_crossed(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    ids = [write_commit(repository, base("a"))]

    def commit(files, *parents):
        when = START + len(ids) * DAY
        ids.append(write_commit(repository, files, parents, time=when, message=f"Commit {len(ids)}"))
        return ids[-1]

    one, two, three = (commit(base("a", each), ids[0]) for each in "bcd")
    octopus = commit(base("a", "b", "c"), one, two, three)
    left, right = commit(base("a", "b", "c"), one, two), commit(base("a", "b", "c"), two, one)
    crossed = commit(base("a", "b", "c"), left, right)
    last = commit(base("a", "b", "c"), crossed, octopus)
    set_main(repository, last)
    found = log(examine_at(repository, last, full=True), parse_object("role[base]"))
    told = {entry.commit: [(each.did, each.change.before) for each in entry.merge] for entry in found if entry.merge}
    assert told == {octopus: [("dropped", "recipe[d]")]}


def test_a_merge_that_cannot_be_loaded_is_told_itself(tmp_path):
    (entry,), _ = merged(tmp_path, base("a"), base("a", "b"), base("a", "c"), BROKEN)
    assert entry.event == "unloadable"


def test_a_merge_on_the_first_parent_line_names_the_commits_that_it_brought(tmp_path):
    (entry,), ids = merged(tmp_path, base("a"), base("a", "b"), base("a", "c"), base("a", "b", "c"), full=False)
    assert [change.after for change in entry.changes] == ["recipe[c]"]
    assert [each.commit for each in entry.brought_by] == [ids[2]]
    assert entry.merge == ()
