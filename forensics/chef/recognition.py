"""Whether a file is a Chef object by what stands in it, not by its place alone.

Other tools have directories called ``roles`` and ``environments``, too: Ansible, Rails, the permissions in a server's
backup. Text is looked at, not loaded: a file that Chef would refuse is still one that was meant for Chef.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef.layout import extension
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS: Final = rb"run_list|env_run_lists?|default_attributes?|override_attributes?|cookbook_versions?|chef_environment"
_ONLY_CHEF: Final[Mapping[bool, re.Pattern[bytes]]] = {
    True: re.compile(rb"(?:^|;)[ \t]*(?:" + _KEYS + rb"|(?:name|cookbook)[ \t(]+[\"'A-Z])", re.MULTILINE),
    False: re.compile(rb"\"(?:" + _KEYS + rb"|chef_type|json_class)\"\s*:"),
}
_NAMED: Final[Mapping[bool, re.Pattern[bytes]]] = {
    True: re.compile(rb"(?:^|;)[ \t]*name\b", re.MULTILINE),
    False: re.compile(rb"\"(?:name|id)\"\s*:"),
}
_IDENTIFIED: Final = re.compile(rb"\"id\"\s*:")
# the parts of an Ansible role may hold a run list for the client that it installs
_ANSIBLE: Final = frozenset({"defaults", "files", "handlers", "meta", "molecule", "tasks", "templates", "vars"})
_COOKBOOK: Final = re.compile(r"(?:.*?/)??(?:site-|vendor-)?cookbooks/[^/]+(?=/|$)", re.DOTALL)
_FIXTURES: Final = re.compile(r"(?:.*?/)??(?:test|tests|spec)(?=/)", re.DOTALL)


def is_only_chefs(kind: Kind, path: str, data: bytes) -> bool:
    """Whether a file has what no other tool's files have: a key or a call of Chef's, or the ``id`` of a bag's item.

    A Ruby file that calls ``name`` with a text or a constant is written in Chef's language; a ``name`` in JSON may be
    anybody's.
    """
    text = data.replace(b"\0", b"")  # UTF-16, as PowerShell writes it
    found = _ONLY_CHEF[extension(path) == ".rb"].search(text)
    return bool(found or (kind is Kind.DATA_BAG_ITEM and _IDENTIFIED.search(text)))


def is_named(path: str, data: bytes) -> bool:
    """Whether a file gives something a name, which by itself proves nothing."""
    return bool(_NAMED[extension(path) == ".rb"].search(data.replace(b"\0", b"")))


def is_ansible(container: str, path: str) -> bool:
    """Whether a file in a container lies where Ansible has a role's parts: ``roles/ROLE/templates/x.json``."""
    parts = path[len(container) + 1 :].split("/")
    return len(parts) > 2 and parts[1] in _ANSIBLE  # noqa: PLR2004 (role, part, file)


def cookbook_above(container: str) -> str | None:
    """The cookbook of those kept in the repository that a container belongs to, or is."""
    found = _COOKBOOK.match(container)
    return found[0] if found else None


def fixtures_above(container: str) -> str | None:
    """The directory of tests that a container lies in."""
    found = _FIXTURES.match(container)
    return found[0] if found else None
