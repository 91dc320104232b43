"""Data bags that recipes ask for and no directory of the repository holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.since import began
from forensics.analysis.tip_recipes import references
from forensics.chef import layout
from forensics.chef.data_bag_source import data_bags_asked_for
from forensics.chef.layout import DATA_BAGS
from forensics.chef.objects import Kind
from forensics.uploads.target import server_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from forensics.analysis.cookbooks import RecipeFile
    from forensics.analysis.examination import Examination
    from forensics.chef.data_bag_source import Lookup


@dataclass(frozen=True, slots=True)
class MissingBag:
    """A data bag that recipes ask for, which some run list at the tip leads to."""

    name: str
    paths: tuple[str, ...]
    line: int
    commit: str | None
    message: str


def missing_bags(examination: Examination, servers: Collection[int | str]) -> Iterator[MissingBag]:
    """One for each data bag that is asked for whatever happens and stands in no data_bags/ of the tip.

    ``servers`` are those that the tip holds data bags for: only what their run lists lead to counts.
    Silent where the repository says that it leaves data bags out.
    """
    history, head = examination.history, examination.head_commit
    kept = _bags(examination, head)
    asked: dict[str, list[tuple[RecipeFile, Lookup]]] = {}
    for file in _reached(examination, servers):
        for lookup in data_bags_asked_for(_content(examination, file)):
            if lookup.bag not in kept:
                asked.setdefault(lookup.bag, []).append((file, lookup))
    if not asked or _left_out(examination):
        return
    for bag, found in asked.items():
        paths = tuple(dict.fromkeys(file.path for file, _ in found))
        since = began(history, lambda commit, bag=bag, paths=paths: _misses(examination, commit, bag, paths))  # type: ignore[misc]
        file, lookup = found[0]
        before = any(bag in _bags(examination, parent) for parent in history.graph.parents[since.commit])
        held = ", and data_bags/ held it until then" if before else ""
        yield MissingBag(
            bag,
            paths,
            lookup.line,
            since.id(history),
            f"{file.path}:{lookup.line} asks for data bag {bag} ({lookup.call}), which no data_bags/ holds "
            f"{since.text(history)}{held}: chef-client fails on every node that runs recipe[{file.name}], unless the "
            "server has the data bag from elsewhere",
        )


def _reached(examination: Examination, servers: Collection[int | str]) -> Iterator[RecipeFile]:
    """The recipes at the tip that run lists of some servers lead to."""
    configured = examination.options.servers
    named = (each.recipe for each in references(examination) if server_of(each.target.label, configured) in servers)
    pending = list(dict.fromkeys(named))
    index = examination.cookbooks
    by_name: dict[str, list[RecipeFile]] = {}
    for cookbook in index.at(examination.head_commit):
        for file in index.files(cookbook):
            by_name.setdefault(file.name, []).append(file)
    seen = set(pending)
    for recipe in pending:  # grows while it is read
        for file in by_name.get(recipe, ()):
            yield file
            new = [each.name for each in index.includes(file) if each.name not in seen]
            seen.update(new)
            pending += new


def _bags(examination: Examination, commit: int) -> frozenset[str]:
    """The data bags of a commit, wherever they stand; also data_bags/prod/BAG, where each environment has its own."""
    snapshot = examination.history.snapshot(commit)
    bags = [each for each in examination.history.state(commit) if each.kind is Kind.DATA_BAG_ITEM]
    inside = (name for each in bags for name in snapshot.names(each.path) if not layout.extension(name))
    return frozenset((*(each.bag for each in bags), *inside))


def _left_out(examination: Examination) -> bool:
    """Whether some .gitignore at the tip keeps data bags, or items, out of the repository."""
    snapshot = examination.history.snapshot(examination.head_commit)
    roots = {container.root for container in examination.history.state(examination.head_commit)} | {""}
    for root in sorted(roots):
        for path in (f"{root}/.gitignore", f"{root}/{DATA_BAGS.decode()}/.gitignore"):
            blob = snapshot.blob(path.lstrip("/"))
            data = None if blob is None else examination.history.blob(blob, path)
            if data is not None and (DATA_BAGS in data or path.endswith("data_bags/.gitignore")):
                return True
    return False


def _misses(examination: Examination, commit: int, bag: str, paths: tuple[str, ...]) -> bool:
    """Whether one of these recipes asks for a data bag at a commit that lacks it."""
    if bag in _bags(examination, commit):
        return False
    index = examination.cookbooks
    files = (file for cookbook in index.at(commit) for file in index.files(cookbook) if file.path in paths)
    return any(lookup.bag == bag for file in files for lookup in data_bags_asked_for(_content(examination, file)))


def _content(examination: Examination, file: RecipeFile) -> bytes:
    return (examination.history.blob(file.blob, file.path) or b"") if file.path.endswith(".rb") else b""
