"""The rules together: what they say of themselves, and which commit they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import examine, role
from rule_findings import BASE, IMPOSTOR, found

from forensics.analysis.rules.catalogue import ALL, findings


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_rule_has_tests_of_its_own(rule):
    assert Path(__file__).with_name(f"test_{rule.id.replace('-', '_')}.py").is_file()


def test_a_repository_in_order_has_no_findings(tmp_path):
    tree = {
        **BASE,
        "environments/prod.rb": 'name "prod"\n',
        "nodes/n.json": '{"name": "n", "run_list": ["role[base]"]}',
        "data_bags/users/alice.json": '{"id": "alice"}',
    }
    examination, _ = examine(tmp_path, tree, tree | {"roles/base.json": role("base")})
    assert findings(examination) == ()


def test_rules_have_ids_of_their_own_and_a_known_severity():
    assert len({rule.id for rule in ALL}) == len(ALL)
    assert {rule.severity for rule in ALL} == {"error", "warning", "note"}
    assert [rule.severity for rule in ALL] == sorted(
        (rule.severity for rule in ALL), key=["error", "warning", "note"].index
    )


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_means_and_what_to_do_in_plain_sentences(rule):
    assert 2 <= len(re.findall(r"[.](?= [A-Z]|$)", rule.meaning)) <= 4, rule.meaning
    for text in (rule.meaning, rule.help):
        assert text.isascii(), text
        assert text[-1] == ".", text
        assert "  " not in text, text
        assert not set("`<>*[]|\\\n") & set(text), text
    assert rule.title[-1] != "."


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        ("unreadable-declaration", {"roles/a.json": "{"}),
        ("unresolved-ruby", {"roles/a.rb": 'name "a"\ndescription ENV["HOME"]\n'}),
        ("name-file-mismatch", {"roles/web-server.json": role("web")}),
        ("look-alike-names", {"roles/Base.json": role("Base")}),
        ("server-would-refuse", {"roles/a.json": role("a", surprise=1)}),
        ("residue", IMPOSTOR),
    ],
)
def test_a_finding_about_a_file_names_the_commit_that_brought_it_and_not_whoever_committed_last(tmp_path, rule, files):
    later = {"roles/last.json": role("last")}
    (finding,), ids = found(tmp_path, rule, BASE, BASE | files, BASE | files | later)
    assert finding.commit == ids[1]
