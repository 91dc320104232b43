"""What `knife ... from file` makes of JSON files."""

from __future__ import annotations

import base64
import hashlib
import json

import pygit2
import pytest
from effort import cpu_seconds
from support import clones, corpus, json_lines, vectors

from forensics.chef import wire
from forensics.chef.json_source import load
from forensics.chef.objects import DataBagItem, Environment, Kind, Node, Problem, Role, Unresolved

FIELDS = ("name", "description", "run_list", "env_run_lists", "default_attributes", "override_attributes")


def role(**fields):
    return load(Kind.ROLE, json.dumps({"name": "a"} | fields).encode())


def environment(**fields):
    return load(Kind.ENVIRONMENT, json.dumps({"name": "prod"} | fields).encode())


def test_a_role_has_defaults_for_all_but_its_name():
    assert load(Kind.ROLE, b'{"name":"a"}') == Role("a", "", (), {}, {}, {})


def test_a_role_without_a_name_loads_and_is_called_nothing():
    assert load(Kind.ROLE, b"{}").name == ""
    assert load(Kind.ROLE, b'{"name":null}').name == ""


def test_unknown_keys_of_a_role_are_dropped():
    assert role(cookbook="x", json_class="Chef::Node", normal={"a": 1}) == role()


def test_run_lists_are_normalised_and_keep_duplicates():
    assert role(run_list=["a", "recipe[a]", "role[b]", "c@1.0"]).run_list == (
        "recipe[a]",
        "recipe[a]",
        "role[b]",
        "recipe[c@1.0]",
    )
    assert role(run_list="a").run_list == ("recipe[a]",)
    assert role(run_list={}).run_list == ()


def test_recipes_count_only_where_there_is_no_run_list():
    assert role(recipes=["x"]).run_list == ("recipe[x]",)
    assert role(recipes=["x"], run_list=None).run_list == ()


def test_the_default_environment_list_overrides_the_run_list():
    loaded = role(run_list=["x"], env_run_lists={"prod": None, "_default": ["d"], "dev": ["e"]})
    assert loaded.run_list == ("recipe[d]",)
    assert loaded.env_run_lists == {"prod": (), "dev": ("recipe[e]",)}


def test_a_run_list_item_may_be_a_hash():
    assert role(run_list=[{"type": "role", "name": "b", "version": 1.5}]).run_list == ("role[b@1.5]",)
    assert role(run_list=[{"type": "recipe", "name": None}, {"type": "recipe", "name": False}]).run_list == (
        "recipe[]",
        "recipe[]",
    )
    assert role(run_list=[{"type": "recipe", "name": ["a#{"]}]).run_list == (r'recipe[["a\#{"]]',)
    assert isinstance(role(run_list=[{"type": "recipe", "name": ["ä"]}]).run_list[0], Unresolved)


@pytest.mark.parametrize(
    ("text", "kind", "error_class"),
    [
        (b"", "not-an-object", "NoMethodError"),
        (b" ", "json-syntax", "FFI_Yajl::ParseError"),
        (b"null", "not-an-object", "NoMethodError"),
        (b"true", "not-an-object", "NoMethodError"),
        (b"1.5", "not-an-object", "NoMethodError"),
        (b"7", "not-an-object", "TypeError"),
        (b"[]", "not-an-object", "TypeError"),
        (b'"a"', "not-an-object", "NoMethodError"),
        (b'"default_attributes"', "invalid", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":""}', "name-empty", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":1.5}', "name-not-text", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":["a"]}', "name-not-text", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":{}}', "name-not-text", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":"a.b"}', "name-invalid", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":"\xc0\xaf"}', "name-invalid", "ArgumentError"),
        (b'{"name":"a","description":5}', "invalid", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":"a","default_attributes":[]}', "invalid", "Chef::Exceptions::ValidationFailed"),
        (b'{"name":"a","run_list":[5]}', "invalid", "ArgumentError"),
        (b'{"name":"a","run_list":[{"type":"recipe"}]}', "invalid", "ArgumentError"),
        (b'{"name":"a","run_list":[{"type":5,"name":"x"}]}', "invalid", "NoMethodError"),
        (b'{"name":"a","run_list":["recipe[x"]}', "invalid", "ArgumentError"),
        (b'{"name":"a","env_run_lists":["x"]}', "invalid", "TypeError"),
    ],
)
def test_a29_each_refusal_of_a_role_has_its_kind(text, kind, error_class):
    problem = load(Kind.ROLE, text)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.error_class, problem.aborts) == (kind, error_class, True)


