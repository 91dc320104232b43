"""What is not known stays where it is, and takes with it only what it could have changed."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind, Problem, Role, Unresolved
from forensics.chef.ruby.names import FUNCTIONS, HARMLESS_FUNCTIONS, NIL_METHODS, VALUE_METHODS
from forensics.chef.ruby_source import load


def role(source):
    made = load(Kind.ROLE, f'name "a"\n{source}\n'.encode(), path="roles/a.rb")
    assert isinstance(made, Role)
    return made


def test_one_unknown_value_leaves_the_others_known():
    made = role('default_attributes "a" => { "b" => ENV["X"], "c" => 1 }')
    assert made.default_attributes == {"a": {"b": Unresolved('ENV["X"]', 2), "c": 1}}
    assert made.name == "a"


def test_text_with_something_unknown_in_it_is_unknown_as_a_whole():
    assert role('description "on #{Socket.gethostname}!"').description == Unresolved('"on #{Socket.gethostname}!"', 2)


def test_a_run_list_with_something_unknown_in_it_is_unknown():
    assert role('run_list "a", "b-#{ENV["X"]}"').run_list == Unresolved('run_list "a", "b-#{ENV["X"]}"', 2)


def test_a_condition_that_is_not_known_takes_what_either_branch_sets():
    made = role('x = 1\ny = 2\nif ENV["X"]\n  x = 5\nend\ndefault_attributes "x" => x, "y" => y')
    assert isinstance(made.default_attributes["x"], Unresolved)
    assert made.default_attributes["y"] == 2


def test_a_loop_over_something_unknown_takes_what_its_block_changes():
    made = role('h = {}\nk = [1]\nENV["X"].split.each { |x| h[x] = 1 }\ndefault_attributes "h" => h, "k" => k')
    assert isinstance(made.default_attributes["h"], Unresolved)
    assert made.default_attributes["k"] == [1]


def test_an_unknown_key_makes_its_hash_unknown():
    made = role('default_attributes "a" => { ENV["X"] => 1 }, "b" => 2')
    assert isinstance(made.default_attributes["a"], Unresolved)
    assert made.default_attributes["b"] == 2


def test_an_unknown_default_still_gives_known_neighbours():
    made = role('x = ENV["X"] || "d"\ndefault_attributes "x" => x\noverride_attributes "y" => "#{1 + 1}"')
    assert made.default_attributes == {"x": Unresolved('ENV["X"] || "d"', 2)}
    assert made.override_attributes == {"y": "2"}


@pytest.mark.parametrize(
    "source",
    [
        'eval(ENV["X"])',
        'instance_variable_set(ENV["X"], 1)',
        'send(ENV["X"], 1)',
        'return if ENV["X"]',
        'require_relative "helper"',
        'load "other.rb"',
        'from_file "other.rb"',
        'ENV["X"].each { |x| eval x }',
        "def method_missing(*) end",
        "undef name",
    ],
)
def test_code_that_could_change_anything_leaves_nothing_known(source):
    made = role(f"{source}\nrun_list 'x'")
    assert isinstance(made.name, Unresolved)
    assert isinstance(made.run_list, Unresolved)


def test_a_rescue_around_something_unknown_may_have_run():
    made = role('begin\n  x = File.read("y")\nrescue\n  description "none"\nend\nrun_list "z"')
    assert isinstance(made.description, Unresolved)
    assert made.run_list == ("recipe[z]",)


def test_the_name_of_the_file_itself_is_known():
    made = load(Kind.ROLE, b'name File.basename(__FILE__, ".rb")', path="roles/web.rb")
    assert made.name == "web"


def test_an_unknown_name_stays_unknown():
    assert load(Kind.ROLE, b'name ENV["ROLE"]\nrun_list "x"').name == Unresolved('ENV["ROLE"]', 1)


def test_a_method_that_is_not_modelled_is_no_reason_to_guess():
    made = role('x = "abc".unpack("C*")\ndefault_attributes "x" => x, "y" => 1')
    assert made.default_attributes == {"x": Unresolved('"abc".unpack("C*")', 2), "y": 1}


def test_a_call_whose_arguments_are_not_modelled_might_have_raised():
    made = role('"abc".unpack("C*")')
    assert isinstance(made.name, Unresolved)


def test_after_what_might_have_raised_no_refusal_is_certain():
    made = role('"abc".unpack("C*")\nnil.nonsense')
    assert made.name == Unresolved('"abc".unpack("C*")', 2)


def test_a_method_that_ruby_does_not_have_raises():
    made = load(Kind.ROLE, b'name "a".nonsense')
    assert isinstance(made, Problem)
    assert made.error_class == "NoMethodError"


RECEIVERS = ('"a"', ":a", "1", "[1]", '{ "a" => 1 }', "(1..2)", "run_list", "/a/")


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_a_method_that_some_value_has_is_never_taken_for_one_that_is_missing(receiver):
    for name in sorted(name for name in VALUE_METHODS if name[0].isalpha() and not name.endswith("=")):
        made = load(Kind.ROLE, f'name "a"\nx = {receiver}\nx.{name}\nx.{name}(1) {{ |y| y }}\n'.encode())
        assert not isinstance(made, Problem) or made.error_class not in {"NoMethodError", "NameError"}, name


def test_what_nil_has_is_not_missing():
    for name in sorted(name for name in NIL_METHODS if name.isidentifier()):
        made = load(Kind.ROLE, f'name "a"\nx = nil\ny = x.{name}\n'.encode())
        assert not isinstance(made, Problem) or made.error_class != "NoMethodError", name


def test_a_function_that_a_role_has_is_not_missing():
    for name in sorted(name for name in FUNCTIONS | HARMLESS_FUNCTIONS if name.isidentifier()):
        for call in (f"{name} 1", f"{name}(:a) {{ 1 }}", f"self.{name}"):
            made = load(Kind.ROLE, f'name "a"\n{call}\n'.encode())
            assert not isinstance(made, Problem) or made.error_class != "NoMethodError", call


@pytest.mark.parametrize(
    "source",
    [
        "h = { 1 => 2 }\nf = lambda { h = {} }\nh = { 3 => 4 }\nf.call",
        "h = { 1 => 2 }\nf = -> { h[5] = 6 }\nh = { 3 => 4 }\nf.call",
        "h = {}\nx = [h, ENV['X']].compact\nx[0]['a'] = 1",
        "h = {}\nx = ENV.fetch('X', h)\nx['a'] = 1",
        "h = {}\nx = ENV['X']\nx << h\nx[0]['a'] = 1",
        "h = {}\nx = ENV['X'] ? h : nil\nx['a'] = 1",
        "h = {}\nx = { 'a' => h }.fetch('a') { 1 }\nx['b'] = 1",
        "h = {}\nx = [h].rotate\nx[0]['b'] = 1",
        "h = {}\nx = Hash.new { |_, key| h }\nx[1]['b'] = 1",
        "h = {}\nfor x in ENV['X'].split do h[x] = 1 end",
        "h = {}\nwhile h.empty? do h['x'] = 1 end",
        "h = {}\nbegin\n  h['x'] = 1\nrescue\nend",
        "h = {}\n[h].each { |x| x[ENV['X']] = 1 }",
        "h = [1]\nh.map! { |x| x + 1 }",
        "h = 'a'\nh.upcase!",
        "h = 'a'\nx = h.to_s\nx.tr!('a', 'b')",
        "h = {}\nx = {h:}\nx[:h]['a'] = 1",
        "h = default_attributes\nh.deep_merge!('a' => 1)",
        "h = {}\nx = { ENV['X'] => 1, 'b' => h }\nx['b']['a'] = 1",
        "h = {}\nx = { ENV['X'] => h }\nx['b']['a'] = 1",
        "h = [].map",
        "h = [].inject(:+)",
        "h = '%s %s' % 'a'",
        "h = self == 1",
    ],
)
def test_what_code_that_is_not_evaluated_could_have_changed_is_unknown(source):
    made = load(Kind.ROLE, f'name "a"\n{source}\noverride_attributes "h" => h\n'.encode())
    assert isinstance(made, Role)
    unknown = made.override_attributes
    assert isinstance(unknown if isinstance(unknown, Unresolved) else unknown["h"], Unresolved)


def test_a_block_that_is_kept_may_set_a_field_at_any_time():
    made = load(Kind.ROLE, b'name "a"\nf = lambda { run_list "x" }\nrun_list "y"\nf.call\n')
    assert isinstance(made.run_list, Unresolved)
    assert made.name == "a"


def test_parameters_of_a_block_are_no_calls_of_the_dsl():
    made = role('ENV["X"].split.each { |description| run_list << description }')
    assert isinstance(made.run_list, Unresolved)
    assert made.description == ""


@pytest.mark.parametrize(
    ("source", "error_class"),
    [
        ('x = nil\nx["a"]', "NoMethodError"),
        ("x = nil\nx.each { |y| y }", "NoMethodError"),
        ('"a" + 1', "TypeError"),
        ("[1] + nil", "TypeError"),
        ('1 + "a"', "TypeError"),
        ("1 / 0", "ZeroDivisionError"),
        ('{ "a" => 1 }.fetch("b")', "KeyError"),
        ('"a".freeze << "b"', "FrozenError"),
        ("raise ArgumentError, 'x'", "ArgumentError"),
        ("exit 2", "SystemExit(2)"),
        ("Missing::Constant", "NameError"),
        ("a = missing", "NameError"),
    ],
)
def test_what_is_certain_to_be_refused_is(source, error_class):
    made = load(Kind.ROLE, f'name "a"\n{source}\n'.encode())
    assert isinstance(made, Problem)
    assert (made.error_class, made.line) == (error_class, 2 + source.count("\n"))


@pytest.mark.parametrize(
    "source",
    [
        'require File.expand_path("../settings", __FILE__)',
        'require File.dirname(__FILE__) + "/../settings"',
        'Dir["lib/*.rb"].each { |file| require file }',
        'require "#{ENV["LIB"]}/settings"',
    ],
)
def test_after_code_that_cannot_be_followed_no_name_is_certain_to_be_missing(source):
    made = role(f'{source}\ndescription Settings[:text]\nhelper "x"\nrun_list entries, "b".helped\nother = word')
    assert made.name == "a"
    assert made.description == Unresolved(source, 2)
    assert isinstance(made.run_list, Unresolved)
    assert isinstance(made.default_attributes, Unresolved)


def test_a_library_that_knife_has_changes_nothing_even_if_it_is_loaded_on_a_condition():
    made = role('begin\n  require "json"\nrescue LoadError\nend\nrequire("uri") if ENV["X"]\nrun_list "b"')
    assert made.run_list == ("recipe[b]",)
