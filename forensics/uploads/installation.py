"""grocery-delivery at work in one chef-repo: what a run does from the checkpoint to a commit.

Mirrors grocery-delivery's ``full_upload`` and ``partial_upload`` and between-meals (BetweenMeals::Repo::Git#changes,
BetweenMeals::Changes::Role and ::Databag, BetweenMeals::Knife): cookbooks, then roles, then data bags, deletions first;
a command that fails ends the run, and the next one starts again from the checkpoint, which stays where it was.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.history.renames import RenamesUnknown
from forensics.uploads.from_file import globbed
from forensics.uploads.order import arrange, byte_key
from forensics.uploads.shell import ShellRefused, words
from forensics.uploads.stops import (
    RENAMES_NOT_FOLLOWED,
    StoppedRun,
    cookbook_refused,
    missing,
    not_loaded,
    nothing_to_delete,
    refused_by_shell,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from forensics.history.listing import Listed
    from forensics.history.model import Container, File, Files, ObjectId, Version
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.refused_cookbooks import RefusedCookbook
    from forensics.uploads.steps import MayDeclare, Outcome
    from forensics.uploads.target import Target

# between-meals looks for the extension anywhere: ``base.json.bak`` is the role ``base``
NAMED: Final = {
    Kind.ROLE: re.compile(r"(.+)\.(?:rb|json)"),
    Kind.DATA_BAG_ITEM: re.compile(r"([^/]+)\.json"),
}
_METADATA: Final = "metadata"
_QUOTED_BY_GIT: Final = re.compile(r"[^ !#-\[\]-~]")
_PATTERN: Final = re.compile(r"[*?\[]")
_PLAIN: Final = re.compile(r"[\w./-]+", re.ASCII)  # a path that the shell takes as it is
_ATTEMPTS: Final = 3  # from one checkpoint to one commit; then nothing changes any more: the first deletion fails


class _Named(NamedTuple):
    """What between-meals calls the object of a path (None: nothing), and whether the file may declare one.

    ``itself`` is whether a change of the file uploads this very file, if its extension is the one that is uploaded.
    """

    name: str | None
    declares: bool
    itself: bool


class _Pending(NamedTuple):
    """A path that differs from the checkpoint: what it is now, and what between-meals calls its object."""

    listed: Listed
    container: Container
    name: str


Live: TypeAlias = "dict[Target, set[str]]"
"""The names that the server has, or may have, of each target's objects."""

Outcomes: TypeAlias = "dict[Target, Outcome]"