@pytest.mark.parametrize("name", ["a", "A-b_9", "bäse", "東京", "bad!\nok", "1", "\uff11", "Ⅷ", "का"])
def test_names_are_lines_of_letters_digits_dashes_and_underscores(name):
    assert role(name=name).name == name


@pytest.mark.parametrize("name", ["a b", "a/b", "e\u0301", "a\u200db", "²", "😀", "a\0", "\n", "हिन्दी"])
def test_a29_other_names_are_invalid(name):
    assert role(name=name).kind == "name-invalid"


@pytest.mark.parametrize("name", [True, False, 5, 123456789012345678901234567890])
def test_names_that_look_right_as_text_are_kept_as_they_are(name):
    assert role(name=name).name is name or role(name=name).name == name


def test_a28_an_infinite_number_cannot_be_encoded():
    problem = load(Kind.ROLE, b'{"name":"a","default_attributes":{"x":-1e400}}')
    assert problem == Problem(
        "encode", "'-Infinity' is an invalid number", "Chef::Exceptions::JSON::EncodeError", stage="encode"
    )
    assert load(Kind.ROLE, b'{"name":"a","dropped":1e400}') == role()
    old = load(Kind.ROLE, b'{"name":"a","default_attributes":{"x":1e400}}', chef="11.16.4")
    assert old.error_class == "FFI_Yajl::EncodeError"


@pytest.mark.parametrize(
    "text",
    [
        b'\xef\xbb\xbf{"name":"a"}',
        b'{"name":"a",}',
        b'{"name":NaN}',
        b'<<<<<<< HEAD\n{"name":"a"}\n=======\n{"name":"a"}\n>>>>>>> x\n',
        b'{"name":"a",\n<<<<<<< HEAD\n"description":"x"\n=======\n"description":"y"\n>>>>>>> x\n}',
    ],
)
def test_a28_what_is_no_json_to_chef_is_a_syntax_problem_with_its_line(text):
    problem = load(Kind.ROLE, text)
    assert (problem.kind, problem.error_class) == ("json-syntax", "FFI_Yajl::ParseError")
    assert problem.line in (1, 2)


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize("text", [DEEP, b"[" * 100_000, b'{"a":' * 100_000], ids=["arrays", "unclosed", "objects"])
@pytest.mark.slow
def test_a27_nesting_100_000_deep_is_a_problem_at_once(text):
    with cpu_seconds(5):  # about 0.3 per 100,000 levels
        assert isinstance(load(Kind.ROLE, text), Problem)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "text",
    [
        b'{"name":"a","id":"a","default_attributes":{"x":%b},"normal":{"x":%b}}',
        b'{"name":"a","id":"a","x":%b,"override":{"x":%b},"override_attributes":%b}',
    ],
    ids=["in attributes", "everywhere"],
)
@pytest.mark.slow
def test_a27_nesting_20_000_deep_is_a_problem_wherever_it_is(kind, text):
    deep = b"[" * 20_000 + b"]" * 20_000
    with cpu_seconds(2):  # about 0.06 for each of them
        assert isinstance(load(kind, text.replace(b"%b", deep)), Problem)


def test_what_is_nested_deep_under_a_dropped_key_does_no_harm():
    assert load(Kind.ROLE, b'{"name":"a","x":' + DEEP + b"}") == role()


def test_an_enormous_integer_leaves_the_rest_known():
    loaded = load(Kind.ROLE, b'{"name":"a","default_attributes":{"x":' + b"9" * 100_000 + b',"y":1}}')
    assert isinstance(loaded.default_attributes["x"], Unresolved)
    assert loaded.default_attributes["y"] == 1


def test_an_environment_has_defaults_for_all_but_its_name():
    assert load(Kind.ENVIRONMENT, b'{"name":"prod","run_list":["a"]}') == Environment("prod", "", {}, {}, {})
    assert load(Kind.ENVIRONMENT, b"{}").name == ""


def test_an_environment_may_be_a_json_string():
    assert load(Kind.ENVIRONMENT, b'"name"') == Environment("name", "", {}, {}, {})
    assert load(Kind.ENVIRONMENT, b'"x"') == Environment("", "", {}, {}, {})
    assert load(Kind.ENVIRONMENT, b'"cookbook_versions"').error_class == "Chef::Exceptions::ValidationFailed"


