"""Why a file cannot be read, in words that people know."""

from __future__ import annotations

import pytest

from forensics.chef.damage import conflict_line
from forensics.chef.objects import Kind, Problem
from forensics.uploads.loading import load_for_from_file, load_for_upload

ROLE = '{"name": "web", "run_list": ["recipe[iis]"]}'


@pytest.mark.parametrize(
    ("path", "data", "kind", "message"),
    [
        ("roles/web.json", b"\xef\xbb\xbf" + ROLE.encode(), "json-syntax", "starts with a byte order mark"),
        ("roles/web.json", ROLE.encode("utf-16"), "json-syntax", "is UTF-16 text"),
        ("roles/web.json", ROLE.encode("utf-16-le"), "json-syntax", "is UTF-16 text"),
        ("roles/web.json", ROLE.encode("utf-16-be"), "json-syntax", "is UTF-16 text"),
        ("roles/web.rb", 'name "web"\n'.encode("utf-16"), "ruby-syntax", "is UTF-16 text"),
        (
            "roles/web.json",
            b'{"name": "web",\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}',
            "conflict-markers",
            "holds conflict markers from line 2 on",
        ),
        (
            "roles/web.rb",
            b'<<<<<<< HEAD\nname "web"\n=======\n>>>>>>> x\n',
            "conflict-markers",
            "holds conflict markers from line 1 on",
        ),
    ],
)
def test_it_is_said_by_its_name_whoever_reads_the_file(path, data, kind, message):
    for load in (load_for_from_file, load_for_upload):
        problem = load(Kind.ROLE, path, data)
        assert isinstance(problem, Problem)
        assert (problem.kind, problem.message) == (kind, message)
        assert problem.error_class


def test_a_byte_order_mark_does_not_keep_ruby_from_reading():
    name, _ = load_for_from_file(Kind.ROLE, "roles/web.rb", b'\xef\xbb\xbfname "web"\n')
    assert name == "web"


def test_any_other_problem_keeps_its_words():
    problem = load_for_from_file(Kind.ROLE, "roles/web.json", b'{"name": "web",}')
    assert "parse error" in problem.message
    problem = load_for_from_file(Kind.ROLE, "roles/web.rb", b'name "web"\nfoo\n')
    assert "foo" in problem.message


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\n", 2),
        (b"<<<<<<<\n=======\n>>>>>>>\n", 1),
        (b"<<<<<<< x\n||||||| y\n=======\n>>>>>>> z", 1),
        (b" <<<<<<< x\n=======\n>>>>>>> y\n", None),
        (b"<<<<<<< x\n======== \n>>>>>>> y\n", None),
        (b"=======\n", None),
    ],
)
def test_the_line_of_the_first_conflict(data, line):
    assert conflict_line(data) == line
