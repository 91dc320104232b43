"""What `knife upload` sends for a file, and when it writes."""

from __future__ import annotations

import base64
import json
import subprocess

import pygit2
import pytest
from effort import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st
from support import json_lines, vectors

from forensics.chef import json_source, ruby_source, wire
from forensics.chef.objects import Environment, Kind, Problem, RepeatedKeys, Role, Unresolved
from forensics.chef.upload_source import differs, load

UNKNOWN = Unresolved("node['x']", 3)


def upload(text, stem="a", kind=Kind.ROLE, extension=".json", **options):
    data = text if isinstance(text, bytes) else json.dumps(text).encode()
    return load(kind, data, stem=stem, extension=extension, **options)


def ruby_role(**fields):
    role = {"name": "a", "description": "", "run_list": (), "env_run_lists": {}}
    return Role(**(role | {"default_attributes": {}, "override_attributes": {}} | fields))


def test_defaults_are_filled_in_and_unknown_keys_follow():
    assert wire.encode(upload({"cookbook": 1, "run_list": ["x"]})) == (
        b'{"name":"a","description":"","json_class":"Chef::Role","chef_type":"role","default_attributes":{},'
        b'"override_attributes":{},"run_list":["recipe[x]"],"env_run_lists":{},"cookbook":1}'
    )


def test_nothing_is_validated():
    body = upload({"description": [5], "default_attributes": None, "json_class": 7}, stem="dot.ted")
    assert (body["name"], body["description"], body["default_attributes"], body["json_class"]) == (
        "dot.ted",
        [5],
        None,
        7,
    )


def test_run_list_items_are_wrapped_and_kept_once():
    items = ["a", "recipe[a]", "a", "Role[b]", "recipe[x", 1.5, True, None, ["a"], {"type": "role", "name": "z"}]
    assert upload({"run_list": items})["run_list"] == [
        "recipe[a]",
        "recipe[Role[b]]",
        "recipe[recipe[x]",
        "recipe[1.5]",
        "recipe[true]",
        "recipe[]",
        'recipe[["a"]]',
        'recipe[{"type"=>"role", "name"=>"z"}]',
    ]


def test_an_item_that_ruby_versions_write_differently_is_unresolved():
    assert isinstance(upload({"run_list": [{"a": 1}]}, chef="19")["run_list"][0], Unresolved)
    assert isinstance(upload({"run_list": [["ä"]]})["run_list"][0], Unresolved)


def test_the_default_environment_stays_among_the_environments():
    body = upload({"run_list": ["a"], "env_run_lists": {"_default": ["b"]}})
    assert (body["run_list"], body["env_run_lists"]) == (["recipe[a]"], {"_default": ["recipe[b]"]})


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"5", b'"x"'])
def test_a_file_that_holds_no_object_uploads_the_defaults(text):
    assert upload(text) == upload({"name": "a"})
    assert upload(text, kind=Kind.NODE)["chef_environment"] == "_default"


@pytest.mark.parametrize("name", ["b", "", None, 5, ["a"]])
def test_a_file_that_names_another_object_is_skipped(name):
    problem = upload({"name": name})
    assert (problem.kind, problem.aborts) == ("name-mismatch", False)


def test_an_enormous_integer_is_no_name_and_no_run_list():
    digits = b"9" * 30_000
    assert upload(b'{"name":' + digits + b"}").kind == "name-mismatch"
    assert upload(b'{"run_list":' + digits + b"}").error_class == "NoMethodError"
    assert isinstance(upload(b'{"x":' + digits + b"}")["x"], Unresolved)


def test_a_syntax_error_skips_the_file():
    problem = upload(b'{"name":"a",\n}')
    assert (problem.kind, problem.error_class, problem.line, problem.aborts) == (
        "json-syntax",
        "Chef::Exceptions::JSON::ParseError",
        2,
        False,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"run_list": None},
        {"run_list": "a"},
        {"run_list": 0},
        {"env_run_lists": None},
        {"env_run_lists": ["a"]},
        {"env_run_lists": {"prod": None}},
        {"env_run_lists": {"prod": "a"}},
    ],
)
def test_a_run_list_that_is_no_list_aborts(fields):
    problem = upload(fields)
    assert (problem.error_class, problem.aborts) == ("NoMethodError", True)