@pytest.mark.parametrize(("name", "kind"), [(5, "name-not-text"), (True, "name-not-text"), ("a.b", "name-invalid")])
def test_the_name_of_an_environment_is_text(name, kind):
    assert environment(name=name).kind == kind


@pytest.mark.parametrize(
    "constraint",
    ["1.0", "1.0.0", "= 1.0", ">= 1.0.0", "~> 1.2", "<1.0", "< 1.0", "=1.0", None, [], ["1.0"], "x\n= 1.0"],
)
def test_cookbook_versions_take_constraints(constraint):
    assert environment(cookbook_versions={"a": constraint}).cookbook_versions == {"a": constraint}


@pytest.mark.parametrize(
    "constraint",
    [
        "1",
        "",
        "> 1",
        "1.2.3.4",
        "= v1",
        "latest",
        "== 1.0",
        "1.x",
        " 1.0",
        ">= 1.0, < 2.0",
        1.0,
        5,
        True,
        {},
        ["1.0", "2.0"],
    ],
)
def test_other_cookbook_versions_are_refused(constraint):
    assert environment(cookbook_versions={"a": constraint}).error_class == "Chef::Exceptions::ValidationFailed"


def test_a_constraint_inside_an_array_is_not_checked_for_being_text():
    assert environment(cookbook_versions={"a": [5]}).error_class == "NoMethodError"
    assert environment(cookbook_versions={"a": [["1.0"]]}).error_class == "TypeError"


def test_a_data_bag_item_is_kept_as_it_is():
    assert load(Kind.DATA_BAG_ITEM, b'{"id":"a.b-c","x":[1.0]}') == DataBagItem("a.b-c", {"id": "a.b-c", "x": [1.0]})


@pytest.mark.parametrize(
    ("text", "kind", "error_class"),
    [
        (b"{}", "name-missing", "Chef::Exceptions::InvalidDataBagItemID"),
        (b"", "name-missing", "Chef::Exceptions::InvalidDataBagItemID"),
        (b"[]", "name-not-text", "Chef::Exceptions::InvalidDataBagItemID"),
        (b'{"id":5}', "name-not-text", "Chef::Exceptions::InvalidDataBagItemID"),
        (b'{"id":""}', "name-empty", "Chef::Exceptions::InvalidDataBagItemID"),
        (b'{"id":"a b"}', "name-invalid", "Chef::Exceptions::InvalidDataBagItemID"),
        (b'{"id":"\xc0\xaf"}', "name-invalid", "ArgumentError"),
        (b'"abc"', "invalid", "Chef::Exceptions::ValidationFailed"),
        (b'{"id":"a",}', "json-syntax", "FFI_Yajl::ParseError"),
    ],
)
def test_a29_each_refusal_of_a_data_bag_item_has_its_kind(text, kind, error_class):
    problem = load(Kind.DATA_BAG_ITEM, text)
    assert (problem.kind, problem.error_class) == (kind, error_class)


def test_a_node_has_defaults_for_all_but_its_name():
    assert load(Kind.NODE, b'{"name":"n1.example.com"}') == Node("n1.example.com", "_default", (), {}, {}, {}, {})
    assert load(Kind.NODE, b"{}").name == ""


def test_a_node_flattens_its_run_list_and_drops_duplicates():
    assert load(Kind.NODE, b'{"name":"n","run_list":["a",["role[b]",["recipe[a]"]]]}').run_list == (
        "recipe[a]",
        "role[b]",
    )
    unknown = load(Kind.NODE, '{"name":"n","run_list":["a",{"type":"recipe","name":["ä"]}]}'.encode())
    assert isinstance(unknown.run_list, Unresolved)
    assert load(Kind.NODE, b'{"name":"n","run_list":null}').error_class == "ArgumentError"
    assert load(Kind.NODE, b'{"name":"n","recipes":["a"]}').error_class == "NoMethodError"


def test_the_policy_group_of_a_node_is_its_environment():
    node = load(Kind.NODE, b'{"name":"n","policy_name":"p","policy_group":"g","chef_environment":"prod"}')
    assert (node.chef_environment, node.policy_name, node.policy_group) == ("g", "p", "g")


