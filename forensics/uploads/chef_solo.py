"""chef-solo and local mode: no server; a node reads the file by its stem, and what is not there is not live.

Mirrors chef-zero over Chef::ChefFS (Chef 12.11 and later) and, for the legacy scenario, Chef::Role.from_disk,
Chef::Environment.load_from_file and Chef::DataBag.load.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from forensics.chef import layout
from forensics.chef.compare import equal_in_ruby
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads.timeline import Event, Live, Timeline
from forensics.uploads.uploader import LineUploader, one_each

if TYPE_CHECKING:
    from forensics.chef.objects import Body
    from forensics.history.model import File
    from forensics.uploads.declarations import Declarations, Declared
    from forensics.uploads.steps import Step
    from forensics.uploads.uploader import Run


class ChefSolo:
    """What each stem leads to at each commit.

    ``legacy`` looks for roles at any depth and prefers .json; two files of one extension with one stem are a
    DuplicateRole error there, which leaves nothing to read. Otherwise only direct children count, and .rb hides .json.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations, *, legacy: bool) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._legacy = legacy
        self._found: dict[str, bool] = {}
        self._files: dict[str, dict[str, File]] = {}

    def step(self, step: Step) -> None:
        """Look up again every stem whose files changed."""
        touched: dict[str, None] = {}
        for change in step.since_last:
            found = self._found.get(change.path)
            if found is None:
                found = self._found[change.path] = self._is_found(change.path)
            if not found:
                continue
            stem = layout.stem(change.path)
            if not self._timeline.wants(stem):
                continue
            files = self._files.setdefault(stem, {})
            if change.after is None:
                files.pop(change.path, None)
            else:
                files[change.path] = change.after
            touched[stem] = None
        for stem in touched:
            path = self._chosen(stem)
            file = None if path is None else self._files[stem][path]
            if path is None or file is None:
                _note(self._timeline, step, stem, None)
                continue
            body = self._declarations.in_place(self._timeline.target.kind, path, file, legacy=self._legacy)
            if body is None and self._declarations.from_file(self._timeline.target.kind, path, file).undecided:
                self._timeline.unsettle(stem, step.number, path, file, None)
            else:
                _note(self._timeline, step, stem, _live(path, file, step.commit, body))

    def _is_found(self, path: str) -> bool:
        target = self._timeline.target
        container = target.container_of(path)
        if container is None or not path.endswith((".json", ".rb")):
            return False
        below = path[len(container.path) + 1 :]
        if self._legacy and target.kind is Kind.ROLE:
            return not any(part.startswith(".") for part in below.split("/"))
        return "/" not in below and not below.startswith(".")

    def _chosen(self, stem: str) -> str | None:
        """The file that is read for a stem, if any is."""
        files = self._files.get(stem, {})
        if len(files) == 1:
            return next(iter(files))
        by_extension = {
            extension: sorted(path for path in files if path.endswith(extension)) for extension in (".json", ".rb")
        }
        if any(len(found) > 1 for found in by_extension.values()):
            return None
        preferred = (".json", ".rb") if self._legacy else (".rb", ".json")
        return next((path for extension in preferred for path in by_extension[extension]), None)


class LegacyDataBag:
    """A data bag as chef-solo read it before 12.11: by the id in each item; one bad or repeated item spoils the bag."""

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._files: dict[str, File] = {}

    def step(self, step: Step) -> None:
        """Load the whole bag again."""
        for change in step.since_last:
            container = self._timeline.target.container_of(change.path)
            if container is None or layout.is_hidden(change.path):
                continue
            if not layout.is_direct_child(container.path, change.path):
                continue
            if change.after is None:
                self._files.pop(change.path, None)
            else:
                self._files[change.path] = change.after
        undecided = next((path for path in sorted(self._files) if self._declared(path).undecided), None)
        if undecided is not None:  # one item that is not loaded spoils the bag
            for name in dict.fromkeys((*self._timeline.events, *self._timeline.may_declare.get(undecided, ()))):
                live = self._timeline.live_now(name)
                self._timeline.unsettle(name, step.number, undecided, self._files[undecided], live)
            return
        items = self._load(step.commit)
        for name in dict.fromkeys((*self._timeline.events, *items)):
            _note(self._timeline, step, name, items.get(name))

    def _declared(self, path: str) -> Declared:
        return self._declarations.from_file(self._timeline.target.kind, path, self._files[path])

    def _load(self, commit: int) -> dict[str, Live]:
        items: dict[str, Live] = {}
        kind = self._timeline.target.kind
        for path in sorted(self._files):
            declared = self._declared(path)
            if declared.problem is not None and declared.problem.kind.startswith("name"):
                continue  # an item without a usable id is in nobody's way
            live = _live(path, self._files[path], commit, declared.body)
            if live is None or declared.name is None:
                return {}
            known = items.get(declared.name, live)
            if equal_in_ruby(content(kind, known.body), content(kind, live.body)) is False:
                return {}  # DuplicateDataBagItem
            items[declared.name] = live
        return items


def _live(path: str, file: File, commit: int, body: Body | None) -> Live | None:
    return None if body is None or not isinstance(file, bytes) else Live(path, file, commit, body)


def _note(timeline: Timeline, step: Step, name: str, live: Live | None) -> None:
    now = timeline.current(name)
    before = now.live if now is not None else None
    if now is None or now.exact:
        if live is None and before is None:
            return
        if live is not None and before is not None and (live.path, live.blob) == (before.path, before.blob):
            return
    timeline.record(name, Event(step.number, live))


def _request(declarations: Declarations, kind: Kind, path: str, file: File) -> Body | None:
    return declarations.in_place(kind, path, file, legacy=False)


def _legacy_request(declarations: Declarations, kind: Kind, path: str, file: File) -> Body | None:
    return declarations.in_place(kind, path, file, legacy=True)


def _legacy_run(timeline: Timeline, declarations: Declarations) -> Run:
    if timeline.target.kind is Kind.DATA_BAG_ITEM:
        return LegacyDataBag(timeline, declarations)
    return ChefSolo(timeline, declarations, legacy=True)


UPLOADER: Final = LineUploader(
    name="chef-solo",
    identity="the file's stem",
    request=_request,
    start=one_each(partial(ChefSolo, legacy=False)),
)
LEGACY: Final = LineUploader(
    name="chef-solo-legacy",
    identity="the file's stem; for a data bag item its id",
    request=_legacy_request,
    start=one_each(_legacy_run),
)
