"""chef-solo and local mode: no server; a node reads the file by its stem, and what is not there is not live.

Mirrors chef-zero over Chef::ChefFS (Chef 12.11 and later) and, for the legacy scenario, Chef::Role.from_disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import layout
from forensics.uploads.timeline import Event, Live, Timeline

if TYPE_CHECKING:
    from forensics.history.model import File
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step


class ChefSolo:
    """What each stem leads to at each commit.

    ``legacy`` looks at any depth and prefers .json; two files of one extension with one stem are a DuplicateRole error
    there, which leaves nothing to read. Otherwise only direct children count, and .rb hides .json.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations, *, legacy: bool) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._legacy = legacy
        self._files: dict[str, dict[str, File]] = {}

    def step(self, step: Step) -> None:
        """Look up again every stem whose files changed."""
        touched: dict[str, None] = {}
        for change in step.since_last:
            if not self._is_found(change.path):
                continue
            stem = layout.stem(change.path)
            files = self._files.setdefault(stem, {})
            if change.after is None:
                files.pop(change.path, None)
            else:
                files[change.path] = change.after
            touched[stem] = None
        for stem in touched:
            live = self._lookup(stem, step.commit)
            now = self._timeline.current(stem)
            before = now.live if now is not None else None
            if live is None and before is None:
                continue
            if live is not None and before is not None and (live.path, live.blob) == (before.path, before.blob):
                continue
            self._timeline.record(stem, Event(step.number, live))

    def _is_found(self, path: str) -> bool:
        container = self._timeline.target.container_of(path)
        if container is None or not path.endswith((".json", ".rb")):
            return False
        below = path[len(container.path) + 1 :]
        if self._legacy:
            return not any(part.startswith(".") for part in below.split("/"))
        return "/" not in below and not below.startswith(".")

    def _lookup(self, stem: str, commit: int) -> Live | None:
        files = self._files.get(stem, {})
        preferred = (".json", ".rb") if self._legacy else (".rb", ".json")
        for extension in preferred:
            found = sorted(path for path in files if path.endswith(extension))
            if not found:
                continue
            path = found[0]
            file = files[path]
            declared = self._declarations.from_file(self._timeline.target.kind, path, file)
            if len(found) > 1 or declared.body is None or not isinstance(file, bytes):
                return None
            return Live(path, file, commit, declared.body)
        return None
