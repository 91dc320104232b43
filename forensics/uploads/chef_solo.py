"""chef-solo and local mode: no server; a node reads the file by its stem, and what is not there is not live.

Mirrors chef-zero over Chef::ChefFS (Chef 12.11 and later) and, for the legacy scenario, Chef::Role.from_disk,
Chef::Environment.load_from_file and Chef::DataBag.load.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from forensics.chef import layout
from forensics.chef.compare import equal_in_ruby
from forensics.chef.objects import Kind, Problem
from forensics.history.model import UNREADABLE
from forensics.uploads.order import arrange
from forensics.uploads.timeline import Event, Live, Timeline
from forensics.uploads.uploader import LineUploader, one_each

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from forensics.chef.objects import Body, Value
    from forensics.history.model import File
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step
    from forensics.uploads.uploader import Run


# what exists and cannot be read, or may; a link that leads nowhere is passed over, as if it were not there
_THERE: Final = frozenset({"directory", "submodule", UNREADABLE.reason})
_DUPLICATE_ITEM: Final = "Chef::Exceptions::DuplicateDataBagItem"
_PLAIN_STEM: Final = re.compile(r"[\w -]*")


class ChefSolo:
    """What each stem leads to at each commit.

    ``legacy`` looks for roles at any depth and prefers .json; two files of one extension with one stem are a
    DuplicateRole error there, which leaves nothing to read. It takes the stem for a regular expression. Otherwise only
    direct children count, and .rb hides .json. A link that leads nowhere hides no other file.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations, *, legacy: bool) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._legacy = legacy
        self._at_any_depth = legacy and timeline.target.kind is Kind.ROLE
        self._found: dict[str, bool] = {}
        self._files: dict[str, dict[str, File]] = {}
        self._patterns: dict[str, re.Pattern[str] | None] = {}

    def step(self, step: Step) -> None:
        """Look up again every stem whose files changed."""
        touched: dict[str, None] = {}
        for change in step.since_last:
            path = change.path
            found = self._found.get(path)
            if found is None:
                found = self._found[path] = self._is_found(path)
            if not found:
                continue
            stem = layout.stem(path)
            files = self._files.get(stem)
            if files is None:
                files = self._files[stem] = {}
                if self._at_any_depth:
                    self._note_pattern(stem)
            if change.after is None:
                files.pop(path, None)
            else:
                files[path] = change.after
            touched[stem] = None
            if self._patterns:
                touched.update(dict.fromkeys(name for name in self._patterns if self._matches(name, path)))
        for stem in touched:
            if not self._timeline.wants(stem):
                continue
            path, kind = self._chosen(stem), self._timeline.target.kind
            if not path:
                twice = _several_of_one_type(self._candidates(stem))
                _note(self._timeline, step, stem, None, _duplicate_role(twice) if twice else None)
                continue
            file = self._candidates(stem)[path]
            body = self._declarations.in_place(kind, path, file, legacy=self._legacy)
            if body is None:
                self._timeline.unsettle(stem, step.number, path, file, None)
            elif isinstance(body, Problem):
                # of what no node could ever read, the files say enough
                known = isinstance(file, bytes) and self._timeline.current(stem) is not None
                _note(self._timeline, step, stem, None, _unread(path, body) if known else None)
            elif isinstance(file, bytes):
                _note(self._timeline, step, stem, Live(path, file, step.commit, body))

    def _note_pattern(self, stem: str) -> None:
        """Keep a stem that means something else as a regular expression than by its letters."""
        if _PLAIN_STEM.fullmatch(stem) is None:
            try:
                self._patterns[stem] = re.compile(f"/{stem}$")
            except re.error:
                self._patterns[stem] = None  # Ruby raises RegexpError: the role cannot be read at all

    def _matches(self, name: str, path: str) -> bool:
        pattern = self._patterns[name]
        return pattern is not None and pattern.search("/" + path[: -len(layout.extension(path))]) is not None

    def _is_found(self, path: str) -> bool:
        target = self._timeline.target
        container = target.container_of(path)
        if container is None or not path.endswith((".json", ".rb")):
            return False
        if self._at_any_depth:
            return _is_globbed(container.path, path)
        return layout.is_direct_child(container.path, path) and not layout.is_hidden(path)

    def _candidates(self, name: str) -> dict[str, File]:
        """The files that are found for a name: of several directories, in the first that has any."""
        found = self._files.get(name, {})
        if name in self._patterns:
            found = {
                path: file for each in self._files.values() for path, file in each.items() if self._matches(name, path)
            }
        members = self._timeline.target.members if len(found) > 1 else ()
        for member in members if len(members) > 1 else ():
            own = {path: file for path, file in found.items() if path.startswith(member.path + "/")}
            if own:
                return own
        return found

    def _chosen(self, name: str) -> str:
        """The file that is read for a name; empty if none is."""
        files = self._candidates(name)
        if len(files) == 1:
            return next(iter(files))
        if _several_of_one_type(files):
            unread = [path for path in files if files[path] == UNREADABLE]  # without it, there may be one alone
            certain = _several_of_one_type(set(files).difference(unread))
            return unread[0] if unread and not certain else ""
        preferred = (".json", ".rb") if self._legacy else (".rb", ".json")
        by_extension = ([path for path in files if path.endswith(extension)] for extension in preferred)
        return next((path for found in by_extension for path in found if _exists(files[path])), "")


