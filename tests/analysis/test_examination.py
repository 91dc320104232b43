"""An examination replays only the objects that more than one file declared; that must leave nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import clone

import sample_repos
from forensics.analysis.examination import Examination
from forensics.analysis.scanning import scan
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from pathlib import Path


def examine(path: Path) -> Examination:
    history = History(open_evidence(path))
    return Examination(history, Declarations(history.blob))


def assert_nothing_is_left_out(path: Path) -> None:
    brief, whole = examine(path), examine(path)
    whole._contested = whole.replays
    expected, found = scan(whole), scan(brief)
    assert found.divergences == expected.divergences
    assert found.findings == expected.findings
    assert all(timeline.only is None for replayed in whole.contested_replays for timeline in replayed.timelines)


@pytest.mark.parametrize("name", sample_repos.names())
def test_the_contested_objects_are_all_that_a_scan_of_a_story_needs(name, tmp_path):
    sample_repos.build(name, tmp_path / name)
    assert_nothing_is_left_out(tmp_path / name)


@pytest.mark.parametrize("name", ["mguterl/chef-repo", "10xEngineer/chef_repo", "openstack-archive/openstack-chef"])
def test_the_contested_objects_are_all_that_a_scan_of_a_real_history_needs(name):
    assert_nothing_is_left_out(clone(name))


def test_listing_shadows_replays_nothing(tmp_path):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    examination = examine(tmp_path / "repo")
    assert [shadow.object for shadow in examination.shadows] == ["role[base]"]
    assert examination._replays is None
    assert examination._contested is None
