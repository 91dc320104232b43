"""The reader without a parser says what the evaluator says of the same file, to the letter, or nothing."""

from __future__ import annotations

import base64
from itertools import islice

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_files import DAMAGE, LINES, METHODS, laid_out, sources
from support import clones, corpus, json_lines, vectors
from trying import examples

from forensics.chef import ruby_source
from forensics.chef.objects import Environment, Kind, RepeatedKeys, Role
from forensics.chef.ruby import plain
from forensics.chef.ruby.evaluation import evaluate
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError
from forensics.chef.ruby.source import as_lines, read
from forensics.uploads.loading import load_for_from_file, load_for_upload, plain_body, plain_upload
from sample_repos.history import work_out
from sample_repos.story import load, names

ROLE = b"""# Cookbook roles
name "web"
description "The front"

run_list(
  "recipe[nginx]",
  "role[base]",
  "ntp"
)

default_attributes(
  :nginx => {
    "workers" => 4 * 2,
    :listen => [80, 443], # both
    :user => :www
  },
  :ratio => 1.5,
  :names => %w[a b],
  :on => true
)
"""
ENVIRONMENT = b"""name 'prod'
description 'All that ' \\
  "is live"
cookbook_versions(
  "apache2" => "= 1.0.0"
)
cookbook "ntp", "~> 1.2"
cookbook "apache2", "1.1"
default_attributes()
override_attributes(
    # four columns
    'ntp' => {
        mode: 0644,
        'servers': %w{a b}
    },
    # end
)
"""


def evaluated(kind, data):
    """What the evaluator alone makes of a file; None if it is refused."""
    try:
        return evaluate(kind, read(as_lines(data)), "", "18")
    except (RubyRaisedError, GiveUpError):
        return None


def exact(value):
    """A value in a form that is equal only for the same values, types, order and repetitions."""
    if isinstance(value, Role | Environment):
        return type(value), [exact(getattr(value, field)) for field in value.__slots__]
    if isinstance(value, dict):
        pairs = value.pairs if isinstance(value, RepeatedKeys) else value.items()
        return type(value), [(key, exact(member)) for key, member in pairs]
    if isinstance(value, list | tuple):
        return type(value), [exact(member) for member in value]
    return type(value), repr(value)


def agrees(data: bytes, kind: Kind = Kind.ROLE) -> bool:
    """Whether the plain reader takes the bytes; if so, the evaluator and every command say the same."""
    found = plain.read(kind, data)
    if found is None:
        return False
    assert exact(found.declared) == exact(evaluated(kind, data)), data
    path = f"{kind}s/a.rb"
    body = plain_body(kind, path, data)
    assert (body is not None) == found.acceptable
    if body is not None:
        name = found.declared.name
        assert exact(load_for_from_file(kind, path, data)) == exact((name, body)), data
        assert exact(load_for_upload(kind, f"{kind}s/{name}.rb", data)) == exact(plain_upload(kind, body)), data
    return True


def role(data: bytes) -> Role:
    assert agrees(data)
    return plain.read(Kind.ROLE, data).declared


def test_a_plain_role_is_read():
    assert role(ROLE) == Role(
        name="web",
        description="The front",
        run_list=("recipe[nginx]", "role[base]", "recipe[ntp]"),
        env_run_lists={},
        default_attributes={
            "nginx": {"workers": 8, "listen": [80, 443], "user": "www"},
            "ratio": 1.5,
            "names": ["a", "b"],
            "on": True,
        },
        override_attributes={},
    )


def test_a_plain_environment_is_read():
    assert agrees(ENVIRONMENT, Kind.ENVIRONMENT)
    assert plain.read(Kind.ENVIRONMENT, ENVIRONMENT) == (
        Environment(
            name="prod",
            description="All that is live",
            cookbook_versions={"apache2": "1.1", "ntp": "~> 1.2"},
            default_attributes={},
            override_attributes={"ntp": {"mode": 0o644, "servers": ["a", "b"]}},
        ),
        True,
    )


