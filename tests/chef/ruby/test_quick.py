"""The reader without a parser must say what the whole reader says, or nothing."""

from __future__ import annotations

import base64

import pygit2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import clones, corpus, json_lines, vectors

from forensics.chef import ruby_source
from forensics.chef.objects import Kind, Role
from forensics.chef.ruby import quick
from forensics.uploads.loading import load_for_from_file, load_for_upload, plain_role, plain_upload

ROLE = b"""# Cookbook roles
name "web"
description "The front"

run_list(
  "recipe[nginx]",
  "role[base]",
  "ntp"
)

default_attributes(
  :nginx => {
    "workers" => 4 * 2,
    :listen => [80, 443], # both
    :user => :www
  },
  :ratio => 1.5,
  :names => %w[a b],
  :on => true
)
"""


def agrees(data: bytes) -> bool:
    """Whether the quick reader accepts the bytes; if so, the whole reader says the same to the letter."""
    read = quick.read_role(data)
    if read is not None:
        assert repr(read) == repr(ruby_source.load(Kind.ROLE, data)), data
    return read is not None


def test_a_plain_role_is_read():
    assert quick.read_role(ROLE) == Role(
        name="web",
        description="The front",
        run_list=("recipe[nginx]", "role[base]", "recipe[ntp]"),
        env_run_lists={},
        default_attributes={
            "nginx": {"workers": 8, "listen": [80, 443], "user": "www"},
            "ratio": 1.5,
            "names": ["a", "b"],
            "on": True,
        },
        override_attributes={},
    )
    assert agrees(ROLE)


def test_a_later_call_replaces_an_earlier_one():
    assert quick.read_role(b'name "a"\nname "b"\nrun_list "x"\nrun_list "y", "y"\n').run_list == ("recipe[y]",)


def test_a_key_repeated_in_one_spelling_keeps_its_last_place_and_value():
    read = quick.read_role(b'name "a"\ndefault_attributes(\n  :b => 1,\n  :c => 2,\n  :b => {\n    :d => "e"\n  }\n)\n')
    assert list(read.default_attributes.items()) == [("c", 2), ("b", {"d": "e"})]


@pytest.mark.parametrize("comment", [b"# coding: utf-8", b"# -*- coding: utf-8 -*-", b"# encoding: utf-8"])
def test_a_comment_may_say_that_a_file_is_utf_8(comment):
    source = comment + b'\n\nname "a"\ndescription "\xc3\xa9"\n'
    assert quick.read_role(source).description == "\u00e9"
    assert agrees(source)


def test_escapes_that_stand_for_one_character_are_read():
    source = rb"""name "a"
description "b\t\"c\"\n\\\!"
default_attributes("block/cciss\!c0d0" => "d\!")
"""
    assert quick.read_role(source).description == 'b\t"c"\n\\!'
    assert quick.read_role(source).default_attributes == {"block/cciss!c0d0": "d!"}
    assert agrees(source)


@pytest.mark.parametrize(
    "source",
    [
        b'description "no name"\n',
        b'name "a"\nENV["X"]\n',
        b'name "a"\nrun_list ENV["X"]\n',
        b'name "a#{1}"\n',
        b'name "a" "b"\n',
        b'name "a.b"\n',
        b'name "a"\ndefault_attributes("a" => 1, :a => 2)\n',
        b'name "a"\ndefault_attributes("a" => 1\n  , "b" => 2)\n',
        b'name "a"\ndefault_attributes { "a" => 1 }\n',
        b'name "a"\ndefault_attributes ("a" => 1)\n',
        b'name "a"\ndefault_attributes("a" => 010)\n',
        b'name "a"\ndefault_attributes("a": 1)\n',
        b'name "a"\nrun_list []\n',
        b'name "a"\nrun_list :b\n',
        b"name :a\n",
        b'name "a"\ndescription :"b"\n',
        b'name "a"\nrun_list "Recipe[x]"\n',
        b'name "a"\nrun_list "a",\n',
        b'name "a"\nrun_list "a"\n"b"\n',
        b'name "a"\n.upcase\n',
        b'name "a" if true\n',
        b'name "a"\n=begin\n=end\n',
        b'name "a"\n__END__\n',
        b'name "a"\n\x00\n',
        b'# encoding: iso-8859-1\nname "a"\n',
        b'# coding: utf-8\n# coding: iso-8859-1\nname "a"\n',
        b'# coding: utf-8 or so\nname "a"\n',
        b'name "a"\ndefault_attributes(\n  :b => 1,\n  "b" => 2\n)\n',
        b'# ENCODING: bogus\nname "a"\n',
        b'name "a"\ndefault_attributes(\n  :b => 1;\n)\n',
        b'name "a"\ndefault_attributes(\n  :b => 1,;\n  :c => 2\n)\n',
        b'\xef\xbb\xbfname "a"\n',
        b'name "a"\r\n',
        b'name "\xff"\n',
        b'x = 1\nname "a"\n',
        b"",
    ],
)
def test_what_has_more_than_one_reading_is_left_to_the_parser(source):
    assert quick.read_role(source) is None


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(quick, "_MOST_REMEMBERED", 3)
    for number in range(20):
        data = b'name "n%d"\ndefault_attributes(\n  :a => %d\n)\n' % (number, number)
        assert quick.read_role(data).default_attributes == {"a": number}
        assert len(quick._remembered) <= 3
        assert len(quick._entry_of) <= 3


