"""Results as JSON documents, made of what their classes say of their facts (``forensics.facts``).

The names of fields are stable once shipped; fields may be added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin, is_typeddict

from forensics.analysis.json_text import json_text
from forensics.facts import IF_ANY, ON_REQUEST, alternatives, bare, facts, has_facts, item_of, view_at, view_of

if TYPE_CHECKING:
    from forensics.analysis.report_results import Scan
    from forensics.facts import Fact, View

Document = dict[str, Any]
_Conversion: TypeAlias = Callable[[Any], Any]


def render(document: Document) -> str:
    """A document as text: ASCII only, so that no terminal, log or reader can trip over what a repository contains."""
    return json_text(document, indent=1) + "\n"


def report_json(report: Scan) -> str:
    """A report as the text of its document, whose findings and head a later report compares itself with."""
    return render(answer_document(report))


def answer_document(value: Any, *asked: str, view: View | None = None) -> Document:
    """The whole answer of a question: the same as ``document``, under the name of its schema."""
    return {"schema": schema_name(type(value), view), **document(value, *asked, view=view)}


def schema_name(owner: type, view: View | None = None) -> str:
    """The name and version of the document that tells the values of a class: ``forensics.scan/1``."""
    return f"forensics.{(view or view_of(owner)).name}/1"


def document(value: Any, *asked: str, view: View | None = None) -> Document:
    """A value as a part of a document.

    ``asked`` are the names of facts that are told only on request; ``view`` is another than that of the value's class.
    """
    owner: type = type(value)
    return _writer(owner, view, frozenset(asked))(value)


@cache
def _writer(owner: type, view: View | None, asked: frozenset[str]) -> Callable[[Any], Document]:
    """What turns the values of a class into documents; made once, since there may be very many of them."""
    shown = [each for each in facts(owner, view) if each.showing is not ON_REQUEST or each.name in asked]
    if is_typeddict(owner):
        members = [(each.name, _conversion(each, asked)) for each in shown]
        return lambda value: {name: convert(value[name]) for name, convert in members if name in value}
    names = [each.name for each in shown]
    read = attrgetter(*(_certain(each) for each in shown))
    conversions = [
        (each.name, convert)
        for each in shown
        if (convert := _followed(each, _conversion(each, asked))) is not _as_it_is
    ]
    left_out = [(each.name, each.default) for each in shown if each.showing is IF_ANY]

    def write(value: Any) -> Document:
        found = read(value)
        written = dict(zip(names, found if len(names) > 1 else [found], strict=True))
        for name, default in left_out:
            if written[name] == default:
                del written[name]
        for name, convert in conversions:
            if name in written:
                written[name] = convert(written[name])
        return written

    return write


def _certain(fact: Fact) -> str:
    """The way to a fact up to where there may be nothing."""
    steps = []
    for name, maybe in fact.steps:
        steps.append(name)
        if maybe:
            break
    return ".".join(steps)


def _followed(fact: Fact, convert: _Conversion) -> _Conversion:
    """What turns that which is found there into what is told."""
    rest = [name for name, _ in fact.steps][_certain(fact).count(".") + 1 :]
    if not rest:
        return convert
    follow = attrgetter(".".join(rest))
    return lambda value: None if value is None else convert(follow(value))


def _conversion(fact: Fact, asked: frozenset[str]) -> _Conversion:
    convert = _converted(fact.type, asked)
    if not fact.nullable or convert is _as_it_is:
        return convert
    return lambda value: None if value is None else convert(value)


def _converted(annotation: Any, asked: frozenset[str]) -> _Conversion:
    kind = bare(annotation)
    if len(alternatives(annotation)) > 1:
        return _as_it_is
    if kind is bytes:
        return bytes.hex
    if has_facts(kind):
        return _writer(kind, view_at(annotation), asked)
    origin = get_origin(kind)
    if origin is frozenset:
        return sorted
    if origin in {tuple, list, Sequence}:
        inner = _converted(item_of(annotation), asked)
        return list if inner is _as_it_is else lambda values: [inner(each) for each in values]
    if origin is Mapping:
        inner = _converted(get_args(kind)[1], asked)
        return dict if inner is _as_it_is else lambda values: {key: inner(each) for key, each in values.items()}
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
