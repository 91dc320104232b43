"""``python -m sample_repos NAME DIRECTORY`` builds one story; ``python -m sample_repos --list`` names them all."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_repos.builder import TargetRefusedError, build
from sample_repos.story import StoryError, load, names

REFUSED = 2


def main(arguments: list[str] | None = None) -> int:
    """Build or list stories; return the exit status: 0, or 2 after one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m sample_repos", description=__doc__, allow_abbrev=False)
    parser.add_argument("--list", action="store_true", help="name the stories and stop")
    parser.add_argument("name", nargs="?", metavar="NAME", help="a story, as --list names it")
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIRECTORY", help="where to build it")
    parser.add_argument("--evidence", type=Path, metavar="DIRECTORY", help="where to put logs, histories and backups")
    options = parser.parse_args(arguments)
    if options.list:
        width = max(map(len, names()))
        for name in names():
            sys.stdout.write(f"{name:<{width}}  {load(name).title}\n")
        return 0
    if options.directory is None:
        parser.error("name a story and a directory, or use --list")
    try:
        built = build(options.name, options.directory)
        told = _evidence(options.name, options.evidence) if options.evidence is not None else ""
    except (StoryError, TargetRefusedError) as error:
        sys.stderr.write(f"error: {error}\n")
        return REFUSED
    state = "built in" if built.created else "stands already in"
    sys.stdout.write(
        f"{built.name}: {len(built.commits)} commits, {state} {built.directory} (main is {built.head[:12]})\n{told}"
    )
    return 0


def _evidence(name: str, directory: Path) -> str:
    from sample_repos import evidence  # noqa: PLC0415 (needs the tool itself, which the stories do not)

    state = "written to" if evidence.write(name, directory) else "stands already in"
    return f"{name}: its evidence {state} {directory.absolute()}\n"


if __name__ == "__main__":
    sys.exit(main())
