"""Which object of a Chef server the path of a request names."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from forensics.chef.objects import Kind

_COLLECTIONS: Final = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT, "nodes": Kind.NODE}
_BAGS: Final = "data"
_OF_OBJECT: Final = 2
_OF_ITEM: Final = 3


class ServerPath(NamedTuple):
    """What a path leads to: an object, a data bag (without ``kind``), or a collection (without ``name``)."""

    organization: str
    kind: Kind | None
    name: str | None
    bag: str = ""


def server_path(path: str) -> ServerPath | None:
    """Read ``/organizations/ORG/roles/NAME`` or ``/roles/NAME``; None if it leads to nothing that a chef-repo keeps."""
    plain = path.partition("?")[0].partition("#")[0]
    steps = [unquote_to_bytes(step).decode("utf-8", "surrogateescape") for step in plain.split("/") if step]
    organization = ""
    if len(steps) > 1 and steps[0] == "organizations":
        organization, steps = steps[1], steps[2:]
    if not steps:
        return None
    kind = _COLLECTIONS.get(steps[0])
    if kind is not None and len(steps) <= _OF_OBJECT:
        return ServerPath(organization, kind, steps[1] if len(steps) > 1 else None)
    if steps[0] == _BAGS and len(steps) == 1:
        return ServerPath(organization, None, None)
    if steps[0] == _BAGS and len(steps) <= _OF_ITEM:
        return ServerPath(organization, Kind.DATA_BAG_ITEM, steps[2] if len(steps) == _OF_ITEM else None, steps[1])
    return None