def test_a28_an_infinite_number_aborts():
    problem = upload(b'{"default_attributes":{"x":1e400}}')
    assert (problem.stage, problem.error_class, problem.aborts) == (
        "encode",
        "Chef::Exceptions::JSON::EncodeError",
        True,
    )


@pytest.mark.parametrize("stem", ["a b", "bäse", "a%zz", "a[b]", 'a"b', "a\nb", "a\udcff", "a?b", "a#b"])
def test_a_stem_that_is_no_part_of_a_uri_aborts_before_the_file_is_read(stem):
    problem = upload(b"no json", stem=stem)
    assert (problem.kind, problem.stage, problem.aborts) == ("send", "send", True)


@pytest.mark.parametrize("stem", ["a.b", "a+b", "a~b", "a@b", "a%20b", "a,b", "(a)"])
def test_other_stems_can_be_sent(stem):
    assert upload(b"{}", stem=stem)["name"] == stem


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.slow
def test_a27_nesting_20_000_deep_is_a_problem_at_once(kind):
    deep = b"[" * 20_000 + b"]" * 20_000
    for text in (deep[:20_000], b'{"x":' + deep + b"}", b'{"x":1,"run_list":[' + deep + b'],"y":' + deep + b"}"):
        with cpu_seconds(2):  # about 0.06 for each of them
            assert isinstance(upload(text, kind=kind), Problem)


def test_an_environment_has_the_order_of_its_handler():
    assert list(upload({"x": 1}, kind=Kind.ENVIRONMENT)) == [
        "name",
        "description",
        "cookbook_versions",
        "default_attributes",
        "override_attributes",
        "json_class",
        "chef_type",
        "x",
    ]


def test_the_default_environment_cannot_be_uploaded():
    problem = upload({}, stem="_default", kind=Kind.ENVIRONMENT)
    assert (problem.kind, problem.aborts) == ("name-default", False)


def test_a_node_has_the_order_of_its_handler():
    assert list(upload({"policy_name": "p", "run_list": ["a"]}, kind=Kind.NODE)) == [
        "name",
        "json_class",
        "chef_type",
        "chef_environment",
        "override",
        "normal",
        "default",
        "automatic",
        "run_list",
        "policy_name",
    ]


def test_a_data_bag_item_is_wrapped_and_gets_its_id_from_the_stem():
    wrapped = {
        "name": "data_bag_item_users_a",
        "json_class": "Chef::DataBagItem",
        "chef_type": "data_bag_item",
        "data_bag": "users",
        "raw_data": {"id": "a", "x": 1},
    }
    assert upload({"x": 1}, kind=Kind.DATA_BAG_ITEM, bag="users") == wrapped
    assert upload(wrapped | {"name": "other"}, kind=Kind.DATA_BAG_ITEM, bag="users") == wrapped


def test_a_data_bag_item_of_another_id_is_skipped_and_one_that_is_no_object_aborts():
    assert upload({"id": "b"}, kind=Kind.DATA_BAG_ITEM).kind == "name-mismatch"
    assert upload(b"", kind=Kind.DATA_BAG_ITEM).error_class == "NoMethodError"
    assert upload(b"[]", kind=Kind.DATA_BAG_ITEM).error_class == "TypeError"
    assert upload(b'"a"', kind=Kind.DATA_BAG_ITEM)["raw_data"] == {"id": "a"}


def test_a_ruby_file_is_uploaded_as_it_evaluates():
    role = ruby_role(run_list=("recipe[a]",), default_attributes=RepeatedKeys([("a", 1), ("b", 2), ("a", 3)]))
    body = upload(b"", extension=".rb", ruby_object=role)
    assert (body["run_list"], list(body["default_attributes"].items())) == (["recipe[a]"], [("a", 3), ("b", 2)])
    assert not isinstance(body["default_attributes"], RepeatedKeys)
    environment = upload(
        b"", kind=Kind.ENVIRONMENT, extension=".rb", ruby_object=Environment("a", "d", {"x": "1.0"}, {}, {})
    )
    assert environment["cookbook_versions"] == {"x": "1.0"}


