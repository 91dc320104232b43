"""What ``knife role|environment|data bag|node from file`` makes of a JSON file.

Mirrors Chef::Knife::Core::ObjectLoader, which parses the file and hands the value to ``from_hash`` of the class, and
the validation there (lib/chef/role.rb, environment.rb, data_bag_item.rb, node.rb). All versions read a file alike, but
for the class of an encoding error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import json_parser, node_source, ruby_text, versions, wire
from forensics.chef.json_parser import JsonRefused
from forensics.chef.objects import DataBagItem, Environment, Kind, Node, Problem, Role
from forensics.chef.refusals import (
    NO_METHOD_ERROR,
    VALIDATION_FAILED,
    Refused,
    fetch,
    hash_or_default,
    is_name,
    name_kind,
    text_or_default,
    validated_name,
)
from forensics.chef.run_list_source import run_list_of_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.chef.objects import ChefObject, RunList, Value


def load(
    kind: Kind, data: bytes, *, chef: str = "18", served: Callable[[Value], Value] | None = None
) -> ChefObject | Problem:
    """Load a JSON file as knife's ``from file`` commands do, or say why Chef refuses it.

    ``served`` is what a server in between makes of the file's value. An object that loads but cannot be written into a
    request (nested too deep, infinite numbers) is a ``Problem`` of the stage ``encode``. A missing name is ``""``: Chef
    loads such an object, no server takes it.
    """
    try:
        value = json_parser.parse(data)
        declared = _LOADERS[kind](value if served is None else served(value))
    except JsonRefused as refused:
        return Problem("json-syntax", refused.message, refused.error_class, refused.line)
    except Refused as refused:
        return refused.problem()
    problem = wire.encode_problem(wire.from_file_body(declared), chef=chef)
    if problem is None and isinstance(declared, Node):
        return node_source.scrubbed(declared, chef)
    return problem or declared


def _role(value: Value) -> Role:
    """Build a role as ``Chef::Role.from_hash`` does."""
    name = validated_name(fetch(value, "name"))
    description = text_or_default(value, "description")
    default_attributes = hash_or_default(value, "default_attributes")
    override_attributes = hash_or_default(value, "override_attributes")
    if not isinstance(value, dict):
        raise Refused("undefined method `key?' for String", NO_METHOD_ERROR, "not-an-object")
    run_lists: dict[str, Value] = {"_default": value["run_list"] if "run_list" in value else value.get("recipes")}
    named = value.get("env_run_lists")
    if wire.is_true(named):
        if not isinstance(named, dict):
            raise Refused("no implicit conversion of env_run_lists into Hash", "TypeError")
        run_lists |= named
    loaded: dict[str, RunList] = {environment: run_list_of_value(items) for environment, items in run_lists.items()}
    default_run_list = loaded.pop("_default")
    return Role(name, description, default_run_list, loaded, default_attributes, override_attributes)


def _environment(value: Value) -> Environment:
    """Build an environment as ``Chef::Environment.from_hash`` does; even of a JSON string, which Ruby can index."""
    name = fetch(value, "name")
    if name is not None and not isinstance(name, str):
        raise Refused("Option name must be a kind of String!", VALIDATION_FAILED, name_kind(name))
    return Environment(
        name=validated_name(name),
        description=text_or_default(value, "description"),
        cookbook_versions=_cookbook_versions(hash_or_default(value, "cookbook_versions")),
        default_attributes=hash_or_default(value, "default_attributes"),
        override_attributes=hash_or_default(value, "override_attributes"),
    )


def _cookbook_versions(given: Value) -> Value:
    if isinstance(given, dict):
        for constraint in given.values():
            if not _is_constraint(constraint):
                raise Refused(
                    "Option cookbook_versions should be a valid set of cookbook version requirements",
                    VALIDATION_FAILED,
                )
    return given


def _is_constraint(constraint: Value) -> bool:
    """Tell whether ``Chef::VersionConstraint.new`` takes a value; nil and an empty array mean any version."""
    if isinstance(constraint, list):
        if len(constraint) > 1:
            return False
        if constraint and not isinstance(constraint[0], str):
            # An array has the methods that a string is asked for, up to the regular expression, which wants a string.
            error_class = "TypeError" if isinstance(constraint[0], list) else NO_METHOD_ERROR
            raise Refused("a version constraint that is no String", error_class)
        constraint = constraint[0] if constraint else None
    if constraint is None:
        return True
    if not isinstance(constraint, str) or ruby_text.has_raw_bytes(constraint):
        return False  # Ruby's ArgumentError on broken text is taken for a bad constraint
    return versions.is_constraint(constraint)


def _data_bag_item(value: Value) -> DataBagItem:
    """Build a data bag item as ``Chef::DataBagItem#raw_data=`` and ``#object_name`` do."""
    # A value that is no hash becomes the default of an empty Mash: its id is that value.
    identity = value.get("id") if isinstance(value, dict) else value
    if not isinstance(identity, str) or not is_name(identity, "."):
        raise Refused(
            r"Data Bag items must have an id matching /^[\.\-[:alnum:]_]+$/",
            "Chef::Exceptions::InvalidDataBagItemID",
            name_kind(identity),
        )
    if not isinstance(value, dict):
        raise Refused("You must have an 'id' or :id key in the raw data", VALIDATION_FAILED, stage="encode")
    return DataBagItem(identity, value)


_LOADERS: dict[Kind, Callable[[Value], ChefObject]] = {
    Kind.ROLE: _role,
    Kind.ENVIRONMENT: _environment,
    Kind.DATA_BAG_ITEM: _data_bag_item,
    Kind.NODE: node_source.node_of_value,
}
