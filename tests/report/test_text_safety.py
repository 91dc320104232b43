"""Text from a repository never moves the cursor, hides or reorders what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inert import obeyed

from forensics.report.text_safety import clean, without_commands

any_text = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("roles/base.json", "roles/base.json"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\r\nb\tc\x00", r"a\x0d\x0ab\x09c\x00"),
        ("\x9b31m", r"\x9b31m"),
        ("\x7f", r"\x7f"),
        ("raw\udcff", r"raw\xff"),
        ("lone\ud800\udfff", r"lone\ud800\udfff"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("ba\u200bse\ufeff", r"ba\u200bse\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ufffe\uffff\ufdd0\U0010ffff", r"\ufffe\uffff\ufdd0\U0010ffff"),
        ("\U000e0041", r"\U000e0041"),
        ("Zoë 漢字 🍣 ñ", "Zoë 漢字 🍣 ñ"),
        ("", ""),
    ],
)
def test_a35_what_is_spelled_out_and_what_is_not(text, shown):
    assert clean(text) == shown


@given(any_text)
def test_a35_nothing_that_is_obeyed_is_left(text):
    cleaned = clean(text)
    assert not obeyed(cleaned)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


@given(any_text, any_text)
def test_cleaning_is_done_character_by_character(one, other):
    assert clean(one + other) == clean(one) + clean(other)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("::stop-commands::x", r"\x3a:stop-commands::x"),
        ("a\n   ::error::b\n", "a\n   \\x3a:error::b\n"),
        ("\x1b[1m\x1b[31m::error::b", "\x1b[1m\x1b[31m\\x3a:error::b"),
        ("see ##[error]a and ##vso[task]b", r"see \x23#[error]a and \x23#vso[task]b"),
        ("recipe[base::x] ## heading\n: ::", "recipe[base::x] ## heading\n: ::"),
    ],
)
def test_a35_no_line_is_a_command_of_a_runner(text, told):
    assert without_commands(text) == told
