"""Nodes of JSON files, as ``Chef::Node.from_hash`` reads them and ``for_json`` writes them (lib/chef/node.rb)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import ruby_text
from forensics.chef.objects import Node
from forensics.chef.refusals import NO_METHOD_ERROR, VALIDATION_FAILED, Refused, fetch
from forensics.chef.run_list_source import item_text

if TYPE_CHECKING:
    from forensics.chef.objects import Unresolved, Value


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


def _named(value: Value, field: str, extra: str) -> Value:
    if value is None:
        return None
    try:
        valid = isinstance(value, str) and ruby_text.has_name_line(value, extra)
    except ruby_text.InvalidText:
        raise Refused("invalid byte sequence in UTF-8", "ArgumentError", "name-invalid") from None
    if not valid:
        raise Refused(
            f"Option {field} must be a String of the allowed characters!",
            VALIDATION_FAILED,
            "name-invalid" if field == "name" else "invalid",
        )
    return value


def _mash(value: Value) -> Value:
    """Make a level of attributes: whatever is no hash leaves it empty, as ``Mash.new`` does."""
    return value if isinstance(value, dict) else {}


def _run_list(value: dict[str, Value]) -> tuple[str | Unresolved, ...]:
    """Read the run list as ``RunList#reset!`` does: nested arrays are flattened, and the first of each item is kept."""
    if "run_list" not in value:
        if "recipes" in value and value["recipes"] not in ([], {}):
            raise Refused("undefined method `recipes' for the node's attributes", NO_METHOD_ERROR)
        return ()
    items: list[str | Unresolved] = []
    waiting = [value["run_list"]]
    while waiting:
        member = waiting.pop()
        if isinstance(member, list):
            waiting.extend(reversed(member))
        else:
            items.append(item_text(member))
    return tuple(dict.fromkeys(items))