WORDS = st.sampled_from(
    ["a", "b", "base", "x-1", "recipe[a]", "role[b]", "recipe[a::b]", "a#b", "", "\u00e9", "two\nlines"]
)
QUOTED = st.one_of(WORDS.map(lambda w: f'"{w}"'), WORDS.map(lambda w: f"'{w}'"))
SPACE = st.sampled_from(["", " ", "  ", "\n", "\n  ", " # why\n  "])
LEAVES = st.one_of(
    QUOTED,
    st.integers(-9, 10**12).map(str),
    st.sampled_from(
        ["true", "false", "nil", ":sym", ':"odd sym"', "%w[a b]", "%w(c)", "1.5", "4 * 1024", "9 / 2", "'it''s'"]
    ),
)


@st.composite
def values(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(LEAVES)
    space = draw(SPACE)
    if draw(st.booleans()):
        inner = draw(st.lists(values(depth - 1), max_size=3))
        return "[" + space + ("," + space).join(inner) + draw(st.sampled_from(["", ",", space])) + "]"
    return "{" + space + draw(pairs(depth - 1, space)) + space + "}"


@st.composite
def pairs(draw, depth, space):
    keys = draw(st.lists(st.sampled_from(["a", "b", "c", "d_e"]), max_size=3, unique=draw(st.integers(0, 9)) > 0))
    spelled = [
        draw(st.sampled_from([":{} =>", '"{}" =>', "{}:", ":{}=>", '"{}":', "'{}' =>"])).format(key) for key in keys
    ]
    return ("," + (space or " ")).join(f"{key} {draw(values(depth))}" for key in spelled)


@st.composite
def sources(draw):
    lines = [f"name {draw(QUOTED)}"]
    for _ in range(draw(st.integers(0, 4))):
        method = draw(st.sampled_from(["description", "run_list", "default_attributes", "override_attributes", "name"]))
        if method.endswith("attributes"):
            body = draw(st.one_of(pairs(2, draw(st.sampled_from(["\n  ", " ", "\n"]))), values(2)))
        else:
            body = draw(SPACE) + ", ".join(draw(st.lists(st.one_of(QUOTED, values(1)), min_size=1, max_size=3)))
        opening, closing = draw(
            st.sampled_from([("(", ")"), (" ", ""), ("(\n  ", "\n)"), (" (", ")"), ("(", "\n)"), ("({", "})")])
        )
        lines.append(method + opening + body + closing + draw(st.sampled_from(["", "", ";", " # end"])))
    return "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))


@st.composite
def laid_out(draw, indent=2):
    """Pairs one to a line or block of lines, as people write them; keys come twice now and then, in any spelling."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        key = draw(st.sampled_from([":a", ":b", '"a"', '"b"', "'a'", ':"b"', r'"c\!"', '"c!"']))
        if indent < 6 and draw(st.booleans()):
            value = "{\n" + draw(laid_out(indent + 2)) + "\n" + " " * indent + "}"
        else:
            value = draw(LEAVES)
        lines.append(" " * indent + f"{key} => {value}")
    return draw(st.sampled_from([",\n", ",\n", ", # why\n", ",\n\n", "\n"])).join(lines)


@settings(max_examples=1000, deadline=None)
@given(laid_out())
def test_blocks_of_pairs_mean_what_the_whole_reader_says(lines):
    agrees(f'name "a"\ndefault_attributes(\n{lines}\n)\n'.encode())


@settings(max_examples=1500, deadline=None)
@given(sources())
def test_what_is_accepted_means_what_the_whole_reader_says(source):
    agrees(source.encode())


@settings(max_examples=1500, deadline=None)
@given(sources(), st.data())
def test_a_damaged_file_is_read_alike_or_left_alone(source, data):
    at = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 3))
    damage = data.draw(
        st.sampled_from(["", "\n", ",", '"', "'", ")", "(", "}", "=>", " ", "#", "\\", "1", "name ", ":", "\t", ";"])
    )
    agrees((source[:at] + damage + source[at + length :]).encode())


def test_the_recorded_vectors_are_read_alike():
    accepted = 0
    for path in sorted((vectors() / "roles").glob("*.jsonl")):
        for line in json_lines(path):
            if line["format"] == "rb" and line.get("kind", "role") == "role":
                accepted += agrees(base64.b64decode(line["source_b64"]))
    assert accepted > 0


def test_the_roles_of_public_histories_are_read_alike_whichever_command_sends_them():
    folder = clones()
    seen = accepted = 0
    for path in sorted((corpus() / "history").glob("*.jsonl")):
        if not (folder / path.stem / "repo").exists():
            continue
        blobs = pygit2.Repository(str(folder / path.stem / "repo")).odb
        for line in json_lines(path):
            oid = pygit2.Oid(hex=line["blob"])
            if line["path"].endswith(".rb") and oid in blobs:
                data = bytes(blobs.read(oid)[1])
                seen += 1
                if agrees(data):
                    accepted += 1
                    commands_agree(line["path"], data)
    if not seen:
        pytest.skip("no clone of a public history with Ruby roles here")
    assert accepted > seen / 2


def commands_agree(path: str, data: bytes) -> None:
    body = plain_role(Kind.ROLE, path, data)
    assert (body["name"], body) == load_for_from_file(Kind.ROLE, path, data)
    own = f"roles/{body['name']}.rb"
    assert plain_upload(body) == load_for_upload(Kind.ROLE, own, data)
    assert list(plain_upload(body)) == list(load_for_upload(Kind.ROLE, own, data))
