"""What one file is to an upload: the name and body that go out, or why none does.

The one place that tells file formats apart. Everything here is a function of the kind of object, the file's path, its
bytes and the version of Chef.
"""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from forensics.chef import (
    damage,
    json_parser,
    json_source,
    layout,
    node_source,
    ruby_source,
    ruby_text,
    upload_source,
    wire,
)
from forensics.chef.objects import Kind, Node, Problem, Unresolved
from forensics.chef.refusals import VALIDATION_FAILED, Refused, fetch
from forensics.chef.request_uri import send_problem, uri_problem
from forensics.chef.ruby import plain
from forensics.uploads.answers import answer_of

if TYPE_CHECKING:
    from forensics.chef.objects import Body, ChefObject, Environment, Role, Value

_JSON: Final = re.compile(r"\.(js|json)$", re.MULTILINE)
_RUBY: Final = re.compile(r"\.rb$", re.MULTILINE)
_RUBY_KINDS: Final = (Kind.ROLE, Kind.ENVIRONMENT)
_SERVED: Final = (Kind.ROLE, Kind.DATA_BAG_ITEM)
_URI_REFUSED: Final = "URI::InvalidURIError"


def load_for_from_file(
    kind: Kind, path: str, data: bytes, *, chef: str = "18", bag: str | None = None
) -> tuple[str | Unresolved, Body] | Problem:
    """Read a file as ``knife ... from file`` does, up to what the server answers to the name.

    ``bag`` is the data bag that an item goes to; without one it is the directory that the file lies in. An
    ``Unresolved`` name declares nothing; its body is given all the same.

    Mirrors Chef::Knife::Core::ObjectLoader#object_from_file and the ``save`` of each class.
    """
    declared = _object_of_file(kind, path, data, chef)
    if isinstance(declared, (Problem, Unresolved)):
        return damage.explained(declared, data) if isinstance(declared, Problem) else (declared, {})
    body = wire.from_file_body(declared, bag=bag_of(path) if bag is None else bag)
    unsendable = send_problem(kind, declared.name)
    # A bad URI is raised before the body is written; the server's refusal comes after.
    if unsendable is not None and unsendable.error_class == _URI_REFUSED:
        return unsendable
    return wire.encode_problem(body, chef=chef) or unsendable or (name_text(declared.name), body)


def sent_from_file(kind: Kind, path: str, data: bytes, *, chef: str = "18", bag: str | None = None) -> Body | None:
    """The body that ``knife ... from file`` puts into a request whatever the server answers, or None if none goes out.

    A role without a name and the environment ``_default`` are sent, and refused by the server only.
    """
    declared = _object_of_file(kind, path, data, chef)
    if isinstance(declared, (Problem, Unresolved)):
        return None
    unsendable = send_problem(kind, declared.name)
    if unsendable is not None and unsendable.error_class == _URI_REFUSED:
        return None
    return wire.from_file_body(declared, bag=bag_of(path) if bag is None else bag)


def plain_body(kind: Kind, path: str, data: bytes) -> Body | None:
    """The body that ``knife ... from file`` sends for a plain Ruby file, or None if the file is of another kind.

    Equal to what ``load_for_from_file`` gives, at a fraction of the cost: nothing in such a file can be refused.
    """
    if kind not in _RUBY_KINDS or not path.endswith(".rb"):
        return None
    found = plain.read(kind, data)
    return wire.from_file_body(found.declared) if found is not None and found.acceptable else None


def plain_upload(kind: Kind, body: Body) -> Body:
    """The body that ``knife upload`` sends for a plain file that is called after its object."""
    return {key: body[key] for key in upload_source.ORDER[kind]}


def load_for_upload(kind: Kind, path: str, data: bytes, *, chef: str = "18", bag: str | None = None) -> Body | Problem:
    """Read a file as ``knife upload`` does before it writes it.

    A problem that ``aborts`` ends the whole command; one that does not is the file's own. ``bag`` is as above.

    Mirrors Chef::ChefFS: the repository's BaseFile and the data handlers.
    """
    stem, extension = layout.stem(path), layout.extension(path)
    ruby_object = None
    if extension == ".rb":
        if kind not in _RUBY_KINDS:
            return uri_problem(stem) or _unsupported_ruby(kind)
        ruby_object = _ruby_object(kind, data, path, chef)
    loaded = upload_source.load(
        kind,
        data,
        stem=stem,
        extension=extension,
        chef=chef,
        ruby_object=ruby_object,
        bag=bag_of(path) if bag is None else bag,
    )
    return damage.explained(loaded, data) if isinstance(loaded, Problem) else loaded


