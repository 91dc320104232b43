"""Results as JSON documents, made of what their classes say of their facts (``forensics.facts``).

The names of fields are stable once shipped; fields may be added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin, is_typeddict

from forensics.analysis.json_text import json_text
from forensics.analysis.report_results import SCAN
from forensics.facts import IF_ANY, ON_REQUEST, alternatives, bare, facts, has_facts, item_of, view_at
from forensics.uploads.scenario import KnownScenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.fingerprint_results import Fingerprints, LookUp
    from forensics.analysis.object_results import LogEntry, State, TimelineEntry
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import EvidenceSummary, ShadowScan
    from forensics.facts import Fact, View
    from forensics.uploads.scenario import Scenario

Document = dict[str, Any]
_Conversion: TypeAlias = Callable[[Any], Any]


def render(document: Document) -> str:
    """A document as text: ASCII only, so that no terminal, log or reader can trip over what a repository contains."""
    return json_text(document, indent=1) + "\n"


def document(value: Any, *asked: str, schema: str = "", view: View | None = None) -> Document:
    """A value as a document under the name of its schema, or as a part of one.

    ``asked`` are the names of facts that are told only on request; ``view`` is another than that of the value's class.
    """
    owner: type = type(value)
    written = _writer(owner, view, frozenset(asked))(value)
    return {"schema": schema, **written} if schema else written


def scan_document(scan: Scan) -> Document:
    """``scan --format json``."""
    return document(scan, schema="forensics.scan/1", view=SCAN)


def shadows_document(found: ShadowScan, *, commits: bool) -> Document:
    """``shadows --format json``; ``commits`` adds ``commit_ids``."""
    return document(found, *(["commit_ids"] if commits else []), schema="forensics.shadows/1")


def timeline_document(entries: Sequence[TimelineEntry], evidence: EvidenceSummary) -> Document:
    """``timeline --format json``."""
    from forensics.analysis.object_results import TimelineAnswer  # noqa: PLC0415 (a scan does without)

    return document(TimelineAnswer(evidence, tuple(entries)), schema="forensics.timeline/1")


def show_document(object_text: str, at: str, states: Sequence[State], evidence: EvidenceSummary) -> Document:
    """``show --format json``."""
    from forensics.analysis.object_results import ShowAnswer  # noqa: PLC0415

    return document(ShowAnswer(evidence, object_text, at, tuple(states)), schema="forensics.show/1")


def log_document(
    object_text: str, entries: Sequence[LogEntry], evidence: EvidenceSummary, file: str | None = None
) -> Document:
    """``log --format json``."""
    from forensics.analysis.object_results import LogAnswer  # noqa: PLC0415

    return document(LogAnswer(evidence, object_text, tuple(entries), file), schema="forensics.log/1")


def scenarios_document(scenarios: Sequence[Scenario]) -> Document:
    """``scenarios --format json``."""
    return document(KnownScenarios(tuple(scenarios)), schema="forensics.scenarios/1")


def fingerprint_document(found: Fingerprints, answers: Sequence[LookUp] = ()) -> Document:
    """``fingerprint --format json``; ``matches`` has an entry for each hash that was looked up."""
    from forensics.analysis.fingerprint_results import FingerprintAnswer  # noqa: PLC0415

    return document(FingerprintAnswer(found, tuple(answers)), schema="forensics.fingerprint/1")


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
    if origin in {tuple, list}:
        inner = _converted(item_of(annotation), asked)
        return list if inner is _as_it_is else lambda values: [inner(each) for each in values]
    if origin is Mapping:
        inner = _converted(get_args(kind)[1], asked)
        return dict if inner is _as_it_is else lambda values: {key: inner(each) for key, each in values.items()}
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
