"""What people read about a commit survives, whatever bytes it is made of."""

import json

import pytest
from raw_git import commit, history_of, repository_at, tree_of

ROLE = {"roles/base.json": b"{}"}


def details(tmp_path, **fields):
    repository = repository_at(tmp_path / "r.git")
    return history_of(repository, commit(repository, tree_of(repository, ROLE), **fields)).details(0)


def test_author_date_and_message_are_read(tmp_path):
    found = details(tmp_path, who="Zoë <zoe@example.org>".encode(), when=12345, zone="-0330", message=b"\nOne\n\nTwo\n")
    assert (found.author.name, found.author.email) == ("Zoë", "zoe@example.org")
    assert (found.committer.time, found.committer.offset) == (12345, -210)
    assert found.message == "\nOne\n\nTwo\n"
    assert found.subject == "One"


def test_a22_a_declared_encoding_is_used(tmp_path):
    found = details(tmp_path, who=b"Zo\xeb <z@x>", message=b"caf\xe9\n", encoding=b"ISO-8859-1")
    assert (found.author.name, found.message) == ("Zoë", "café\n")


@pytest.mark.parametrize(
    "encoding",
    [
        None,
        b"UTF-8",
        b"no-such",
        b"idna",
        b"punycode",
        b"unicode_escape",
        b"zlib",
        b"rot13",
        b"undefined",
        b"\0",
        b"\xff",
    ],
)
def test_a22_bytes_that_are_no_text_survive(tmp_path, encoding):
    who, message = b"Zo\xeb \x1b[2J <z@x\xff>", b"caf\xe9 \\x41 \xff\n" + b"a" * 5000
    found = details(tmp_path, who=who, message=message, encoding=encoding)
    assert found.message.encode("utf-8", "surrogateescape") == message
    assert found.author.name.encode("utf-8", "surrogateescape") == b"Zo\xeb \x1b[2J"
    assert json.loads(json.dumps(found.message)) == found.message


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("+0000", 0),
        ("-0800", -480),
        ("+0545", 345),
        ("+9999", 6039),
        ("-5", -5),
        ("garbage", 0),
        ("+" + "9" * 5000, 0),
        ("", 0),
    ],
)
def test_a21_zones_are_minutes_east_and_never_an_error(tmp_path, zone, offset):
    assert details(tmp_path, zone=zone).committer.offset == offset


@pytest.mark.parametrize("who", [b"", b"nobody", b"<>", b"a <b", b"a b> <c>", b"<" * 50_000])
def test_strange_signatures_are_read(tmp_path, who):
    assert details(tmp_path, who=who).committer.time in {0, 1_400_000_000}