class LegacyDataBag:
    """A data bag as chef-solo read it before 12.11: by the id in each item.

    One item that does not parse spoils the bag, and so do two of one id (or of none) that differ.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._files: dict[str, File] = {}
        self._items: dict[str, tuple[Value, Value] | Problem | None] = {}

    def step(self, step: Step) -> None:
        """Load the whole bag again."""
        for change in step.since_last:
            container = self._timeline.target.container_of(change.path)
            if container is None or layout.is_hidden(change.path):
                continue
            if not layout.is_direct_child(container.path, change.path):
                continue
            if change.after is None:
                del self._files[change.path], self._items[change.path]
            else:
                self._files[change.path] = change.after
                self._items[change.path] = self._declarations.legacy_item(change.path, change.after)
        undecided = next((path for path in arrange(self._items, "byte") if self._items[path] is None), None)
        if undecided is not None:  # one item that is not loaded spoils the bag
            for name in dict.fromkeys((*self._timeline.events, *self._timeline.may_declare.get(undecided, ()))):
                live = self._timeline.live_now(name)
                self._timeline.unsettle(name, step.number, undecided, self._files[undecided], live)
            return
        items, failure = self._load(step.commit)
        for name in dict.fromkeys((*self._timeline.events, *items)):
            _note(self._timeline, step, name, items.get(name), failure)

    def _load(self, commit: int) -> tuple[dict[str, Live], str | None]:
        """The items of the bag, or why it cannot be loaded."""
        loaded: dict[Value, Value] = {}
        items: dict[str, Live] = {}
        for path in arrange(self._items, "byte"):
            item, file = self._items[path], self._files[path]
            if item is None or not isinstance(file, bytes):
                return {}, None
            if isinstance(item, Problem):
                return {}, _unread(path, item)
            identity, data = item
            key = identity if isinstance(identity, str) or identity is None else repr(identity)
            if key in loaded and equal_in_ruby(loaded[key], data) is False:
                return {}, f"{_DUPLICATE_ITEM}: {path} says otherwise than another file of its id"
            loaded[key] = data
            # of an item with another id nobody can ask: Chef::DataBagItem#raw_data= refuses it
            declared = self._declarations.in_place(self._timeline.target.kind, path, file, legacy=True)
            if isinstance(declared, dict) and isinstance(identity, str):
                items[identity] = Live(path, file, commit, declared)
        return items, None


def _exists(file: File) -> bool:
    return isinstance(file, bytes) or file.reason in _THERE


def _several_of_one_type(paths: Collection[str]) -> list[str]:
    """Those of some files that another one has the extension of."""
    extensions = [layout.extension(path) for path in paths]
    return sorted(path for path in paths if extensions.count(layout.extension(path)) > 1)


def refused_twins(kind: str, container: str, name: str, paths: Iterable[str]) -> str | None:
    """Why a legacy chef-solo cannot choose among the files of a role: the error and these files; None if it can."""
    found = [path for path in paths if layout.stem(path) == name and _is_globbed(container, path)]
    twice = _several_of_one_type(found) if kind == Kind.ROLE else []
    return _duplicate_role(twice) if twice else None


def _duplicate_role(paths: Iterable[str]) -> str:
    return f"Chef::Exceptions::DuplicateRole: {', '.join(paths)}"


def _is_globbed(container: str, path: str) -> bool:
    """Whether Ruby's ``**/**`` in a directory of roles has this path among its matches."""
    below = path[len(container) + 1 :]
    return path.startswith(container + "/") and not any(part.startswith(".") for part in below.split("/"))


def _unread(path: str, problem: Problem) -> str:
    return f"{path} cannot be loaded: {problem.message}"


def _note(timeline: Timeline, step: Step, name: str, live: Live | None, failure: str | None = None) -> None:
    now = timeline.current(name)
    before = now.live if now is not None else None
    if now is None or now.exact:
        if live is None and before is None and failure == (now.failure if now is not None else None):
            return
        if live is not None and before is not None and (live.path, live.blob) == (before.path, before.blob):
            return
    timeline.record(name, Event(step.number, live, failure=failure))


def _request(declarations: Declarations, kind: Kind, path: str, file: File) -> Body | Problem | None:
    return declarations.in_place(kind, path, file, legacy=False)


def _legacy_request(declarations: Declarations, kind: Kind, path: str, file: File) -> Body | Problem | None:
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
