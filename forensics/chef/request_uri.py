"""Which objects can be sent: knife puts the name into a URI as it is, and Ruby refuses what is none.

Mirrors Chef::HTTP#create_url (lib/chef/http.rb) and URI::RFC3986_Parser, which let through only ASCII and no blank.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef import ruby_text
from forensics.chef.objects import Kind, Problem, Unresolved

if TYPE_CHECKING:
    from forensics.chef.objects import Value

_SEGMENTS = re.compile(r"(?:%[0-9A-Fa-f]{2}|[!$&-.0-;=@-Z_a-z~/])*")

NAMELESS: Final = "name-missing"
"""The kind of the problem of an object without a name."""


def send_problem(kind: Kind, name: Value) -> Problem | None:
    """Say why no request can store an object of this name, or ``None`` if one can; an unknown name is taken to be well.

    An empty name asks for the whole collection, which refuses the method; so does the environment ``_default``.
    """
    if isinstance(name, Unresolved):
        return None
    text = ruby_text.to_s(name) or ""
    if not text:
        return Problem(NAMELESS, "the file has no name inside", "Net::HTTPClientException", stage="send")
    if kind is Kind.ENVIRONMENT and text == "_default":
        message = "the server lets nobody change the environment _default (405 Method Not Allowed)"
        return Problem("name-default", message, "Net::HTTPClientException", stage="send")
    return uri_problem(text)


def uri_problem(name: str) -> Problem | None:
    """Say why a name is no part of a URI, or ``None`` if it is.

    A question mark or a hash sign makes a valid URI of another object, where no server stores this one.
    """
    if not name.isascii():
        return Problem("send", "URI must be ascii only", "URI::InvalidURIError", stage="send")
    if "?" in name or "#" in name:
        return Problem(
            "send", f"the URI ends before the end of the name {name!r}", "URI::InvalidURIError", stage="send"
        )
    if not _SEGMENTS.fullmatch(name):
        return Problem("send", f"bad URI(is not URI?): {name!r}", "URI::InvalidURIError", stage="send")
    return None
