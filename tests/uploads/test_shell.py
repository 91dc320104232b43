"""What /bin/sh makes of names that stand in a command without quotes."""

from __future__ import annotations

import pytest

from forensics.uploads.shell import ShellRefused, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("roles/base.json", ["roles/base.json"]),
        ("base copy", ["base", "copy"]),
        ("  base\t copy ", ["base", "copy"]),
        ("o'brien's", ["obriens"]),
        ("#base#", []),
        ("base #2", ["base"]),
        ("base#2", ["base#2"]),
        ("base[1]", ["base[1]"]),
        ("a~1", ["a~1"]),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize("text", ["base (copy)", "a)", "o'brien", "a;b", "a&b", "a$b", "`a`", "a>b"])
def test_names_that_no_command_survives(text):
    with pytest.raises(ShellRefused):
        words(text)
