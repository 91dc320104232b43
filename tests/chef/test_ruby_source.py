"""Role and environment files in Ruby, against what real Chef made of them."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
import support
from effort import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from forensics.chef import ruby_source
from forensics.chef.objects import Environment, Kind, Problem, RepeatedKeys, Role, Unresolved
from forensics.chef.ruby import evaluation
from forensics.chef.ruby import plain as plain_reader
from forensics.chef.ruby_source import load

VERSIONS = ("11.16.4", "12.22.6", "16.18.43", "18.11.21")


def fields(made):
    return {name: getattr(made, name) for name in type(made).__slots__}


def plain(value, unresolved):
    if isinstance(value, Unresolved):
        unresolved.append(value)
        return None
    if isinstance(value, dict):
        return {key: plain(item, unresolved) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, unresolved) for item in value]
    return value


def same(mine, recorded):
    """Equal with types: 1, 1.0 and true are three values."""
    return json.dumps(mine) == json.dumps(recorded)


def fits(mine, recorded):
    """Whether what is known agrees; Unresolved agrees with anything."""
    if isinstance(mine, Unresolved):
        return True
    if isinstance(mine, dict):
        return (
            isinstance(recorded, dict)
            and list(mine) == list(recorded)
            and all(fits(mine[key], recorded[key]) for key in mine)
        )
    if isinstance(mine, (list, tuple)):
        return isinstance(recorded, list) and len(mine) == len(recorded) and all(map(fits, mine, recorded))
    return same(mine, recorded)


def verdict(made, expected):
    """``exact``, ``unresolved`` or ``wrong``."""
    if "error" in expected:
        error = expected["error"]
        if isinstance(made, Problem):
            return "exact" if (made.error_class, made.stage) == (error["class"], error["stage"]) else "wrong"
        unresolved = []
        plain(fields(made), unresolved)
        return "unresolved" if unresolved else "wrong"
    recorded = expected.get("role") or expected["environment"]
    if isinstance(made, Problem):
        return "wrong"
    unresolved = []
    known = plain(fields(made), unresolved)
    if unresolved:
        return "unresolved" if fits(fields(made), recorded) else "wrong"
    return "exact" if same(known, recorded) else "wrong"


def recorded_files():
    for path in sorted((support.vectors() / "roles").glob("*.jsonl")):
        for line in support.json_lines(path):
            if line.get("format") == "rb" and "expect" in line:
                yield line


def test_no_recorded_file_is_read_wrongly_for_any_version_of_chef():
    wrong = []
    for line in recorded_files():
        kind = Kind.ENVIRONMENT if line.get("kind") == "environment" else Kind.ROLE
        source = base64.b64decode(line["source_b64"])
        for version in VERSIONS:
            made = load(kind, source, path=line["path"], chef=version)
            if verdict(made, line["expect"][version]) == "wrong":
                wrong.append(f"{line['id']} {version}: {source!r} gave {made!r}")
    assert not wrong, "\n".join(wrong)


def test_most_recorded_files_that_chef_accepts_are_known_in_full():
    accepted = exact = 0
    for line in recorded_files():
        expected = line["expect"]["18.11.21"]
        if line.get("impure") or "error" in expected:
            continue
        kind = Kind.ENVIRONMENT if line.get("kind") == "environment" else Kind.ROLE
        made = load(kind, base64.b64decode(line["source_b64"]), path=line["path"])
        accepted += 1
        exact += verdict(made, expected) == "exact"
    assert exact >= 0.85 * accepted


def role_sha256(made):
    unresolved = []
    known = plain(fields(made), unresolved)
    if unresolved:
        return None
    text = json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("repository", "share"),
    [
        ("10xEngineer+chef_repo", 0.97),
        ("att+inception-chef-repo", 0.97),
        ("bloomberg+chef-bcpc", 0.0),  # its few Ruby roles ask the workstation for its name
        ("mguterl+chef-repo", 0.97),
        ("openstack-archive+openstack-chef", 0.97),
        ("openstreetmap+chef", 0.99),
        ("rcbops+chef-cookbooks", 0.97),
        ("samuelsingh+chef-repo", 0.97),
    ],
)
def test_every_role_of_a_public_history_is_what_chef_made_of_it(repository, share):
    pygit2 = pytest.importorskip("pygit2")
    objects = pygit2.Repository(str(support.clone(repository))).odb
    wrong, exact, total = [], 0, 0
    for line in support.json_lines(support.corpus() / "history" / f"{repository}.jsonl"):
        if not line["path"].endswith(".rb"):
            continue
        try:
            data = objects.read(line["blob"])[1]
        except KeyError:
            continue
        total += 1
        made = load(Kind.ROLE, data, path=line["path"])
        if isinstance(made, Problem):
            right = not line["ok"] and made.error_class == line["error_class"]
        else:
            digest = role_sha256(made)
            if digest is None:
                continue
            right = line["ok"] and digest == line["role_sha256"] and made.name == line["name"]
        exact += right
        if not right:
            wrong.append(f"{line['path']} {line['blob']}: {made!r}")
    if not total:
        pytest.skip("none of these blobs is in the clone")
    assert not wrong, "\n".join(wrong)
    assert exact >= share * total


def test_a03_what_lies_outside_the_file_is_unresolved_with_its_line_and_nothing_runs(tmp_path):
    proof = tmp_path / "ran"
    source = f"""name "a"
