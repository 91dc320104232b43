"""``forensics scenarios``: the ways of uploading that are replayed, and what each assumes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import Format, Presentation, TextFormat
from forensics.cli.session import tell


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
    from forensics.api.opening import known_scenarios  # noqa: PLC0415 (--help must not pay for it)

    tell(known_scenarios(repo, config), format_, show)
    return exits.OK
