"""Nodes of JSON files, as ``Chef::Node.from_hash`` reads them and ``for_json`` writes them (lib/chef/node.rb)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from forensics.chef import ruby_text
from forensics.chef.objects import Node, RepeatedKeys, Unresolved
from forensics.chef.refusals import NO_METHOD_ERROR, VALIDATION_FAILED, Refused, fetch, is_name, name_kind
from forensics.chef.run_list_source import item, kept_once, text_of

if TYPE_CHECKING:
    from forensics.chef.objects import RunList, Value
    from forensics.chef.run_list import RunListItem

_SCRUBS_SINCE = 12
_OF_OBJECTS = frozenset({"json_class", "chef_type", "automatic", "normal", "default", "override", "attributes"})
_CONSUMED = frozenset({"run_list", "recipes", "chef_environment", "policy_name", "policy_group", "name"})


def node_of_value(value: Value) -> Node:
    """Build a node; a missing name is ``""`` (Chef keeps nil, which no server takes).

    Raises:
        Refused: Chef refuses the value.
    """
    name = _named(fetch(value, "name"), "name", ":.")
    if not isinstance(value, dict):  # a string, which Ruby can index but not ask for keys
        raise Refused("undefined method `key?' for String", NO_METHOD_ERROR, "not-an-object")
    policy_name = _named(value.get("policy_name"), "policy_name", ":.")
    policy_group = _named(value.get("policy_group"), "policy_group", ":.")
    environment = value.get("chef_environment") if policy_group is None else policy_group
    environment = _named(environment, "chef_environment", "")
    levels = {level: _mash(value.get(level)) for level in ("automatic", "normal", "default", "override")}
    if "normal" not in value:
        levels["normal"] = _mash(value.get("attributes"))
    return Node(
        name="" if name is None else name,
        chef_environment="_default" if environment is None else environment,
        run_list=_run_list(value),
        policy_name=policy_name,
        policy_group=policy_group,
        **levels,
    )


def of_stem(node: Node, value: Value, stem: str) -> Node:
    """A node of a file without a name inside, which has its file's stem for one.

    Unless it has what only node objects have, it is a file for ``chef-solo -j``, as knife-solo and littlechef keep one
    for each node: whatever stands beside the run list and the environment is a normal attribute
    (Chef::Node#consume_external_attrs).
    """
    if isinstance(value, dict) and not value.keys() & _OF_OBJECTS:
        beside = {key: member for key, member in value.items() if key not in _CONSUMED}
        return dataclasses.replace(node, name=stem, normal=beside)
    return dataclasses.replace(node, name=stem)


def scrubbed(node: Node, chef: str) -> Node:
    """Replace the bytes that are no valid UTF-8: unlike other objects, Chef 12.4 and later write nodes so."""
    if ruby_text.major(chef) < _SCRUBS_SINCE:
        return node
    levels = {level: _scrub(getattr(node, level)) for level in ("automatic", "normal", "default", "override")}
    return dataclasses.replace(node, **levels)


def _scrub(value: Value) -> Value:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, dict):
        pairs = [(_scrub(key), _scrub(member)) for key, member in value.items()]
        plain = dict(pairs)
        return plain if len(plain) == len(pairs) else RepeatedKeys(pairs)  # broken keys can become the same
    if isinstance(value, list):
        return [_scrub(member) for member in value]
    return value


def _named(value: Value, field: str, extra: str) -> Value:
    if value is None:
        return None
    if not isinstance(value, str) or not is_name(value, extra):
        raise Refused(
            f"Option {field} must be a String of the allowed characters!",
            VALIDATION_FAILED,
            name_kind(value) if field == "name" else "invalid",
        )
    return value


def _mash(value: Value) -> Value:
    """Make a level of attributes: whatever is no hash leaves it empty, as ``Mash.new`` does."""
    return value if isinstance(value, dict) else {}


def _run_list(value: dict[str, Value]) -> RunList:
    """Read the run list as ``RunList#reset!`` does: nested arrays are flattened, and the first of each item is kept."""
    if "run_list" not in value:
        if "recipes" in value and value["recipes"] not in ([], {}):
            raise Refused("undefined method `recipes' for the node's attributes", NO_METHOD_ERROR)
        return ()
    items: list[RunListItem | Unresolved] = []
    waiting = [value["run_list"]]
    while waiting:
        member = waiting.pop()
        if isinstance(member, list):
            waiting.extend(reversed(member))
        else:
            items.append(item(member))
    kept = kept_once(items)
    return kept if isinstance(kept, Unresolved) else tuple(text_of(member) for member in kept)