def test_a_later_call_replaces_an_earlier_one():
    assert role(b'name "a"\nname "b"\nrun_list "x"\nrun_list "y", "y"\n').run_list == ("recipe[y]",)


@pytest.mark.parametrize("call", [b"%s()", b"%s(\n)", b"%s {}", b"%s{}"])
def test_an_empty_call_asks_for_a_value_and_sets_none(call):
    for method in (b"name", b"description", b"run_list", b"recipes", b"env_run_lists", b"default_attributes"):
        source = b'name "a"\nrun_list "b"\nenv_run_lists "_default" => ["x"], "p" => []\ndefault_attributes "a" => 1\n'
        made = role(source + call % method)
        assert made.run_list == ("recipe[x]",)
        assert made.default_attributes == {"a": 1}
    for method in (b"name", b"cookbook_versions", b"override_attributes"):
        assert agrees(b'name "a"\ncookbook "b", "1.0"\n' + call % method, Kind.ENVIRONMENT)


def test_run_lists_of_environments_replace_the_run_list_and_keep_what_is_listed_twice():
    made = role(b'name "a"\nrun_list "b"\nenv_run_lists("p" => ["x", "x"], "_default" => "y", "q" => [])\n')
    assert (made.run_list, made.env_run_lists) == (("recipe[y]",), {"p": ("recipe[x]", "recipe[x]"), "q": ()})
    made = role(b'name "a"\nenv_run_lists("_default" => [])\nrun_list "b"\n')
    assert (made.run_list, made.env_run_lists) == (("recipe[b]",), {})


def test_a_key_repeated_in_one_spelling_keeps_its_last_place_and_value():
    made = role(b'name "a"\ndefault_attributes(\n  :b => 1,\n  :c => 2,\n  :b => {\n    :d => "e"\n  }\n)\n')
    assert list(made.default_attributes.items()) == [("c", 2), ("b", {"d": "e"})]


def test_text_that_looks_like_a_statement_is_text():
    source = b'name "a"\ndescription "x\nname y"\n'
    assert plain.read(Kind.ROLE, source) is None
    assert ruby_source.load(Kind.ROLE, source).description == "x\nname y"
    assert role(b'name "a"\ndescription "x\n  name y"\n').description == "x\n  name y"


@pytest.mark.parametrize("comment", [b"# coding: utf-8", b"# -*- coding: utf-8 -*-", b"# encoding: UTF-8"])
def test_a_comment_may_say_that_a_file_is_utf_8(comment):
    assert role(comment + b'\n\nname "a"\ndescription "\xc3\xa9"\n').description == "\u00e9"


def test_a_comment_may_hold_any_bytes():
    assert role(b'# \xff\nname "a"\n').name == "a"


def test_no_file_is_plain_that_an_encoder_may_find_too_deep():
    lines = [" " * depth + ":a => {" for depth in range(1, 61)]
    ends = [" " * depth + "}" for depth in range(60, 0, -1)]
    nested = "\n".join([*lines, ":b => " + "[" * 45 + "]" * 45, *ends])
    assert not agrees(f'name "a"\ndefault_attributes(\n{nested}\n)\n'.encode())


def test_lines_may_end_as_in_windows_and_begin_with_a_byte_order_mark():
    assert role(b'\xef\xbb\xbfname "a"\r\ndescription "b\r\nc"\r\n').description == "b\nc"


def test_escapes_are_read():
    made = role(
        rb"""name "a"
description "b\t\"c\"\n\\\!\u00e9\#{x}"
default_attributes("block/cciss\!c0d0" => 'd\'\!')
"""
    )
    assert made.description == 'b\t"c"\n\\!\u00e9#{x}'
    assert made.default_attributes == {"block/cciss!c0d0": "d'\\!"}


