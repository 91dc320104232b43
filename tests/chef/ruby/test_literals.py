"""Literals one by one."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.ruby.text import float_text
from forensics.chef.ruby_source import load


def value_of(expression):
    made = load(Kind.ROLE, b'name "a"\ndefault_attributes "v" => ' + expression.encode() + b"\n")
    assert not isinstance(made, Problem), made
    return made.default_attributes["v"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r'"\a\b\e\f\n\r\s\t\v\0"', "\a\b\x1b\f\n\r \t\v\0"),
        (r'"\101\x41\u0041\u{41 42}"', "AAAAB"),
        (r'"\C-a\M-a\M-\C-a"', "\x01\udce1\udc81"),
        (r"'a\'b\\c\n'", "a'b\\c\\n"),
        ("%q(a(b)c)", "a(b)c"),
        ("%Q[a#{1 + 1}b]", "a2b"),
        ("%w(a\\ b c)", ["a b", "c"]),
        ("%W(a#{1}\\tb c)", ["a1\tb", "c"]),
        ("%i(a b)", ["a", "b"]),
        (":'a b'", "a b"),
        ('"a" \'b\' "c"', "abc"),
        ("?a", "a"),
        ("<<~E\n    a\n      b\n    #{1}\n  E", "a\n  b\n1\n"),
        ("<<~'E'\n  a\\n\n\n   #{b}\nE", "a\\n\n\n #{b}\n"),
        ("<<-E.strip\n  a\n  E", "a"),
    ],
)
def test_text(written, text):
    if isinstance(text, str) and "\udc81" in text:
        made = load(Kind.ROLE, b'name "a"\ndescription ' + written.encode() + b"\n")
        assert made.kind == "encode"
    else:
        assert value_of(written) == text


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1_000", 1000), ("0x1F", 31), ("0b101", 5), ("0o17", 15), ("017", 15), ("0d10", 10), ("1e3", 1000.0),
        ("1_0.5_0", 10.5), ("-0.0", -0.0), ("10**30", 10**30), ("-2 ** 2", -4), ("-5 .abs", 5), ("7 / 2", 3),
        ("-7 / 2", -4), ("-7 % 3", 2), ("2**0.5", 2**0.5),
    ],
)  # fmt: skip
def test_numbers(written, number):
    assert repr(value_of(written)) == repr(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e15, "1.0e+15"), (1234567890123456.5, "1234567890123456.5"), (1e-4, "0.0001"), (1e-5, "1.0e-05"),
        (100.0, "100.0"), (1e100, "1.0e+100"), (5e-324, "5.0e-324"), (-0.0, "-0.0"),
        (123456789012345.0, "123456789012345.0"), (9007199254740993.0, "9.007199254740992e+15"),
        (float("inf"), "Infinity"),
    ],
)  # fmt: skip
def test_floats_are_written_as_ruby_does(number, text):
    assert float_text(number) == text


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b'\xef\xbb\xbfname "a"', "a"),
        (b'name "a"\r\n__END__\r\nname "b"\r\n', "a"),
        (b'name "a"\n\x00name "b"\n', "a"),
        (b'name "a"\n\x1aname "b"\n', "a"),
        (b'name "a" # \x04\nname "b"\n', "b"),
        (b'=begin\nname "x"\n=end\nname "a"\n', "a"),
        (b'# \xfc\nname "a"\n', "a"),
        (b'# encoding: iso-8859-1\nname "a"\n# \xfc\n', "a"),
        (b'# encoding: "utf-8"\nname "a"\n', "a"),
        (b'# encoding: utf-8, as ever\nname "a"\n', "a"),
        (b'# encoding: UTF8-MAC\nname "a"\n', "a"),
        (b'# encoding: ANSI_X3.4-1968\nname "a"\n', "a"),
    ],
)
def test_where_a_file_begins_and_ends(source, name):
    assert load(Kind.ROLE, source).name == name


@pytest.mark.parametrize(
    ("source", "error_class"),
    [
        (b'name "\xfc"\n', "SyntaxError"),
        (b'# encoding: bogus\nname "a"\n', "ArgumentError"),
        (b'# encoding: utf-8.\nname "a"\n', "ArgumentError"),
        (b'# encoding: "utf-8\nname "a"\n', "ArgumentError"),
        (b'# encoding: ansi_x3.4-1968\nname "\xfc"\n', "SyntaxError"),
        (b'# encoding: us-ascii\nname "\xc3\xbc"\n', "SyntaxError"),
        (b'# encoding: iso-8859-1\nname "a"\ndescription "\xfc"\n', "Chef::Exceptions::JSON::EncodeError"),
        ("name\u00a0 'a'\n".encode(), "NoMethodError"),
        ("name “a”\n".encode(), "NameError"),
    ],
)
def test_bytes_that_ruby_refuses(source, error_class):
    assert load(Kind.ROLE, source).error_class == error_class


@pytest.mark.parametrize(
    "source",
    [
        b'# encoding: Shift_JIS\nname "a"\ndescription "\xfa"\n',
        b'# encoding: Windows-31J\nname "a"\ndescription "\xfd"\n',
        b'# encoding: MacJapanese\nname "a"\ndescription "\xcc\x9e"\n',
        b'# encoding: Big5-HKSCS\nname "a"\ndescription "\x9d\xcb"\n',
        b'# -*- coding: utf-8. -*-\nname "a"\n',
    ],
)
def test_bytes_and_names_of_encodings_that_are_not_known_to_be_well_leave_everything_unresolved(source):
    assert isinstance(load(Kind.ROLE, source).name, Unresolved)
