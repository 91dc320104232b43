"""The Chef server of the recordings, chef-zero, as a store of values.

It keeps request bodies as they came, fills defaults in when it answers, takes a body that names another object for a
rename, and checks next to nothing. Mirrors chef-zero 15 (lib/chef_zero/endpoints/*.rb, chef_data/data_normalizer.rb).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.chef import erchef
from forensics.chef.compare import same_content
from forensics.chef.objects import Kind
from forensics.chef.ruby_text import to_s
from forensics.chef.wire import is_true
from forensics.uploads.answers import answer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forensics.chef.objects import Body

BAG: Final = "data_bag"
"""The kind of a data bag itself, which the server stores beside its items."""

ObjectKey: TypeAlias = tuple[str, str]
"""A ``Kind`` (or ``BAG``) and a name; that of a data bag item is ``BAG/ITEM``."""

DEFAULT_ENVIRONMENT: Final = "_default"


@dataclass(frozen=True, slots=True)
class Stored:
    """The body of an object's last accepted request, and the file of the repository that it was made from, if any."""

    body: Body
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A change that the server accepted: an object's new state, or None where it was deleted."""

    key: ObjectKey
    stored: Stored | None


class HttpRefused(Exception):  # noqa: N818 - named for what the server does
    """The server answers with an error; ``status`` is its code."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Unsettled(Exception):  # noqa: N818 - named for the state of the object
    """An answer depends on an object that may be in one of several states since an upload was cut short."""

    def __init__(self, key: ObjectKey) -> None:
        super().__init__(f"{key[0]}[{key[1]}] may hold one of several contents")
        self.key = key


class Server:
    """What one server stores.

    After an upload that aborted in the middle an object may be in one of several states: ``possible`` gives all of
    them, None among them if it may be absent. Asking for such an object raises ``Unsettled``; writing it settles it.
    A ``strict`` server refuses what erchef refuses.
    """

    def __init__(
        self, states: Mapping[ObjectKey, tuple[Stored | None, ...]] | None = None, *, strict: bool = False
    ) -> None:
        self._states: dict[ObjectKey, tuple[Stored | None, ...]] = dict(states or {})
        self.accepted: list[Accepted] = []
        self.strict = strict

    def copy(self) -> Server:
        """Give a server of its own with the same objects, which has accepted nothing yet."""
        return Server(self._states, strict=self.strict)

    def possible(self, key: ObjectKey) -> tuple[Stored | None, ...]:
        """Every state that an object may be in; one, unless an aborted upload left it open."""
        return self._states.get(key, (None,))

    def unsettled(self) -> list[ObjectKey]:
        """The objects whose state is open."""
        return [key for key, states in self._states.items() if len(states) > 1]

    def objects(self) -> list[ObjectKey]:
        """Every object that is or may be there."""
        return list(self._states)

    def names(self, kind: str) -> list[str]:
        """The names of all objects of a kind that are or may be there, in byte order as the server lists them."""
        return sorted(
            (name for of, name in self._states if of == kind), key=lambda name: name.encode("utf-8", "surrogateescape")
        )

    def set_possible(self, key: ObjectKey, states: Iterable[Stored | None]) -> None:
        """Put an object into one of several states, or exactly one."""
        distinct: list[Stored | None] = []
        for state in states:
            if not any(same_state(state, other) for other in distinct):
                distinct.append(state)
        if distinct == [None]:
            self._states.pop(key, None)
        else:
            self._states[key] = tuple(distinct)

    def stored(self, key: ObjectKey) -> Stored | None:
        """What the server holds of an object, None if nothing.

        Raises:
            Unsettled: it may hold one of several.
        """
        states = self.possible(key)
        if len(states) > 1:
            raise Unsettled(key)
        return states[0]

    def get(self, key: ObjectKey) -> Body:
        """Answer GET: the body with defaults filled in and run lists deduplicated.

        Raises:
            HttpRefused: 404, there is no such object.
        """
        stored = self._existing(key)
        return answer_of(key[0], key[1], stored.body)

    def write(self, key: ObjectKey, stored: Stored | None) -> None:
        """Put an object into a state that is known, whatever it was in before."""
        self.set_possible(key, [stored])
        self.accepted.append(Accepted(key, stored))

    def save(self, key: ObjectKey, stored: Stored) -> None:
        """Take PUT of an object under its own name or, where that finds none, POST.

        Raises:
            HttpRefused: 404 for an item of a data bag that does not exist; 405 for the environment ``_default``; what
                a strict server answers to a body that it does not take.
        """
        _refuse_default_environment(key)
        self._require_bag(key)
        self._require_well(key[0], stored)
        self.write(key, stored)

    def put(self, key: ObjectKey, stored: Stored) -> None:
        """Take PUT of a role, environment or node whose body may say another name than the path: that is a rename.

        Raises:
            HttpRefused: 404 there is no such object, 409 the new name is taken, 405 the environment ``_default``; what
                a strict server answers to a body that it does not take, a rename among them.
        """
        _refuse_default_environment(key)
        self._existing(key)
        kind, name = key
        identity = stored.body.get("name")
        # the path names what the body does not
        self._require_well(kind, Stored({"name": name, **stored.body}))
        if is_true(identity) and identity != name:
            if self.strict:
                raise HttpRefused(400, f"{kind} name mismatch: {name} != {identity}")
            new = (kind, to_s(identity) or "")
            if self.stored(new) is not None or new == (Kind.ENVIRONMENT, DEFAULT_ENVIRONMENT):
                raise HttpRefused(409, f"Cannot rename '{name}' to '{identity}': '{identity}' already exists")
            self.write(new, stored)
            self.delete(key)
        else:
            self.write(key, stored)

    def delete(self, key: ObjectKey) -> None:
        """Take DELETE; a data bag goes with its items.

        Raises:
            HttpRefused: 404 there is no such object, 405 the environment ``_default``.
        """
        _refuse_default_environment(key)
        self._existing(key)
        if key[0] == BAG:
            for item in [other for other in self._states if other[1].startswith(f"{key[1]}/")]:
                if item[0] == Kind.DATA_BAG_ITEM:
                    self.write(item, None)
        self.write(key, None)

    def merge(self, worlds: Iterable[Server]) -> None:
        """Become a server that may be any of these: each object may be in any of its states there."""
        every = list(worlds)
        for key in {key: None for world in [self, *every] for key in world.objects()}:
            self.set_possible(key, [state for world in every for state in world.possible(key)])

    def _existing(self, key: ObjectKey) -> Stored:
        stored = self.stored(key)
        if stored is None and key == (Kind.ENVIRONMENT, DEFAULT_ENVIRONMENT):
            return Stored({"name": DEFAULT_ENVIRONMENT, "description": "The default Chef environment"})
        if stored is None:
            raise HttpRefused(404, f"Object not found: {key[0]}[{key[1]}]")
        return stored

    def _require_well(self, kind: str, stored: Stored) -> None:
        """Refuse what erchef refuses; of a data bag itself nothing is known but its name."""
        refused = erchef.refusal(Kind(kind), stored.body) if self.strict and kind != BAG else None
        if refused is not None:
            status, _, message = refused.message.partition(" ")
            raise HttpRefused(int(status), message)

    def _require_bag(self, key: ObjectKey) -> None:
        if key[0] == Kind.DATA_BAG_ITEM:
            bag = key[1].partition("/")[0]
            if self.stored((BAG, bag)) is None:
                raise HttpRefused(404, f"Parent not found: {BAG}[{bag}]")


def same_state(one: Stored | None, other: Stored | None) -> bool:
    """Tell whether two states are surely one and the same: the same content from the same file, or no object."""
    if one is None or other is None:
        return one is other
    return one is other or (one.path == other.path and same_content(one.body, other.body) is True)


def _refuse_default_environment(key: ObjectKey) -> None:
    if key == (Kind.ENVIRONMENT, DEFAULT_ENVIRONMENT):
        raise HttpRefused(405, "The '_default' environment cannot be modified.")