def test_only_the_white_space_of_ruby_parts_words():
    assert role('name "a"\nrun_list %w(b\u00a0c d)\n'.encode()).run_list == ("recipe[b\u00a0c]", "recipe[d]")


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (Kind.ROLE, 'description "no name"\n'),
        (Kind.ROLE, 'name "a"\nrun_list "two\nlines"\n'),
        (Kind.ROLE, 'name "a"\nenv_run_lists "_default" => ["b", "b"]\n'),
        (Kind.ENVIRONMENT, 'name "_default"\n'),
        (Kind.ENVIRONMENT, ""),
    ],
)
def test_what_a_server_or_a_command_may_refuse_or_change_is_told(kind, source):
    found = plain.read(kind, source.encode())
    assert not found.acceptable
    assert exact(found.declared) == exact(evaluated(kind, source.encode()))


NEAR_MISSES = [
    b'name "a"\nENV["X"]\n',
    b'name "a"\nrun_list ENV["X"]\n',
    b'name "a#{1}"\n',
    b'name "a#$0"\n',
    b'name "a" "b"\\\n\n"c"\n',
    b'name "a.b"\n',
    b'name "a", "b"\n',
    b"name\n",
    b'name "a"\ndefault_attributes("a" => 1, :a => 2)\n',
    b'name "a"\ndefault_attributes(\n  :b => 1,\n  "b" => 2\n)\n',
    b'name "a"\ndefault_attributes("a" => 1\n  , "b" => 2)\n',
    b'name "a"\ndefault_attributes { "a" => 1 }\n',
    b'name "a"\ndefault_attributes ("a" => 1)\n',
    b'name "a"\ndefault_attributes("a" => 08)\n',
    b'name "a"\ndefault_attributes("a" => 1e999)\n',
    b'name "a"\ndefault_attributes("a" => - # comment\n1)\n',
    b'name "a"\ndefault_attributes("a" => %w b|)\n',
    b'name "a"\ndefault_attributes("a" => 1 / 0)\n',
    b'name "a"\ndefault_attributes("a" => 1\n * 2)\n',
    b'name "a"\ndefault_attributes("a" "b" => 1)\n',
    b'name "a"\ndefault_attributes("a":1)\n',
    b'name "a"\ndefault_attributes("a" => "\\xff")\n',
    b'name "a"\ndefault_attributes("a" => "\\u{d800}")\n',
    b'name "a"\ndefault_attributes(\n  :b => 1;\n)\n',
    b'name "a"\ndefault_attributes(\n  :b => 1,;\n  :c => 2\n)\n',
    b'name "a"\ndefault_attributes(\n  :b => 1\n  :c => 2\n)\n',
    b'name "a"\ndefault_attributes({\n  :b => 1\n)\n',
    b'name "a"\ndefault_attributes(\n  :b => 1\n})\n',
    b'name "a"\ndefault_attributes[1]\n',
    b'name "a"\nrun_list(,)\n',
    b'name "a"\nrun_list :b\n',
    b'name "a"\nrun_list["b"]\n',
    b'name "a"\nrun_list nil\n',
    b'name "a"\nrun_list %w(b) do |x| end\n',
    b'name "a"\nrun_list "Recipe[x]"\n',
    b'name "a"\nrun_list "a",\n',
    b'name "a"\nrun_list "a"\n"b"\n',
    b'name "a"\nrun_list = ["a"]\n',
    b'name "a"\nenv_run_lists "p" => []\n',
    b'name "a"\nenv_run_lists _default: []\n',
    b'name "a"\nenv_run_lists "_default" => [["x"]]\n',
    b'name "a"\ncookbook "b", "1.0"\n',
    b"name :a\n",
    b'name "a"\ndescription :"b"\n',
    b'name "a"\n.upcase\n',
    b'name "a" if true\n',
    b'name "a"\n=begin\n=end\n',
    b'name "a"\n__END__\n',
    b'name "a"\n\x00\n',
    b'name "a"\r',
    b'name "a"\x1a\n',
    b'# encoding: iso-8859-1\nname "a"\n',
    b'#!/usr/bin/ruby\n# encoding: iso-8859-1\nname "a"\n',
    b'# coding: utf-8 or so\nname "a"\n',
    b'# ENCODING: bogus\nname "a"\n',
    b'name "\xff"\n',
    b'x = 1\nname "a"\n',
]


