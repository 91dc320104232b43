"""Small git repositories with a story each, built the same way, with the same object ids, on every machine."""

from sample_repos.builder import BuiltStory, TargetRefusedError, build
from sample_repos.expectation import Expectation, ExpectedDivergence, ExpectedFinding, ExpectedShadow
from sample_repos.story import Story, StoryError, load, names

__all__ = [
    "BuiltStory",
    "Expectation",
    "ExpectedDivergence",
    "ExpectedFinding",
    "ExpectedShadow",
    "Story",
    "StoryError",
    "TargetRefusedError",
    "build",
    "load",
    "names",
]
