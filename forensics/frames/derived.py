"""Columns made of what the classes of results say of their facts (``forensics.facts``)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_origin

from forensics.analysis.json_text import json_text
from forensics.chef.objects import Kind
from forensics.facts import alternatives, bare, fact, facts, limits_of
from forensics.frames.schema import SEPARATOR, Column, Dtype, Schema, moment, schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.facts import Fact

KINDS: Final = (*(str(kind) for kind in Kind), "recipe")
_DTYPES: Final = {str: Dtype.TEXT, Kind: Dtype.TEXT, int: Dtype.INTEGER, bool: Dtype.BOOLEAN}


def frame(name: str, owner: type, *columns: str | Column | tuple[Column, ...], row: str = "") -> Schema:
    """A frame with a row for each value of a class; ``row`` says what one is, if not what the class says.

    A text among the ``columns`` is the path of a fact. Without columns there is one for each fact that documents tell.
    """
    shown = columns or tuple(columns_of(each) for each in facts(owner))
    summary = " ".join((owner.__doc__ or "").partition("\n\n")[0].split())
    row = row or summary[:1].lower() + summary[1:].removesuffix(".")
    return schema(name, row, *(at(owner, each) if isinstance(each, str) else each for each in shown))


def at(owner: type, path: str) -> tuple[Column, ...]:
    """The column of a fact, or both columns of a date."""
    return columns_of(fact(owner, path))


def column(owner: type, path: str, **changed: Any) -> Column:
    """The one column of a fact, with something else about it."""
    (found,) = at(owner, path)
    return replace(found, **changed)


def columns_of(found: Fact) -> tuple[Column, ...]:
    """The column of a fact, or both columns of a date.

    Raises:
        TypeError: values of its type do not go into one column.
    """
    way = ".".join(name for name, _ in found.steps)
    meaning = found.description("missing")
    limits = limits_of(found.type)
    if any(each.name == "date" for each in limits):
        return moment(found.name.removesuffix("date").removesuffix("_"), meaning, nullable=found.nullable, of=way)
    plain = Column(found.name, Dtype.TEXT, meaning, found.nullable, of=way)
    for each in limits:
        if each.words and found.name == "kind":
            # all frames have the same kinds of objects, so that they can be put beside each other
            return (replace(plain, dtype=Dtype.CATEGORY, categories=KINDS),)
        if each.words:
            described = f"{meaning} {each.meaning}".strip()
            return (
                replace(
                    plain, dtype=Dtype.CATEGORY, meaning=described, categories=each.words, open_ended=each.open_ended
                ),
            )
    kind = bare(alternatives(found.type)[0])  # what may be one of several is text in any case
    if kind in _DTYPES:
        return (replace(plain, dtype=_DTYPES[kind]),)
    if kind is bytes:
        return (replace(plain, of=_then(plain, bytes.hex)),)
    if get_origin(kind) is tuple:
        return (replace(plain, of=_then(plain, SEPARATOR.join)),)
    if kind is Any or get_origin(kind) is dict:
        meaning = f"{meaning} As JSON."
        return (replace(plain, meaning=meaning, of=_then(plain, json_text, nothing=found.nullable)),)
    raise TypeError(f"{found.name}: no column holds {kind}")


def _then(plain: Column, convert: Callable[[Any], str], *, nothing: bool = True) -> Callable[[Any], str | None]:
    def read(row: Any) -> str | None:
        (value,) = plain.values([row])
        return None if value is None and nothing else convert(value)

    return read
