"""What a history knows of the objects that a server holds: the file versions whose upload leaves exactly that.

Objects are compared as the server answers them: with defaults filled in, run lists without repetitions, whatever the
order of keys. What ``knife ... from file`` and what ``knife upload`` send of a file both count. Nodes are compared by
what decides what they run; the server adds the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from forensics.analysis.changes import changes
from forensics.analysis.fingerprint import uploaded_body
from forensics.analysis.fingerprint_results import ContentPlace
from forensics.analysis.results import object_text
from forensics.chef import layout
from forensics.chef.compare import same_content
from forensics.chef.knife_text import shown_text
from forensics.chef.objects import Kind, Problem
from forensics.chef.wire import content
from forensics.uploads.answers import answer_of
from forensics.uploads.server import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import ValueChange
    from forensics.chef.objects import Body
    from forensics.evidence.records import HeldObject
    from forensics.history.model import ObjectId
    from forensics.uploads.target import Target

FileContent: TypeAlias = "tuple[ContentPlace, ObjectId]"
"""A file version: where it stands, and its blob."""

_OF_NODE: Final = ("chef_environment", "run_list", "policy_name", "policy_group")


class HeldKey(NamedTuple):
    """Which object it is."""

    kind: Kind
    bag: str
    name: str

    @property
    def text(self) -> str:
        """As people write it."""
        return object_text(self.kind, self.bag, self.name)


@dataclass(slots=True)
class Known:
    """What a history knows of one object: its file versions that hold, or may hold (``open``), what the server does.

    ``others`` has one version for each body that does not surely leave that: the newest, the commit that brought it,
    and the body. ``closest`` is the one of them from which the fewest changes lead there.
    """

    exact: dict[FileContent, None] = field(default_factory=dict)
    open: set[tuple[str, ObjectId]] = field(default_factory=set)
    others: dict[int, tuple[FileContent, int, Body]] = field(default_factory=dict)
    closest: tuple[FileContent, tuple[ValueChange, ...]] | None = None

    @property
    def declared(self) -> bool:
        """Whether any file version declares it."""
        return bool(self.exact or self.others)


def key_of(held: HeldObject) -> HeldKey:
    """Which object a backup's is."""
    return HeldKey(held.kind, held.bag if held.kind is Kind.DATA_BAG_ITEM else "", held.name)


def is_nobodys(key: HeldKey) -> bool:
    """Whether no file can have put it there: every server has the environment ``_default``, and takes none."""
    return key.kind is Kind.ENVIRONMENT and key.name == DEFAULT_ENVIRONMENT


def file_key(target: Target, path: str, name: str) -> HeldKey:
    """Which object of a server a file declares under a name."""
    container = target.container_of(path)
    return HeldKey(target.kind, container.bag if target.kind is Kind.DATA_BAG_ITEM and container else "", name)


def known_of(
    examination: Examination, held: Mapping[HeldKey, HeldObject], targets: Collection[Target]
) -> dict[HeldKey, Known]:
    """Compare every file version of some targets that ever declared an object with what the server holds of it."""
    found = {key: Known() for key in held}
    served = {key: _served(key, each) for key, each in held.items()}
    # by the identity of bodies, which are kept so that no other can have the same
    answers: dict[tuple[HeldKey, int], tuple[Body, bool | None]] = {}
    for seen in examination.survey.sightings:
        if not isinstance(seen.file, bytes) or seen.target not in targets:
            continue
        place = ContentPlace(seen.target, seen.path)
        for key, body in _bodies(examination, place, seen.file, found):
            known = found[key]
            asked = (key, id(body))
            if asked not in answers:
                answers[asked] = body, _is_held(key, body, held[key], served[key])
            _, same = answers[asked]
            if same is True:
                known.exact[place, seen.file] = None
                continue
            if same is None:
                known.open.add((seen.path, seen.file))
            before = known.others.get(id(body))
            if before is None or before[1] < seen.commit:
                known.others[id(body)] = (place, seen.file), seen.commit, body
    for key, each in found.items():
        if not each.exact and not held[key].unreadable and not held[key].shown:
            each.closest = _closest(key, held[key], each)
    return found


def _bodies(
    examination: Examination, place: ContentPlace, blob: ObjectId, wanted: Collection[HeldKey]
) -> Iterator[tuple[HeldKey, Body]]:
    """What the commands send of a file, for the objects that are wanted."""
    declarations, target, path = examination.declarations, place.target, place.path
    declared = declarations.in_tree(target, path, blob)
    if declared.name is not None and declared.body is not None:
        key = file_key(target, path, declared.name)
        if key in wanted:
            yield key, declared.body
    key = file_key(target, path, layout.stem(path))
    if key in wanted:
        name = declarations.from_file(target.kind, path, blob).name
        body = uploaded_body(declarations, place, blob, name)
        if body is not None and not isinstance(body, Problem):
            yield key, body


def _served(key: HeldKey, held: HeldObject) -> list[Body]:
    """What the server answered, in every way in which the backup can be meant."""
    body: dict[str, Any] = dict(held.body)
    answer = _answer(key, body)
    if key.kind is not Kind.DATA_BAG_ITEM:
        return [answer]
    # older knives add to an item what it is and where it was
    added = body.get("chef_type") == "data_bag_item" and body.get("data_bag") == key.bag
    bare = {name: value for name, value in body.items() if name not in {"chef_type", "data_bag"}}
    return [answer, _answer(key, bare)] if added and "raw_data" not in body else [answer]


def _answer(key: HeldKey, body: Body) -> Body:
    """A body as the server answers it; of a node what decides what it runs."""
    answer = answer_of(key.kind, key.name, body)
    if key.kind is not Kind.NODE:
        return answer
    return {name: answer.get(name) for name in _OF_NODE}


def _is_held(key: HeldKey, body: Body, held: HeldObject, served: Sequence[Body]) -> bool | None:
    """Whether the upload of a body leaves what the server holds; None where an unknown value leaves it open."""
    answer = _answer(key, body)
    if held.unreadable:
        return None
    if held.shown:
        text = shown_text(key.kind, answer)
        return None if text is None else text == held.shown
    found = [same_content(answer, each) for each in served]
    return True if True in found else None if None in found else False


def _closest(key: HeldKey, held: HeldObject, known: Known) -> tuple[FileContent, tuple[ValueChange, ...]] | None:
    """The version from which the fewest changes lead to what the server holds, the newest of several."""
    found = [(differences(key, held, body), -commit, version) for version, commit, body in known.others.values()]
    if not found:
        return None
    fewest, _, version = min(found, key=lambda each: (len(each[0]), each[1]))
    return version, fewest


def differences(key: HeldKey, held: HeldObject, body: Body) -> tuple[ValueChange, ...]:
    """From what a body leaves to what the server holds, both as the server answers."""
    before, after = _answer(key, body), _served(key, held)[-1]
    if key.kind is not Kind.NODE:
        before, after = content(key.kind, before), content(key.kind, after)
    return changes(before, after)