def test_attributes_of_a_node_that_are_no_hash_are_empty():
    node = load(Kind.NODE, b'{"name":"n","normal":null,"default":[1],"attributes":{"a":1}}')
    assert (node.normal, node.default) == ({}, {})
    assert load(Kind.NODE, b'{"name":"n","attributes":{"a":1}}').normal == {"a": 1}


def test_broken_text_in_a_node_is_replaced():
    text = b'{"name":"n","normal":{"a":"\xc0\xaf","b":"\\ude00!"}}'
    assert load(Kind.NODE, text).normal == {"a": "\ufffd\ufffd", "b": "\ufffd\ufffd\ufffd!"}
    assert load(Kind.NODE, text, chef="11.16.4").normal == {"a": "\udcc0\udcaf", "b": "\udced\udcb8\udc80!"}


@pytest.mark.parametrize(
    "text", [b'{"name":""}', b'{"name":"a b"}', b'{"name":5}', b"[]", b'"name"', b'{"chef_environment":"a.b"}']
)
def test_a29_a_node_is_validated(text):
    assert isinstance(load(Kind.NODE, text), Problem)


def recorded_differences(line, kind):
    """How what we make of a vector differs from what each version of real Chef made of it."""
    source = base64.b64decode(line["source_b64"])
    for chef, expected in line["expect"].items():
        loaded = load(kind, source, chef=chef)
        error = expected.get("error")
        if error is not None:
            if error["class"].startswith("SystemExit"):  # the extension: knife never reads the file
                continue
            if not isinstance(loaded, Problem) or (loaded.stage, loaded.error_class) != (
                error["stage"],
                error["class"],
            ):
                yield f"{line['id']} {chef}: {error}, not {loaded}"
            continue
        if isinstance(loaded, Problem):
            yield f"{line['id']} {chef}: {loaded}"
            continue
        body = wire.from_file_body(loaded)
        if json.dumps(wire.content(kind, body)) != json.dumps(expected[kind.value]):
            yield f"{line['id']} {chef}: content {wire.content(kind, body)}"
        encoded = wire.encode(body, chef=chef)
        body_of_version = line["wire"].get("body_b64_other_versions", {}).get(chef)
        if encoded != base64.b64decode(body_of_version or line["wire"]["body_b64"]):
            yield f"{line['id']} {chef}: {encoded!r}"
        hashes = wire.content_hashes(encoded)
        recorded = (line["wire"]["sha1_b64"], line["wire"]["sha256_b64"], line["wire"]["length"])
        if not body_of_version and (hashes.sha1, hashes.sha256, hashes.length) != recorded:
            yield f"{line['id']} {chef}: {hashes}"


def test_every_recorded_json_file_gives_what_real_chef_made_of_it():
    folder = vectors() / "roles"
    lines = [line for path in sorted(folder.glob("json*.jsonl")) for line in json_lines(path)]
    lines += [line for line in json_lines(folder / "environments.jsonl") if line["format"] == "json"]
    differences = [text for line in lines for text in recorded_differences(line, Kind(line.get("kind", "role")))]
    assert lines
    assert not differences, "\n".join(differences)


def test_every_json_role_of_the_public_histories_gives_what_real_chef_made_of_it():
    differences = []
    seen = 0
    for path in sorted((corpus() / "history").glob("*.jsonl")):
        clone = clones() / path.stem / "repo"
        lines = [line for line in json_lines(path) if line["path"].endswith((".json", ".js"))]
        if not clone.exists() or not lines:
            continue
        objects = pygit2.Repository(str(clone)).odb
        for line in lines:
            loaded = load(Kind.ROLE, objects.read(pygit2.Oid(hex=line["blob"]))[1])
            seen += 1
            if isinstance(loaded, Problem):
                same = not line["ok"] and line["error_class"] == loaded.error_class
            else:
                body = wire.from_file_body(loaded)
                hashes = wire.content_hashes(wire.encode(body))
                canonical = json.dumps(wire.content(Kind.ROLE, body), sort_keys=True, separators=(",", ":"))
                same = (
                    line["ok"]
                    and line["name"] == loaded.name
                    and line["role_sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
                    and (hashes.sha1, hashes.sha256) == (line["wire_sha1_b64"], line["wire_sha256_b64"])
                    and hashes.length == line["wire_length"]
                )
            if not same:
                differences.append(f"{path.stem} {line['path']} {line['blob']}: {loaded}")
    if not seen:
        pytest.skip("no clone of a history with JSON roles here")
    assert not differences, "\n".join(differences)
