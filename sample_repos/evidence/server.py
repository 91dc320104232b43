"""The Chef server of a story: what it holds, which requests reach it, and what chef-client makes of its answers.

Bodies, answers and run lists are those of ``forensics.chef``: what a log says of them is what the tool computes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from forensics.chef.expansion import expand
from forensics.chef.json_encoder import encode
from forensics.chef.objects import Kind, Problem
from forensics.uploads.answers import answer_of
from forensics.uploads.loading import bag_of, load_for_from_file
from sample_repos.story import StoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sample_repos.objects import File

KINDS = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT, "nodes": Kind.NODE, "data_bags": Kind.DATA_BAG_ITEM}
_FOLDERS = {kind: folder.replace("data_bags", "data") for folder, kind in KINDS.items()}
_VERSION = re.compile(r"^version\s+'([^']+)'", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server's log has it; ``size`` is the length of the answer in bytes."""

    at: datetime
    user: str
    method: str
    path: str
    status: int
    body: bytes
    size: int
    client: bool = False


@dataclass(frozen=True, slots=True)
class Converge:
    """One run of chef-client. ``missing`` is the recipe that it could not find, and which ended it."""

    node: str
    at: datetime
    ended: datetime
    run_list: tuple[str, ...]
    expanded: tuple[str, ...]
    cookbooks: Mapping[str, str]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Cookbook:
    """A cookbook of the server, in its newest version."""

    version: str
    recipes: frozenset[str]


@dataclass(slots=True)
class Server:
    """What the server holds now; every request and every run is handed on as it happens."""

    asked: Callable[[Request], None]
    ran: Callable[[Converge], None]
    objects: dict[tuple[Kind, str], dict[str, Any]] = field(default_factory=dict)
    cookbooks: dict[str, Cookbook] = field(default_factory=dict)

    def begin(self, files: Mapping[str, File]) -> None:
        """Hold every cookbook, and every object from the file that is named after it."""
        for path, file in files.items():
            kind = KINDS.get(path.partition("/")[0])
            if kind is not None:
                name, body = loaded(path, file)
                if path.rpartition("/")[2].rpartition(".")[0] == name.rpartition("/")[2]:
                    self.objects[kind, name] = body
        for name in {path.split("/")[1] for path in files if path.startswith("cookbooks/")}:
            self.cookbooks[name] = cookbook(name, files)

    def answer(self, kind: Kind, name: str) -> dict[str, Any]:
        """What the server answers to somebody who asks for an object."""
        return answer_of(kind, name, self.objects[kind, name])

    def read(self, at: datetime, user: str, kind: Kind, name: str, *, client: bool = False) -> None:
        """Somebody asks for an object."""
        size = len(encode(self.answer(kind, name)))
        self.asked(Request(at, user, "GET", f"/{_FOLDERS[kind]}/{name}", 200, b"", size, client))

    def save(self, at: datetime, user: str, kind: Kind, name: str, body: dict[str, Any], *, client: bool) -> None:
        """Somebody sends an object: a PUT, and a POST to all of its kind if there was none of that name."""
        sent = encode(body)
        path = f"/{_FOLDERS[kind]}/{name}"
        known = (kind, name) in self.objects
        self.objects[kind, name] = body
        if known:
            size = len(encode(self.answer(kind, name)))
            self.asked(Request(at, user, "PUT", path, 200, sent, size, client))
        else:
            self.asked(Request(at, user, "PUT", path, 404, sent, 42, client))
            self.asked(Request(at, user, "POST", path.rpartition("/")[0], 201, sent, 76, client))

    def take_cookbook(self, at: datetime, user: str, name: str, files: Mapping[str, File]) -> None:
        """Somebody uploads a cookbook: its files into a sandbox, then what it is made of."""
        self.cookbooks[name] = found = cookbook(name, files)
        manifest = encode({"name": f"{name}-{found.version}", "version": found.version})
        steps = (
            ("POST", "/sandboxes", 201, 310),
            ("PUT", "/sandboxes/1", 200, 172),
            ("PUT", f"/cookbooks/{name}/{found.version}", 200, len(manifest)),
        )
        for second, (method, path, status, size) in enumerate(steps):
            self.asked(Request(at + timedelta(seconds=second), user, method, path, status, manifest, size))

    def converge(self, at: datetime, node: str) -> None:
        """chef-client runs on a node. A run that fails saves nothing."""
        own = self.answer(Kind.NODE, node)
        environment = own["chef_environment"]
        expansion = expand(own["run_list"], environment, lambda name: self.answer(Kind.ROLE, name))
        self.read(at, node, Kind.NODE, node, client=True)
        for role in expansion.roles:
            self.read(at, node, Kind.ROLE, role, client=True)
        self.read(at, node, Kind.ENVIRONMENT, environment, client=True)
        recipes = tuple(str(recipe) for recipe in expansion.recipes)
        wanted = dict.fromkeys(recipe.partition("::")[0] for recipe in recipes)
        cookbooks = {name: self.cookbooks[name].version for name in wanted}
        asked = encode({"run_list": list(recipes)})
        path = f"/environments/{environment}/cookbook_versions"
        size = 900 * len(cookbooks)
        self.asked(Request(at + timedelta(seconds=1), node, "POST", path, 200, asked, size, client=True))
        missing = next(filter(self._lacks, recipes), "")
        ended = at + timedelta(seconds=4 if missing else 11)
        if not missing:
            automatic = {
                "fqdn": f"{node}.example.com",
                "hostname": node,
                "platform": "ubuntu",
                "platform_version": "12.04",
                "ohai_time": at.timestamp(),
                "recipes": list(recipes),
                "roles": list(expansion.roles),
            }
            body = {**self.objects[Kind.NODE, node], "automatic": automatic}
            self.save(ended, node, Kind.NODE, node, body, client=True)
        self.ran(Converge(node, at, ended, tuple(own["run_list"]), recipes, cookbooks, missing))

    def _lacks(self, recipe: str) -> bool:
        name, _, within = recipe.partition("::")
        return (within or "default") not in self.cookbooks[name].recipes


def loaded(path: str, file: File) -> tuple[str, dict[str, Any]]:
    """The name and the body that knife sends of a file; an item's name begins with its bag."""
    kind = KINDS[path.partition("/")[0]]
    found = load_for_from_file(kind, path, file.content)
    if isinstance(found, Problem):
        raise StoryError(f"{path}: {found.message}")
    name, body = found
    return (f"{bag_of(path)}/{name}" if kind is Kind.DATA_BAG_ITEM else str(name)), body


def cookbook(name: str, files: Mapping[str, File]) -> Cookbook:
    """A cookbook as the files of a commit have it."""
    version = _VERSION.search(files[f"cookbooks/{name}/metadata.rb"].content.decode())
    if version is None:
        raise StoryError(f"cookbooks/{name}/metadata.rb has no version")
    folder = f"cookbooks/{name}/recipes/"
    recipes = (path.removeprefix(folder).removesuffix(".rb") for path in files if path.startswith(folder))
    return Cookbook(version[1], frozenset(recipes))
