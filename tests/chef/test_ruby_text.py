"""How Ruby writes values, and which names its expressions let through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.chef.objects import RepeatedKeys, Unresolved
from forensics.chef.ruby_text import InvalidText, has_name_line, inspect, integer_text, is_alphanumeric, to_s


@given(st.integers())
def test_integers_are_written_in_decimal(number):
    assert integer_text(number) == str(number)


@pytest.mark.parametrize("digits", [4000, 4001, 8000, 12_345])
def test_integers_that_python_does_not_write_are_written(digits):
    assert integer_text(10**digits) == "1" + "0" * digits
    assert integer_text(-(10**digits) - 1) == "-1" + "0" * (digits - 1) + "1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (-5, "-5"),
        (1e15, "1.0e+15"),
        (float("inf"), "Infinity"),
        ('a"b\\', r'"a\"b\\"'),
        ("\a\b\t\n\v\f\r\x1b\0", r'"\a\b\t\n\v\f\r\e\u0000"'),
        ("#{a} #$a #@a # a#", r'"\#{a} \#$a \#@a # a#"'),
        ([1, "a", [None]], '[1, "a", [nil]]'),
        ({"a": 1, "b": {}}, '{"a"=>1, "b"=>{}}'),
    ],
)
def test_values_are_inspected_as_by_ruby_before_3_4(value, text):
    assert inspect(value) == text


@pytest.mark.parametrize("value", ["ä", "\x7f", ["\udcff"], Unresolved("x", 1), {"ä": 1}, RepeatedKeys([("a", 1)])])
def test_what_depends_on_the_ruby_or_its_locale_is_not_guessed(value):
    assert inspect(value) is None


def test_hashes_look_different_from_ruby_3_4_on():
    assert inspect({"a": 1}, chef="19.4.14") is None
    assert inspect([{"a": 1}], chef="19.4.14") is None
    assert inspect(["a"], chef="19.4.14") == '["a"]'


def test_a27_inspection_of_deep_values_ends():
    deep = []
    for _ in range(5000):
        deep = [deep]
    assert inspect(deep) is None


def test_to_s_leaves_text_as_it_is_and_nil_empty():
    assert (to_s("a\nb"), to_s(None), to_s(1.5), to_s(["a"])) == ("a\nb", "", "1.5", '["a"]')


@pytest.mark.parametrize("name", ["a", "a-b_9", "\nok", "no!\nok\nno!", "ä", "東", "٣", "Ⅷ", "ⓐ", "का"])
def test_a_line_of_name_characters_is_enough(name):
    assert has_name_line(name)


@pytest.mark.parametrize("name", ["", "\n", "a b", "a.b", "a!", "²", "a\u0301", "\u200d", "😀", "क्"])
def test_other_names_have_no_such_line(name):
    assert not has_name_line(name)


def test_further_characters_may_be_allowed():
    assert has_name_line("a.b:c", ".:")


def test_broken_text_raises_as_rubys_expressions_do():
    with pytest.raises(InvalidText):
        has_name_line("ok\n\udcff")


@given(st.characters(max_codepoint=0x2FFF, categories=("L", "Nd", "Nl")))
def test_letters_and_digits_are_alphanumeric(character):
    assert is_alphanumeric(character)


@given(
    st.characters(
        categories=("P", "S", "Z", "No", "Cc", "Me"), exclude_characters=tuple(map(chr, range(0x2460, 0x2500)))
    )
)
def test_signs_are_not_alphanumeric(character):
    circled = 0x24B6 <= ord(character) <= 0x24E9 or 0x1F130 <= ord(character) <= 0x1F189
    if not circled:  # circled and squared letters are alphabetic
        assert not is_alphanumeric(character)
