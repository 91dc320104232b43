"""Pictures of a terminal: what a command prints in colour, as SVG that needs no font and no script from elsewhere.

``python -m handbook.pictures`` draws them again. The pictures hold text, which a test compares with what the commands
print; how exactly they are drawn may change with the library that draws them.
"""

from __future__ import annotations

import html
import io
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from handbook.shell import Shell

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"

_FONT: Final = "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_FRAME: Final = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{ font-family: %FONT%; font-size: {char_height}px; line-height: {line_height}px; }}
    .{unique_id}-title {{ font-family: %FONT%; font-size: 16px; }}
    {styles}
    </style>
    <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
    </defs>
    {chrome}
    <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
    </g>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A command line, and how many of the lines that it prints are shown (all, if none is said)."""

    name: str
    command: str
    lines: int | None = None

    @property
    def path(self) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.name}.svg"


ALL: Final = (Picture("scan", "forensics scan demo/opsmatic-2014", 37),)
"""The pictures that the pages show."""


def printed(picture: Picture, *, color: bool) -> str:
    """What the picture shows: the command line, and the lines that it prints."""
    with tempfile.TemporaryDirectory() as directory:
        wanted = " --color always" if color else ""
        lines = Shell(Path(directory).resolve()).run(picture.command + wanted).splitlines()
    return "\n".join([f"$ {picture.command}", *lines[: picture.lines]])


def drawn(picture: Picture) -> str:
    """The picture as SVG."""
    # only who draws needs it
    from rich.console import Console  # noqa: PLC0415
    from rich.terminal_theme import MONOKAI  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    text = Text.from_ansi(printed(picture, color=True))
    width = max(len(line) for line in text.plain.splitlines())
    console = Console(width=width, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(text, no_wrap=True, overflow="ignore", crop=False)
    return console.export_svg(
        title=picture.command,
        theme=MONOKAI,
        code_format=_FRAME.replace("%FONT%", _FONT),
        unique_id=picture.name,
    )


def words(svg: str) -> list[str]:
    """The words of a picture, in order, without the title of its window."""
    texts = re.findall(r"<text[^>]*clip-path[^>]*>([^<]*)</text>", svg)
    return html.unescape(" ".join(texts)).split()


def main() -> int:
    """Draw every picture again."""
    for picture in ALL:
        picture.path.parent.mkdir(parents=True, exist_ok=True)
        picture.path.write_text(drawn(picture), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
