"""Requests as somebody's own table has them: a name and a value for each thing that is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.evidence.records import Action, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.evidence.moments import Moments
    from forensics.evidence.records import Place

NAMES: Final = ("time", "action", "object", "path", "commit", "user", "content_hash", "organization", "client")
"""The names that are understood; others may stand beside them."""

_ACTIONS: Final[Mapping[str, Action]] = {
    "put": Action.PUT,
    "upload": Action.PUT,
    "uploaded": Action.PUT,
    "update": Action.PUT,
    "updated": Action.PUT,
    "post": Action.POST,
    "create": Action.POST,
    "created": Action.POST,
    "delete": Action.DELETE,
    "deleted": Action.DELETE,
}
_OBJECT: Final = re.compile(r"(role|environment|node|data_bag_item|data_bag)\[([^\]]+)\]")
_BAG: Final = "data_bag"
_LONGEST: Final = 4096


def told_request(place: Place, told: Mapping[str, object], moments: Moments) -> Request | str:
    """The request that a row tells of, or why it tells of none."""
    text = {name: str(told[name]).strip()[:_LONGEST] for name in NAMES if told.get(name) not in (None, "")}
    time = moments.read(text.get("time", ""))
    if time is None:
        return "has no time that is known"
    action = _ACTIONS.get(text.get("action", "").casefold())
    if action is None:
        return "has no action that is known: put, post or delete"
    kind: Kind | None = None
    name: str | None = None
    bag = ""
    if "object" in text:
        found = _OBJECT.fullmatch(text["object"])
        if found is None:
            return "has no object that is known, such as role[base]"
        kind, name = (None, None) if found[1] == _BAG else (Kind(found[1]), found[2])
        if found[1] == _BAG:
            bag = found[2]
        elif kind is Kind.DATA_BAG_ITEM:
            bag, _, name = found[2].partition("/")
            if not name:
                return "has an item without its bag; write data_bag_item[BAG/ITEM]"
    elif "path" not in text:
        return "has neither an object nor a path"
    return Request(
        place=place,
        time=time,
        action=action,
        kind=kind,
        name=name,
        bag=bag,
        organization=text.get("organization", ""),
        user=text.get("user", ""),
        client=text.get("client", ""),
        content_hash=text.get("content_hash", ""),
        path=text.get("path", ""),
        commit=text.get("commit", ""),
    )