def load_in_place(kind: Kind, path: str, data: bytes, *, chef: str = "18", legacy: bool = False) -> Body | Problem:
    """Read a file as chef-solo and local mode do: nothing is sent, and the stem stands in for a missing name.

    ``legacy`` is chef-solo before 12.11, where a Ruby file has the stem for its name before it is evaluated. Later a
    server in the same process (chef-zero) serves the file: it takes an item out of its ``raw_data``, fills in what is
    missing, and drops what a role's run list repeats (``answers.answer_of``).
    """
    stem = layout.stem(path)
    if legacy:
        declared = _object_of_file(kind, path, data, chef)
        if isinstance(declared, (Problem, Unresolved)):
            return declared if isinstance(declared, Problem) else _unsupported_ruby(kind)
        if declared.name == "" and (isinstance(declared, Node) or _RUBY.search(path) is not None):
            declared = _of_stem(declared, data, stem)
        return wire.from_file_body(declared, bag=bag_of(path))
    unserved = uri_problem(stem)
    if unserved is not None:
        return unserved
    name = stem if kind is not Kind.DATA_BAG_ITEM else f"{bag_of(path)}/{stem}"
    if kind in _SERVED and _RUBY.search(path) is None:
        declared = json_source.load(kind, data, chef=chef, served=lambda value: _served(kind, name, value))
    else:
        declared = _object_of_file(kind, path, data, chef)
    if isinstance(declared, (Problem, Unresolved)):
        return declared if isinstance(declared, Problem) else _unsupported_ruby(kind)
    if declared.name == "":
        if _RUBY.search(path) is not None:
            return Problem("name-missing", "Option name's value  does not match the pattern", VALIDATION_FAILED)
        declared = _of_stem(declared, data, stem)
    body = wire.from_file_body(declared, bag=bag_of(path))
    return answer_of(kind, name, body) if kind is Kind.ROLE else body


def _of_stem(declared: ChefObject, data: bytes, stem: str) -> ChefObject:
    """An object of a file without a name inside, which has its file's stem for one."""
    if isinstance(declared, Node):
        return node_source.of_stem(declared, json_parser.parse(data), stem)
    return dataclasses.replace(declared, name=stem)


def load_legacy_item(data: bytes) -> tuple[Value, Value] | Problem:
    """The id and the data of a data bag item as ``Chef::DataBag.load`` reads it: nothing of it is checked."""
    try:
        value = json_parser.parse(data)
        return fetch(value, "id"), value
    except json_parser.JsonRefused as refused:
        return Problem("json-syntax", refused.message, refused.error_class, refused.line)
    except Refused as refused:
        return refused.problem()


def _served(kind: Kind, name: str, value: Value) -> Value:
    if not isinstance(wire.raw_data_of(value) if kind is Kind.DATA_BAG_ITEM else value, dict):
        raise Refused('500 "Internal Server Error": no JSON object', "Net::HTTPFatalError", "not-an-object")
    return answer_of(kind, name, value)


@lru_cache(maxsize=1024)
def _ruby_object(kind: Kind, data: bytes, path: str, chef: str) -> Role | Environment | Problem:
    """What a Ruby file declares; both commands ask for the same files."""
    return ruby_source.load(kind, data, path=path, chef=chef)


def bag_of(path: str) -> str:
    """The data bag of a file in a repository: the directory that it lies in."""
    return layout.basename(path.rpartition("/")[0])


def name_text(name: Value) -> str | Unresolved:
    """An object's name as a request's path has it: Ruby's ``to_s`` of what the file says."""
    return name if isinstance(name, Unresolved) else ruby_text.to_s(name) or ""


def _object_of_file(kind: Kind, path: str, data: bytes, chef: str) -> ChefObject | Problem | Unresolved:
    """Mirrors ObjectLoader#object_from_file, whose expressions anchor at the ends of lines."""
    if _JSON.search(path):
        return json_source.load(kind, data, chef=chef)
    if not _RUBY.search(path):
        return Problem("extension", "File must end in .js, .json, or .rb", "SystemExit(30)")
    if kind is Kind.NODE:
        return Unresolved("a node in Ruby", 1)
    if kind is Kind.DATA_BAG_ITEM:
        return _unsupported_ruby(kind)
    return _ruby_object(kind, data, path, chef)


def _unsupported_ruby(kind: Kind) -> Problem:
    """A data bag item in Ruby has no id; for a node Chef has no way back to JSON that upload could take."""
    if kind is Kind.DATA_BAG_ITEM:
        return Problem("name-missing", "a data bag item in Ruby has no id", "Chef::Exceptions::InvalidDataBagItemID")
    return Problem("ruby-error", f"knife upload of a {kind} in Ruby is not understood", "NoMethodError")
