"""The short way for plain statements gives what the interpreter gives."""

from __future__ import annotations

import base64

import support
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.chef.objects import Kind, Problem
from forensics.chef.ruby.evaluation import evaluate
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError
from forensics.chef.ruby.remembered import fields_of
from forensics.chef.ruby.source import as_lines, read
from forensics.chef.ruby_source import load


def the_long_way(source):
    try:
        return evaluate(Kind.ROLE, read(as_lines(source)), "", "18")
    except RubyRaisedError as error:
        return error.error_class
    except GiveUpError:
        return None


def agree(source):
    short, long = load(Kind.ROLE, source), the_long_way(source)
    if isinstance(short, Problem):
        return long == short.error_class
    return long is None or (short == long and repr(short) == repr(long))


def test_recorded_files_read_the_same_both_ways():
    different = [
        line["id"]
        for path in sorted((support.vectors() / "roles").glob("rb*.jsonl"))
        for line in support.json_lines(path)
        if not agree(base64.b64decode(line["source_b64"]))
    ]
    assert not different


LINES = st.sampled_from(
    [
        'name "a"',
        "name 'b'",
        "run_list(",
        '"recipe[a]",',
        '"b"',
        ")",
        "default_attributes(",
        "override_attributes(",
        '  "a" => 1,',
        "  :a => {",
        "    :b => [1, 2]",
        "  },",
        "  }",
        '  "c" => "d"',
        "  c: 1,",
        "  :x => 2 * 3,",
        "",
        "# x",
        "  # y",
        'run_list "x", "y"',
        'description "a\nb"',
        "  , 'z'",
        "  'q' \\",
        "  %w(a b),",
        "=begin",
        "=end",
        'default_attributes "a" => 1',
        "env_run_lists '_default' => ['x'], 'p' => []",
        '  "a" "b" => 1',
        "x = 1",
        "end",
        "default_attributes {",
        "    :n => {",
        "      :m => 1",
        "    },",
        "    }",
        "  'e' => nil",
        "  :f => :g,",
        "<<E",
        "E",
    ]
)


@settings(max_examples=600)
@given(st.lists(LINES, max_size=9))
def test_lines_in_any_order_read_the_same_both_ways(lines):
    assert agree(("\n".join(lines) + "\n").encode())


def test_a_cut_never_falls_inside_a_string():
    source = b'name "a\nname b"\nrun_list "x"\n'
    assert fields_of(source, Kind.ROLE) is None or load(Kind.ROLE, source).name != "b"
    assert load(Kind.ROLE, b'description "x\nname y"\nname "z"\n').description == "x\nname y"


def test_parts_of_a_list_of_attributes_join_as_one():
    source = b'default_attributes(\n  :a => 1,\n  # two\n  "a" => 2,\n  "b" => {\n    "c" => 3\n  }\n)\n'
    made = load(Kind.ROLE, source)
    assert made.default_attributes == {"a": 2, "b": {"c": 3}}
    assert made.default_attributes.pairs == (("a", 1), ("a", 2), ("b", {"c": 3}))


def test_a_comment_between_a_sign_and_its_number_is_left_to_the_interpreter():
    source = b'name "a"\ndefault_attributes "a" => - # comment\n1\n'
    assert fields_of(source, Kind.ROLE) is None
    assert agree(source)


def test_a_list_of_words_between_blanks_is_left_to_the_interpreter():
    assert fields_of(b'name "a"\ndefault_attributes "a" => %w b|\n', Kind.ROLE) is None
