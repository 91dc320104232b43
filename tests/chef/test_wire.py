"""The bodies that knife sends, their bytes and hashes."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import json_lines, vectors

from forensics.chef import json_source, upload_source, wire
from forensics.chef.json_parser import parse
from forensics.chef.objects import DataBagItem, Environment, Kind, Node, Problem, RepeatedKeys, Role, Unresolved
from forensics.chef.wire import EncodeRefused, UnresolvedBody, content, content_hashes, encode, encode_problem

ROLE = Role("base", "d", ("recipe[a]", "recipe[a]"), {"prod": ("role[b]",)}, {"x": 1}, {"y": 2})
UNKNOWN = Unresolved("node['x']", 3)


def nested(levels, innermost=None):
    value = innermost
    for _ in range(levels):
        value = [value]
    return value


def test_the_body_of_a_role_has_knifes_order():
    assert encode(wire.from_file_body(ROLE)) == (
        b'{"name":"base","description":"d","json_class":"Chef::Role","default_attributes":{"x":1},'
        b'"override_attributes":{"y":2},"chef_type":"role","run_list":["recipe[a]","recipe[a]"],'
        b'"env_run_lists":{"prod":["role[b]"]}}'
    )


def test_the_body_of_an_environment_has_knifes_order():
    assert encode(wire.from_file_body(Environment("prod", "", {"a": "= 1.0"}, {}, {}))) == (
        b'{"name":"prod","description":"","cookbook_versions":{"a":"= 1.0"},"json_class":"Chef::Environment",'
        b'"chef_type":"environment","default_attributes":{},"override_attributes":{}}'
    )


def test_the_body_of_a_data_bag_item_names_its_bag():
    assert encode(wire.from_file_body(DataBagItem("bob", {"id": "bob", "n": 1.0}), bag="users")) == (
        b'{"name":"data_bag_item_users_bob","json_class":"Chef::DataBagItem","chef_type":"data_bag_item",'
        b'"data_bag":"users","raw_data":{"id":"bob","n":1.0}}'
    )


def test_the_body_of_a_node_names_its_policy_only_where_there_is_one():
    node = Node("n", "_default", ("recipe[a]",), {"n": 1}, {"d": 1}, {"o": 1}, {"a": 1})
    assert encode(wire.from_file_body(node)) == (
        b'{"name":"n","chef_environment":"_default","json_class":"Chef::Node","automatic":{"a":1},"normal":{"n":1},'
        b'"chef_type":"node","default":{"d":1},"override":{"o":1},"run_list":["recipe[a]"]}'
    )
    with_policy = Node("n", "g", (), {}, {}, {}, {}, policy_name="p", policy_group="g")
    assert list(wire.from_file_body(with_policy))[-2:] == ["policy_name", "policy_group"]


def test_unknown_parts_stay_unknown_in_a_body():
    body = wire.from_file_body(Role("a", "", UNKNOWN, UNKNOWN, {"x": UNKNOWN}, {}))
    assert (body["run_list"], body["env_run_lists"], body["default_attributes"]["x"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
    with pytest.raises(UnresolvedBody) as raised:
        encode(body)
    assert raised.value.value == UNKNOWN
    assert encode_problem(body) is None


def test_content_has_the_fields_that_mean_something_and_then_unknown_keys():
    uploaded = {"name": "a", "json_class": "X", "chef_type": 5, "cookbook": "x", "run_list": [], "description": "d"}
    assert list(content(Kind.ROLE, uploaded).items()) == [
        ("name", "a"),
        ("description", "d"),
        ("run_list", []),
        ("env_run_lists", {}),
        ("default_attributes", {}),
        ("override_attributes", {}),
        ("cookbook", "x"),
    ]
    assert list(content(Kind.ENVIRONMENT, {"name": "prod"})) == [
        "name",
        "description",
        "cookbook_versions",
        "default_attributes",
        "override_attributes",
    ]


def test_a_field_that_a_body_leaves_out_has_its_default():
    assert content(Kind.ROLE, {}) == {
        "name": "",
        "description": "",
        "run_list": [],
        "env_run_lists": {},
        "default_attributes": {},
        "override_attributes": {},
    }
    assert content(Kind.ENVIRONMENT, {}) == {
        "name": "",
        "description": "",
        "cookbook_versions": {},
        "default_attributes": {},
        "override_attributes": {},
    }
    assert content(Kind.NODE, {}) == {
        "name": "",
        "chef_environment": "_default",
        "run_list": [],
        "normal": {},
        "default": {},
        "override": {},
        "automatic": {},
    }


def test_the_content_of_a_data_bag_item_is_its_raw_data():
    body = wire.from_file_body(DataBagItem("bob", {"id": "bob", "n": 1}), bag="users")
    assert content(Kind.DATA_BAG_ITEM, body) == {"id": "bob", "n": 1}
    assert content(Kind.DATA_BAG_ITEM, {"id": "bob", "n": 1}) == {"id": "bob", "n": 1}


def test_the_content_of_a_node_names_its_policy_only_where_there_is_one():
    body = wire.from_file_body(Node("n", "g", (), {}, {}, {}, {}, policy_name="p", policy_group="g"))
    assert list(content(Kind.NODE, body)) == [
        "name",
        "chef_environment",
        "run_list",
        "normal",
        "default",
        "override",
        "automatic",
        "policy_name",
        "policy_group",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (100.0, "100.0"),
        (1e14, "100000000000000.0"),
        (1e15, "1.0e+15"),
        (-1.5e15, "-1.5e+15"),
        (1234567890123456.5, "1234567890123456.5"),
        (2251799813685248.25, "2.251799813685248e+15"),
        (1e16, "1.0e+16"),
        (1e100, "1.0e+100"),
        (0.0001, "0.0001"),
        (0.00010001, "0.00010001"),
        (9.5e-5, "9.5e-05"),
        (5e-324, "5.0e-324"),
        (-0.0, "-0.0"),
    ],
)
def test_floats_are_written_as_ruby_writes_them(number, text):
    assert encode({"x": number}) == b'{"x":' + text.encode() + b"}"


def test_integers_are_written_whatever_their_size():
    huge = 7 * (10**15_000 - 1) // 9
    assert encode([-huge, 2**64, True, 0]) == b"[-" + b"7" * 15_000 + b",18446744073709551616,true,0]"


def test_only_quotes_backslashes_and_control_characters_are_escaped():
    assert encode("\x00\x08\t\n\x0b\x0c\r\x1a\x1f\"\\/<>&'\x7f\x80\u2028") == (
        b'"\\u0000\\b\\t\\n\\u000B\\f\\r\\u001A\\u001F\\"\\\\/<>&\'\x7f\xc2\x80\xe2\x80\xa8"'
    )
    assert encode("\\u001f") == b'"\\\\u001f"'


def test_raw_bytes_are_written_as_they_came_if_they_look_like_utf8():
    assert encode("\udcc0\udcaf") == b'"\xc0\xaf"'
    with pytest.raises(EncodeRefused, match="Invalid UTF-8"):
        encode("\udcff")


def test_all_pairs_of_repeated_keys_are_sent():
    repeated = RepeatedKeys([("a", 1), ("b", 2), ("a", {"c": 3})])
    assert encode({"x": repeated}) == b'{"x":{"a":1,"b":2,"a":{"c":3}}}'


def test_a_body_is_at_most_127_levels_deep():
    assert encode(nested(127)).count(b"[") == 127
    with pytest.raises(EncodeRefused, match="Max nesting depth exceeded") as refused:
        encode(nested(128))
    assert refused.value.error_class == "Chef::Exceptions::JSON::EncodeError"
    assert encode_problem({"a": nested(127)}).stage == "encode"


@pytest.mark.parametrize("levels", [1, 126, 200, 1000, 5000])
def test_a27_whatever_the_depth_no_recursion_error_escapes(levels):
    assert (encode_problem({"a": nested(levels)}) is None) is (levels < 127)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_a28_infinite_numbers_cannot_be_sent(number):
    problem = encode_problem({"a": [UNKNOWN, number]})
    assert problem == Problem("encode", problem.message, "Chef::Exceptions::JSON::EncodeError", stage="encode")
    assert encode_problem({"a": number}, chef="11.16.4").error_class == "FFI_Yajl::EncodeError"


def test_hashes_are_those_of_the_bytes():
    assert content_hashes(b"") == wire.ContentHashes(
        "2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 0
    )


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_reads_back_the_same(value):
    assert repr(parse(encode([value]))) == repr([value])
    assert json.loads(encode([value])) == [value]


@given(st.binary(max_size=20))
def test_raw_bytes_read_back_the_same_where_they_can_be_sent(raw):
    text = raw.decode("utf-8", "surrogateescape")
    try:
        encoded = encode([text])
    except EncodeRefused:
        return
    assert parse(encoded) == [text]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_have_a_point_and_the_exponent_that_ruby_gives(number):
    text = encode(number).decode()
    assert "." in text
    assert float(text) == number
    magnitude = abs(number)
    if magnitude and "e" not in text:
        assert 1e-4 <= magnitude < 1e16


def body_of(kind, data, path, bag, *, uploaded):
    stem, _, extension = path.rpartition("/")[2].rpartition(".")
    if uploaded:
        return upload_source.load(kind, data, stem=stem, extension=f".{extension}", bag=bag)
    declared = json_source.load(kind, data)
    return declared if isinstance(declared, Problem) else wire.from_file_body(declared, bag=bag)


def logged_bodies(tmp_path):
    """Every recorded request whose body came from a known JSON file: where, the body that we make, the line."""
    kinds = {
        "roles": Kind.ROLE,
        "environments": Kind.ENVIRONMENT,
        "nodes": Kind.NODE,
        "data": Kind.DATA_BAG_ITEM,
    }
    for story in sorted((vectors() / "e2e").iterdir()):
        log = vectors() / "logs" / story.name / "truth.jsonl"
        if not log.exists():
            continue
        steps = json.loads((story / "story.json").read_text())["steps"]
        repository = pygit2.init_repository(str(tmp_path / story.name), bare=True)
        with (story / "repo.fast-export").open("rb") as stream:
            subprocess.run(["git", "fast-import", "--quiet"], cwd=repository.path, stdin=stream, check=True)
        for line in json_lines(log):
            argv = steps[line["step"]]["argv"]
            if "body_b64" not in line or not (line.get("file") or "").endswith(".json") or argv[0] == "raw":
                continue
            entry = repository[line["commit"]].tree[line["file"]]
            if entry.filemode == pygit2.GIT_FILEMODE_LINK:
                entry = repository[line["commit"]].tree["roles"][entry.data.decode()]
            parts = line["path"].removeprefix("/organizations/acme").split("/")
            kind = kinds[parts[1]]
            bag = parts[2] if kind is Kind.DATA_BAG_ITEM else ""
            where = f"{story.name}:{line['line']} {line['file']}"
            uploaded = argv[0] == "upload"
            yield where, body_of(kind, entry.data, line["file"], bag, uploaded=uploaded), line


def test_every_logged_body_of_a_json_file_is_reproduced(tmp_path):
    differences = []
    seen = 0
    for where, body, line in logged_bodies(tmp_path):
        seen += 1
        encoded = str(body).encode() if isinstance(body, Problem) else encode(body)
        digest = hashlib.new(line["hash_alg"], encoded).digest()
        if encoded != base64.b64decode(line["body_b64"]) or digest != base64.b64decode(line["content_hash"]):
            differences.append(f"{where}: {encoded!r}")
    assert seen
    assert not differences, "\n".join(differences)
