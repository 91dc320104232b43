"""``forensics scenarios``: the ways of uploading that are replayed, and what each assumes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import Format, Presentation, TextFormat
from forensics.cli.session import print_result
from forensics.deferred import deferred

if TYPE_CHECKING:
    from forensics.api.questions import scenarios as question
else:
    question = deferred("forensics.api.questions.scenarios")


def scenarios(
    show: Presentation,
    repo: Annotated[Path, typer.Option("-C", "--repo", help="The chef-repo.", metavar="PATH")] = Path(),
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Default: forensics.toml beside the repository's files.", metavar="FILE"),
    ] = None,
    format_: Format = TextFormat.TEXT,
) -> int:
    """List the upload scenarios, shipped ones and those of forensics.toml."""
    print_result(question.ask(repo, config), format_, show)
    return exits.OK
