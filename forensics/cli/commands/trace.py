"""``forensics trace``: where could it have come from?"""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import (
    Containers,
    Format,
    Presentation,
    Range,
    Redact,
    Replayed,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import opened, print_result


def trace(
    subject: Annotated[
        str,
        typer.Argument(help="recipe[x] or recipe[x::y], role[x], attribute[ntp.servers], cookbook[x].", metavar="WHAT"),
    ],
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    container: Containers = [],  # noqa: B006 (typer copies it)
    format_: Format = TextFormat.TEXT,
    redact: Redact = None,
) -> int:
    """Find everything through which a recipe, role or attribute could have reached a node, and when."""
    result = opened(where, show).trace(subject, redact=redact, **narrowing(container, time, replayed))
    print_result(result, format_, show)
    return exits.OK
