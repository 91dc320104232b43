"""The values of the Chef domain: objects as knife reads them, and what stands where a value cannot be known.

Attribute values are plain JSON-like Python values (``dict`` in file order, ``list``, ``str``, ``int`` of any size,
``float``, ``bool``, ``None``), or ``Unresolved``. They are shared between results and must never be mutated.
Text that is no valid Unicode but passes Chef's parser is carried with lone surrogates U+DC80..U+DCFF, one per raw
byte, as Python's ``surrogateescape`` does.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from forensics.facts import document_view, limit

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = Any
"""A JSON-like value or ``Unresolved``, at any depth."""


class Kind(enum.StrEnum):
    """What kind of object a Chef server stores."""

    ROLE = "role"
    ENVIRONMENT = "environment"
    DATA_BAG_ITEM = "data_bag_item"
    NODE = "node"


@document_view("$unresolved=source", "line")
@dataclass(frozen=True, slots=True)
class Unresolved:
    """A value that only running the file could tell."""

    source: Annotated[str, "The source text."]
    line: Annotated[int, limit(minimum=1), "The line where that stands, counted from 1."]


def unresolved_in(value: Value) -> Iterator[Unresolved]:
    """What of a value is not known, in its order."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, Unresolved):
            yield current
        elif isinstance(current, dict):
            pending.extend(reversed(current.values()))
        elif isinstance(current, (list, tuple)):
            pending.extend(reversed(current))


class RepeatedKeys(dict[str, Value]):
    """A hash whose request body names a key more than once, as a Ruby hash with both ``:a`` and ``"a"`` does.

    The mapping is what a reader makes of the body (the last value wins, at the place of the first); ``pairs`` is what
    goes over the wire.
    """

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, Value]]) -> None:
        super().__init__(pairs)
        self.pairs = tuple(pairs)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file declares nothing: what Chef says when it refuses it.

    ``kind`` is a stable word of ours (``json-syntax``, ``ruby-syntax``, ``ruby-error``, ``conflict-markers``,
    ``name-missing``, ``name-invalid``, ``invalid``, ``encode``, ``send``, ...), ``error_class`` the Ruby class that
    knife raises, ``stage`` where it is raised (``load``, ``encode`` or ``send``), ``line`` counts from 1 where one is
    known.
    ``aborts`` tells whether the whole command ends there (always, for ``knife role from file``) or only this file is
    skipped (``knife upload``, for a parse error or a name mismatch).
    """

    kind: str
    message: str
    error_class: str
    line: int | None = None
    stage: str = "load"
    aborts: bool = True

    @property
    def said(self) -> str:
        """The message with the class of the error; what says that no request is possible stands for itself."""
        return self.message if self.kind in {"name-missing", "name-default"} else f"{self.error_class}: {self.message}"


RunList: TypeAlias = "tuple[str | Unresolved, ...] | Unresolved"
"""Normalised items (``recipe[a]``, ``recipe[a@1.0]``, ``role[b]``), in order, duplicates kept as knife keeps them."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role after knife's own loader (Chef::Role). ``env_run_lists`` holds no ``_default``: that is ``run_list``.

    ``name`` is text in practice; JSON numbers and booleans pass Chef's validation and are kept as they are.
    """

    name: Value
    description: Value
    run_list: RunList
    env_run_lists: dict[str, RunList] | Unresolved
    default_attributes: Value
    override_attributes: Value


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment after knife's own loader (Chef::Environment)."""

    name: Value
    description: Value
    cookbook_versions: Value
    default_attributes: Value
    override_attributes: Value


@dataclass(frozen=True, slots=True)
class DataBagItem:
    """A data bag item: its identity and the whole raw item, ``id`` included."""

    name: Value
    raw_data: Value


@dataclass(frozen=True, slots=True)
class Node:
    """A node object as ``knife node from file`` reads it (Chef::Node)."""

    name: Value
    chef_environment: Value
    run_list: RunList
    normal: Value
    default: Value
    override: Value
    automatic: Value
    policy_name: Value = None
    policy_group: Value = None


ChefObject: TypeAlias = Role | Environment | DataBagItem | Node
Body: TypeAlias = dict[str, Value]
"""A request body, keys in the order in which knife sends them."""
