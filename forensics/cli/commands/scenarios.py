"""``forensics scenarios``: the ways of uploading that are replayed, and what each assumes."""

from __future__ import annotations

from pathlib import Path

from forensics.cli import exits, options
from forensics.cli.options import Color, TextFormat
from forensics.cli.output import emit, style


def scenarios(
    repo: options.Repo = Path(),
    config: options.Config = None,
    format_: options.Format = TextFormat.TEXT,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    color: options.Colors = Color.AUTO,
    verbose: options.Verbose = False,
) -> int:
    """List the upload scenarios, shipped ones and those of forensics.toml."""
    from forensics import config as configuration  # noqa: PLC0415
    from forensics.uploads.scenario import choose  # noqa: PLC0415

    every = choose([], configuration.load(config, repo).scenarios)
    if format_ is TextFormat.JSON:
        from forensics.report.documents import render, scenarios_document  # noqa: PLC0415

        text = render(scenarios_document(every))
    else:
        from forensics.report.text.scenarios import scenarios_text  # noqa: PLC0415

        text = scenarios_text(every, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    return exits.OK
