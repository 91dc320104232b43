"""The rules as SARIF describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.catalogue import ALL

if TYPE_CHECKING:
    from forensics.analysis.rules.rule import Rule
    from forensics.report.documents import Document

RULE_NUMBERS: Final = {rule.id: number for number, rule in enumerate(ALL)}
"""Where each rule stands among those of the tool."""

_PROBLEM: Final = {"error": "error", "warning": "warning", "note": "recommendation"}
"""What GitHub calls the severities of rules that are not about security."""


def rules() -> list[Document]:
    """All rules, also those that found nothing: they tell what was looked for."""
    return [_rule(rule) for rule in ALL]


def _rule(rule: Rule) -> Document:
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.meaning},
        "help": {
            "text": f"{rule.meaning}\n\nWhat to do: {rule.help}",
            "markdown": f"{rule.meaning}\n\n**What to do:** {rule.help}",
        },
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": ["chef", "reliability"],
            "precision": "high",
            "problem.severity": _PROBLEM[rule.severity],
        },
    }
