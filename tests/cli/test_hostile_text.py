"""Whatever a repository contains, a terminal shows it and never obeys it; JSON carries it unharmed."""

from __future__ import annotations

import json

import pygit2
import pytest
from building import DAY, START, new_repository, role, set_main, write_commit
from commandline import command
from inert import obeyed

pytestmark = pytest.mark.slow

# what moves a cursor, rings, hides or reorders, raw bytes that are no UTF-8, and markup that some writer might obey
EVIL = (
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m\x85",
    "a\rb\x08\x07",
    "\u202eevil\u2066\u200f\u061c",
    "zero\u200bwidth\ufeff\U000e0041",
    "line\u2028para\u2029",
    "raw\udcff\udc9b",
    "[bold red]x[/x] [link=https://example.org]y[/link]",
    "| a | `b` **c** <script>alert(1)</script> @everyone ![x](y) {{7*7}} %s {0} \\x1b",
    "::error file=x::gotcha",
    "::stop-commands::a",
    "##[command]b ##vso[task.setvariable]c",
    "=1+1\t+2",
)
EVERYTHING = " ".join(EVIL)
MARKUP = tuple(text for text in EVIL if text.isascii() and text.isprintable() and "##" not in text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The path of a repository that is hostile wherever one can be."""
    path = tmp_path_factory.mktemp("hostile") / "repository.git"
    repository = new_repository(path)
    nasty = as_bytes(EVERYTHING).replace(b"'", b"")
    text = json.dumps(EVERYTHING.replace("\udcff\udc9b", "\x00"))
    file = EVERYTHING.replace("/", "_")
    copy = {
        "name": "base",
        "description": json.loads(text),
        "run_list": ["recipe[a]", "recipe[\x1b\x9b\u202e]"],
        "default_attributes": {json.loads(text): [json.loads(text)]},
    }
    tree = {
        f"roles/{file}.json": json.dumps(copy),
        "roles/item.json": json.dumps({"name": "item", "run_list": [json.loads(text)]}),
        f"roles/sub {file}/deep.json": role("base", "recipe[b]"),
        "roles/broken.json": b'{"name": ' + nasty,
        "roles/broken.rb": b"name 'x'\nraise '" + nasty + b"'\n",
        "roles/unknown.rb": b"name 'unknown'\ndescription ENV['" + nasty + b"']\n",
        "roles/lone.json": '{"name": "lone", "description": "\\ud800 \\udfff"}',
        "roles/raw.json": b'{"name": "raw", "description": "\xff \xed\xa0\x80"}',
        # Chef takes a name of which one line is well
        "roles/lines.json": json.dumps({"name": f"safe\n{EVIL[0]}", "run_list": ["recipe[x]"]}),
        "environments/prod.json": json.dumps({"name": "prod"}),
        f"environments/{file}.json": f'{{"name": "prod", "description": {text}}}',
        "data_bags/users/dana.json": json.dumps({"id": "dana"}),
        f"data_bags/users/{file}.json": f'{{"id": "dana", {text}: {text}}}',
        f"{file}/roles/base.json": role("base"),
        f"{file}/roles/again.json": role("base", "recipe[c]"),
    }
    first = written(repository, {**tree, "roles/base.json": role("base", "recipe[a]")}, [], START)
    last = written(repository, {**tree, "roles/base.json": role("base", "recipe[z]")}, [first], START + DAY)
    set_main(repository, last)
    return path


def as_bytes(text):
    return text.encode("utf-8", "surrogateescape")


def written(repository, tree, parents, time):
    """A commit whose author and message are as hostile as its tree; nothing checks what is written."""
    who = as_bytes(EVERYTHING.replace("<", "").replace(">", "")) + f" <a@example.org> {time} +0000".encode()
    lines = [b"tree " + written_tree(repository, tree).encode()]
    lines += [b"parent " + parent.encode() for parent in parents]
    lines += [b"author " + who, b"committer " + who, b"", as_bytes(EVERYTHING), b""]
    return str(repository.write(pygit2.enums.ObjectType.COMMIT, b"\n".join(lines)))


def written_tree(repository, files):
    entries, below = {}, {}
    for path, content in files.items():
        name, separator, rest = path.partition("/")
        if separator:
            below.setdefault(name, {})[rest] = content
        else:
            blob = repository.create_blob(content if isinstance(content, bytes) else content.encode())
            entries[as_bytes(name)] = b"100644", bytes.fromhex(str(blob))
    for name, inside in below.items():
        entries[as_bytes(name)] = b"40000", bytes.fromhex(written_tree(repository, inside))
    ordered = sorted(entries.items(), key=lambda entry: entry[0] + (b"/" if entry[1][0] == b"40000" else b""))
    data = b"".join(mode + b" " + name + b"\0" + oid for name, (mode, oid) in ordered)
    return str(repository.write(pygit2.enums.ObjectType.TREE, data))


def assert_inert(output):
    """No byte that a terminal obeys: only printable characters and line ends."""
    text = output.decode("utf-8")
    assert obeyed(text) <= {"\n"}
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in text
    assert "##vso[" not in text


COMMANDS = (
    ["scan"],
    ["scan", "--verbose"],
    ["report"],
    ["report", "--verbose", "--no-redact"],
    ["shadows"],
    ["timeline"],
    ["timeline", "--verbose", "--no-redact"],
    ["show", "base", "--verbose"],
    ["show", "environment[prod]", "--verbose"],
    ["show", "data_bag_item[users/dana]", "--no-redact"],
    ["log", "base", "--verbose"],
    ["log", "environment[prod]"],
    ["log", "data_bag_item[users/dana]", "--no-redact"],
    ["trace", "a"],
    ["trace", "recipe[a]", "--verbose"],
    ["fingerprint"],
    ["fingerprint", "--verbose"],
)
IDENTIFIED = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


@IDENTIFIED
def test_a35_no_byte_that_a_terminal_obeys(words, hostile):
    done = command(*words, "-C", hostile)
    assert done.code in {0, 1}, done.errors
    assert_inert(done.output)
    assert_inert(done.errors)
    assert b"\\x1b" in done.output


@IDENTIFIED
def test_a35_json_is_ascii_and_carries_everything(words, hostile):
    # one of the names is such that nobody knows its place in order, which a warning says otherwise
    done = command(*words, "-C", hostile, "--format", "json", "--quiet")
    document = done.document
    assert json.loads(json.dumps(document)) == document
    assert "\udcff" in "".join(strings(document))


@IDENTIFIED
def test_a36_markup_is_literal_text(words, hostile):
    printed = command(*words, "-C", hostile).text
    for text in MARKUP:
        as_path = text.replace("/", "_")
        # lines are wrapped at blanks
        assert any(all(word in printed for word in shown.removeprefix("::").split()) for shown in (text, as_path)), text


def strings(value):
    """Every text in a document, keys too."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, dict):
            pending += [*current, *current.values()]
        elif isinstance(current, list):
            pending += current


@pytest.mark.parametrize("evil", EVIL)
def test_a35_errors_quote_safely(evil, hostile, tmp_path):
    config = tmp_path / "forensics.toml"
    config.write_text(f"{json.dumps(evil.encode('utf-8', 'replace').decode())} = 1\n")
    for words in (
        ["scan", hostile / evil],
        ["scan", hostile, "--rev", evil],
        ["scan", hostile, "--scenario", evil],
        ["scan", hostile, "--container", evil],
        ["scan", hostile, "--since", evil],
        ["scan", hostile, "--config", tmp_path / evil],
        ["scan", hostile, "--config", config],
        ["scan", hostile, "--output", tmp_path / evil / "x"],
        ["scan", hostile, "--commands", tmp_path / evil],
        ["scan", hostile, "--format", evil],
        ["report", hostile, "--format", evil],
        ["report", hostile, "--also", f"json={evil}/x"],
        ["report", hostile, "--also", evil],
        ["report", hostile, "--baseline", tmp_path / evil],
        ["check", "--staged", "-C", hostile / evil],
        ["timeline", f"role[{evil}]", "-C", hostile],
        ["show", "base", "-C", hostile, "--at", evil],
        [f"--{evil}"],
        [evil],
    ):
        done = command(*words)
        assert done.code in {2, 3, 4}, words
        assert done.error_line
        assert_inert(done.errors)


def test_a35_what_a_configuration_says_is_inert(hostile, tmp_path):
    config = tmp_path / "forensics.toml"
    described = json.dumps("".join(EVIL[:4]))
    config.write_text(f'[[scenario]]\nname = "mine"\norder = "locale"\ndescription = {described}\n')
    assert_inert(command("scenarios", "--config", config).output)
    done = command("scan", hostile, "--config", config, "--verbose")
    assert done.code == 1
    assert_inert(done.output)


def test_a41_ids_that_look_like_numbers_stay_ids(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    tree = {"roles/base.json": role("base"), "roles/copy.json": role("base", "recipe[b]")}
    tries = (write_commit(repository, tree, message=f"Try {number}") for number in range(20_000))
    found = next(oid for oid in tries if reads_like_a_number(oid[:12]))
    set_main(repository, found)
    for words in (["scan"], ["timeline"], ["show", "base"], ["log", "base"], ["shadows"]):
        assert found[:12] in command(*words, "-C", tmp_path / "repository.git").text


def reads_like_a_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
