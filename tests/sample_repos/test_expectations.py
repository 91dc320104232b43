"""The tool says of every story what the story says it should."""

from __future__ import annotations

import pytest

import sample_repos
from forensics.analysis.examination import Examination
from forensics.analysis.scanning import scan
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations


@pytest.fixture(scope="module", params=sample_repos.names())
def told(request, tmp_path_factory):
    """A story, and what the tool makes of its repository."""
    built = sample_repos.build(request.param, tmp_path_factory.mktemp("stories") / request.param)
    history = History(open_evidence(built.directory))
    return Told(sample_repos.load(request.param), built, scan(Examination(history, Declarations(history.blob))))


class Told:
    def __init__(self, story, built, result):
        self.expect = story.expect
        self.scan = result
        self._stories_name = {oid: name for name, oid in built.commits.items()}

    def commit(self, oid):
        """The story's name of a commit."""
        return None if oid is None else self._stories_name[oid]


def test_the_shadows_are_those_of_the_story(told):
    found = {
        (
            *(shadow.kind, shadow.container, shadow.name, shadow.paths, shadow.canonical),
            *(told.commit(shadow.first_commit), told.commit(shadow.last_commit), shadow.commits, shadow.at_head),
        )
        for shadow in told.scan.shadows
    }
    expected = {
        (
            *(shadow.kind, shadow.container, shadow.name, shadow.paths, shadow.canonical),
            *(shadow.first, shadow.last, shadow.commits, shadow.at_head),
        )
        for shadow in told.expect.shadows
    }
    assert found == expected


def test_the_divergences_are_those_of_the_story_under_every_scenario(told):
    found = {
        (
            *(each.scenario, each.object, each.container, each.live.path),
            *(told.commit(each.from_commit), told.commit(each.until_commit), each.certainty == "exact"),
        )
        for each in told.scan.divergences
    }
    expected = {
        (each.scenario, each.object, each.container, each.live, each.start, each.until, each.certain)
        for each in told.expect.divergences
    }
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_each_divergence_changes_the_recipes_and_reaches_the_nodes_that_the_story_names(told):
    found = {
        (each.scenario, each.object, each.container, told.commit(each.from_commit)): each
        for each in told.scan.divergences
    }
    for expected in told.expect.divergences:
        divergence = found[expected.scenario, expected.object, expected.container, expected.start]
        phase = divergence.phases[0]
        for wanted, is_so in (
            (expected.recipes_added, phase.recipes_added["_default"]),
            (expected.recipes_removed, phase.recipes_removed["_default"]),
            (expected.nodes, divergence.reach.nodes),
        ):
            if wanted is not None:
                assert is_so is not None
                assert sorted(is_so) == sorted(wanted), expected


def test_each_finding_of_the_story_is_reported(told):
    found = {(finding.rule, finding.paths) for finding in told.scan.findings}
    assert {(finding.rule, finding.paths) for finding in told.expect.findings} <= found


def test_the_files_that_chef_refuses_are_those_of_the_story(told):
    assert sorted({problem.path for problem in told.scan.problems}) == sorted(told.expect.problems)
