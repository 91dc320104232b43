"""Why an attribute has its value, in sentences."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Unresolved
from forensics.report.text.style import SHORT, field
from forensics.report.text.values import value_text
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.object_results import Contributor, Why
    from forensics.report.text.style import Style

_LONGEST: Final = 200
_ALL: Final = 1_000_000
_LEVELS: Final = {
    "default": "as the node's own default",
    "env_default": "as the environment's default",
    "role_default": "as a role's default",
    "force_default": "as a forced default",
    "normal": "as the node's normal attribute",
    "override": "as the node's own override",
    "role_override": "as a role's override",
    "env_override": "as the environment's override",
    "force_override": "as a forced override",
    "automatic": "as an automatic attribute",
}


def why_lines(answer: Why, style: Style) -> Iterator[str]:
    """The value and who won in one sentence; then one sentence for each who has a say, the strongest first."""
    most = _ALL if style.verbose else _LONGEST
    yield from field("why", _verdict(answer, most), style)
    if len(answer.contributions) > 1 or not answer.found or isinstance(answer.value, Unresolved):
        for each in reversed(answer.contributions):
            yield from field("", _sentence(each, answer, most), style)


def path_text(path: Sequence[str]) -> str:
    """A path of keys with dots between them; a key that would not read as one stands in quotes."""
    return ".".join(
        clean(json.dumps(key, ensure_ascii=False) if not key or "." in key or " " in key else key) for key in path
    )


def _verdict(answer: Why, most: int) -> str:
    name = path_text(answer.path)
    winners = [each for each in answer.contributions if each.wins]
    if not answer.found:
        blocking = [each for each in winners if each.path != answer.path]
        if blocking:
            return f"{name} is not set: {_who(blocking)} has no hash there."
        return f"{name} is not set: no role, no environment and no level of the node gives it a value."
    value = value_text(answer.value, most)
    if isinstance(answer.value, Unresolved):
        return f"{name} cannot be told, because of what only running a file shows: {value}."
    if len(winners) == 1:
        return f"{name} is {value} because {_who(winners)} says so{_alone(answer)}."
    how = "united from the arrays" if isinstance(answer.value, list) else "merged from what"
    return f"{name} is {value}, {how} that {_who(winners)} give."


def _alone(answer: Why) -> str:
    """How the only one who has a say says it: a sentence of its own would repeat the value."""
    if len(answer.contributions) > 1:
        return ""
    return f", {_LEVELS[answer.contributions[0].level]}{_origin(answer.contributions[0])}"


def _sentence(each: Contributor, answer: Why, most: int) -> str:
    what = value_text(each.value, most)
    if each.path != answer.path:
        what = f"{path_text(each.path) or 'all attributes'} the value {what}"
    outcome = {True: "", False: ", which something stronger replaces", None: "; whether that counts cannot be told"}
    return f"{clean(each.object)} gives {what} {_LEVELS[each.level]}{_origin(each)}{outcome[each.wins]}."


def _origin(each: Contributor) -> str:
    if each.source is None:
        return ""
    path = clean(each.source.path) if each.source.path else "given on the command line"
    return f" ({path}, {each.source.commit[:SHORT]})"


def _who(contributions: Sequence[Contributor]) -> str:
    names = list(dict.fromkeys(clean(each.object) for each in contributions))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
