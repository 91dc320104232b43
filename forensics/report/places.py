"""Where files lie, in words: those of a shadowed object, and node files that are no server's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.chef import layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.report.cases import Case

_USUAL: Final = {"role": "roles", "environment": "environments", "node": "nodes"}


def directories(case: Case) -> tuple[str, ...]:
    """The directories of objects that its files lie in: several where several make one server."""
    return tuple(dict.fromkeys(_directory(case.container, path) for path in case.paths)) or (case.container,)


def node_files_text(count: int) -> str:
    """What so many node files without a name inside are, in words before their names."""
    return f"{count} node file{'s' if count > 1 else ''} with no name inside (for chef-solo -j; no server's by itself)"


def unusual(case: Case) -> tuple[str, ...]:
    """The same; empty where that is the usual directory of such an object."""
    usual = _USUAL.get(case.kind) or f"data_bags/{layout.basename(case.container)}"
    found = directories(case)
    return () if found == (usual,) else found


def _directory(container: str, path: str) -> str:
    """The container of a file: this one, or another of the same server."""
    if layout.at_or_below(path, container):
        return container
    directory, _, _ = path.rpartition("/")
    name = layout.basename(container)
    above, found, _ = f"/{directory}/".partition(f"/{name}/")
    return f"{above}/{name}".strip("/") if found else directory


def nobody_text(undecided: Iterable[str]) -> str:
    """What to say where no node was found that feels it; of the files ``undecided`` nobody can tell what they hold."""
    read = any("nodes" in path.split("/")[:-1] for path in undecided)
    return f"no node {'that could be read' if read else 'of the repository'} reaches it"