system("touch {proof}")
`touch {proof}`
description ENV["HOME"]
default_attributes "file" => File.read("/etc/passwd"), "known" => 1, "host" => `hostname`.chomp
run_list "recipe[x]" if ENV["CI"]
"""
    made = load(Kind.ROLE, source.encode(), path="a.rb")
    assert not proof.exists()
    assert made == Role(
        "a",
        Unresolved('ENV["HOME"]', 4),
        Unresolved('run_list "recipe[x]" if ENV["CI"]', 6),
        {},
        {
            "file": Unresolved('File.read("/etc/passwd")', 5),
            "known": 1,
            "host": Unresolved("`hostname`.chomp", 5),
        },
        {},
    )


@pytest.mark.parametrize("text", ['name "a"\nrequire "my_helpers"\n', 'require "my_helpers"\nname "a"\n'])
def test_a03_a_library_that_is_not_ruby_s_own_leaves_the_name_certain_and_nothing_else(text):
    made = load(Kind.ROLE, (text + "run_list HELPED\n").encode())
    assert made.name == "a", "what is required runs outside of the role, and cannot name it"
    assert all(isinstance(getattr(made, field), Unresolved) for field in ("run_list", "default_attributes"))


@pytest.mark.parametrize("call", ["instance_eval(IO.read('x'))", "from_file 'x'", "eval IO.read('x')", "load 'x'"])
def test_a03_what_runs_within_the_role_may_name_it_anew(call):
    assert isinstance(load(Kind.ROLE, f'name "a"\n{call}\n'.encode()).name, Unresolved)


DEEP = 20_000


@pytest.mark.parametrize(
    "source",
    [
        b'default_attributes "a" => ' + b"[" * DEEP + b"]" * DEEP,
        b"default_attributes(" + b'"a" => {' * DEEP + b"}" * DEEP + b")",
        b"name " + b"(" * DEEP + b'"a"' + b")" * DEEP,
        b"if true\n" * DEEP + b'name "a"\n' + b"end\n" * DEEP,
        b"[" * DEEP,
    ],
    ids=["arrays", "hashes", "parentheses", "conditions", "unclosed"],
)
def test_a27_a_file_nested_deep_is_a_problem_at_once(source):
    with cpu_seconds(5):
        made = load(Kind.ROLE, source)
    assert isinstance(made, Problem)
    assert made.error_class == "SyntaxError"


@pytest.mark.parametrize(
    "source",
    [
        "loop { }",
        "while true do end",
        "1000.times { 1000.times { 1000.times { } } }",
        "1000000000.times { |i| run_list << i.to_s }",
        'x = "a"\n1000.times { x << x }\ndescription x',
        'default_attributes "a" => "a" * 10**10',
        'default_attributes "a" => 10**10**10',
        'default_attributes "a" => (1..10**10).to_a',
        'description "%1000000000d" % 1',
        "def f; f; end\nf",
        "def f(n) n < 2 ? n : f(n-1) + f(n-2) end\ndefault_attributes 'a' => f(30)",
        'description(("a" * 3000).gsub(/a*a*a*a*a*b/, ""))',
        'description "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" =~ /(a+)+$/ ? "x" : "y"',
        'a = []\na << a\ndefault_attributes "a" => a.flatten',
        'default_attributes "a" => ' + "9" * 100_000,
        "x = " + "!" * DEEP + "1",
        'x = "a"' + ".upcase" * DEEP,
        "x = " + "1 + " * DEEP + "1",
    ],
)
def test_a27_a_bomb_is_given_up_soon(source):
    with cpu_seconds(10):
        made = load(Kind.ROLE, source.encode())
    found = []
    assert isinstance(made, Problem) or plain(fields(made), found) is None or found


@pytest.mark.parametrize(
    "source",
    [
        'a = [1]\n40.times { a = [a, a] }\ndefault_attributes "a" => a',
        "a = [1]\nb = [1]\n40.times { a = [a, a]\nb = [b, b] }\nc = a == b",
        "a = {1 => 2}\n40.times { a = {1 => a, 2 => a} }\ndefault_attributes[1] = a",
        "a = (1..150000).to_a\n100000.times { a - a }",
        "a = (1..150000).to_a\n100000.times { ENV['X'].store(a) }",
        "a = [1] * 150000\n100000.times { b = [*a] }",
        'a = "x" * 190000\n100000.times { a.include?("y") }',
        "x = 7 ** 20000\n100000.times { x.to_s }",
        "[1].each { " * 60 + "x = 1" + " }" * 60,
    ],
)
def test_a27_what_values_share_is_counted_as_often_as_it_is_met(source):
    made = load(Kind.ROLE, source.encode())
    found = []
    plain(fields(made), found)
    assert found


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[*", "]"), ("{1 => ", "}"), ('"#{', '}"'), ("Array(", ")"), ("[1].each { ", "}"), ("if true\n", "\nend")],
)
def test_nesting_beyond_what_is_followed_is_no_defect_and_leaves_the_file_unresolved(opening, closing):
    unresolved = {
        depth
        for depth in range(80, 190, 4)
        if isinstance(load(Kind.ROLE, f'name "a"\nx = {opening * depth}1{closing * depth}\n'.encode()).name, Unresolved)
    }
    assert unresolved
    assert unresolved == set(range(min(unresolved), 190, 4))


def test_a_recursion_without_end_is_a_defect_like_any_other(monkeypatch):
    def endless(*_):
        return endless()

    monkeypatch.setattr(evaluation, "check_syntax", endless)
    with pytest.raises(RecursionError):
        load(Kind.ROLE, b'name "a".to_s\n')
    monkeypatch.setattr(ruby_source, "DEFECTS_ESCAPE", False)
    assert load(Kind.ROLE, b'name "a".to_s\n').name == Unresolved('name "a".to_s', 1)


def test_arrays_nest_as_deep_as_the_encoder_lets_them():
    deepest = load(Kind.ROLE, b'default_attributes "a" => ' + b"[" * 125 + b"]" * 125)
    assert isinstance(deepest, Role)
    deeper = load(Kind.ROLE, b'default_attributes "a" => ' + b"[" * 126 + b"]" * 126)
    assert (deeper.kind, deeper.stage) == ("encode", "encode")


def test_a_file_without_a_name_has_an_empty_one():
    assert load(Kind.ROLE, b"run_list 'a'\n").name == ""
    assert load(Kind.ENVIRONMENT, b"") == Environment("", "", {}, {}, {})


def test_a_lone_carriage_return_is_a_blank_where_it_stands_among_blanks():
    made = load(Kind.ROLE, b'name "c"\nrun_list "recipe[x]"\n\r\r\n')
    assert (made.name, made.run_list) == ("c", ("recipe[x]",))
    assert load(Kind.ROLE, b'name "c"\ndescription <<E\na\n\r\r\nE\n').description == "a\n\r\n"
    assert isinstance(load(Kind.ROLE, b'name\r"c"\n').name, Unresolved)


def test_a_key_as_symbol_and_as_string_is_sent_twice():
    made = load(Kind.ROLE, b'name "a"\ndefault_attributes :a => 1, "b" => 2, "a" => 3\n')
    assert isinstance(made.default_attributes, RepeatedKeys)
    assert made.default_attributes == {"a": 3, "b": 2}
    assert made.default_attributes.pairs == (("a", 1), ("b", 2), ("a", 3))


def test_a_key_repeated_in_one_spelling_keeps_its_last_place():
    made = load(Kind.ROLE, b'name "a"\ndefault_attributes "a" => 1, "b" => 2, "a" => 3\n')
    assert list(made.default_attributes.items()) == [("b", 2), ("a", 3)]


@pytest.mark.parametrize(
    ("source", "kind", "error_class", "line"),
    [
        (b'name "a"\nrun_list(\n  "a"\n  "b"\n)\n', "ruby-syntax", "SyntaxError", 4),
        (b'name "a"\nnode["x"]\n', "ruby-error", "NameError", 2),
        (b'name "a"\n\nrunlist "x"\n', "ruby-error", "NoMethodError", 3),
        (b'name "a"\nrun_list "recipe[a"\n', "ruby-error", "ArgumentError", 2),
        (b'name "a b"\n', "ruby-error", "Chef::Exceptions::ValidationFailed", 1),
    ],
)
def test_a_refusal_names_its_class_and_line(source, kind, error_class, line):
    made = load(Kind.ROLE, source)
    assert (made.kind, made.error_class, made.line) == (kind, error_class, line)


def test_what_a_file_raises_cannot_write_to_a_terminal():
    made = load(Kind.ROLE, b'raise "\\e[31mred\\u202e" * 100')
    assert made.error_class == "RuntimeError"
    assert made.message.isprintable()
    assert len(made.message) <= 200


def test_other_objects_have_no_ruby_form():
    with pytest.raises(ValueError, match="no Ruby form"):
        load(Kind.NODE, b"name 'a'")


def test_the_same_text_reads_the_same_whatever_was_read_before():
    source = b'name "a"\ndefault_attributes(\n  "a" => { "b" => [1] },\n  "c" => 2\n)\n'
    first = load(Kind.ROLE, source)
    changing = source + b'default_attributes["a"]["b"] << 2\ndefault_attributes["d"] = 3\n'
    assert load(Kind.ROLE, changing).default_attributes == {"a": {"b": [1, 2]}, "c": 2, "d": 3}
    assert load(Kind.ROLE, source) == first
    assert first.default_attributes == {"a": {"b": [1]}, "c": 2}


def test_a_defect_of_the_reader_makes_a_file_unresolved_and_fails_a_test(monkeypatch):
    def stumble(*_):
        raise AttributeError

    monkeypatch.setattr(plain_reader, "read", stumble)
    with pytest.raises(AttributeError):
        load(Kind.ROLE, b'name "a"\nrun_list "b"\n')
    monkeypatch.setattr(ruby_source, "DEFECTS_ESCAPE", False)
    assert load(Kind.ROLE, b'name "a"\nrun_list "b"\n').name == Unresolved('name "a"', 1)


WORDS = """
    name "a" run_list default_attributes "x" :y => { } [ ] ( ) , do end if |x| x = 1 + #{ " ' %w( \\ & . each merge ENV
    while x+=1 é def f -> * ** ! ? ; @a $a case in rescue begin raise return map {|a,b|a} /x/ << .. :: # __END__
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", " ", "\n", " ", "\r", "\x00", "\u00a0", "=begin\n", "<<~E\n a\nE\n"])


