"""Repositories for the tests of the command line."""

from __future__ import annotations

import pytest

import sample_repos


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    """A function that gives the directory of a sample story, built once."""
    built = {}

    def directory(name):
        if name not in built:
            built[name] = sample_repos.build(name, tmp_path_factory.mktemp("stories") / name).directory
        return built[name]

    return directory


@pytest.fixture(scope="session")
def incident(story):
    """The sample repository of the incident: role[base] is exposed at its tip."""
    return story("opsmatic-2014")
