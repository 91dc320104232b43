"""``forensics scan``: which objects are shadowed, and where would that have changed something live?"""

from __future__ import annotations

from forensics.cli.options import (
    Containers,
    Format,
    Judgement,
    PathArgument,
    Presentation,
    Range,
    Redact,
    Replayed,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import exit_code, opened, print_result, warn_of_stale_ignores


def scan(
    *,
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    path: PathArgument = None,
    container: Containers = [],  # noqa: B006 (typer copies it)
    format_: Format = TextFormat.TEXT,
    judgement: Judgement,
    redact: Redact = None,
) -> int:
    """Find shadowed objects, and what they would have changed on the server.

    Exit code 1 means that something is wrong at the tip (see --fail-on), 4 that there is nothing to examine.
    """
    asked = narrowing(container, time, replayed)
    result = opened(where, show, asked, path=path).scan(redact=redact, **asked)
    print_result(result, format_, show)
    warn_of_stale_ignores(result, show)
    return exit_code(result, judgement)
