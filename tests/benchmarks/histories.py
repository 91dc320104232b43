"""Chef-repos of any size, for measuring what grows with what: written as a stream that ``git fast-import`` reads.

Every number is derived from the position, so that a history is the same wherever it is made.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_START: Final = 1_300_000_000
_BRANCH: Final = b"refs/heads/main"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a history is, and what of.

    One commit in ``role_every`` touches a role, the others a cookbook. The first ``shadows`` roles have a copy under
    another name from the first commit on. One commit in ``merge_every`` is a merge of a branch of one commit (0: none).
    """

    commits: int
    roles: int
    shadows: int = 75
    role_every: int = 4
    cookbooks: int = 40
    merge_every: int = 0


def build(size: Size, directory: Path) -> Path:
    """Make a bare repository of a size; git must be installed."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(directory)], check=True)
    with subprocess.Popen(
        ["git", "-C", str(directory), "fast-import", "--quiet", "--max-pack-size=2g"], stdin=subprocess.PIPE
    ) as importing:
        assert importing.stdin is not None
        importing.stdin.writelines(stream(size))
        importing.stdin.close()
        assert importing.wait() == 0
    subprocess.run(["git", "-C", str(directory), "repack", "-adq", "--depth=50"], check=True)
    return directory


def stream(size: Size) -> Iterator[bytes]:
    """The stream for a history of a size."""
    yield from _first(size)
    for number in range(1, size.commits):
        merged = size.merge_every and number % size.merge_every == 0
        if merged:
            yield _commit(number, b"refs/heads/side", f"side {number}", start=_BRANCH)
            yield _change(size, number, side=True)
        yield _commit(number, _BRANCH, f"change {number}", merge=b"refs/heads/side" if merged else None)
        yield _change(size, number)


def _first(size: Size) -> Iterator[bytes]:
    yield _commit(0, _BRANCH, "begin")
    for role in range(size.roles):
        yield _file(f"roles/role-{role:05}.json", _role(role, 0))
        if role < size.shadows:
            yield _file(f"roles/role-{role:05}-old.json", _role(role, 1))
    for cookbook in range(size.cookbooks):
        yield _file(f"cookbooks/book-{cookbook:03}/metadata.rb", f'name "book-{cookbook:03}"\nversion "1.0.0"\n')
        yield _file(f"cookbooks/book-{cookbook:03}/recipes/default.rb", "log 'it runs'\n")
    yield _file("environments/prod.json", json.dumps({"name": "prod", "cookbook_versions": {}}))
    yield _file("nodes/node-0.json", json.dumps({"name": "node-0", "run_list": ["role[role-00000]"]}))


def _change(size: Size, number: int, *, side: bool = False) -> bytes:
    if number % size.role_every == 0:
        role = (number // size.role_every * 7919 + side) % size.roles
        old = role < size.shadows and number % 3 == 0
        return _file(f"roles/role-{role:05}{'-old' if old else ''}.json", _role(role, number))
    cookbook = number * 31 % size.cookbooks
    return _file(f"cookbooks/book-{cookbook:03}/recipes/default.rb", f"log 'it runs {number}{side}'\n")


def _role(role: int, version: int) -> str:
    return json.dumps(
        {
            "name": f"role-{role:05}",
            "json_class": "Chef::Role",
            "chef_type": "role",
            "run_list": [f"recipe[book-{role % 40:03}]"],
            "default_attributes": {"app": {"port": 8000 + role, "version": version}},
        },
        indent=2,
    )


def _commit(number: int, ref: bytes, message: str, *, start: bytes | None = None, merge: bytes | None = None) -> bytes:
    head = b"commit %s\ncommitter A <a@example.com> %d +0000\ndata %d\n%s\n" % (
        ref,
        _START + number * 600,
        len(message),
        message.encode(),
    )
    return head + (b"from %s\n" % start if start else b"") + (b"merge %s\n" % merge if merge else b"")


def _file(path: str, text: str) -> bytes:
    data = text.encode()
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
