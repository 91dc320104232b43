"""What a result says of each of its facts, once and beside the value: its type, its meaning, and what absence means.

A field says it in its annotation, ``Annotated[Oid | None, "The commit that ended it.", absent("it lasts")]``; a
property in the type that it returns and in its docstring. JSON documents and their schemas (``report``), the columns of
frames and the reference are made of that. Nothing here knows any of them, and nothing is read before somebody asks.
"""

from __future__ import annotations

import dataclasses
import types
from enum import Enum
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    NamedTuple,
    NotRequired,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_T = TypeVar("_T")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """Which values there are of a type, in the words of JSON Schema.

    One with a ``name`` is defined once and referred to. ``words`` are the possible texts in an order that means
    something; with ``open_ended`` others may follow.
    """

    keywords: Mapping[str, Any]
    name: str = ""
    meaning: str = ""
    words: tuple[str, ...] = ()
    open_ended: bool = False


def limit(**keywords: Any) -> Limit:
    """A limit that holds at one place only."""
    return Limit(keywords)


def named(name: str, meaning: str, **keywords: Any) -> Limit:
    """A limit that has a name of its own."""
    return Limit(keywords, name, meaning)


def words(*choices: str, name: str = "", meaning: str = "", ordered: bool = True, open_ended: bool = False) -> Limit:
    """A choice of texts, the least first if there is an order; with ``open_ended`` there may be others."""
    keywords: dict[str, Any] = {"minLength": 1} if open_ended else {"enum": list(choices)}
    return Limit(keywords, name, meaning, choices if ordered else (), open_ended)


@dataclasses.dataclass(frozen=True, slots=True)
class Absence:
    """What it means that there is no value."""

    reason: str


def absent(reason: str) -> Absence:
    """Say what it means that a value is None."""
    return Absence(reason)


class Showing(Enum):
    """Where a fact is told: by default in every document."""

    INTERNAL = "in no document, only in what people read"
    ON_REQUEST = "only in a document for which somebody asked for it"
    IF_ANY = "only where it differs from its default"


INTERNAL: Final = Showing.INTERNAL
ON_REQUEST: Final = Showing.ON_REQUEST
IF_ANY: Final = Showing.IF_ANY


class View(NamedTuple):
    """Which facts of a value a document tells, and in which order.

    ``paths`` are paths of attributes; the last one is the fact's name unless another is given (``at_head=at_tip``).
    ``a!.b`` says that there is an ``a`` wherever this view is used, ``a.*`` takes over the view of the value ``a``.
    With ``whole`` the facts that no path begins with follow in the order in which they are declared.
    """

    name: str
    paths: tuple[str, ...] = ()
    whole: bool = True


def only(name: str, *paths: str) -> View:
    """A view of nothing but these, for the field that is annotated with it."""
    return View(name, paths, whole=False)


_VIEWS: Final[dict[type, View]] = {}


def document_view(*paths: str, name: str = "") -> Callable[[type[_T]], type[_T]]:
    """Give a class a view in another order than that of its fields, or a name that is not the class's.

    It goes above ``dataclass``, which makes the class anew.
    """

    def keep(owner: type[_T]) -> type[_T]:
        if not has_facts(owner):
            raise TypeError(f"{owner.__name__} is no class of values yet")
        _VIEWS[owner] = View(name or _snake_case(owner.__name__), paths)
        return owner

    return keep


def view_of(owner: type) -> View:
    """How documents tell the values of a class."""
    return _VIEWS.get(owner) or View(_snake_case(owner.__name__))


class Fact(NamedTuple):
    """One thing that is told of a value, under a name.

    ``steps`` lead to it, each with whether there may be nothing there. ``type`` is without None, and with its limits.
    ``reasons`` say what it means that there is nothing.
    """

    name: str
    steps: tuple[tuple[str, bool], ...]
    type: Any
    meaning: str
    reasons: tuple[str, ...] = ()
    showing: Showing | None = None
    default: Any = dataclasses.MISSING

    @property
    def nullable(self) -> bool:
        """Whether there may be no value."""
        return any(maybe for _, maybe in self.steps)

    def description(self, nothing: str) -> str:
        """The meaning; ``nothing`` is what absence is called where it is told."""
        if not self.reasons:
            return self.meaning
        return f"{self.meaning.removesuffix('.')}; {nothing}: {', or '.join(dict.fromkeys(self.reasons))}."


@cache
def facts(owner: type, view: View | None = None) -> tuple[Fact, ...]:
    """What is told of the values of a class, in order."""
    chosen = view or view_of(owner)
    found: list[Fact] = []
    for path in chosen.paths:
        if path.endswith(".*"):
            inner = fact(owner, path.removesuffix(".*"))
            found += [_behind(inner, each) for each in facts(bare(inner.type))]
        else:
            found.append(fact(owner, path))
    if chosen.whole:
        mentioned = {each.steps[0][0] for each in found}
        declared = (_declared(owner, name) for name in _field_names(owner) if name not in mentioned)
        found += [each for each in declared if each.meaning and each.showing is not Showing.INTERNAL]
    return tuple(found)


