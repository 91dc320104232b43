"""Frames and columns made of what the classes of results say of their facts (``forensics.facts``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias, get_origin, get_type_hints

from forensics.analysis.json_text import json_text
from forensics.chef.objects import Kind
from forensics.facts import Fact, alternatives, bare, fact, facts, is_nullable, item_of, limits_of
from forensics.frames.schema import SEPARATOR, Column, Dtype, Schema, follow, moment

KINDS: Final = (*(str(kind) for kind in Kind), "recipe")
_DTYPES: Final = {str: Dtype.TEXT, Kind: Dtype.TEXT, int: Dtype.INTEGER, bool: Dtype.BOOLEAN}


class Level(NamedTuple):
    """What rows are about at one level: things of a class, or one of them, if any."""

    name: str
    owner: Any
    maybe: bool = False


Columns: TypeAlias = tuple[Column, ...]
Levels: TypeAlias = tuple[Level, ...]
Shown: TypeAlias = str | Column | Callable[[Levels], Columns]
Step: TypeAlias = str | Callable[[Any, Any], Iterable[Any]]


def frame(name: str, owner: Any, *shown: Shown, of: Step = "", each: tuple[Step, ...] = (), row: str = "") -> Schema:
    """A frame of the things of a class that an answer has, or of what each of them has.

    ``of`` is the path at which the answer, or its value, has them (by default the frame's name); ``each`` are the names
    of lists, each within the things of the one before. A function of the answer and of the thing before can stand for
    either; it is typed with what it yields. ``shown`` are the columns: a fact of the outermost thing by its path, one
    of another level by the name of that and its path; by default every fact that documents tell. ``row`` says what a
    row is, if not what the class says.
    """
    levels: Levels = (Level("", owner),)
    for step in each:
        levels = (*levels, _level(levels[-1].owner, step))
    columns = [column for one in shown for column in shown_columns(levels, one)]
    columns = columns or [column for told in facts(owner) for column in columns_of(levels, 0, told)]
    summary = " ".join((owner.__doc__ or "").partition("\n\n")[0].split())
    return Schema(
        name,
        row or summary[:1].lower() + summary[1:].removesuffix("."),
        tuple(columns),
        (_reading(of or name), *map(_reading, each)),
    )


def _level(owner: Any, step: Step) -> Level:
    if isinstance(step, str):
        return Level(step, bare(item_of(fact(owner, step).type)))
    found = item_of(get_type_hints(step)["return"])
    return Level(step.__name__.removeprefix("_"), alternatives(found)[0], is_nullable(found))


def _reading(step: Step) -> Callable[[Any, Any], Iterable[Any]]:
    if not isinstance(step, str):
        return step
    return lambda answer, thing: (of_answer(thing, step) if thing is answer else getattr(thing, step)) or ()


def of_answer(answer: Any, path: str) -> Any:
    """What an answer, or else its value, has at a path of attributes."""
    parts = path.split(".")
    return follow(answer if hasattr(answer, parts[0]) else answer.value, parts)


def shown_columns(levels: Levels, shown: Shown) -> Columns:
    """The columns that are declared so."""
    if isinstance(shown, Column):
        return (shown,)
    return columns_of(levels, *fact_at(levels, shown)) if isinstance(shown, str) else shown(levels)


def fact_at(levels: Levels, path: str) -> tuple[int, Fact]:
    """The level whose fact it is, and the fact."""
    name, _, way = path.rpartition("=")
    first, _, rest = way.partition(".")
    place = next((place for place, each in enumerate(levels) if rest and each.name == first), 0)
    found = fact(levels[place].owner, rest if place else way)
    return place, found._replace(name=name or found.name)


def columns_of(levels: Levels, place: int, found: Fact) -> Columns:
    """The column of a fact of the things at a level, or both columns of a date."""
    maybe = levels[place].maybe
    return tuple(replace(each, place=2 * place, nullable=each.nullable or maybe) for each in _plain(found))


def _plain(found: Fact) -> Columns:
    way = ".".join(name for name, _ in found.steps)
    meaning = found.description("missing")
    limits = limits_of(found.type)
    if any(each.name == "date" for each in limits):
        return moment(found.name.removesuffix("date").removesuffix("_"), meaning, nullable=found.nullable, of=way)
    plain = Column(found.name, Dtype.TEXT, meaning, found.nullable, of=way)
    if any(each.name == "moment" for each in limits):
        return (replace(plain, dtype=Dtype.TIME),)
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
        return (replace(plain, convert=bytes.hex),)
    if get_origin(kind) is tuple:
        return (replace(plain, convert=SEPARATOR.join),)
    if kind is Any or get_origin(kind) is dict:
        return (replace(plain, meaning=f"{meaning} As JSON.", convert=json_text),)
    raise TypeError(f"{found.name}: no column holds {kind}")