def test_a_ruby_file_without_a_name_is_skipped():
    assert upload(b"", extension=".rb", ruby_object=ruby_role(name="")).kind == "name-mismatch"


def test_a_ruby_error_aborts():
    problem = Problem("ruby-error", "x", "NameError", line=2, aborts=False)
    assert upload(b"", extension=".rb", ruby_object=problem) == Problem("ruby-error", "x", "NameError", line=2)


@pytest.mark.parametrize(
    ("value", "error_class"),
    [
        (float("nan"), "JSON::GeneratorError"),
        ("\udcff", "JSON::GeneratorError"),
        ("\udcc0\udcaf", "JSON::GeneratorError"),
        (eval("[" * 99 + "]" * 99), "JSON::NestingError"),  # noqa: S307 - a constant
    ],
)
def test_what_rubys_own_json_library_refuses_aborts(value, error_class):
    problem = upload(b"", extension=".rb", ruby_object=ruby_role(default_attributes={"x": value}))
    assert (problem.stage, problem.error_class, problem.aborts) == ("encode", error_class, True)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_rubys_own_json_library_writes_100_levels(opening, closing):
    deepest = json.loads(opening * 97 + "[]" + closing * 97)
    body = upload(b"", extension=".rb", ruby_object=ruby_role(default_attributes={"x": deepest}))
    assert body["default_attributes"] == {"x": deepest}


def test_unknown_values_of_a_ruby_file_stay_unknown():
    body = upload(b"", extension=".rb", ruby_object=ruby_role(run_list=(UNKNOWN,), description=UNKNOWN))
    assert (body["run_list"], body["description"]) == ([UNKNOWN], UNKNOWN)
    assert upload(b"", extension=".rb", ruby_object=ruby_role(name=UNKNOWN)).kind == "name-unresolved"
    assert upload(b"", extension=".rb", ruby_object=ruby_role(run_list=UNKNOWN))["run_list"] == UNKNOWN


def test_an_unknown_item_among_others_leaves_the_whole_run_list_unknown():
    """It may be one of the others, which would be sent once."""
    assert upload(b"", extension=".rb", ruby_object=ruby_role(run_list=(UNKNOWN, "recipe[a]")))["run_list"] == UNKNOWN
    assert isinstance(upload({"run_list": [["ä"], "a"]})["run_list"], Unresolved)


def test_files_that_knife_upload_does_not_see():
    assert upload(b"{}", extension=".js").kind == "not-read"
    assert upload(b"", extension=".rb", chef="11.16.4", ruby_object=ruby_role()).kind == "not-read"
    assert upload(b"", extension=".rb", kind=Kind.DATA_BAG_ITEM).kind == "not-read"


def test_what_from_file_wrote_does_not_differ_from_the_same_file():
    text = {"name": "a", "run_list": ["x", "x", "role[y]"], "default_attributes": {"a": {"b": 1}}}
    server = wire.from_file_body(json_source.load(Kind.ROLE, json.dumps(text).encode()))
    assert not differs(Kind.ROLE, upload(text), server)


def test_keys_with_their_defaults_do_not_count():
    assert not differs(Kind.ROLE, upload({}), {"name": "a"})
    assert not differs(Kind.ROLE, upload({}), {"name": "a", "description": None, "run_list": None})
    assert not differs(Kind.ENVIRONMENT, upload({}, kind=Kind.ENVIRONMENT), {"name": "a"})
    assert not differs(Kind.NODE, upload({}, kind=Kind.NODE), {"name": "a", "chef_environment": "_default"})
    assert differs(Kind.ROLE, upload({"description": None}), {"name": "a"})


