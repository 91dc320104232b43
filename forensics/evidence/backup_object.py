"""One file of a backup: the objects that it holds, by its place in the backup or by what it says itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from forensics.chef import json_parser
from forensics.chef.json_parser import JsonRefused
from forensics.chef.knife_text import without_trailing_blanks
from forensics.chef.objects import Kind
from forensics.evidence.records import HeldObject, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS: Final[Mapping[str, Kind]] = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT, "nodes": Kind.NODE}
"""The kind of what lies in a directory of a backup; items lie in ``data_bags/BAG``."""

LARGEST: Final = 1 << 25
"""The most bytes of one file that are read: a server takes one or two million of an object."""

_MOST_VALUES: Final = 2_000_000

_OF_CLASS: Final = {f"Chef::{kind.capitalize()}": kind for kind in (Kind.ROLE, Kind.ENVIRONMENT, Kind.NODE)}
_HEADING: Final = re.compile(
    r"^/?(?:(?P<kind>roles|environments|nodes)|data_bags/(?P<bag>[^/\n]+))/(?P<name>[^/\n]+)\.json:[ \t]*$",
    re.MULTILINE,
)
_TEXT_KIND: Final = re.compile(r"^chef_type:[ \t]+(?P<kind>role|environment)[ \t]*$", re.MULTILINE)
_TEXT_FIELD: Final = re.compile(r"^(?P<key>[^\s:][^:\n]*):[ \t]*(?P<value>[^\n]*)$", re.MULTILINE)
_TEXT_NODE: Final = re.compile(r"^Node Name:[ \t]+\S", re.MULTILINE)
_TEXT_BELOW: Final = re.compile(r"(?:\n[ \t]+[^\n]*)*")
_OF_NODE: Final = ("name", "chef_environment", "run_list", "policy_name", "policy_group")
_OF_RUN: Final = ("expanded_run_list", "recipes", "roles", "ohai_time")


def placed(data: bytes, place: Place, kind: Kind, bag: str, stem: str) -> HeldObject:
    """The object in a file of which the path tells the kind, and the name where the content does not."""
    if _is_vast(data):
        return HeldObject(place, kind, stem, {}, bag, unreadable=_VAST)
    try:
        value = json_parser.parse(_utf_8(data))
    except JsonRefused as refused:
        return HeldObject(place, kind, stem, {}, bag, unreadable=f"it is no JSON (line {refused.line})")
    if not isinstance(value, dict):
        return HeldObject(place, kind, stem, {}, bag, unreadable="it holds no object")
    return _held(value, place, kind, bag, stem)


def loose(data: bytes, place: Place) -> list[HeldObject]:
    """The objects in a file that says itself what they are: what ``knife show`` and ``knife KIND show`` print."""
    text = _utf_8(data).decode("utf-8", "surrogateescape")
    if _HEADING.search(text):
        return list(_under_headings(text, place))
    if text.lstrip().startswith("{"):
        if _is_vast(data):
            return []
        try:
            value = json_parser.parse(text.encode("utf-8", "surrogateescape"))
        except JsonRefused:
            return []
        rows = value.get("rows", [value]) if isinstance(value, dict) else ()  # knife search -l -F json has several
        return [
            _held(each, place, kind, each.get("data_bag", "") if kind is Kind.DATA_BAG_ITEM else "", "")
            for each in (rows if isinstance(rows, list) else ())
            if isinstance(each, dict) and (kind := _kind_of(each)) is not None
        ]
    if found := _TEXT_KIND.search(text):
        return _of_text(text, place, Kind(found["kind"]))
    return [_node_of_text(text, place)] if _TEXT_NODE.search(text) else []


def is_loose(start: bytes) -> bool:
    """Whether what a file begins with looks like what ``loose`` reads."""
    text = _utf_8(start).decode("utf-8", "replace")
    if text.lstrip().startswith("{"):
        return bool(re.search(r'"json_class":\s*"Chef::(?:Role|Environment|Node|DataBagItem)"', text)) or (
            '"run_list"' in text and '"chef_environment"' in text
        )
    return bool(_HEADING.search(text) or _TEXT_KIND.search(text) or _TEXT_NODE.match(text))


def _under_headings(text: str, place: Place) -> Iterator[HeldObject]:
    headings = list(_HEADING.finditer(text))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        body = text[heading.end() : following.start() if following else len(text)]
        kind = Kind.DATA_BAG_ITEM if heading["bag"] else KINDS[heading["kind"]]
        line = text.count("\n", 0, heading.start()) + 1
        data = body.encode("utf-8", "surrogateescape")
        yield placed(data, Place(place.file, line), kind, heading["bag"] or "", heading["name"])


def _kind_of(value: Mapping[str, Any]) -> Kind | None:
    kind = _OF_CLASS.get(str(value.get("json_class")))
    if kind is None and isinstance(value.get("data_bag"), str) and ("raw_data" in value or "id" in value):
        kind = Kind.DATA_BAG_ITEM
    if kind is None and "run_list" in value and isinstance(value.get("name"), str):
        # knife node show, and what knife-backup makes of a node, name no class
        kind = Kind.NODE if "chef_environment" in value or value.get("chef_type") == "node" else None
    return kind


def _held(value: dict[str, Any], place: Place, kind: Kind, bag: str, stem: str) -> HeldObject:
    if kind is Kind.DATA_BAG_ITEM:
        raw = value.get("raw_data") if value.get("json_class") == "Chef::DataBagItem" else None
        name = raw.get("id") if isinstance(raw, dict) else value.get("id")
    else:
        name = value.get("name")
    body = _of_node(value) if kind is Kind.NODE else value
    return HeldObject(place, kind, name if isinstance(name, str) and name else stem, body, bag)


def _of_node(value: dict[str, Any]) -> dict[str, Any]:
    """What decides over a node, and what its last run that was saved came to: the rest is large, and no answer's."""
    automatic = value.get("automatic")
    if not isinstance(automatic, dict):
        # knife-backup writes the attributes of all levels beside the run list
        automatic = value if "ohai_time" in value else {}
    run = {key: automatic[key] for key in _OF_RUN if key in automatic}
    return {key: value[key] for key in _OF_NODE if key in value} | ({"automatic": run} if run else {})


