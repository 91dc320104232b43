"""What every scenario leaves on the server, found out the slow and obvious way.

At every commit of the line the files are listed from the whole tree, and the scenario's command is carried out in full
against a dictionary. Nothing is remembered between commits but the server (and the checkpoint of grocery-delivery).
Only what one file is to Chef (``loading``), how two bodies compare for ``knife upload`` and how names collate is taken
from the package: those have their own tests.
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from building import Link

from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.upload_source import differs
from forensics.uploads.loading import load_for_from_file, load_for_upload, load_in_place
from forensics.uploads.order import arrange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from forensics.uploads.scenario import Scenario

Entries: TypeAlias = "Mapping[str, str | bytes | Link]"
BROKEN_LINK = Problem("broken-link", "", "")


class Commit(NamedTuple):
    id: str
    parents: tuple[str, ...]
    time: int
    files: dict[str, str | bytes | Link]


class Source(NamedTuple):
    """Where a live content came from."""

    path: str
    content: bytes
    commit: str


def first_parent_line(commits: Mapping[str, Commit], head: str) -> list[Commit]:
    line = [commits[head]]
    while line[-1].parents:
        line.append(commits[line[-1].parents[0]])
    return line[::-1]


def full_line(commits: Mapping[str, Commit], head: str) -> list[Commit]:
    """Every reachable commit, parents first, of those that could come next the one with the least (time, id)."""
    reachable = {head}
    while True:
        wider = reachable | {parent for each in reachable for parent in commits[each].parents}
        if wider == reachable:
            break
        reachable = wider
    line: list[Commit] = []
    done: set[str] = set()
    while len(done) < len(reachable):
        possible = [commits[each] for each in reachable - done if done.issuperset(commits[each].parents)]
        following = min(possible, key=lambda commit: (commit.time, commit.id))
        line.append(following)
        done.add(following.id)
    return line


def states(
    commits: Mapping[str, Commit],
    line: Sequence[Commit],
    container: str,
    kind: Kind,
    scenario: Scenario,
    git_diff: Callable[[str, str], list[str]],
) -> Iterator[dict[str, set[Source | None]]]:
    """What may be live of each object after each commit of the line; one possibility where no race decides.

    ``git_diff`` gives the lines of ``git diff --name-status`` for two commits.
    """
    runner = RUNNERS[scenario.uploader](container, kind, scenario)
    runner.git_diff = git_diff
    for number, commit in enumerate(line):
        files = opened(commit.files, container, kind)
        first_parent = commits[commit.parents[0]].files if number and commit.parents else {}
        before = dict(runner.server)
        runner.entries = commit.files
        runner.run(files, first_parent, commit.id)
        for name, after in runner.server.items():
            # a content that was live before is no new upload of it, unless a race left that open until now
            settled = len(after) < len(before.get(name, ()))
            kept = {} if settled else {(s.path, s.content): s for s in before.get(name, ()) if s is not None}
            runner.server[name] = {s if s is None else kept.get((s.path, s.content), s) for s in after}
        yield dict(runner.server)


def opened(files: Entries, container: str, kind: Kind) -> dict[str, bytes | None]:
    """What a checkout has in a container: contents, links followed, None for a link that leads nowhere."""
    found: dict[str, bytes | None] = {}
    endings = (".json",) if kind is Kind.DATA_BAG_ITEM else (".json", ".rb", ".js")
    for path, content in files.items():
        if not path.startswith(container + "/") or not path.endswith(endings):
            continue
        if kind is Kind.DATA_BAG_ITEM and not is_direct(path, container):
            continue  # what lies below a bag's directory belongs to no bag
        behind = content
        if isinstance(content, Link):
            behind = files.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), content.target)))
        found[path] = behind.encode() if isinstance(behind, str) else behind
    return found


def loaded(kind: Kind, path: str, content: bytes | None):
    """The name and body of a file, or the problem for which knife stops there."""
    return BROKEN_LINK if content is None else load_for_from_file(kind, path, content)


def is_direct(path: str, container: str) -> bool:
    return posixpath.dirname(path) == container


def is_hidden(path: str) -> bool:
    return posixpath.basename(path).startswith(".")


def stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


class Runner:
    def __init__(self, container: str, kind: Kind, scenario: Scenario) -> None:
        self.container, self.kind, self.scenario = container, kind, scenario
        self.entries: Entries = {}  # the tree as git has it
        self.git_diff: Callable[[str, str], list[str]] = lambda *_: []
        self.server: dict[str, set[Source | None]] = {}

    def glob(self, files: Mapping[str, bytes | None], *extensions: str) -> list[str]:
        """What the shell makes of ``roles/*.EXTENSION``."""
        endings = extensions or ((".json",) if self.kind is Kind.DATA_BAG_ITEM else (".json", ".rb"))
        return [
            path for path in files if is_direct(path, self.container) and not is_hidden(path) and path.endswith(endings)
        ]

    def from_file(self, arguments: Sequence[str], files: Mapping[str, bytes | None], commit: str) -> bool:
        """``knife ... from file ARGUMENTS`` (chef-semantics a); tells whether it got through."""
        for path in arguments:
            if path not in files:
                return False
            result = loaded(self.kind, path, files[path])
            if isinstance(result, Problem):
                return False
            if self.scenario.ascii_ruby and path.endswith(".rb") and not files[path].isascii():
                return False
            name, _ = result
            if not isinstance(name, Unresolved):
                self.server[name] = {Source(path, files[path], commit)}
        return True


class FromFile(Runner):
    def run(self, files: Mapping[str, bytes | None], first_parent: Entries, commit: str) -> None:
        if self.scenario.scope == "all":
            chosen = self.glob(files)
        else:
            chosen = [p for p in files if not is_hidden(p) and first_parent.get(p) != self.entries[p]]
        self.from_file(arrange(chosen, self.scenario.order), files, commit)


class KnifeUpload(Runner):
    """chef-semantics b and l."""

    def run(self, files: Mapping[str, bytes | None], _: Entries, commit: str) -> None:
        chosen: dict[str, str] = {}
        for path in sorted(self.glob(files)):  # .json before .rb, so that .rb hides it
            chosen[stem(path)] = path
        pending: dict[str, Source] = {}
        aborted = False
        for name, path in chosen.items():
            content = files[path]
            body = BROKEN_LINK if content is None else load_for_upload(self.kind, path, content)
            if isinstance(body, Problem):
                aborted = aborted or body.aborts
            elif any(
                now is None or differs(self.kind, body, load_for_upload(self.kind, now.path, now.content))
                for now in self.server.get(name, {None})
            ):
                pending[name] = Source(path, content, commit)
        for name, source in pending.items():
            before = self.server.get(name, {None})
            if not aborted:
                self.server[name] = {source}
            elif not any(now and (now.path, now.content) == (source.path, source.content) for now in before):
                self.server[name] = {*before, source}


class GroceryDelivery(Runner):
    """grocery-delivery and between-meals: everything at first, then what git lists since the checkpoint."""

    checkpoint: Commit | None = None

    def run(self, files: Mapping[str, bytes | None], _: Entries, commit: str) -> None:
        if self.kind not in {Kind.ROLE, Kind.DATA_BAG_ITEM}:
            return
        for _attempt in range(4):  # it runs every minute; after a failure from the same checkpoint
            if self.once(files, commit):
                self.checkpoint = Commit(commit, (), 0, dict(self.entries))
                return

    def once(self, files: Mapping[str, bytes | None], commit: str) -> bool:
        forced = ".json"
        if self.kind is Kind.ROLE and not all(path.endswith(".json") for path in files):
            forced = ".rb"
        if self.checkpoint is None:
            matches = arrange(self.glob(files, forced), "byte")
            if self.kind is Kind.DATA_BAG_ITEM:
                return self.from_file(self.words(matches), files, commit)
            if not matches and any(path.startswith(self.container + "/") for path in self.entries):
                return False  # knife finds no file called roles/*.rb
            return self.from_file(matches, files, commit)
        pattern = r"(.+)\.(?:rb|json)" if self.kind is Kind.ROLE else r"([^/]+)\.json"
        deleted, modified = [], []
        for status, path in self.listed(commit):
            found = re.match(re.escape(self.container) + "/" + pattern, path)
            if found is not None:
                (deleted if status == "deleted" else modified).append(found[1])
        for name in [each.split(" ")[0] for each in deleted]:
            if self.server.get(name, {None}) == {None}:
                return False
            self.server[name] = {None}
        return self.from_file(self.words(f"{self.container}/{name}{forced}" for name in modified), files, commit)

    def words(self, arguments: Iterable[str]) -> list[str]:
        """What the shell makes of names without quotes."""
        return " ".join(arguments).split()

    def listed(self, commit: str) -> list[tuple[str, str]]:
        """BetweenMeals::Repo::Git#parse_status; git itself is asked only where it could change the order."""
        before, found = self.checkpoint.files, []
        for path in arrange({*self.entries, *before}, "byte"):
            old, new = before.get(path), self.entries.get(path)
            if old == new or not path.isascii():
                continue
            if new is None or (old is not None and isinstance(old, Link) != isinstance(new, Link)):
                found.append(("deleted", path))
            if new is not None:
                found.append(("modified", path))
        if sum(status == "deleted" for status, _ in found) > 1:
            return self.as_git_lists(self.checkpoint.id, commit)
        return found

    def as_git_lists(self, before: str, after: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for line in self.git_diff(before, after):
            status, *paths = line.split("\t")
            if status[0] in "DRT":
                found.append(("deleted", paths[0]))
            if status[0] != "D":
                found.append(("modified", paths[-1]))
        return found


class ChefSolo(Runner):
    """chef-semantics c, Chef 12.11 and later: what local mode serves."""

    def run(self, files: Mapping[str, bytes | None], _: Entries, commit: str) -> None:
        self.server = {}
        for path in sorted(self.glob(files)):
            self.server[stem(path)] = {self.read(path, files[path], commit)}

    def read(self, path: str, content: bytes | None, commit: str) -> Source | None:
        legacy = self.scenario.uploader == "chef-solo-legacy"
        refused = content is None or isinstance(load_in_place(self.kind, path, content, legacy=legacy), Problem)
        return None if refused else Source(path, content, commit)


class ChefSoloLegacy(ChefSolo):
    """chef-semantics c, before: roles at any depth, no hidden directories, .json before .rb, no duplicates."""

    def run(self, files: Mapping[str, bytes | None], _: Entries, commit: str) -> None:
        self.server = {}
        if self.kind is Kind.DATA_BAG_ITEM:
            self.load_bag(files, commit)
            return
        seen = [path for path in files if not any(part.startswith(".") for part in path.split("/"))]
        if self.kind is Kind.ENVIRONMENT:
            seen = [path for path in seen if is_direct(path, self.container)]
        for name in {stem(path) for path in seen if not path.endswith(".js")}:
            found = {ending: [p for p in seen if p.endswith(f"/{name}{ending}")] for ending in (".json", ".rb")}
            if max(map(len, found.values())) > 1:
                self.server[name] = {None}  # DuplicateRole
            else:
                path = (found[".json"] + found[".rb"])[0]
                self.server[name] = {self.read(path, files[path], commit)}

    def load_bag(self, files: Mapping[str, bytes | None], commit: str) -> None:
        """Chef::DataBag.load: every item by its id, and an error if two of one id differ."""
        loaded: dict[str | None, object] = {}
        items: dict[str, Source] = {}
        for path in sorted(self.glob(files)):
            try:
                item = json.loads(files[path] or b"")
            except ValueError:
                return
            identity = item.get("id")
            if loaded.setdefault(identity, item) != item:
                return
            if self.read(path, files[path], commit) is not None:
                items[identity] = Source(path, files[path], commit)
        self.server = {name: {source} for name, source in items.items()}


RUNNERS = {
    "from-file": FromFile,
    "knife-upload": KnifeUpload,
    "grocery-delivery": GroceryDelivery,
    "chef-solo": ChefSolo,
    "chef-solo-legacy": ChefSoloLegacy,
}
