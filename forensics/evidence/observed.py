"""Facts as people write them: ``WHEN SUBJECT VERB [ITEM]``, as in ``2014-08-31 node[*] ran recipe[base::ntp]``.

WHEN is a day (all of it, in UTC), a moment, ``A..B``, or ``before A``. People remember days of their own zone: where
a log has changes in the hours that are of this day elsewhere, the day reaches as far as these.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.errors import UsageError, did_you_mean
from forensics.evidence.records import Observation, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTION: Final = "--observed"
EVERY_NODE: Final = "node[*]"
_FACT: Final = re.compile(r"(before\s+\S+|\S+)\s+([^\s\[]+\[[^\]]*\])\s+(\S+)(?:\s+(.+))?", re.DOTALL)
_DAY: Final = re.compile(r"\d{4}-?\d\d-?\d\d")
_ITEM: Final = re.compile(r"(recipe|role|cookbook)\[[^\]\s]+\]")
_COMMIT: Final = re.compile(r".+@[0-9a-f]{4,40}", re.DOTALL)
_HASH: Final = re.compile(r"[0-9a-f]{7,64}|[0-9A-Za-z+/]{27}=|[0-9A-Za-z+/]{43}=")
_VERBS: Final = {
    "ran": "node",
    "has": "",
    "lacks": "",
    "holds": "object",
    "is": "object",
    "absent": "object",
    "failed": "node",
}
"""Each verb, and what its subject must be: a node that runs, one object of a server, or either."""
_LAST_SECOND: Final = 86399
_EASTERNMOST: Final = 14 * 3600
_WESTERNMOST: Final = 12 * 3600
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class FactError(UsageError):
    """A fact that cannot be read."""


def parse_fact(text: str, number: int = 1, changes: Iterable[int] = ()) -> Observation:
    """Read one fact; ``number`` counts those that were given, ``changes`` are the times of those that a log has.

    Raises:
        FactError: it is none, with what is wrong with it.
    """
    found = _FACT.fullmatch(text.strip())
    if found is None:
        raise _wrong(text, "it is written WHEN SUBJECT VERB [ITEM], as in '2014-08-31 role[base] has recipe[ntp]'")
    when, subject, verb, item = found[1], found[2], found[3], (found[4] or "").strip()
    kind, _, name = subject[:-1].partition("[")
    kinds = [each.value for each in Kind]
    if kind not in kinds:
        raise _wrong(text, f"{subject} is no subject; there are {', '.join(kinds)}{did_you_mean(kind, kinds)}")
    if not name:
        raise _wrong(text, f"{kind}[] has no name")
    if kind == "data_bag_item" and not all(name.partition("/")):
        raise _wrong(text, f"{subject} needs its data bag: data_bag_item[BAG/ITEM]")
    if verb not in _VERBS:
        raise _wrong(text, f"{verb!r} is no verb; there are {', '.join(_VERBS)}{did_you_mean(verb, _VERBS)}")
    if _VERBS[verb] == "node" and kind != "node":
        raise _wrong(text, f"only a node {verb}, and {subject} is none")
    if _VERBS[verb] == "object" and subject == EVERY_NODE:
        raise _wrong(text, f"{verb!r} is said of one object, and not of {EVERY_NODE}")
    first, last = _times(text, when)
    if first is not None and _DAY.fullmatch(when):
        near = [each for each in changes if first - _EASTERNMOST <= each <= last + _WESTERNMOST]
        first, last = min([first, *near]), max([last, *near])
    return Observation(Place(OPTION, number), first, last, subject, verb, _item(text, verb, kind, item))


def _item(text: str, verb: str, kind: str, item: str) -> str:
    if verb == "absent":
        if item:
            raise _wrong(text, f"'absent' needs nothing after it, and there is {item!r}")
        return ""
    if verb == "failed":
        missing, _, item = item.partition(" ")
        if missing != "missing":
            raise _wrong(text, "it is written 'failed missing recipe[x]', 'role[x]' or 'cookbook[x]'")
        item = item.strip()
    if not item:
        raise _wrong(text, f"{verb!r} needs something after it")
    if verb in {"ran", "failed"} and not _ITEM.fullmatch(item):
        raise _wrong(text, f"{item!r} is no recipe[x]" + (", role[x] or cookbook[x]" if verb == "failed" else ""))
    if verb == "ran" and not item.startswith("recipe["):
        raise _wrong(text, f"a node runs recipes, and {item} is none")
    if verb in {"has", "lacks"} and kind == "node" and "=" in item:
        raise _wrong(text, "what a node's attributes are is more than roles decide; ask of a role or an environment")
    if verb in {"has", "lacks"} and kind not in {"node", "role"} and "=" not in item:
        raise _wrong(text, f"a {kind} has no run list; write attribute.path=value")
    if verb == "is" and not _COMMIT.fullmatch(item):
        raise _wrong(text, f"{item!r} is no PATH@COMMIT")
    if verb == "holds" and not _HASH.fullmatch(item):
        raise _wrong(text, f"{item!r} is no hash: neither the id of a blob nor one that a server logs")
    return item


def _times(text: str, when: str) -> tuple[int | None, int]:
    if when.startswith("before"):
        return None, _moment(text, when.removeprefix("before").strip())[0] - 1
    begin, dots, end = when.partition("..")
    first, last = _moment(text, begin)
    if dots:
        last = _moment(text, end)[1]
    if last < first:
        raise _wrong(text, f"{end} comes before {begin}")
    return first, last


def _moment(text: str, when: str) -> tuple[int, int]:
    """The first and the last second of a day or of a moment."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        raise _wrong(text, f"{when!r} is no date; write 2014-08-31 or 2014-08-31T10:00:00-07:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    first = int((moment - _EPOCH).total_seconds())
    return first, first + _LAST_SECOND if _DAY.fullmatch(when) else first


def _wrong(text: str, why: str) -> FactError:
    return FactError(f"the fact {text!r} cannot be read: {why}")