def _of_text(text: str, place: Place, kind: Kind) -> list[HeldObject]:
    body: dict[str, Any] = {}
    for found in _TEXT_FIELD.finditer(text):
        if found["key"] in {"name", "description"}:
            body[found["key"]] = found["value"].rstrip()
        elif found["key"] == "run_list":
            below = _TEXT_BELOW.match(text, found.end())
            listed = [found["value"], *(below[0].split("\n") if below else ())]
            body["run_list"] = [item.strip() for item in listed if item.strip()]
    name = body.get("name")
    return [HeldObject(place, kind, name, body, shown=without_trailing_blanks(text))] if name else []


_NODE_FIELDS: Final = {
    "Node Name": "name",
    "Environment": "chef_environment",
    "Policy Name": "policy_name",
    "Policy Group": "policy_group",
}


def _node_of_text(text: str, place: Place) -> HeldObject:
    """A node as ``knife node show`` prints it for people."""
    body: dict[str, Any] = {}
    run: dict[str, Any] = {}
    for found in _TEXT_FIELD.finditer(text):
        value = found["value"].strip()
        listed = [item for item in value.split(", ") if item]
        if found["key"] in _NODE_FIELDS:
            body[_NODE_FIELDS[found["key"]]] = value
        elif found["key"] == "Run List":
            body["run_list"] = listed
        elif found["key"] in {"Roles", "Recipes"} and value:
            run[found["key"].lower()] = listed
    return HeldObject(place, Kind.NODE, body["name"], body | ({"automatic": run} if run else {}))


_VAST: Final = f"it has more than {_MOST_VALUES} values"


def _is_vast(data: bytes) -> bool:
    """Whether it has more values than memory should hold: a few bytes of JSON may come to a hundred each."""
    return len(data) > _MOST_VALUES and sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES


def _utf_8(data: bytes) -> bytes:
    """What a file holds in UTF-8: PowerShell writes the output of a program as UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
