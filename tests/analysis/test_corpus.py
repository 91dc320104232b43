"""The shadows of public histories, against a scanner that looked at every commit's tree."""

from __future__ import annotations

import hashlib

import pytest
from support import clones, corpus, json_lines

from forensics.analysis.examination import Examination
from forensics.analysis.scanning import scan_shadows
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

pytestmark = pytest.mark.slow

SCANNED_KINDS = {"role", "environment"}
WITHOUT_SHADOWS = {"att/inception-chef-repo"}


def expected_shadows():
    """By repository, what its history holds: the facts about each shadow by what makes it one."""
    path = corpus() / "shadows.jsonl"
    if not path.exists():
        pytest.skip("no known shadows of public histories here")
    expected = {repository: {} for repository in WITHOUT_SHADOWS}
    for line in json_lines(path):
        key = (line["kind"], line["container"], line["name"], tuple(line["paths"]))
        facts = (line["commits"], line["commits_sha256"], line["at_head"])
        expected.setdefault(line["repository"], {})[key] = facts
    return expected


def found_shadows(path):
    history = History(open_evidence(path))
    scan = scan_shadows(Examination(history, Declarations(history.blob)))
    return {
        (shadow.kind, shadow.container, shadow.name, shadow.paths): (
            shadow.commits,
            hashlib.sha256("\n".join(shadow.commit_ids).encode()).hexdigest(),
            shadow.at_head,
        )
        for shadow in scan.shadows
        if shadow.kind in SCANNED_KINDS
    }


def test_every_known_shadow_of_public_histories_is_found_and_no_other():
    failures = []
    compared = 0
    for repository, expected in expected_shadows().items():
        path = clones() / repository.replace("/", "+") / "repo"
        if not path.exists():
            continue
        compared += 1
        found = found_shadows(path)
        failures += [
            f"{repository} {key}: (commits, their hash, at head) {found.get(key)}, not {expected.get(key)}"
            for key in sorted({*found, *expected})
            if found.get(key) != expected.get(key)
        ]
    if not compared:
        pytest.skip("no clones of the public histories here")
    assert not failures, "\n".join(failures)