def test_rubys_equality_decides_whether_a_file_differs():
    server = {"name": "a", "default_attributes": {"x": 1}}
    assert not differs(Kind.ROLE, upload({"default_attributes": {"x": 1.0}}), server)
    assert differs(Kind.ROLE, upload({"default_attributes": {"x": True}}), server)
    assert differs(Kind.ROLE, upload({"default_attributes": {"x": 1, "y": None}}), server)
    assert differs(Kind.ROLE, upload({"extra": 1}), server)
    assert differs(Kind.ROLE, upload(b"", extension=".rb", ruby_object=ruby_role(description=UNKNOWN)), {"name": "a"})


def test_a_data_bag_item_is_compared_without_its_envelope():
    local = upload({"id": "a", "x": 1}, kind=Kind.DATA_BAG_ITEM, bag="users")
    assert not differs(Kind.DATA_BAG_ITEM, local, {"id": "a", "x": 1})
    assert not differs(Kind.DATA_BAG_ITEM, local, local)
    assert differs(Kind.DATA_BAG_ITEM, local, {"id": "a", "x": 2})


def test_a_role_that_calls_itself_a_data_bag_item_is_a_role():
    text = {"json_class": "Chef::DataBagItem", "raw_data": []}
    assert not differs(Kind.ROLE, upload(text), upload(text))
    assert differs(Kind.ROLE, upload(text), upload({}))


BROKEN = "\udced\udcb8\udc80"
ODD_VALUES = st.sampled_from(
    [
        *(None, True, False, 0, 1.5, 10**30, float("inf")),
        *("", "a", "b\n", "recipe[a]", "recipe[", "_default", "Chef::DataBagItem", BROKEN),
        *([], ["a"], [None], [["a"]], [BROKEN], [{"type": 5, "name": "a"}], [{"type": "role", "name": ["a"]}]),
        *({}, {"a": 1}, {"id": "a"}, {"_default": 5}, {"a": "~> 1.0"}, {"a": []}),
    ]
)
FIELDS = [
    "name",
    "id",
    "description",
    "run_list",
    "recipes",
    "env_run_lists",
    "default_attributes",
    "cookbook_versions",
]
FIELDS += ["json_class", "raw_data", "chef_environment", "policy_name", "policy_group", "normal", "attributes", "x"]


@given(
    st.sampled_from(Kind),
    st.dictionaries(st.sampled_from(FIELDS), ODD_VALUES),
    st.sampled_from(["11.16.4", "18", "19"]),
)
def test_every_file_gives_an_object_or_a_problem_whatever_its_fields(kind, fields, chef):
    text = json.dumps(fields).replace("Infinity", "1e999").encode()
    text = text.replace(json.dumps(BROKEN).encode(), b'"\xed\xb8\x80"')
    declared = json_source.load(kind, text, chef=chef)
    sent = [] if isinstance(declared, Problem) else [wire.from_file_body(declared, bag="bag")]
    body = upload(text, kind=kind, chef=chef, bag="bag")
    sent += [] if isinstance(body, Problem) else [body]
    for one in sent:
        assert wire.encode_problem(one, chef=chef) is None
        assert isinstance(wire.content(kind, one), dict)
        assert isinstance(body, Problem) or differs(kind, body, one) in (True, False)


def loaded(kind, path, data, bag=""):
    """What knife upload makes of a file of a repository, with Ruby evaluated where there is any."""
    stem, _, extension = path.rpartition("/")[2].rpartition(".")
    evaluated = ruby_source.load(kind, data, path=path) if extension == "rb" else None
    return load(kind, data, stem=stem, extension=f".{extension}", ruby_object=evaluated, bag=bag)


def recorded_difference(line):
    """How what we make of a recorded `knife upload` differs from what it did; None if it does not, or is unknown."""
    body = loaded(Kind.ROLE, line["path"], base64.b64decode(line["source_b64"]))
    if isinstance(body, Problem):
        if body.kind == "name-unresolved":
            return None
        status = 100 if body.aborts else 1
        return None if status == line["exit"] else f"{line['path']}: exit {line['exit']}, but {body}"
    try:
        encoded = wire.encode(body)
    except wire.UnresolvedBody:
        return None
    if line["exit"] != 0 or not line["wire"]:
        return f"{line['path']}: exit {line['exit']}, but {encoded!r}"
    hashes = wire.content_hashes(encoded)
    recorded = (line["wire"]["sha1_b64"], line["wire"]["sha256_b64"], line["wire"]["length"])
    same = encoded == base64.b64decode(line["wire"]["body_b64"])
    return None if same and (hashes.sha1, hashes.sha256, hashes.length) == recorded else f"{line['path']}: {encoded!r}"


