"""The JSON Schemas of the documents, made of what the classes of results say of their facts (``forensics.facts``)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from inspect import getdoc
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args, get_origin

from forensics.analysis.check_results import Check
from forensics.analysis.drift_results import Drift
from forensics.analysis.explain_results import FittingUploads
from forensics.analysis.fingerprint_results import FingerprintAnswer
from forensics.analysis.object_results import LogAnswer, ShowAnswer, TimelineAnswer, TimelineEntry
from forensics.analysis.proof_results import Proven
from forensics.analysis.report_results import SCAN, Scan
from forensics.analysis.results import ShadowScan
from forensics.analysis.trace_results import Trace
from forensics.chef.objects import Environment, Kind, Node, Role
from forensics.facts import (
    IF_ANY,
    ON_REQUEST,
    alternatives,
    bare,
    facts,
    has_facts,
    item_of,
    limits_of,
    view_at,
    view_of,
)
from forensics.report.documents import schema_name
from forensics.uploads.scenario import KnownScenarios

if TYPE_CHECKING:
    from forensics.facts import View

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NULL: Final[Schema] = {"type": "null"}
_TYPES: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    bytes: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Kind: {"type": "string"},
    Any: {},
}
_BODIES: Final = {Kind.ROLE: Role, Kind.ENVIRONMENT: Environment, Kind.NODE: Node}


class Form(NamedTuple):
    """A document: the command that prints it, the class of what it tells, and the view if it is not the class's."""

    title: str
    owner: type
    view: View | None = None


FORMS: Final[Mapping[str, Form]] = {
    schema_name(each.owner, each.view): each
    for each in (
        Form("forensics check --staged --format json", Check),
        Form("forensics drift DIR --format json", Drift),
        Form("forensics evidence FILE... --format json", Proven),
        Form("forensics explain OBJECT --format json", FittingUploads),
        Form("forensics fingerprint --format json", FingerprintAnswer),
        Form("forensics log OBJECT --format json", LogAnswer),
        Form("forensics report --format json", Scan),
        Form("forensics scan --format json", Scan, SCAN),
        Form("forensics scenarios --format json", KnownScenarios),
        Form("forensics shadows --format json", ShadowScan),
        Form("forensics show OBJECT --format json", ShowAnswer),
        Form("forensics timeline --format json", TimelineAnswer),
        Form("forensics trace WHAT --format json", Trace),
    )
}
"""Every document by its name and version, which it carries in its field ``schema``."""


@cache
def schema_of(name: str) -> Schema:
    """The JSON Schema, 2020-12, of a document: ``schema_of("forensics.scan/1")``.

    Raises:
        KeyError: there is no such document.
    """
    form = FORMS[name]
    definitions: dict[str, Schema] = {}
    whole = _object(form.owner, form.view, definitions)
    project, _, rest = name.partition(".")
    document, _, version = rest.partition("/")
    return {
        "$schema": DIALECT,
        "$id": f"urn:{project}:{document}:{version}",
        "title": form.title,
        "type": "object",
        "required": ["schema", *whole["required"]],
        "properties": {
            "schema": {"const": name, "description": "The name and version of the document."},
            **whole["properties"],
        },
        "additionalProperties": False,
        **_further(form.owner, definitions),
        "$defs": definitions,
    }


def _object(owner: type, view: View | None, definitions: dict[str, Schema]) -> Schema:
    shown = facts(owner, view)
    properties = {}
    for each in shown:
        schema = _schema(each.type, definitions, each.meaning)
        left_out = each.showing is IF_ANY and each.default is None
        properties[each.name] = {
            **({"anyOf": [schema, _NULL]} if each.nullable and not left_out else schema),
            "description": each.description("null"),
        }
    return {
        "type": "object",
        "required": [each.name for each in shown if each.showing not in {IF_ANY, ON_REQUEST}],
        "properties": properties,
        "additionalProperties": False,
    }


