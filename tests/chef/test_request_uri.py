"""Which names can be sent."""

from __future__ import annotations

import base64

import pytest
from support import json_lines, vectors

from forensics.chef import json_source
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.request_uri import send_problem


@pytest.mark.parametrize("name", ["base", "A-b_1", "a.b", "n1.example.com", "a%20b", 5, True, Unresolved("x", 1)])
def test_ordinary_names_can_be_sent(name):
    assert send_problem(Kind.ROLE, name) is None


@pytest.mark.parametrize("name", ["bäse", "bad!\nok", "a\n", "a b", "\uff11", "a?b", "a#b", "%zz", "[x]"])
def test_names_that_are_no_part_of_a_uri_cannot_be_sent(name):
    problem = send_problem(Kind.ROLE, name)
    assert (problem.kind, problem.error_class, problem.stage) == ("send", "URI::InvalidURIError", "send")


def test_an_empty_name_cannot_be_sent():
    problem = send_problem(Kind.ROLE, "")
    assert (problem.kind, problem.error_class, problem.stage) == ("name-missing", "Net::HTTPClientException", "send")
    assert send_problem(Kind.NODE, None).kind == "name-missing"


def test_the_default_environment_cannot_be_written():
    problem = send_problem(Kind.ENVIRONMENT, "_default")
    assert (problem.kind, problem.error_class, problem.stage) == ("name-default", "Net::HTTPClientException", "send")
    assert send_problem(Kind.ROLE, "_default") is None


def test_every_recorded_role_that_loads_is_sent_or_not_as_by_real_knife():
    differences = []
    for path in sorted((vectors() / "roles").glob("json*.jsonl")):
        for line in json_lines(path):
            loaded = json_source.load(Kind.ROLE, base64.b64decode(line["source_b64"]))
            if isinstance(loaded, Problem) or line["knife"].get("class", "").startswith("SystemExit"):
                continue
            problem = send_problem(Kind.ROLE, loaded.name)
            if loaded.name == "":  # knife sends it; the recording socket refuses nothing
                continue
            error_class = problem.error_class if problem else None
            if error_class != line["knife"].get("class"):
                differences.append(f"{line['id']}: {line['knife']}, not {problem}")
    assert not differences, "\n".join(differences)
