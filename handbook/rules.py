"""The rules: what they mean, and what they find in the sample repositories."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import forensics
import sample_repos
from forensics.analysis.rules.catalogue import ALL
from forensics.report.documents import document
from handbook.markdown import block, code, prose, table

if TYPE_CHECKING:
    from forensics.analysis.results import Finding


def listed() -> str:
    """A table of the rules, each with a link to its page."""
    return table(
        ("rule", "severity", "what it reports"),
        [(f"[{code(rule.id)}]({rule.id}.md)", rule.severity, prose(rule.title)) for rule in ALL],
    )


def described(name: str) -> str:
    """Title, severity, meaning and remedy of a rule."""
    rule = next(each for each in ALL if each.id == name)
    return "\n\n".join(
        [f"**{prose(rule.title)}.** Severity: {rule.severity}.", prose(rule.meaning), "## What to do", prose(rule.help)]
    )


@cache
def found(story: str) -> tuple[Finding, ...]:
    """What the rules find in a sample repository."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory) / story
        sample_repos.build(story, place)
        return forensics.open(place).scan().findings


def example(name: str, story: str) -> str:
    """The first finding of a rule in a sample repository, as the JSON has it.

    Raises:
        LookupError: the rule finds nothing there.
    """
    findings = [each for each in found(story) if each.rule == name]
    if not findings:
        raise LookupError(f"{name} finds nothing in {story}")
    return "\n\n".join(
        [
            f"What {code(f'forensics scan demo/{story} --format json')} says of it:",
            block("json", json.dumps(document(findings[0]), indent=2)),
        ]
    )


def silent(name: str, *stories: str) -> str:
    """A sentence about sample repositories in which a rule finds nothing.

    Raises:
        LookupError: it does.
    """
    for story in stories:
        if any(each.rule == name for each in found(story)):
            raise LookupError(f"{name} finds something in {story}")
    return f"It finds nothing in the [sample repositories](../reference/samples.md) {' and '.join(map(code, stories))}."