@pytest.mark.parametrize("file_format", ["json", "rb"])
def test_every_recorded_upload_is_reproduced(file_format):
    lines = [line for line in json_lines(vectors() / "roles" / "knife-upload.jsonl") if line["format"] == file_format]
    differences = [difference for line in lines if (difference := recorded_difference(line))]
    assert lines
    assert not differences, "\n".join(differences)


CONTAINERS = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT, "data_bags": Kind.DATA_BAG_ITEM}


def expected_writes(tree, argument, state, *, force):
    """What `knife upload ARGUMENT` writes over what the server holds, what is unknown, and whether it aborts."""
    container, _, rest = argument.partition("/")
    kind = CONTAINERS[container]
    folders = [("", tree[container])] if kind is not Kind.DATA_BAG_ITEM else [(b.name, b) for b in tree[container]]
    writes, unknown, aborts = set(), set(), False
    for bag, folder in folders:
        held = state[container].get(bag, {}) if bag else state[container]
        names = {entry.name for entry in folder if entry.type == pygit2.GIT_OBJECT_BLOB}
        for name in sorted(names):
            stem, _, extension = name.rpartition(".")
            if extension not in ("json", "rb") or (extension == "json" and f"{stem}.rb" in names):
                continue
            if rest and name != rest:
                continue
            entry = folder[name]
            if entry.filemode == pygit2.GIT_FILEMODE_LINK:
                if entry.data.decode() not in folder:  # knife does not see a link that dangles
                    continue
                entry = folder[entry.data.decode()]
            body = loaded(kind, f"{container}/{name}", entry.data, bag)
            if isinstance(body, Problem) and body.kind == "name-unresolved":
                unknown.add((container, bag, stem))
            elif isinstance(body, Problem):
                aborts |= body.aborts
            elif force or stem not in held or differs(kind, body, held[stem]):
                writes.add((container, bag, stem))
    return writes, unknown, aborts


def written_object(line):
    """The object that a logged request writes, as container, bag and name; None for a bag itself."""
    body = json.loads(base64.b64decode(line["body_b64"]))
    parts = line["path"].removeprefix("/organizations/acme").strip("/").split("/")
    if parts[0] == "data":
        return ("data_bags", body["data_bag"], body["raw_data"]["id"]) if "raw_data" in body else None
    return (parts[0], "", body["name"])


def test_every_recorded_upload_command_writes_what_differs(tmp_path):
    differences = []
    commands = 0
    for story in sorted((vectors() / "e2e").iterdir()):
        steps = json.loads((story / "story.json").read_text())["steps"]
        log = vectors() / "logs" / story.name / "truth.jsonl"
        if not log.exists():
            continue
        repository = pygit2.init_repository(str(tmp_path / story.name), bare=True)
        with (story / "repo.fast-export").open("rb") as stream:
            subprocess.run(["git", "fast-import", "--quiet"], cwd=repository.path, stdin=stream, check=True)
        lines = list(json_lines(log))
        state = {"roles": {}, "environments": {}, "data_bags": {}}
        for number, step in enumerate(steps):
            before, state = state, step["state_after"]
            if step["argv"][0] != "upload" or "-n" in step["argv"]:
                continue
            commands += 1
            force = "--force" in step["argv"]
            tree = repository[step["commit"]].tree
            writes, unknown, aborts = expected_writes(tree, step["argv"][1], before, force=force)
            written = {written_object(line) for line in lines if line["step"] == number and "body_b64" in line} - {None}
            written -= unknown
            as_recorded = written <= writes if aborts else written == writes
            if not as_recorded or aborts != (step["exit"] == 100):
                differences.append(
                    f"{story.name} step {number} {step['argv']}: {sorted(written)}, not {sorted(writes)}"
                )
    assert commands
    assert not differences, "\n".join(differences)
