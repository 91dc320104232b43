"""Which keys and calls of a file are taken back by a later one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.chef.doubled_keys import doubled_keys, replaced


def keys(path, text, **options):
    return [tuple(each) for each in doubled_keys(path, text.encode(), **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', []),
        ('{"a": 1,\n"a": 2}', [("a", 2, 1)]),
        ('{"a": 1,\n"a": 1}', []),
        ('{"a": 1, "b": {"a": 2}}', []),
        ('{"x": {"y": [{"a": 1,\n"a": 2}]}}', [("x.y.a", 2, 1)]),
        ('{"a": 1, // a comment\n"a": 2}', [("a", 2, 1)]),
        ('{"a": 1,\n"a": 2,\n"a": 3}', [("a", 2, 1), ("a", 3, 2)]),
        ('{"a": {"b": 1, "b": 1}, "a": {"c": 1,\n"c": 2}}', [("a", 1, 1), ("a.c", 2, 1)]),
        ('{"a": ["a", "a"], "b": "a"}', []),
        ("[]", []),
        ('{"a": 1, "a"', []),
    ],
)
def test_json(text, expected):
    assert keys("x.json", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("default_attributes(\n  :a => 1,\n  :a => 2\n)\n", [("default_attributes.a", 3, 2)]),
        ('default_attributes :a => 1, "a" => 2\n', [("default_attributes.a", 1, 1)]),
        ('default_attributes a: 1, "a": 2\n', [("default_attributes.a", 1, 1)]),
        ('override_attributes "x" => { "y" => { "a" => 1, "a" => 2 } }\n', [("override_attributes.x.y.a", 1, 1)]),
        ('default_attributes "a" => { "p" => 1 }, "b" => { "p" => 2 }\n', []),
        ('default_attributes "a" => 1, "a" => 1\n', []),
        ('default_attributes "#{a}" => 1, "#{a}" => 2\n', []),
        ('run_list "a"\nrun_list "b"\n', [("run_list", 2, 1)]),
        ('run_list "a"\nrun_list(run_list + ["b"])\n', []),
        ('run_list "a"\nrun_list.add "c"\nrun_list "b"\n', []),
        ('run_list "a"\nif x\n  run_list "b"\nend\n', []),
        ('cookbook "a", "1.0"\ncookbook "b", "1.0"\ncookbook "a", "2.0"\n', [('cookbook "a"', 3, 1)]),
        ('name "a"\n# run_list "a"\nrun_list "b"\n', []),
        ('default_attributes({\n  "a" => 1,\n})\ndefault_attributes("b" => 2)\n', [("default_attributes", 4, 1)]),
    ],
)
def test_ruby(text, expected):
    assert keys("x.rb", text) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("x.rb", "".join(f'cookbook "c{number}", "1"\ncookbook "c{number}", "2"\n' for number in range(5000))),
        ("x.rb", "default_attributes(" + ", ".join(f'"a" => {number}' for number in range(20_000)) + ")\n"),
        ("x.json", "{" + ", ".join(f'"a": {number}' for number in range(20_000)) + "}"),
    ],
    ids=["calls", "pairs", "json"],
)
def test_of_very_many_a_part_is_told(path, text):
    assert len(keys(path, text)) == 100


def as_json(value):
    """Objects from lists of pairs, with every key as often as it is there."""
    if isinstance(value, list):
        return "{" + ",\n".join(f"{json.dumps(key)}: {as_json(member)}" for key, member in value) + "}"
    return json.dumps(value)


PAIRS = st.recursive(
    st.integers(0, 2), lambda inside: st.lists(st.tuples(st.sampled_from("abc"), inside), max_size=4), max_leaves=12
)


@given(PAIRS.filter(lambda value: isinstance(value, list)))
def test_json_has_one_where_the_readers_result_lacks_something(pairs):
    def lossy(value):
        if not isinstance(value, list):
            return False
        seen = {}
        for key, member in value:
            if key in seen and plain(seen[key]) != plain(member):
                return True
            seen[key] = member
        return any(lossy(member) for _, member in value)

    def plain(value):
        return {key: plain(member) for key, member in value} if isinstance(value, list) else value

    assert bool(keys("x.json", as_json(pairs))) is lossy(pairs)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("x.json", '{"a": 1,\n"a": 2,\n"a": 3}', [("a", "a", 3, '"a": 1'), ("a", "a", 3, '"a": 2')]),
        ("x.json", '{"a": 1, "a": 1}', [("a", "a", 1, '"a": 1')]),
        (
            "x.json",
            '{"env_run_lists": {"_default": ["a"]},\n"run_list": ["b"]}',
            [("run_list", "env_run_lists._default", 1, '"run_list": ["b"]')],
        ),
        ("x.json", '{"env_run_lists": {"qa": ["a"]}, "run_list": ["b"], "x": {"_default": 1}}', []),
        ("x.json", '{"x": {"env_run_lists": {"_default": ["a"]}}, "run_list": ["b"]}', []),
        ("x.rb", 'run_list "a"\nrun_list "b"\nname "x"\n', [("run_list", "run_list", 2, 'run_list "a"')]),
        (
            "x.rb",
            'run_list "a"\nenv_run_lists "_default" => ["b"]\n',
            [("run_list", "env_run_lists", 2, 'run_list "a"')],
        ),
        ("x.rb", 'run_list "a"\nenv_run_lists "_default" => run_list\n', []),
        ("x.rb", 'default_attributes "a" => 1,\n"a" => 2\n', [("default_attributes.a",) * 2 + (2, '"a" => 1')]),
    ],
)
def test_what_is_replaced_and_what_the_file_would_say_without(path, text, expected):
    found = list(replaced(path, text.encode()))
    assert [(each.key, each.by, each.by_line, text[each.start : each.end]) for each in found] == expected
    for each in found:
        assert each.without.count(b"\n") == text.count("\n")
        assert each.without[each.start : each.end].decode() == text[each.start : each.end]
        if path.endswith(".json"):
            json.loads(each.without)
