"""What is not known stays where it is, and takes with it only what it could have changed."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind, Problem, Role, Unresolved
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


def test_a_method_that_ruby_does_not_have_raises():
    made = load(Kind.ROLE, b'name "a".nonsense')
    assert isinstance(made, Problem)
    assert made.error_class == "NoMethodError"