@cache
def fact(owner: type, path: str) -> Fact:
    """The fact at a path of attributes from a class.

    Raises:
        AttributeError: nothing of this name is declared there.
    """
    name, _, way = path.rpartition("=")
    first, *others = way.split(".")
    found = _step(owner, first)
    for step in others:
        found = _behind(found, _step(bare(found.type), step))
    return found._replace(name=name) if name else found


def every_fact(owner: type) -> tuple[Fact, ...]:
    """All fields of a class, whether documents tell them or not, and all its public properties."""
    properties = [name for name, member in vars(owner).items() if isinstance(member, property) and name[0] != "_"]
    return tuple(_declared(owner, name) for name in (*_field_names(owner), *properties))


def has_facts(kind: Any) -> bool:
    """Whether a type is a class that says something of its fields."""
    return dataclasses.is_dataclass(kind) or is_typeddict(kind)


def item_of(annotation: Any) -> Any:
    """The type of the members of a list."""
    return get_args(bare(annotation))[0]


def bare(annotation: Any) -> Any:
    """A type without what is said of it."""
    return _peeled(annotation)[0]


def limits_of(annotation: Any) -> tuple[Limit, ...]:
    """The limits of a type, the innermost first."""
    return tuple(each for each in _peeled(annotation)[1] if isinstance(each, Limit))


def view_at(annotation: Any) -> View | None:
    """How the values of a class are told here, if otherwise than elsewhere."""
    return next((each for each in _peeled(annotation)[1] if isinstance(each, View)), None)


def alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types of a union; one that is none is the only one."""
    kind = bare(annotation)
    return get_args(kind) if get_origin(kind) in {Union, types.UnionType} else (annotation,)


def is_nullable(annotation: Any) -> bool:
    """Whether a type has None among its alternatives."""
    return types.NoneType in alternatives(annotation)


def _step(owner: type, name: str) -> Fact:
    found = _declared(owner, name.removesuffix("!"))
    if not name.endswith("!"):
        return found
    return found._replace(steps=tuple((step, False) for step, _ in found.steps), reasons=())


def _behind(outer: Fact, inner: Fact) -> Fact:
    reasons = (*outer.reasons, *inner.reasons)
    return inner._replace(steps=(*outer.steps, *inner.steps), reasons=reasons)


@cache
def _hints(owner: type) -> dict[str, Any]:
    return get_type_hints(owner, include_extras=True)


def _field_names(owner: type) -> tuple[str, ...]:
    if dataclasses.is_dataclass(owner):
        return tuple(each.name for each in dataclasses.fields(owner))
    return tuple(_hints(owner))


@cache
def _declared(owner: type, name: str) -> Fact:
    """What a class says of a field or a property of its own."""
    member = getattr(owner, name, None)
    if isinstance(member, property):
        annotation = get_type_hints(member.fget, include_extras=True)["return"]
        meaning = " ".join((member.__doc__ or "").split())
    elif name in _hints(owner):
        annotation, meaning = _hints(owner)[name], ""
    else:
        raise AttributeError(f"{owner.__name__} declares no {name!r}")
    kind, notes = _peeled(annotation)
    if get_origin(annotation) is NotRequired:
        notes = (*notes, IF_ANY)
    nullable = is_nullable(kind)
    if nullable:
        kind = Union[tuple(each for each in get_args(kind) if each is not types.NoneType)]  # noqa: UP007 (of a tuple)
    for each in notes:
        if isinstance(each, (Limit, View)):
            kind = Annotated[kind, each]
    return Fact(
        name=name,
        steps=((name, nullable),),
        type=kind,
        meaning=next((each for each in notes if isinstance(each, str)), meaning),
        reasons=tuple(each.reason for each in notes if isinstance(each, Absence)),
        showing=next((each for each in notes if isinstance(each, Showing)), None),
        default=_default(owner, name),
    )


def _default(owner: type, name: str) -> Any:
    found = {each.name: each for each in dataclasses.fields(owner)} if dataclasses.is_dataclass(owner) else {}
    return found[name].default if name in found else dataclasses.MISSING


def _peeled(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type, and everything that is said of it."""
    notes: tuple[Any, ...] = ()
    while get_origin(annotation) in {Annotated, NotRequired}:
        notes = (*getattr(annotation, "__metadata__", ()), *notes)
        annotation = annotation.__origin__ if get_origin(annotation) is Annotated else get_args(annotation)[0]
    return annotation, notes


def _snake_case(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).removeprefix("_")