@examples(200)
@given(st.lists(PIECES, max_size=25))
def test_whatever_a_file_holds_no_exception_escapes(pieces):
    data = "".join(pieces).encode()
    for kind in (Kind.ROLE, Kind.ENVIRONMENT):
        assert isinstance(load(kind, data), (Role, Environment, Problem))


@examples(100)
@given(st.binary(max_size=60))
def test_whatever_the_bytes_are_no_exception_escapes(data):
    assert isinstance(load(Kind.ROLE, data), (Role, Problem))
    assert isinstance(load(Kind.ROLE, b'name "' + data + b'"\n'), (Role, Problem))


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ('case "a"\nwhen "a", node["x"]\n default_attributes "k" => 1\nend', {"k": 1}),
        ("case 'a'; when 'a', raise('x'); default_attributes 'k' => 1; end", {"k": 1}),
        ('default_attributes "k" => %w[.5 1 -.5e1x].map(&:to_f)', {"k": [0.5, 1.0, -5.0]}),
        ("b = []\n[1, 2].each { |x| b << x }\ndefault_attributes 'k' => b", {"k": [1, 2]}),
    ],
)
def test_what_ruby_passes_over_is_passed_over(text, attributes):
    assert load(Kind.ROLE, f'name "t"\n{text}\n'.encode()).default_attributes == attributes


