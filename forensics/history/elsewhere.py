"""Files anywhere in the commits' trees: what somebody can name to a command that looks into no container.

Only who asks pays: nothing here is walked before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.history.containers import DEEPEST
from forensics.history.model import as_text
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE
from forensics.history.trees import TreeReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.history.model import ObjectId
    from forensics.history.walk import History

_NO_FILES: Final = frozenset({LINK, SUBMODULE})


def files_ending(history: History, endings: tuple[bytes, ...]) -> Iterator[tuple[str, ObjectId]]:
    """Every content that any file with one of these endings ever had, with its path; links are not followed."""
    trees = TreeReader(history._store)  # noqa: SLF001 (of the same package: this is a part of it that few need)
    last: dict[bytes, ObjectId] = {}
    seen: set[tuple[bytes, ObjectId]] = set()
    for root in history.graph.trees:
        pending = [(b"", root, 0)]
        while pending:
            prefix, tree, depth = pending.pop()
            # what the tree before it holds, in whichever commit that was, has been given already
            _, added = trees.differences(last.get(prefix), tree)
            last[prefix] = tree
            for entry in added:
                path = prefix + entry.name
                if entry.mode == DIRECTORY:
                    if depth < DEEPEST:
                        pending.append((path + b"/", entry.oid, depth + 1))
                elif entry.mode not in _NO_FILES and path.endswith(endings) and (path, entry.oid) not in seen:
                    seen.add((path, entry.oid))
                    yield as_text(path), entry.oid


def commits_with(history: History, path: str, blob: ObjectId) -> list[int]:
    """The commits (positions in the graph, ascending) in which a path leads to a content."""
    found: list[int] = []
    known: dict[ObjectId, bool] = {}
    for commit, root in enumerate(history.graph.trees):
        if root not in known:
            known[root] = history.snapshot(commit).blob(path) == blob
        if known[root]:
            found.append(commit)
    return found
