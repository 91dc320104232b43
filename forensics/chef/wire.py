"""The request body that knife sends for an object, its bytes, and the hashes under which servers log them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias

from forensics.chef.json_encoder import EncodeRefused, UnresolvedBody, encode
from forensics.chef.objects import DataBagItem, Environment, Kind, Node, Problem, Role, Unresolved
from forensics.facts import document_view, limit, named

if TYPE_CHECKING:
    from forensics.chef.objects import Body, ChefObject, RunList, Value

__all__ = [
    "ContentHashes",
    "EncodeRefused",
    "UnresolvedBody",
    "content",
    "content_hashes",
    "defaults",
    "encode",
    "encode_problem",
    "from_file_body",
    "hashes_of",
]


Sha1: TypeAlias = Annotated[
    str,
    named(
        "sha1",
        "Base64, as X-Ops-Content-Hash has it under signing protocol 1.0 and 1.1.",
        pattern="^[A-Za-z0-9+/]{27}=$",
    ),
]
Sha256: TypeAlias = Annotated[
    str,
    named("sha256", "Base64, as X-Ops-Content-Hash has it under signing protocol 1.3.", pattern="^[A-Za-z0-9+/]{43}=$"),
]


@document_view(name="hashes")
@dataclass(frozen=True, slots=True)
class ContentHashes:
    """The hashes and the length of the body that a command sends."""

    sha1: Annotated[Sha1, "The SHA-1 of the request's body."]
    sha256: Annotated[Sha256, "The SHA-256 of the request's body."]
    length: Annotated[int, limit(minimum=2), "The length of the body, in bytes."]


def from_file_body(declared: ChefObject, *, bag: str = "") -> Body:
    """Build the body that ``knife KIND from file`` sends for an object, keys in its order.

    ``bag`` is the data bag that a data bag item goes to: its name is part of the body.
    Mirrors ``to_h`` of Chef::Role and Chef::Environment, ``for_json`` of Chef::Node, ``to_json`` of Chef::DataBagItem.
    """
    if isinstance(declared, Role):
        return {
            "name": declared.name,
            "description": declared.description,
            "json_class": "Chef::Role",
            "default_attributes": declared.default_attributes,
            "override_attributes": declared.override_attributes,
            "chef_type": "role",
            "run_list": _listed(declared.run_list),
            "env_run_lists": declared.env_run_lists
            if isinstance(declared.env_run_lists, Unresolved)
            else {environment: _listed(run_list) for environment, run_list in declared.env_run_lists.items()},
        }
    if isinstance(declared, Environment):
        return {
            "name": declared.name,
            "description": declared.description,
            "cookbook_versions": declared.cookbook_versions,
            "json_class": "Chef::Environment",
            "chef_type": "environment",
            "default_attributes": declared.default_attributes,
            "override_attributes": declared.override_attributes,
        }
    if isinstance(declared, DataBagItem):
        return data_bag_item_body(bag, declared.name, declared.raw_data)
    return _node_body(declared)


def data_bag_item_body(bag: str, identity: Value, raw_data: Value) -> Body:
    """Wrap the raw data of a data bag item as every knife command sends it."""
    return {
        "name": identity if isinstance(identity, Unresolved) else f"data_bag_item_{bag}_{identity}",
        "json_class": "Chef::DataBagItem",
        "chef_type": "data_bag_item",
        "data_bag": bag,
        "raw_data": raw_data,
    }


def _node_body(node: Node) -> Body:
    body = {
        "name": node.name,
        "chef_environment": node.chef_environment,
        "json_class": "Chef::Node",
        "automatic": node.automatic,
        "normal": node.normal,
        "chef_type": "node",
        "default": node.default,
        "override": node.override,
        "run_list": _listed(node.run_list),
    }
    if node.policy_name is not None or node.policy_group is not None:
        body |= {"policy_name": node.policy_name, "policy_group": node.policy_group}
    return body


def _listed(run_list: RunList) -> Value:
    return run_list if isinstance(run_list, Unresolved) else list(run_list)


def defaults(kind: Kind, name: Value) -> Body:
    """What the fields of an object are where nobody gives them, in the order in which ``knife upload`` sends them.

    Mirrors the data handlers of Chef::ChefFS and chef-zero's DataNormalizer.
    """
    match kind:
        case Kind.ROLE:
            return {
                "name": name,
                "description": "",
                "json_class": "Chef::Role",
                "chef_type": "role",
                "default_attributes": {},
                "override_attributes": {},
                "run_list": [],
                "env_run_lists": {},
            }
        case Kind.ENVIRONMENT:
            return {
                "name": name,
                "description": "",
                "cookbook_versions": {},
                "default_attributes": {},
                "override_attributes": {},
                "json_class": "Chef::Environment",
                "chef_type": "environment",
            }
        case Kind.NODE:
            return {
                "name": name,
                "json_class": "Chef::Node",
                "chef_type": "node",
                "chef_environment": "_default",
                "override": {},
                "normal": {},
                "default": {},
                "automatic": {},
                "run_list": [],
            }
        case Kind.DATA_BAG_ITEM:
            return {"id": name}


_MEANING: dict[Kind, tuple[str, ...]] = {
    Kind.ROLE: ("name", "description", "run_list", "env_run_lists", "default_attributes", "override_attributes"),
    Kind.ENVIRONMENT: ("name", "description", "cookbook_versions", "default_attributes", "override_attributes"),
    Kind.NODE: ("name", "chef_environment", "run_list", "normal", "default", "override", "automatic"),
}
_ENVELOPE = frozenset(("json_class", "chef_type"))


def content(kind: Kind, body: Body) -> Body:
    """Pick what a body means: its semantic fields in a fixed order, then the unknown keys that ``knife upload`` sends.

    A field that the body leaves out has its default. Of a data bag item: the raw data.
    """
    if kind is Kind.DATA_BAG_ITEM:
        raw_data = raw_data_of(body)
        return raw_data if isinstance(raw_data, dict) else body
    missing = defaults(kind, "")
    fields = {key: body.get(key, missing[key]) for key in _MEANING[kind]}
    return fields | {key: value for key, value in body.items() if key not in fields and key not in _ENVELOPE}


def raw_data_of(body: Value) -> Value:
    """Take a data bag item out of the body that carries it; one that stands alone is returned as it is."""
    if isinstance(body, dict) and body.get("json_class") == "Chef::DataBagItem" and is_true(body.get("raw_data")):
        return body["raw_data"]
    return body


def is_true(value: Value) -> bool:
    """Tell whether Ruby takes a value for true: all but nil and false."""
    return value is not None and value is not False


def encode_problem(body: Body, *, chef: str = "18") -> Problem | None:
    """Say why knife cannot write a body (nested too deep, infinite numbers, broken text), or ``None`` if it can.

    Cheap for ordinary bodies. Parts that are ``Unresolved`` are taken to be well.
    """
    try:
        encode(body, chef=chef)
    except EncodeRefused as refused:
        return Problem("encode", refused.message, refused.error_class, stage="encode")
    except UnresolvedBody:
        pass
    return None


def content_hashes(encoded: bytes) -> ContentHashes:
    """Hash the bytes of a body."""
    return ContentHashes(
        sha1=base64.b64encode(hashlib.sha1(encoded, usedforsecurity=False).digest()).decode("ascii"),
        sha256=base64.b64encode(hashlib.sha256(encoded).digest()).decode("ascii"),
        length=len(encoded),
    )


def hashes_of(body: Body, chef: str) -> ContentHashes | Unresolved | None:
    """The hashes of a body, what makes them unknown, or None if knife cannot write it."""
    try:
        return content_hashes(encode(body, chef=chef))
    except UnresolvedBody as unresolved:
        return unresolved.value
    except EncodeRefused:
        return None
