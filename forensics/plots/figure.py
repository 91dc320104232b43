"""A finished chart: shown in a notebook and written to files without anything that runs."""

from __future__ import annotations

from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import altair as alt
from jinja2 import Environment
from markupsafe import Markup

from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.extras import require
from forensics.plots.look import CONFIG
from forensics.plots.words import SUBTITLE_LINE, TITLE_LINE, lines
from forensics.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import vl_convert
else:
    _needs = partial(require, "vl_convert", "charts as images", package="vl-convert-python")
    vl_convert = deferred("vl_convert", before=_needs)  # large, and not needed to make a chart

FORMATS: Final = ("svg", "png", "html")

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>body { margin: 1rem; background: #ffffff } svg { max-width: 100%; height: auto }</style>
</head>
<body>
{{ svg }}
</body>
</html>
"""


class Plot(alt.VConcatChart):
    """A chart of altair's that shows itself as an image.

    Altair's own display puts data into a page's script; this one offers an SVG image, and the specification for those
    notebooks that draw it themselves.
    """

    def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, Any]:
        major = alt.SCHEMA_VERSION.removeprefix("v").partition(".")[0]
        return {
            "image/svg+xml": svg(self),
            f"application/vnd.vegalite.v{major}+json": self.to_dict(),
            "text/plain": repr(self),
        }

    def __repr__(self) -> str:
        return f"<Plot: {title_of(self)}>"

    def save(self, fp: Any, *others: Any, **options: Any) -> None:
        """Write it to a file: SVG, PNG or HTML by the name's ending, without anything that runs.

        Altair writes the specification (``.json``), and whatever is asked for with options of its own.
        """
        plain = not others and not options and isinstance(fp, str | PathLike)
        if plain and Path(fp).suffix.lower() != ".json":
            save(self, fp)
        else:
            super().save(fp, *others, **options)


def figure(title: str, subtitle: Sequence[str], *charts: Any) -> Plot:
    """Charts below one another under a title that says the finding."""
    shown = [line for sentence in subtitle if sentence for line in lines(sentence, SUBTITLE_LINE)]
    return Plot(
        vconcat=list(charts),
        spacing=14,
        title=alt.TitleParams(text=lines(title, TITLE_LINE), subtitle=shown),
        description=title,
        config=CONFIG,
    )


def title_of(chart: Any) -> str:
    """The sentence that stands above a chart."""
    title = chart.to_dict().get("title", "")
    words = title.get("text", "") if isinstance(title, dict) else title
    return words if isinstance(words, str) else " ".join(words)


def rows(values: list[dict[str, Any]]) -> alt.InlineData:
    """Data of a chart, in the chart: as many rows as there are."""
    return alt.InlineData(values=values)


def svg(chart: Any) -> str:
    """A chart as SVG: the same chart gives the same text; no script, nothing that is loaded."""
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=_version(), allowed_base_urls=[])


def png(chart: Any, *, scale: float = 2) -> bytes:
    """A chart as a PNG image; ``scale`` is how many pixels a unit takes."""
    return vl_convert.vegalite_to_png(chart.to_dict(), vl_version=_version(), scale=scale, allowed_base_urls=[])


def html(chart: Any) -> str:
    """A chart as a page of its own that loads nothing and runs nothing."""
    page = Environment(autoescape=True).from_string(_PAGE)
    # the SVG comes from the library that draws it, with every text escaped
    return page.render(title=title_of(chart), svg=Markup(svg(chart)))  # noqa: S704


def save(chart: Any, path: str | PathLike[str]) -> None:
    """Write a chart to a file, as SVG, PNG or HTML by the file's ending; a file that is there is replaced.

    Raises:
        UsageError: the ending is none of these, or the file cannot be written.
        MissingExtraError: vl-convert-python is not installed.
    """
    target = Path(path)
    match target.suffix.lower():
        case ".svg":
            drawn = svg(chart).encode("utf-8")
        case ".png":
            drawn = png(chart)
        case ".html":
            drawn = html(chart).encode("utf-8")
        case _:
            raise UsageError(f"{str(path)!r}: a chart can be written as {', '.join(FORMATS)}; end the name with one")
    try:
        write_whole(target, drawn)
    except OSError as error:
        raise UsageError(f"{str(target)!r} cannot be written: {error.strerror}") from error


def _version() -> str:
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