@pytest.mark.parametrize("source", NEAR_MISSES)
def test_what_has_more_than_one_reading_is_left_to_the_evaluator(source):
    assert plain.read(Kind.ROLE, source) is None


@pytest.mark.parametrize(
    "statement",
    [
        b'run_list "a"',
        b"run_list()",
        b'cookbook "a"',
        b"cookbook()",
        b'cookbook "a", "1"',
        b'cookbook "a", "latest"',
        b'cookbook "a", :"1.0"',
        b"cookbook_versions a: '1.0'",
        b'cookbook_versions "a" => ["= 1.0"]',
        b'cookbook_versions "= 1.0"',
        b'cookbook ("a", "= 1.0")',
    ],
)
def test_what_an_environment_may_not_say_is_left_to_the_evaluator(statement):
    assert plain.read(Kind.ENVIRONMENT, b'name "a"\n' + statement + b"\n") is None


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(plain, "_memory", plain._Memory())
    monkeypatch.setattr(plain._Memory, "MOST", 200)
    for number in range(20):
        data = b'name "n%d"\ndefault_attributes(\n  :a => %d\n)\n' % (number, number)
        assert role(data).default_attributes == {"a": number}
        known = (*plain._memory.statements[Kind.ROLE], *plain._memory.parts)
        assert sum(map(len, known)) <= 200


@examples(200)
@given(laid_out(), st.sampled_from(["(\n{}\n)", "({{\n{}\n}})", "(\n# first\n{}\n  )", "(\n{}\n) # end"]))
def test_blocks_of_pairs_mean_what_the_evaluator_says(lines, call):
    agrees(f'name "a"\ndefault_attributes{call.format(lines)}\n'.encode())


@pytest.mark.parametrize("kind", METHODS)
@examples(200)
@given(st.data())
def test_what_is_accepted_means_what_the_evaluator_says(kind, data):
    agrees(data.draw(sources(kind)).encode(), kind)


@pytest.mark.parametrize("kind", METHODS)
@examples(200)
@given(st.data())
def test_a_damaged_file_is_read_alike_or_left_alone(kind, data):
    source = data.draw(sources(kind))
    at = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 3))
    agrees((source[:at] + data.draw(st.sampled_from(DAMAGE)) + source[at + length :]).encode(), kind)


@examples(200)
@given(st.lists(st.sampled_from(LINES), max_size=9))
def test_lines_in_any_order_are_read_alike_or_left_alone(lines):
    agrees(("\n".join(lines) + "\n").encode())


def test_the_recorded_vectors_are_read_alike():
    accepted = {Kind.ROLE: 0, Kind.ENVIRONMENT: 0}
    for path in sorted((vectors() / "roles").glob("*.jsonl")):
        for line in json_lines(path):
            if line["format"] == "rb":
                kind = Kind(line.get("kind", "role"))
                accepted[kind] += agrees(base64.b64decode(line["source_b64"]), kind)
    assert all(accepted.values())


def test_the_files_of_the_sample_repositories_are_read_alike():
    accepted = 0
    for name in names():
        for kind_of_object, data in work_out(load(name)).objects.values():
            if kind_of_object == "blob":
                accepted += agrees(data) + agrees(data, Kind.ENVIRONMENT)
    assert accepted


def test_the_files_of_public_histories_are_read_alike():
    folder = clones()
    seen = accepted = 0
    for path in sorted((corpus() / "history").glob("*.jsonl")):
        if not (folder / path.stem / "repo").exists():
            continue
        blobs = pygit2.Repository(str(folder / path.stem / "repo")).odb
        # a part of them here: test_fingerprint.py compares what is made of each with what Chef sent
        for line in islice(json_lines(path), None, None, 4):
            oid = pygit2.Oid(hex=line["blob"])
            if line["path"].endswith(".rb") and oid in blobs:
                seen += 1
                accepted += agrees(bytes(blobs.read(oid)[1]))
    if not seen:
        pytest.skip("no clone of a public history with Ruby roles here")
    assert accepted > seen / 2
