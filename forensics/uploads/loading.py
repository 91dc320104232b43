"""What one file is to an upload: the name and body that go out, or why none does.

The one place that tells file formats apart. Everything here is a function of the kind of object, the file's path, its
bytes and the version of Chef.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef import json_source, layout, ruby_source, ruby_text, upload_source, wire
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.request_uri import send_problem, uri_problem

if TYPE_CHECKING:
    from forensics.chef.objects import Body, ChefObject, Value

_JSON: Final = re.compile(r"\.(js|json)$", re.MULTILINE)
_RUBY: Final = re.compile(r"\.rb$", re.MULTILINE)
_RUBY_KINDS: Final = (Kind.ROLE, Kind.ENVIRONMENT)
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
        return declared if isinstance(declared, Problem) else (declared, {})
    body = wire.from_file_body(declared, bag=bag_of(path) if bag is None else bag)
    unsendable = send_problem(kind, declared.name)
    # A bad URI is raised before the body is written; the server's refusal comes after.
    if unsendable is not None and unsendable.error_class == _URI_REFUSED:
        return unsendable
    return wire.encode_problem(body, chef=chef) or unsendable or (name_text(declared.name), body)


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
        ruby_object = ruby_source.load(kind, data, path=path, chef=chef)
    return upload_source.load(
        kind,
        data,
        stem=stem,
        extension=extension,
        chef=chef,
        ruby_object=ruby_object,
        bag=bag_of(path) if bag is None else bag,
    )


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
    return ruby_source.load(kind, data, path=path, chef=chef)


def _unsupported_ruby(kind: Kind) -> Problem:
    """A data bag item in Ruby has no id; for a node Chef has no way back to JSON that upload could take."""
    if kind is Kind.DATA_BAG_ITEM:
        return Problem("name-missing", "a data bag item in Ruby has no id", "Chef::Exceptions::InvalidDataBagItemID")
    return Problem("ruby-error", f"knife upload of a {kind} in Ruby is not understood", "NoMethodError")