@pytest.mark.parametrize(
    "text",
    [
        "a = [1, 2]; b = a.map { |x| a << 9 if a.size < 4; x }",
        "b = []; h = {'a' => 1, 'b' => 2}; h.each { |k, v| h['b'] = 5; b << v }",
        "b = {'a' => 1}; b.each { b['b'] = 2; break }",
        "b = []; h = {'a' => 1, 'b' => 2}; h.each { |k, v| h.delete('b'); b << k }",
    ],
)
def test_a_block_that_changes_what_is_walked_leaves_the_result_open(text):
    found = load(Kind.ROLE, f'name "t"\n{text}\ndefault_attributes "k" => b\n'.encode())
    assert isinstance(found, Role)
    assert isinstance(found.default_attributes, Unresolved) or isinstance(found.default_attributes["k"], Unresolved)


@pytest.mark.parametrize("call", ["Kernel.require './x'", "::Kernel.require 'x'", "Bundler.require", "Kernel.load 'x'"])
def test_after_code_that_a_receiver_brings_in_nothing_is_certainly_missing(call):
    found = load(Kind.ROLE, f'name "t"\n{call}\nFoo.x\n'.encode())
    assert isinstance(found, Role)
    assert isinstance(found.run_list, Unresolved)


def test_a_carriage_return_at_the_end_of_a_line_is_a_blank():
    found = load(Kind.ROLE, b'name "c"\r\r\nrun_list("recipe[x]")\r\r\n')
    assert (found.name, found.run_list) == ("c", ("recipe[x]",))
    assert isinstance(load(Kind.ROLE, b'name "c" \\\r\r\n').name, Unresolved)


@pytest.mark.parametrize("text", ["total = 8\nhalf = total /2", "x = 8\ny = x ?1:2", "n = 4\nputs(n /2)"])
def test_what_is_an_operator_behind_a_variable_alone_is_no_syntax_error(text):
    assert isinstance(load(Kind.ROLE, f'name "t"\n{text}\n'.encode()), Role)


def test_a_nul_separates_no_words():
    found = load(Kind.ROLE, b'name "t"\ndefault_attributes "k" => "a\\0b c".split\n')
    assert found.default_attributes == {"k": ["a\0b", "c"]}
