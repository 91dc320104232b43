"""What ``knife upload`` sends for a file: the raw hash with defaults filled in, whatever it says otherwise.

Mirrors Chef::ChefFS (lib/chef/chef_fs/data_handler/*.rb, file_system/chef_server/rest_list_entry.rb and
rest_list_dir.rb, file_system/repository/base_file.rb). The file's stem is the identity: a file that names another
object is skipped. Nothing is validated, and unknown keys are sent.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from typing import TYPE_CHECKING, Final

from forensics.chef import json_parser, ruby_text, wire
from forensics.chef.compare import equal_in_ruby
from forensics.chef.json_parser import JsonRefused
from forensics.chef.objects import Environment, Kind, Problem, RepeatedKeys, Role, Unresolved
from forensics.chef.refusals import NO_METHOD_ERROR, Refused, fetch
from forensics.chef.request_uri import uri_problem
from forensics.chef.run_list_source import kept_once

if TYPE_CHECKING:
    from forensics.chef.objects import Body, Value

RESERVED_BAGS: Final = re.compile(r"^(node|role|environment|client)$", re.MULTILINE)
"""What no data bag may be called (DataBagItemDataHandler#verify_integrity, and ``knife data bag create``)."""

_RUBY_SINCE = 12  # knife upload sees .rb files since 12.10


def load(
    kind: Kind,
    data: bytes,
    *,
    stem: str,
    extension: str,
    chef: str = "18",
    ruby_object: Role | Environment | Problem | None = None,
    bag: str = "",
) -> Body | Problem:
    """Build the body that ``knife upload`` sends for a file, keys in its order, or say why it sends none.

    A problem that ``aborts`` ends the whole command with exit 100 (a Ruby exception); otherwise the file is skipped.
    For a ``.rb`` file, ``ruby_object`` is what its evaluation gave. ``bag`` is the data bag of a data bag item.
    """
    problem = uri_problem(stem)  # knife asks the server for the object before it reads the file
    if problem is not None:
        return problem
    try:
        if extension == ".rb":
            value = _ruby_value(kind, ruby_object, chef)
        elif extension == ".json":
            value = _with_integers(json_parser.parse(data))
        else:
            raise _Skipped(f"knife upload sees no {extension} files", "", "not-read")
        body = _normalized_for_request(kind, value, stem, bag, chef)
        _verify_integrity(kind, body, stem)
    except JsonRefused as refused:
        message = f"Parse error reading JSON: {refused.message}"
        return Problem("json-syntax", message, "Chef::Exceptions::JSON::ParseError", refused.line, aborts=False)
    except _Aborted as aborted:
        return aborted.cause
    except Refused as refused:
        return refused.problem(aborts=not isinstance(refused, _Skipped))
    return wire.encode_problem(body, chef=chef) or body


def reads_ruby(chef: str) -> bool:
    """Whether a version's ``knife upload`` sees ``.rb`` files."""
    return ruby_text.major(chef) >= _RUBY_SINCE


def differs(kind: Kind, local: Body, server: Body) -> bool:
    """Tell whether ``knife upload`` would write ``local`` (from ``load``) over what the server holds.

    It compares both without the keys that have their default, with Ruby's ``==`` (1 equals 1.0). Where an unknown
    value leaves it open, the answer is that it writes.
    """
    identity = "name"
    if kind is Kind.DATA_BAG_ITEM:
        identity = "id"
        local, server = (wire.content(kind, body) for body in (local, server))
    server = _as_served(kind, server, local[identity])
    defaults = wire.defaults(kind, local[identity])
    return equal_in_ruby(_minimized(local, defaults, identity), _minimized(server, defaults, identity)) is not True


def _with_integers(value: Value) -> Value:
    """Make the decisive fields integers again where the parser left one too long to read: any refuses the file."""
    if isinstance(value, dict) and any(isinstance(value.get(key), Unresolved) for key in _DECISIVE):
        return {
            key: 0 if key in _DECISIVE and isinstance(member, Unresolved) else member for key, member in value.items()
        }
    return value


_DECISIVE = ("name", "id", "run_list", "env_run_lists")


class _Skipped(Refused):
    """Only this file is left out."""


class _Aborted(Exception):  # noqa: N818 - named for what knife does
    """The evaluation of the Ruby file failed, which ends the command."""

    def __init__(self, cause: Problem) -> None:
        super().__init__(cause.message)
        self.cause = cause


ORDER: Final = {kind: tuple(wire.defaults(kind, "")) for kind in (Kind.ROLE, Kind.ENVIRONMENT)}
"""The keys of a body that a Ruby file gives, in the order in which ``knife upload`` sends them."""


def _normalized(kind: Kind, value: Value, stem: Value, chef: str) -> Body:
    """Fill in the defaults, then the other keys of the file; what is no hash gives the defaults alone."""
    defaults = wire.defaults(kind, stem)
    given = value if isinstance(value, dict) else {}
    body = {key: given.get(key, default) for key, default in defaults.items()}
    body |= {key: member for key, member in given.items() if key not in defaults}
    if "run_list" in defaults:
        body["run_list"] = _normalized_run_list(body["run_list"], chef)
    if kind is Kind.ROLE and not isinstance(body["env_run_lists"], Unresolved):
        run_lists = body["env_run_lists"]
        if not isinstance(run_lists, dict):
            raise Refused(f"undefined method `each_pair' for {type(run_lists).__name__}", NO_METHOD_ERROR)
        body["env_run_lists"] = {name: _normalized_run_list(items, chef) for name, items in run_lists.items()}
    return body


def _normalized_for_request(kind: Kind, value: Value, stem: str, bag: str, chef: str) -> Body:
    if kind is not Kind.DATA_BAG_ITEM:
        return _normalized(kind, value, stem, chef)
    fetch(value, "json_class")  # raises for what Ruby cannot index by a string
    raw_data = wire.raw_data_of(value)
    fetch(raw_data, "json_class")
    return wire.data_bag_item_body(bag, stem, _normalized(kind, wire.raw_data_of(raw_data), stem, chef))


_QUALIFIED = re.compile(r"^(?:recipe|role)\[.*\]$", re.MULTILINE)


def _normalized_run_list(run_list: Value, chef: str) -> Value:
    """Wrap every item that is no ``recipe[...]`` or ``role[...]``, whatever it is, and keep the first of each."""
    if isinstance(run_list, Unresolved):
        return run_list
    if not isinstance(run_list, list | tuple | dict):
        raise Refused(f"undefined method `map' for {type(run_list).__name__}", NO_METHOD_ERROR)
    items = run_list.items() if isinstance(run_list, dict) else run_list
    kept = kept_once([_normalized_item(item, chef) for item in items])
    return kept if isinstance(kept, Unresolved) else list(kept)


def _normalized_item(item: Value, chef: str) -> str | Unresolved:
    if isinstance(item, Unresolved):
        return item
    text = ruby_text.to_s(item, chef=chef)
    if text is None:
        return Unresolved("a run list item that is neither text nor a number", 1)
    if ruby_text.has_raw_bytes(text):
        raise Refused("invalid byte sequence in UTF-8", "ArgumentError")
    return sys.intern(text if _QUALIFIED.search(text) else f"recipe[{text}]")


def _verify_integrity(kind: Kind, body: Body, stem: str) -> None:
    """Refuse a file whose object has another name than its stem."""
    if kind is Kind.DATA_BAG_ITEM:
        name, field = body["raw_data"]["id"], "ID"
    else:
        name, field = body["name"], "Name"
    if isinstance(name, Unresolved):
        raise _Skipped(f"{field} cannot be told: {name.source}", "", "name-unresolved")
    if name != stem:
        shown = ruby_text.to_s(name)
        error_class = "Chef::ChefFS::FileSystem::OperationFailedError"
        raise _Skipped(f"{field} must be '{stem}' (is '{shown}')", error_class, "name-mismatch")
    if kind is Kind.ENVIRONMENT and stem == "_default":
        raise _Skipped(
            "default environment cannot be modified.",
            "Chef::ChefFS::FileSystem::DefaultEnvironmentCannotBeModifiedError",
            "name-default",
        )


def _ruby_value(kind: Kind, ruby_object: Role | Environment | Problem | None, chef: str) -> Value:
    """Write the evaluated object with Ruby's own JSON library and read it back, as BaseFile#read does."""
    if not reads_ruby(chef) or kind not in (Kind.ROLE, Kind.ENVIRONMENT):
        raise _Skipped("knife upload sees no .rb files here", "", "not-read")
    if isinstance(ruby_object, Problem):
        raise _Aborted(dataclasses.replace(ruby_object, aborts=True))
    if ruby_object is None:
        raise TypeError("a .rb file needs the object that its evaluation gave")
    return _reread(wire.from_file_body(ruby_object), 1)


_DEEPEST_GENERATED = 100  # max_nesting of Ruby's JSON library


def _reread(value: Value, depth: int) -> Value:
    if isinstance(value, str):
        if ruby_text.has_raw_bytes(value):
            message = "source sequence is illegal/malformed utf-8"
            raise Refused(message, "JSON::GeneratorError", "encode", "encode")
        return value
    if isinstance(value, float) and value - value != 0:  # infinite or not a number
        raise Refused("Infinity or NaN not allowed in JSON", "JSON::GeneratorError", "encode", "encode")
    if not isinstance(value, dict | list | tuple):
        return value
    if depth > _DEEPEST_GENERATED:
        raise Refused(f"nesting of {depth} is too deep", "JSON::NestingError", "encode", "encode")
    if isinstance(value, dict):
        pairs = value.pairs if isinstance(value, RepeatedKeys) else value.items()
        return {_reread(key, depth): _reread(member, depth + 1) for key, member in pairs}
    return [_reread(member, depth + 1) for member in value]


def _as_served(kind: Kind, body: Body, name: Value) -> Body:
    """Fill in what a server fills in when it is asked for an object, and normalise that as knife does."""
    defaults = wire.defaults(kind, name)
    served = {
        key: defaults.get(key) if key in defaults and not wire.is_true(value) else value for key, value in body.items()
    }
    return _normalized(kind, served, name, "18")


def _minimized(body: Body, defaults: Body, identity: str) -> Body:
    return {
        key: value
        for key, value in body.items()
        if key == identity or key not in defaults or equal_in_ruby(value, defaults[key]) is not True
    }
