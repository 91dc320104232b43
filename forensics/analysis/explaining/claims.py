"""What a fact says of one object: which of its contents agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.run_list import ArgumentRefused, RunListItem, parse_item
from forensics.chef.wire import ContentHashes, hashes_of, raw_data_of
from forensics.evidence.observed import FactError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from forensics.analysis.examination import Examination
    from forensics.chef.objects import Body, Value
    from forensics.evidence.records import Observation
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Live

    Verdict: TypeAlias = bool | None
    """Whether a content agrees, None where only running the file could tell."""

_ATTRIBUTES: Final = ("default_attributes", "override_attributes")


def object_claim(
    examination: Examination, target: Target, observation: Observation
) -> Callable[[Live | None], Verdict]:
    """What tells of a content of an object (None: its absence) whether it agrees with a fact.

    Raises:
        FactError: what the fact speaks of cannot be.
    """
    item = observation.item
    if observation.claim == "absent":
        return lambda live: live is None
    if observation.claim == "is":
        blob = _blob_at(examination, target, item)
        path = item.rpartition("@")[0]
        return lambda live: live is not None and (live.path, live.blob) == (path, blob)
    if observation.claim == "holds":
        return lambda live: None if live is None else _holds(examination, target.kind, live, item)
    holds = _attribute_claim(target.kind, item) if "=" in item else _item_claim(target.kind, item)
    if observation.claim == "has":
        return lambda live: live is not None and holds(live.body)

    def lacks(live: Live | None) -> Verdict:
        """Nobody saw that an object lacks something who did not see the object."""
        found = holds(live.body) if live is not None else True
        return None if found is None else not found

    return lacks


def read_item(text: str) -> RunListItem:
    """An item of a run list as a fact names it.

    Raises:
        FactError: it is none.
    """
    try:
        return parse_item(text)
    except ArgumentRefused as refused:
        raise FactError(f"{text!r} is no item of a run list: {refused}") from None


def same_item(wanted: RunListItem, item: RunListItem) -> bool:
    """Whether an item is the one that is meant; ``x`` is ``x::default``, and no version means any."""
    same = (wanted.type, default_recipe(wanted)) == (item.type, default_recipe(item))
    return same and wanted.version in {None, item.version}


def default_recipe(item: RunListItem) -> str:
    """The name of what an item names, a recipe's with its cookbook and its own name."""
    return item.name if item.type != "recipe" or "::" in item.name else f"{item.name}::default"


def _item_claim(kind: Kind, text: str) -> Callable[[Body], Verdict]:
    wanted = read_item(text)

    def holds(body: Body) -> Verdict:
        lists = run_lists(kind, body)
        if any(same_item(wanted, item) for _, item in lists.named()):
            return True
        return None if lists.unresolved else False

    return holds


def _attribute_claim(kind: Kind, text: str) -> Callable[[Body], Verdict]:
    path, _, written = text.partition("=")
    keys = path.split(".")
    try:
        value = json.loads(written)
    except ValueError:
        value = written

    def holds(body: Body) -> Verdict:
        found = [_at(start, keys) for start in _roots(kind, body)]
        if any(_same(each, value, written) for each in found):
            return True
        return None if any(isinstance(each, Unresolved) for each in found) else False

    return holds


def _roots(kind: Kind, body: Body) -> Iterator[Value]:
    if kind is Kind.DATA_BAG_ITEM:
        yield raw_data_of(body)
    else:
        for level in _ATTRIBUTES:
            yield body.get(level)


def _at(value: Value, keys: list[str]) -> Value:
    for key in keys:
        if isinstance(value, Unresolved):
            return value
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def _holds(examination: Examination, kind: Kind, live: Live, text: str) -> Verdict:
    if live.blob is not None and live.blob.hex().startswith(text):
        return True
    unknown = False
    for body in _sent(examination, kind, live):
        hashes = hashes_of(body, examination.declarations.chef)
        if isinstance(hashes, ContentHashes) and text in {hashes.sha1, hashes.sha256}:
            return True
        unknown = unknown or isinstance(hashes, Unresolved)
    return None if unknown and text.endswith("=") else False


def _sent(examination: Examination, kind: Kind, live: Live) -> Iterator[Body]:
    """What is sent of a file: by ``knife ... from file``, and by ``knife upload``."""
    yield live.body
    if live.path is not None and live.blob is not None:
        uploaded = examination.declarations.upload(kind, live.path, live.blob)
        if uploaded is not None and not isinstance(uploaded, Problem):
            yield uploaded


def _blob_at(examination: Examination, target: Target, item: str) -> bytes:
    path, _, prefix = item.rpartition("@")
    history = examination.history
    commits = [number for number, oid in enumerate(history.graph.ids) if oid.hex().startswith(prefix)]
    if len(commits) != 1:
        raise FactError(
            f"{item!r}: {'several commits' if commits else 'no commit that is examined'} begin with {prefix}"
        )
    file = target.files(history, target.version(history.state(commits[0]))).get(path)
    if not isinstance(file, bytes):
        raise FactError(f"{item!r}: that commit has no such file in {target.label.path}")
    return file


def _same(found: Value, value: Value, written: str) -> bool:
    return bool(found == written or (type(found) is type(value) and found == value))
