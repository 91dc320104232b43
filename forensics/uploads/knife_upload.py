"""``knife upload roles``: the file's stem is the identity, a mismatch is refused, only what differs is written.

Mirrors Chef::ChefFS::FileSystem.copy_to and its data handlers. Children go up in parallel, so where the command aborts
in the middle nobody can tell which of the others were written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.chef import layout
from forensics.chef.objects import Problem
from forensics.chef.upload_source import differs
from forensics.uploads.from_file import globbed
from forensics.uploads.timeline import Event, Live, Possibilities, Timeline
from forensics.uploads.uploader import LineUploader, one_each

if TYPE_CHECKING:
    from forensics.chef.objects import Body, Kind
    from forensics.history.model import File
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step


class KnifeUpload:
    """Uploads at each commit the whole directory, as ``knife upload`` does without options."""

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._files: dict[str, dict[str, File]] = {}
        self._matched: dict[str, bool] = {}
        self._dirty: set[str] = set()
        self._aborting: dict[str, tuple[str, Problem]] = {}
        self._undecided: dict[str, str] = {}
        self._races: dict[str, tuple[Possibilities, set[tuple[str | None, bytes | None] | None]]] = {}

    def step(self, step: Step) -> None:
        """Compare what changed, and what is unsettled, with the server; write what differs."""
        target = self._timeline.target
        for change in step.since_last:
            matched = self._matched.get(change.path)
            if matched is None:
                container = target.container_of(change.path)
                matched = self._matched[change.path] = container is not None and globbed(container, change.path)
            if not matched:
                continue
            stem = layout.stem(change.path)
            files = self._files.setdefault(stem, {})
            if change.after is None:
                files.pop(change.path, None)
            else:
                files[change.path] = change.after
            self._dirty.add(stem)
        if not self._dirty and not self._aborting:
            return  # as after most commits: nothing that is wanted changed, and nothing is left over
        written: dict[str, Live] = {}
        for stem in sorted(self._dirty):
            local = self._local(stem, step.commit)
            undecided = self._undecided.pop(stem, None)
            if undecided is not None and self._timeline.wants(stem):
                file = self._files[stem][undecided]
                self._timeline.unsettle(stem, step.number, undecided, file, self._timeline.live_now(stem))
            if local is None or not self._timeline.wants(stem) or not self._is_written(stem, local):
                self._dirty.discard(stem)
            else:
                written[stem] = local
        culprit = min(self._aborting.values(), key=lambda each: each[0], default=None)
        self._timeline.note_stop(step.number, None if culprit is None else (*culprit, None))
        if self._aborting:
            for stem, live in written.items():
                self._race(stem, live, step)
            return
        for stem, live in written.items():
            self._races.pop(stem, None)
            self._timeline.record(stem, Event(step.number, live))
        self._dirty.clear()

    def _local(self, stem: str, commit: int) -> Live | None:
        """What the command would write for a stem, or None; keeps account of files that make it abort."""
        self._aborting.pop(stem, None)
        files = self._files.get(stem)
        if not files:
            return None
        target = self._timeline.target
        path = next(iter(files)) if len(files) == 1 else min(files, key=self._preference)
        file = files[path]
        body = self._declarations.upload(target.kind, path, file)
        if not isinstance(body, dict) and self._declarations.from_file(target.kind, path, file).undecided:
            self._undecided[stem] = path
            return None
        if isinstance(body, Problem):
            if body.aborts:
                self._aborting[stem] = (path, body)
            return None
        if body is None or not isinstance(file, bytes):
            return None
        return Live(path, file, commit, body)

    def _preference(self, path: str) -> tuple[int, bool]:
        """With x.json and x.rb, .rb hides .json; of several directories the first wins (MultiplexedDir)."""
        members = self._timeline.target.members
        return next(n for n, member in enumerate(members) if path.startswith(member.path + "/")), not path.endswith(
            ".rb"
        )

    def _is_written(self, stem: str, local: Live) -> bool:
        now = self._timeline.current(stem)
        if now is None or now.live is None or not now.exact:
            return True
        if self._is_plain(local) and self._is_plain(now.live) and local.body != now.live.body:
            # what Python tells apart, Ruby does too (not the other way round: 1, 1.0 and true)
            return True
        return differs(self._timeline.target.kind, local.body, now.live.body)

    def _is_plain(self, live: Live) -> bool:
        if live.path is None or live.blob is None:
            return False
        return self._declarations.from_file(self._timeline.target.kind, live.path, live.blob).plain

    def _race(self, stem: str, live: Live, step: Step) -> None:
        now = self._timeline.current(stem)
        before = None if now is None else now.live
        possible, known = self._races.get(stem) or (Possibilities(before), {_content(before)})
        if _content(live) in known:
            return
        known.add(_content(live))
        possible = possible.with_newer(live)
        self._races[stem] = possible, known
        self._timeline.record(stem, Event(step.number, before or live, possible))


def _content(live: Live | None) -> tuple[str | None, bytes | None] | None:
    return None if live is None else (live.path, live.blob)


def _request(declarations: Declarations, kind: Kind, path: str, file: File) -> Body | Problem | None:
    return declarations.upload(kind, path, file)


UPLOADER: Final = LineUploader(
    name="knife-upload",
    identity="the file's stem",
    request=_request,
    after_abort="knife upload sends files side by side, so nobody can tell which of the others it still wrote",
    start=one_each(KnifeUpload),
)