def _schema(annotation: Any, definitions: dict[str, Schema], meaning: str = "") -> Schema:
    """The schema of a type; what has a name is defined once.

    ``meaning`` is that of the field, which a view that only this field has is described with.
    """
    kind, limits = bare(annotation), limits_of(annotation)
    if has_facts(kind):
        return _defined(kind, view_at(annotation), definitions, meaning)
    schema = _unlimited(annotation, kind, definitions, meaning)
    for each in limits:
        schema = {**({} if "enum" in each.keywords or "const" in each.keywords else schema), **each.keywords}
        if each.name:
            definitions.setdefault(each.name, {**schema, "description": each.meaning})
            schema = {"$ref": f"#/$defs/{each.name}"}
    return schema


def _unlimited(annotation: Any, kind: Any, definitions: dict[str, Schema], meaning: str) -> Schema:
    origin = get_origin(kind)
    if len(alternatives(annotation)) > 1:
        return {"anyOf": [_schema(each, definitions) for each in alternatives(annotation)]}
    if origin in {tuple, list, Sequence}:
        return {"type": "array", "items": _schema(item_of(annotation), definitions, meaning)}
    if origin is frozenset:
        return {"type": "array", "items": _schema(item_of(annotation), definitions), "uniqueItems": True}
    if origin is dict:
        return {"type": "object"}
    if origin is Mapping:
        keys, values = (_schema(each, definitions) for each in get_args(kind))
        names = {} if keys == _TYPES[str] else {"propertyNames": keys}
        return {"type": "object", **names, "additionalProperties": values}
    return _TYPES[kind]


def _defined(owner: type, view: View | None, definitions: dict[str, Schema], meaning: str) -> Schema:
    name = (view or view_of(owner)).name
    summary = " ".join((getdoc(owner) or "").partition("\n\n")[0].split())
    if name not in definitions:
        definitions[name] = {}  # it has its place before what stands inside
        definitions[name] |= {
            "description": meaning if view else summary,
            **_object(owner, view, definitions),
            **_further(owner, definitions),
        }
    return {"$ref": f"#/$defs/{name}"}


def _further(owner: type, definitions: dict[str, Schema]) -> Schema:
    """What holds of several facts together: what is sent of each kind of object, and when a content may be another."""
    if owner is TimelineEntry:
        raced: Schema = {
            # where evidence leaves open what is live, anything may be
            "if": {"properties": {"certainty": {"enum": ["race", "unknown"]}, "time": False}},
            "then": {"required": ["possible"]},
            "else": {"anyOf": [{"required": ["time"]}, {"not": {"required": ["possible"]}}]},
        }
        return {"allOf": [*(_of_kind(kind, {"content": _body(kind, definitions)}) for kind in _BODIES), raced]}
    if owner is ShowAnswer:
        merged: Schema = {"expanded": {"anyOf": [_NULL, {"type": "object", "required": ["attributes"]}]}}
        states: dict[Kind, Schema] = {
            kind: {"content": _body(kind, definitions), **(merged if kind is Kind.NODE else {})} for kind in _BODIES
        }
        return {
            "allOf": [
                _of_kind(kind, {"states": {"items": {"properties": properties}}}) for kind, properties in states.items()
            ]
        }
    return {}


def _of_kind(kind: Kind, properties: Schema) -> Schema:
    """What holds where the object is of a kind."""
    return {"if": {"properties": {"object": {"pattern": rf"^{kind}\["}}}, "then": {"properties": properties}}


def _body(kind: Kind, definitions: dict[str, Schema]) -> Schema:
    always = [each.name for each in dataclasses.fields(_BODIES[kind]) if each.default is dataclasses.MISSING]
    article = "An" if kind is Kind.ENVIRONMENT else "A"
    definitions[kind] = {
        "type": ["object", "null"],
        "required": always,
        "description": f"{article} {kind} as it is sent.",
    }
    return {"$ref": f"#/$defs/{kind}"}
