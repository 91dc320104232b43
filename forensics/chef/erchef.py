"""What the real Chef Infra Server (erchef) refuses of the bodies that knife sends and chef-zero takes.

Mirrors chef_role.erl, chef_environment.erl, chef_cookbook_version.erl, chef_node.erl, chef_data_bag_item.erl,
chef_json_validator.erl, chef_regex.erl and chef_wm_enforce.erl: the size of a request, unknown keys at the top level,
names, run-list items, and the constraints of an environment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef.json_encoder import EncodeRefused, UnresolvedBody, encode
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.wire import raw_data_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.chef.objects import Body, Value

CHEF_ZERO: Final = "chef-zero"
ERCHEF: Final = "erchef"
SERVERS: Final = (CHEF_ZERO, ERCHEF)
"""The servers whose answers are known; the recordings are of the first."""

REFUSED: Final = "server-refused"
"""The kind of problem that a refusal is."""

LARGEST: Final = 1_000_000
"""How many bytes a request may have."""

_ALWAYS: Final = ("name", "json_class", "chef_type")
_KEYS: Final = {
    Kind.ROLE: frozenset(
        (*_ALWAYS, "description", "default_attributes", "override_attributes", "run_list", "env_run_lists")
    ),
    Kind.ENVIRONMENT: frozenset(
        (*_ALWAYS, "description", "default_attributes", "override_attributes", "cookbook_versions")
    ),
    Kind.NODE: frozenset(
        (
            *_ALWAYS,
            *("chef_environment", "normal", "default", "override", "automatic", "run_list"),
            *("policy_name", "policy_group"),
        )
    ),
}
_NAME: Final = re.compile(r"[.A-Za-z0-9_:-]+")
_ENVIRONMENT_NAME: Final = re.compile(r"[.A-Za-z0-9_-]+")
_COOKBOOK_NAME: Final = re.compile(r"[.A-Za-z0-9_-]+")
# an operator with one blank behind it, or none at all; one to three numbers (chef_cookbook_version:parse_version/1)
_CONSTRAINT: Final = re.compile(r"(?:(?:<|>|<=|>=|~>|=) )?(\+?[0-9]+(?:\.\+?[0-9]+){0,2})")
_LARGEST_NUMBER: Final = 2**63 - 1
_DIGITS: Final = 100  # more are too many, whatever they say
_VERSION: Final = r"(?:@[0-9]+(?:\.[0-9]+){1,2})?"
_RECIPE: Final = rf"(?:[.A-Za-z0-9_-]+::)?[.A-Za-z0-9_-]+{_VERSION}"
_ROLE_ITEM: Final = re.compile(r"role\[[.A-Za-z0-9_-]+\]")
_RECIPE_ITEM: Final = re.compile(rf"recipe\[{_RECIPE}\]")
_BARE_ITEM: Final = re.compile(_RECIPE)


def refusal(kind: Kind, body: Body, *, chef: str = "18", aborts: bool = True) -> Problem | None:
    """Say why erchef refuses a body, or ``None`` if it takes it; what is unresolved is taken to be well.

    ``aborts`` is whether the refusal ends the command: it does for ``knife ... from file``; ``knife upload`` goes on.
    """
    message = next(_reasons(kind, body, chef), None)
    if message is None:
        return None
    return Problem(REFUSED, message, "Net::HTTPClientException", stage="send", aborts=aborts)


def _reasons(kind: Kind, body: Body, chef: str) -> Iterator[str]:
    length = _length(body, chef)
    if length > LARGEST:
        yield f"413 JSON must be no more than {LARGEST} bytes, and this is {length}"
    for key in body:
        if kind in _KEYS and key not in _KEYS[kind]:
            yield f"400 Invalid key {key} in request body"
    if kind is Kind.DATA_BAG_ITEM:
        item = raw_data_of(body)
        yield from _name("id", item.get("id") if isinstance(item, dict) else None, _NAME)
        return
    yield from _name("name", body.get("name"), _ENVIRONMENT_NAME if kind is Kind.ENVIRONMENT else _NAME)
    if kind is Kind.NODE:
        yield from _name("chef_environment", body.get("chef_environment", "_default"), _ENVIRONMENT_NAME)
    if kind is Kind.ENVIRONMENT:
        yield from _cookbook_versions(body.get("cookbook_versions", {}))
    else:
        yield from _run_list("run_list", body.get("run_list", []))
    if kind is Kind.ROLE:
        yield from _run_lists(body.get("env_run_lists", {}))


def _length(body: Body, chef: str) -> int:
    try:
        return len(encode(body, chef=chef))
    except (EncodeRefused, UnresolvedBody):
        return 0


def _name(field: str, name: Value, allowed: re.Pattern[str]) -> Iterator[str]:
    if not isinstance(name, Unresolved) and not (isinstance(name, str) and allowed.fullmatch(name)):
        shown = name if isinstance(name, str) else "what is no text"
        yield f"400 Field '{field}' invalid: {shown} does not match {allowed.pattern}"


def _cookbook_versions(versions: Value) -> Iterator[str]:
    """Mirrors chef_cookbook_version:constraint_map_spec/1."""
    if isinstance(versions, Unresolved):
        return
    if not isinstance(versions, dict):
        yield "400 Field 'cookbook_versions' is not a hash"
        return
    for cookbook, constraint in versions.items():
        if not _COOKBOOK_NAME.fullmatch(cookbook):
            yield f"400 Invalid key '{cookbook}' for cookbook_versions"
        if not isinstance(constraint, Unresolved) and not _is_constraint(constraint):
            shown = constraint if isinstance(constraint, str) else "what is no text"
            yield f"400 Invalid value '{shown}' for cookbook_versions"


def _is_constraint(constraint: Value) -> bool:
    match = _CONSTRAINT.fullmatch(constraint) if isinstance(constraint, str) else None
    return match is not None and all(int(number[:_DIGITS]) <= _LARGEST_NUMBER for number in match[1].split("."))


def _run_lists(run_lists: Value) -> Iterator[str]:
    if not isinstance(run_lists, dict):
        return
    for environment, run_list in run_lists.items():
        if not _ENVIRONMENT_NAME.fullmatch(environment):
            yield f"400 Field 'env_run_lists' contains invalid run lists: {environment} is no environment's name"
        yield from _run_list("env_run_lists", run_list)


def _run_list(field: str, run_list: Value) -> Iterator[str]:
    if isinstance(run_list, Unresolved):
        return
    if not isinstance(run_list, (list, tuple)):
        yield f"400 Field '{field}' is not a valid run list"
        return
    for item in run_list:
        if not isinstance(item, Unresolved) and not (isinstance(item, str) and _item(item).fullmatch(item)):
            shown = item if isinstance(item, str) else "an item that is no text"
            yield f"400 Field '{field}' is not a valid run list: {shown}"


def _item(item: str) -> re.Pattern[str]:
    if item.startswith("recipe["):
        return _RECIPE_ITEM
    return _ROLE_ITEM if item.startswith("role[") else _BARE_ITEM