class Installation:
    """grocery-delivery as it follows one chef-repo, at a given role type."""

    def __init__(
        self,
        history: History,
        declarations: Declarations,
        targets: Mapping[Container, Target],
        live: Live,
        root: str,
        role_type: str | None,
        may_declare: Callable[[Target], MayDeclare],
    ) -> None:
        self._history = history
        self._declarations = declarations
        self._targets = targets
        self._live = live
        self._root = root
        self._role_type = role_type
        self._may_declare = may_declare
        self._versions: dict[Container, Version] = {}
        self._noted: list[tuple[Container, Version | None, Version | None]] = []
        self._files: Files = {}
        self._names: dict[str, _Named] = {}
        self._ruby: set[str] = set()
        self._pending: dict[str, _Pending] = {}
        self._deleted: dict[Kind, dict[str, None]] = {Kind.ROLE: {}, Kind.DATA_BAG_ITEM: {}}
        self._checkpoint: int | None = None
        self._passed = self._fresh = False
        self._stuck_at = ""
        self._uploaded_cookbooks: dict[str, RefusedCookbook] = {}
        self.cookbooks: dict[str, RefusedCookbook] = {}
        self._renames = history.renames()

    def note(self, container: Container, before: Version | None, after: Version | None) -> None:
        """Remember how a container differs from the commit before, for the next run."""
        self._noted.append((container, before, after))

    def _take_in(self, container: Container, before: Version | None, after: Version | None) -> None:
        if after is None:
            self._versions.pop(container, None)
        else:
            self._versions[container] = after
        linked = (before is not None and before.links) or (after is not None and after.links)
        if linked or self._checkpoint is None:
            for change in self._history.changes(container, before, after):
                self._note_file(container, change.path, change.after)
        if self._checkpoint is None:
            return  # the first run uploads everything
        for listed in self._history.listed(container, before, after):
            path = listed.path
            named = self._names.get(path) or self._named(container, path)
            if named.declares and not linked:
                self._note_file(container, path, listed.after and listed.after.oid)
            if named.name is not None:
                self._note_pending(listed, container, named.name)

    def _named(self, container: Container, path: str) -> _Named:
        match = None if _QUOTED_BY_GIT.search(path) else NAMED[container.kind].match(path, len(container.path) + 1)
        declares = layout.may_declare(container.kind, path)
        sent = f"{container.path}/{match[1]}{layout.extension(path)}" if match is not None and declares else ""
        named = self._names[path] = _Named(
            match and match[1], declares, sent == path and _PLAIN.fullmatch(path) is not None
        )
        return named

    def _note_file(self, container: Container, path: str, file: File | None) -> None:
        if file is None:
            self._files.pop(path, None)
        else:
            self._files[path] = file
        if container.kind is Kind.ROLE and not path.endswith(".json"):
            (self._ruby.discard if file is None else self._ruby.add)(path)

    def _note_pending(self, listed: Listed, container: Container, name: str) -> None:
        path, deleted = listed.path, self._deleted[container.kind]
        if name.endswith(_METADATA) and not layout.may_declare(container.kind, f"{container.path}/{name}.json"):
            return
        known = self._pending.get(path)
        if known is not None:
            listed = listed._replace(before=known.listed.before)
        if listed.before == listed.after:
            self._pending.pop(path, None)
        else:
            self._pending[path] = _Pending(listed, container, name)
        if listed.before != listed.after and listed.deleted:
            deleted[path] = None
        else:
            deleted.pop(path, None)

    def poll(self, commit: int, before: int) -> tuple[Outcomes, StoppedRun | None]:
        """Run at a commit, again and again if a run fails, as cron does before the next commit.

        ``before`` is the commit before it: if the last run went through, those up to there had nothing for it, and its
        checkpoint followed.
        """
        outcomes: Outcomes = {}
        if self._passed and self._goes_through(outcomes):
            self._noted.clear()
            self._checkpoint = commit
            return outcomes, None
        for each in self._noted:
            self._take_in(*each)
        self._noted.clear()
        stopped: StoppedRun | None = None
        self._fresh = self._passed
        if self._passed:
            self._checkpoint = before
        for _ in range(_ATTEMPTS):
            stopped = self._run(commit, outcomes)
            if stopped is None:
                self._checkpoint, self._uploaded_cookbooks = commit, self.cookbooks
                self._pending.clear()
                for deleted in self._deleted.values():
                    deleted.clear()
                break
            if not outcomes:
                break  # it has changed nothing, and so will the next one
        self._passed, self._stuck_at = stopped is None, stopped.path if stopped is not None else ""
        return outcomes, stopped

    def _goes_through(self, outcomes: Outcomes) -> bool:
        """Upload what was noted, if it is nothing but edits of files that nothing stops, as in nearly every run.

        The last run went through, so that nothing else is pending. False if there is more to it: nothing is changed.
        """
        if self._uploaded_cookbooks != self.cookbooks:
            return False
        uploads: list[tuple[Container, Version, list[tuple[str, str, ObjectId]]]] = []
        for container, before, after in self._noted:
            changes = self._history.plain_changes(container, before, after) if before and after else None
            if changes is None or after is None:
                return False
            suffix, files = self._suffix(container.kind), []
            for path, was, now, _ in changes:
                named = self._names.get(path) or self._named(container, path)
                if not named.itself or not path.endswith(suffix) or was is None or not isinstance(now, bytes):
                    return False
                declared = self._declarations.from_file(container.kind, path, now)
                if declared.name is None:
                    return False
                files.append((path, declared.name, now))
            if files:
                uploads.append((container, after, files))
        if len(uploads) > 1:
            uploads.sort(key=lambda each: byte_key(each[0].path))
        for container, version, files in uploads:
            target = self._targets[container]
            live, outcome = self._live.setdefault(target, set()), outcomes.setdefault(target, {})
            self._versions[container] = version
            for path, name, file in files:
                self._files[path] = file
                live.add(name)
                outcome[name] = path, file
        return True

    def _run(self, commit: int, outcomes: Outcomes) -> StoppedRun | None:
        for name, cookbook in self.cookbooks.items():
            # one that is as it was at the checkpoint is not uploaded again
            if self._uploaded_cookbooks.get(name) != cookbook:
                role_or_item = max(self._targets, key=lambda each: (each.root == self._root, each.kind is Kind.ROLE))
                return StoppedRun(
                    self._targets[role_or_item],
                    cookbook.path,
                    cookbook_refused(cookbook.problem, cookbook.path),
                    len(self._pending),
                )
        if self._checkpoint is None:
            return self._upload_everything(outcomes)
        kinds = {pending.container.kind for pending in self._pending.values()}
        for kind, deleted in self._deleted.items():  # roles, then items
            if kind not in kinds:
                continue
            stopped = self._delete(self._in_git_order(kind, commit), outcomes) if deleted else None
            stopped = stopped or self._upload_modified(kind, outcomes)
            if stopped is not None:
                return stopped
        return None

    def _in_git_order(self, kind: Kind, commit: int) -> list[str]:
        """The deleted paths of a kind as git lists them: one that is shown as renamed stands where it went.

        That matters only where some deletions fail and others do not. Where all fail in run after run, the place stays
        the one that is known. Items go bag by bag.
        """
        paths = arrange(self._deleted[kind], "byte")
        if len(paths) < 2:  # noqa: PLR2004 (a list of one has no order)
            return paths
        objects = [self._object_of(self._pending[path]) for path in paths]
        known = [each for each in objects if each is not None and each[1] in self._live.get(each[0], ())]
        if (known and len(paths) > len(set(known))) or (not known and self._fresh):
            renamed = self._renamed(paths, commit)
            paths.sort(key=lambda path: byte_key(renamed.get(path) or path))
        elif not known and self._stuck_at in paths:
            paths.remove(self._stuck_at)
            paths.insert(0, self._stuck_at)
        bags = list(dict.fromkeys(self._pending[path].container for path in paths))
        return sorted(paths, key=lambda path: bags.index(self._pending[path].container)) if len(bags) > 1 else paths

    def _object_of(self, pending: _Pending) -> tuple[Target, str] | None:
        """The object that a deletion names, None where the shell does not get so far."""
        try:
            return self._targets[pending.container], next(iter(words(pending.name)), "")
        except ShellRefused:
            return None

    def _renamed(self, paths: list[str], commit: int) -> dict[str, str]:
        if self._checkpoint is None:
            return {}
        try:
            return self._renames(self._checkpoint, commit, paths)
        except RenamesUnknown:
            self._history.note_gap(
                RENAMES_NOT_FOLLOWED,
                "which of several deletions grocery-delivery tries first depends on what git takes for renamed, which"
                " was not found out: their paths' order stands in for it",
                path=paths[0],
                commit=commit,
            )
            return {}

    def _delete(self, paths: Iterable[str], outcomes: Outcomes) -> StoppedRun | None:
        for path in paths:
            pending = self._pending[path]
            target = self._targets[pending.container]
            names = self._live.setdefault(target, set())
            try:
                name = next(iter(words(pending.name)), "")
            except ShellRefused as refused:
                return StoppedRun(target, path, refused_by_shell(refused, path, deleted=True), len(self._pending) - 1)
            if name not in names:
                return StoppedRun(target, path, nothing_to_delete(target, name, path), len(self._pending) - 1)
            names.discard(name)
            outcomes.setdefault(target, {})[name] = None
        return None

    def _upload_everything(self, outcomes: Outcomes) -> StoppedRun | None:
        containers = sorted(self._versions, key=lambda each: byte_key(each.path))
        for container in containers:
            if container.kind is not Kind.ROLE:
                continue
            suffix = self._suffix(container.kind)
            matches = [path for path in self._within(container) if globbed(container, path) and path.endswith(suffix)]
            # the shell hands a pattern that matches nothing on as it is
            sent = arrange(matches, "byte") or [f"{container.path}/*{suffix}"]
            stopped = self._upload(container, [(path, path) for path in sent], outcomes)
            if stopped is not None:
                return stopped
        for container in containers:
            items = [path for path in self._within(container) if globbed(container, path)]
            if container.kind is Kind.DATA_BAG_ITEM and items:
                stopped = self._upload_named(container, [(path, path) for path in arrange(items, "byte")], outcomes)
                if stopped is not None:
                    return stopped
        return None

    def _within(self, container: Container) -> Iterator[str]:
        return (path for path in self._files if path.startswith(container.path + "/"))

    def _upload_modified(self, kind: Kind, outcomes: Outcomes) -> StoppedRun | None:
        suffix = self._suffix(kind)
        commands: dict[Container, list[tuple[str, str]]] = {}
        for path, (listed, container, name) in self._pending.items():
            if container.kind is kind and listed.after is not None:
                commands.setdefault(container, []).append((f"{container.path}/{name}{suffix}", path))
        containers = list(commands)
        if len(containers) > 1:
            containers.sort(key=lambda each: byte_key(each.path))
        for container in containers:
            arguments = commands[container]
            if len(arguments) > 1:
                arguments.sort(key=lambda each: byte_key(each[1]))
            stopped = self._upload_named(container, arguments, outcomes)
            if stopped is not None:
                return stopped
        return None

    def _upload_named(
        self, container: Container, arguments: Sequence[tuple[str, str]], outcomes: Outcomes
    ) -> StoppedRun | None:
        """Upload what the shell makes of these names, each with the path that it comes from."""
        sent: list[tuple[str, str]] = []
        for name, path in arguments:
            try:
                sent += [(found, path) for word in words(name) for found in self._expanded(container, word)]
            except ShellRefused as refused:
                problem = refused_by_shell(refused, path, deleted=False)
                return StoppedRun(self._targets[container], path, problem, len(arguments) - 1)
        return self._upload(container, sent, outcomes)

    def _expanded(self, container: Container, word: str) -> list[str]:
        if _PATTERN.search(word) is None:
            return [word]
        depth = word.count("/")
        return [
            path
            for path in arrange(self._within(container), "byte")
            if path.count("/") == depth and not layout.is_hidden(path) and fnmatchcase(path, word)
        ] or [word]

    def _upload(
        self, container: Container, arguments: Sequence[tuple[str, str]], outcomes: Outcomes
    ) -> StoppedRun | None:
        target = self._targets[container]
        for position, (path, source) in enumerate(arguments):
            unsent = len(arguments) - position - 1
            file = self._files.get(path)
            if file is None:
                assumed = self._role_type is None and container.kind is Kind.ROLE
                return StoppedRun(target, path, missing(path, source, assumed=assumed), unsent)
            declared = self._declarations.from_file(container.kind, path, file)
            problem = declared.refusal(path)
            if problem is not None:
                return StoppedRun(target, path, not_loaded(problem, path), unsent)
            for name in self._may_declare(target).get(path, ()) if declared.name is None else (declared.name,):
                self._live.setdefault(target, set()).add(name)
                outcomes.setdefault(target, {})[name] = (path, file)
        return None

    def _suffix(self, kind: Kind) -> str:
        if kind is Kind.DATA_BAG_ITEM or (self._role_type is None and not self._ruby):
            return ".json"
        return "." + (self._role_type or "rb")
