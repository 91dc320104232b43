"""``forensics explain``: which uploads fit what was observed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import (
    Containers,
    Format,
    Presentation,
    Replayed,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import evidence_code, opened, print_result
from forensics.deferred import deferred

if TYPE_CHECKING:
    from forensics.evidence import observed as facts
else:
    facts = deferred("forensics.evidence.observed")


def explain(
    object_: Annotated[
        str,
        typer.Argument(help="role[base], data_bag_item[users/alice], a role's name, or a file.", metavar="OBJECT"),
    ],
    where: Where,
    replayed: Replayed,
    show: Presentation,
    observed: Annotated[
        list[str],
        typer.Option(
            "--observed",
            help="What somebody saw (repeatable): WHEN SUBJECT VERB [ITEM], as in '2014-08-31 role[base] has "
            "recipe[ntp]'.",
            metavar="FACT",
        ),
    ] = [],  # noqa: B006 (typer copies it)
    container: Containers = [],  # noqa: B006
    format_: Format = TextFormat.TEXT,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Tell which sequences of uploads fit what was observed, the fewest departures from routine first."""
    asked = narrowing(container, replayed=replayed)
    for number, each in enumerate(observed, 1):
        facts.parse_fact(each, number)  # before a history is walked for nothing
    repository = opened(where, show, asked, objects=[object_])
    result = repository.explain(object_, observed=observed, **asked)
    print_result(result, format_, show)
    return evidence_code(result.evidence, strict=strict_evidence)
