"""knife's command line: which words are options, which are the verb and its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.uploads.knife.outcome import CommandNotUnderstood

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHORT: Final[Mapping[str, str]] = {
    "-c": "--config=",
    "-u": "--user=",
    "-k": "--key=",
    "-s": "--server-url=",
    "-e": "--editor=",
    "-F": "--format=",
    "-E": "--environment=",
    "-d": "--disable-editing",
    "-y": "--yes",
    "-V": "--verbose",
    "-h": "--help",
    "-v": "--version",
    "-z": "--local-mode",
}
_GENERAL: Final = frozenset(
    {
        "--config=",
        "--config-option=",
        "--user=",
        "--key=",
        "--server-url=",
        "--editor=",
        "--format=",
        "--environment=",
        "--profile=",
        "--chef-zero-host=",
        "--chef-zero-port=",
        "--yes",
        "--verbose",
        "--help",
        "--version",
        "--local-mode",
        "--listen",
        "--no-listen",
        "--color",
        "--no-color",
        "--defaults",
        "--disable-editing",
        "--print-after",
        "--fips",
        "--no-fips",
    }
)


def parse(argv: Sequence[str], options: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Split the words after ``knife`` into the verb with its arguments, and options under their long names.

    ``options`` are those of the verb: what can be typed, and the long name, which ends in ``=`` if a value follows.

    Raises:
        CommandNotUnderstood: an option that is unknown here.
    """
    known = {**{name: name for name in _GENERAL}, **_SHORT, **options}
    known |= {long.removesuffix("="): long for long in known.values()}
    words: list[str] = []
    given: dict[str, str] = {}
    pending = list(reversed(argv))
    while pending:
        word = pending.pop()
        if word == "--":
            words += reversed(pending)
            break
        if not word.startswith("-") or word == "-":
            words.append(word)
            continue
        typed, value = _split(word)
        name = known.get(typed)
        if name is None:
            raise CommandNotUnderstood(f"the option {word} is not known here: knife {' '.join(argv)}")
        if not name.endswith("="):
            if value is not None and not word.startswith("--"):
                pending.append(f"-{value}")  # several letters behind one dash
            given[name] = ""
            continue
        if value is None:
            if not pending:
                raise CommandNotUnderstood(f"the option {word} needs a value: knife {' '.join(argv)}")
            value = pending.pop()
        given[name.removesuffix("=")] = value
    return words, given


def _split(word: str) -> tuple[str, str | None]:
    if word.startswith("--"):
        name, sign, value = word.partition("=")
        return name, value if sign else None
    return word[:2], word[2:] or None
