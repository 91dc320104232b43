"""Every JSON document fits its schema, on every sample story and on public histories; a damaged one does not."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import zipfile

import pytest
from commandline import command
from jsonschema import Draft202012Validator
from reporting import hostile_check, hostile_proof, hostile_report
from schemas import NAMES, VALIDATORS, failures_of
from support import PROJECT

import sample_repos
from forensics.cli import exits
from forensics.report.documents import answer_document, render, report_json
from forensics.report.schemas import schema_of


def documents_of(repository):
    """The document of every command, for show and log those of a few objects."""
    timeline = command("timeline", "-C", repository, "--format", "json").document
    yield "timeline", timeline
    scan = command("scan", repository, "--format", "json").document
    yield "scan", scan
    yield "report", command("report", repository, "--format", "json", "--fail-on", "never").document
    yield "shadows", command("shadows", repository, "--commits", "--format", "json").document
    yield "fingerprint", looked_up(repository)
    yield "drift", compared(repository)
    kinds = {entry["object"].partition("[")[0]: entry["object"] for entry in reversed(timeline["timeline"])}
    for each in sorted({*kinds.values(), *(divergence["object"] for divergence in scan["divergences"][:2])}):
        yield "show", command("show", each, "-C", repository, "--format", "json").document
        yield "log", command("log", each, "-C", repository, "--format", "json").document
    for each in ("recipe[base::remove_default_users]", "role[base]", "ntp", "attribute[ntp.servers]"):
        traced = command("trace", each, "-C", repository, "--format", "json")
        if traced.code == exits.OK:
            yield "trace", traced.document
        else:  # the story knows nothing of it
            assert "no such " in traced.error_line


def looked_up(repository):
    """The content hashes of a repository, the first of which is looked up, and one that is nobody's."""
    hashes = [
        each["sha1"] for each in command("fingerprint", repository, "--format", "json").document["declarations"][:1]
    ]
    return command("fingerprint", repository, *hashes, "A" * 27 + "=", "--format", "json").document


def compared(repository):
    """A server with a role that was edited there, against a repository."""
    edited = repository.with_name("edited.json")
    edited.write_text('{"name": "base", "json_class": "Chef::Role", "run_list": ["recipe[hotfix]"]}')
    return command("drift", edited, "-C", repository, "--format", "json").document


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_one(name):
    Draft202012Validator.check_schema(schema_of(f"forensics.{name}/1"))


def test_what_schemas_share_they_define_alike():
    shared = {}
    for name in NAMES:
        for key, definition in schema_of(f"forensics.{name}/1").get("$defs", {}).items():
            assert shared.setdefault(key, definition) == definition, (name, key)


def test_objects_of_ours_take_no_unknown_fields():
    for name in NAMES:
        for node in nodes_of(schema_of(f"forensics.{name}/1")):
            if node.get("type") == "object" and "properties" in node:
                assert node["additionalProperties"] is False, (name, node)
                assert set(node["required"]) <= set(node["properties"])


def nodes_of(value):
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            yield current
            pending += current.values()
        elif isinstance(current, list):
            pending += current


@pytest.mark.parametrize("story", sample_repos.names())
@pytest.mark.slow
def test_every_document_of_every_story_fits(story, tmp_path):
    sample_repos.build(story, tmp_path / story)
    for name, document in documents_of(tmp_path / story):
        assert not failures_of(name, document)


def test_the_scenarios_fit():
    assert not failures_of("scenarios", command("scenarios", "--format", "json").document)


@pytest.fixture(scope="module")
def incident_documents(tmp_path_factory):
    """A document of each kind, with something in every list that the sample repositories fill."""
    directory = tmp_path_factory.mktemp("stories") / "opsmatic-2014"
    sample_repos.build("opsmatic-2014", directory)
    documents = {"scenarios": command("scenarios", "--format", "json").document}
    documents["fingerprint"] = looked_up(directory)
    documents["drift"] = compared(directory)
    documents["report"] = json.loads(report_json(hostile_report("x")))  # small, with something in every list
    documents["evidence"] = json.loads(render(answer_document(hostile_proof("x"))))
    documents["check"] = json.loads(render(answer_document(hostile_check("x"))))
    observed = ["--observed", "2014-08-31 role[base] has recipe[base::remove_default_users]"]
    documents["explain"] = command("explain", "base", "-C", directory, "--format", "json", *observed).document
    for words in (["scan"], ["shadows"], ["timeline", "base"], ["show", "base"], ["log", "base"], ["trace", "ntp"]):
        documents[words[0]] = command(*words, "-C", directory, "--format", "json").document
    # the first of each list says as much as all, and is checked sooner
    return {
        name: {key: value[:1] if isinstance(value, list) else value for key, value in document.items()}
        for name, document in documents.items()
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_a_damaged_document_is_refused(name, incident_documents):
    document = incident_documents[name]
    assert not failures_of(name, document)
    refused = 0
    for path, key in places_of(document):
        for damage in (removed, of_a_wrong_type, beside_another):
            damaged = copy.deepcopy(document)
            owner = damaged
            for step in path:
                owner = owner[step]
            damage(owner, key)
            refused += 1
            assert not VALIDATORS[name].is_valid(damaged), (path, key, damage.__name__)
    assert refused >= 9


KEYED_BY_DATA = {("recipes_added",), ("recipes_removed",), ("commits",), ("name_lines",), ("asked",), ("by_state",)}
ANYTHING = {"before", "after", "content", "default_attributes", "override_attributes"}


def places_of(document):
    """Every key of ours in a document, one of each kind: the way to its owner, and the key."""
    seen = set()
    pending = [((), document)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, list) and value:
            pending.append(((*path, 0), value[0]))
        elif isinstance(value, dict):
            for key, member in value.items():
                place = (tuple(step for step in path if isinstance(step, str)), key)
                if place in seen or path[-1:] in KEYED_BY_DATA:
                    continue
                seen.add(place)
                if key not in ANYTHING:
                    yield path, key
                    pending.append(((*path, key), member))


def removed(owner, key):
    del owner[key]


def of_a_wrong_type(owner, key):
    owner[key] = 1.5


def beside_another(owner, key):
    owner[f"{key}_too"] = None


def test_templates_and_styles_are_packaged(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    if b"No module named" in done.stderr:
        pytest.skip("hatchling is not installed here, which builds the wheel")
    assert done.returncode == 0, done.stderr
    wheel = next(tmp_path.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    html = PROJECT / "forensics" / "report" / "html"
    parts = {path.relative_to(PROJECT).as_posix() for path in html.rglob("*.*") if path.suffix != ".pyc"}
    assert {path.rpartition(".")[2] for path in parts} == {"py", "html", "css", "js"}
    assert parts <= names
