"""``python -m handbook`` rewrites what is generated in the pages; with ``--check`` it only names the stale ones."""

from __future__ import annotations

import argparse
import sys

from handbook.errors import PageError
from handbook.pages import PROJECT, fresh, pages

STALE = 1
WRONG = 2


def main(arguments: list[str] | None = None) -> int:
    """Rewrite or check every page.

    Return the exit status: 0, 1 if ``--check`` found a stale page, or 2 if a page shows what cannot be shown.
    """
    parser = argparse.ArgumentParser(prog="python -m handbook", description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a page is stale")
    options = parser.parse_args(arguments)
    stale = wrong = 0
    for page in pages():
        text = page.read_text("utf-8")
        try:
            new = fresh(text)
        except PageError as error:
            wrong += 1
            sys.stderr.write(f"{page.relative_to(PROJECT)}: {type(error).__name__}: {error}\n")
            continue
        if new == text:
            continue
        stale += 1
        sys.stdout.write(f"{'stale' if options.check else 'rewritten'}: {page.relative_to(PROJECT)}\n")
        if not options.check:
            page.write_text(new, "utf-8")
    if wrong:
        return WRONG
    return STALE if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
