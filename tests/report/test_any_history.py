"""Whatever happened in a history, every format tells of it, and all of them tell the same."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from building import DAY, START, new_repository, role, ruby_role, set_main, write_commit
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from reporting import report_at
from trying import examples

from forensics.history.model import NothingToExamineError
from forensics.report.formats import FORMATS, render_report
from forensics.report.schemas import schema_of
from forensics.report.text.scan import report_text
from forensics.report.text.style import Style

VALIDATOR = Draft202012Validator(schema_of("forensics.report/1"))
NAMES = ("a", "b", "c")
CONTENTS = [
    *(role(name, *items) for name in NAMES for items in ((), ("recipe[x]",), ("recipe[x]", "role[b]"))),
    *(role(name, default_attributes={"password": name, "n": [1, {"k": None}]}) for name in NAMES),
    '{"name": "a",}',
]
RUBY = [ruby_role(name, "recipe[y]") for name in NAMES] + ["name 'a'\ndescription ENV['X']\n", "name +\n"]
BAGS = [json.dumps({"id": name, "v": value}) for name in NAMES for value in (1, 2)]
NODES = [json.dumps({"name": "n", "run_list": [f"role[{name}]"]}) for name in NAMES]
CHANGE = st.one_of(
    st.tuples(st.sampled_from([f"roles/{name}.json" for name in (*NAMES, "a-1", "sub/b")]), st.sampled_from(CONTENTS)),
    st.tuples(st.sampled_from([f"x/roles/{name}.rb" for name in (*NAMES, "a_old")]), st.sampled_from(RUBY)),
    st.tuples(st.sampled_from(["data_bags/u/a.json", "data_bags/u/b.json"]), st.sampled_from(BAGS)),
    st.tuples(st.sampled_from(["nodes/n.json", "nodes/m.json"]), st.sampled_from(NODES)),
    st.tuples(st.sampled_from(["roles/a.json", "roles/a-1.json", "roles/b.json", "x/roles/a.rb"]), st.none()),
)
HISTORIES = st.lists(
    st.tuples(st.lists(CHANGE, min_size=1, max_size=4), st.integers(-1, 2), st.booleans()), min_size=1, max_size=5
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return new_repository(tmp_path_factory.mktemp("any") / "repository.git")


def written(repository, changes):
    """The commits of these changes, of which some are merges of what came before; main is the last."""
    files, ids, time = {"roles/a.json": role("a", "recipe[x]")}, [], START
    for edits, days, merges in changes:
        files = {path: content for path, content in {**files, **dict(edits)}.items() if content is not None}
        time += days * DAY
        parents = dict.fromkeys([*ids[-1:], *(ids[-3:-2] if merges else ())])
        ids.append(write_commit(repository, files, tuple(parents), time=time))
    set_main(repository, ids[-1])


def exposed_in_json(document):
    """The objects that a live divergence at the tip is about, each once."""
    return {
        (each["object"], *each["paths"])
        for each in document["findings"]
        if each["rule"] == "live-divergence" and each["at_tip"] and not each["only_if"]
    }


def about(story, exposed):
    """Whether an object of a container is one of those exposed."""
    return any(object_ == story["object"] and set(paths) & set(story["paths"]) for object_, *paths in exposed)


@examples(25)
@given(HISTORIES)
def test_a37_a39_a45_any_history_is_told_alike_by_every_format(repository, changes):
    written(repository, changes)
    try:
        report = report_at(Path(repository.path))
    except NothingToExamineError:
        return
    printed = {name: render_report(report, name) for name in FORMATS}
    document = json.loads(printed["json"])
    assert not list(VALIDATOR.iter_errors(document))
    html5lib.HTMLParser(strict=True).parse(printed["html"])

    exposed = exposed_in_json(document)
    text = report_text(report, Style())
    assert ("EXPOSED at the tip: YES" in text or "Exposed at the tip: YES" in text) == bool(exposed)
    assert ("**Exposed at the tip: YES.**" in printed["markdown"]) == bool(exposed)
    assert ("<title>Exposed:" in printed["html"]) == bool(exposed)
    told = {
        "text": len(re.findall(r"(?m)^[0-9]+\. .*  EXPOSED NOW", text)),
        "markdown": len(re.findall(r"(?m)^## .*: EXPOSED NOW$", printed["markdown"])),
        "html": len(re.findall(r"</h3> <span class=\"badge bad\">EXPOSED NOW</span>", printed["html"])),
    }
    objects = {(each["object"], each["container"]) for each in document["stories"] if about(each, exposed)}
    assert set(told.values()) == {len(objects)}, told

    left_behind = "\nLeft behind: " in text
    assert ("**Left behind: " in printed["markdown"]) == left_behind
    assert (">Left behind</span>" in printed["html"]) == left_behind
    if left_behind:  # there is a warning about it
        assert any(
            each["rule"] == "stale-after-removal" and each["at_tip"] and not each["only_if"]
            for each in document["findings"]
        )

    rows = [each for each in csv.DictReader(io.StringIO(printed["csv"], newline="")) if each["severity"] == "error"]
    assert len([each for each in rows if each["rule"] == "live-divergence" and each["at_tip"] == "yes"]) == len(exposed)
    results = [each for each in json.loads(printed["sarif"])["runs"][0]["results"] if each["level"] == "error"]
    assert len([each for each in results if each["ruleId"] == "live-divergence"]) == len(exposed)
    issues = [each for each in json.loads(printed["gitlab"]) if each["severity"] == "critical"]
    assert len([each for each in issues if each["check_name"] == "live-divergence"]) == len(exposed)
    suite = ET.fromstring(printed["junit"]).find("testsuite[@name='live-divergence']")  # noqa: S314 (our own)
    assert int(suite.get("failures")) == len(exposed)
    assert len(re.findall("::error .*title=live-divergence::", printed["github"])) == min(len(exposed), 10)
