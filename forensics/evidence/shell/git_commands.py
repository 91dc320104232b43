"""What git commands do to the commit that a clone stands at.

A pull is taken to succeed, and to bring what the first-parent line had by then, give or take the clocks' difference.
Where the words do not say which commit is meant, every one that there was by then is possible.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.evidence.shell.work_tree import location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.evidence.shell.commits import Candidates, ClonePoints
    from forensics.evidence.shell.state import ShellState
    from forensics.evidence.shell.work_tree import WorkTree

_HEX: Final = re.compile(r"[0-9a-fA-F]{7,40}")
_ABOVE: Final = re.compile(r"(HEAD|@|ORIG_HEAD)?((?:\^|~\d*)*)")
_LONGEST_EDIT: Final = 3600
_WITH_VALUE: Final = frozenset(
    {"-m", "-F", "-C", "-c", "-t", "--author", "--date", "-s", "-X", "--message", "--depth", "-j"}
)
_NEW_COMMITS: Final = frozenset({"commit", "revert", "cherry-pick", "am"})
_OTHERS: Final = (
    "pull",
    "merge",
    "rebase",
    "checkout",
    "switch",
    "reset",
    "clone",
    "fetch",
    "remote",
    "bisect",
    "stash",
)
_MOVES: Final = _NEW_COMMITS | {*_OTHERS, "clean", "restore", "rm", "mv"}


class GitCommand:
    """One git command that ran in a clone at some time."""

    def __init__(self, commits: ClonePoints, tree: WorkTree, state: ShellState, time: int | None, skew: int) -> None:
        self._commits = commits
        self._tree = tree
        self._state = state
        self._time = time
        self._skew = skew

    def run(self, arguments: Sequence[str]) -> None:
        """Do what it does."""
        words = list(arguments)
        cwd = self._state.cwd
        while words and words[0].startswith("-"):
            option = words.pop(0)
            if option == "-C" and words and cwd is not None:
                cwd = location(cwd, words.pop(0))
            elif option in ("-c", "--git-dir", "--work-tree") and words:
                words.pop(0)
        if not words or words[0] not in _MOVES or cwd is None:
            return
        if words[0] != "clone" and self._tree.inside(cwd, directory=True) is None:
            return
        self._dispatch(words[0], words[1:])

    def _dispatch(self, verb: str, words: list[str]) -> None:  # noqa: C901 (a case for each verb)
        state = self._state
        options, others = _split(words)
        if verb == "clone":
            state.clone, state.changes = self._upstream(self._time), frozenset()
        elif verb == "fetch" or (verb == "remote" and others[:1] == ["update"]):
            state.fetched = self._time
        elif verb == "pull":
            state.fetched = self._time
            state.clone = self._upstream(self._time) if self._is_examined(others[1:]) else None
        elif verb in ("merge", "rebase"):
            if verb == "rebase" or "--abort" in options:
                state.clone = None
            elif not others or others[0] == "FETCH_HEAD" or "/" in others[0]:
                state.clone = self._commit_of(others[0]) if others else self._upstream(state.fetched)
            else:
                state.clone = _joined(self._current(), self._commit_of(others[0]))
        elif verb in _NEW_COMMITS:
            self._committed()
        elif verb == "checkout":
            self._check_out(words, options, others)
        elif verb == "switch":
            self._switch(options & {"-c", "-C", "--create"}, others)
        elif verb == "reset":
            if options & {"--hard", "--merge", "--keep"}:
                state.changes = frozenset(change for change in state.changes if change[1] == "+")
            if others and not self._are_files(others):
                state.clone = self._commit_of(others[0])
        elif verb == "bisect" and others[:1] != ["log"]:
            state.clone = None
        elif verb in ("stash", "clean"):
            state.changes = frozenset()
        elif verb in ("restore", "rm", "mv"):
            self._files(verb, others)

    def _current(self) -> Candidates:
        return self._state.clone if self._state.clone is not None else self._by_now()

    def _by_now(self) -> Candidates:
        return self._commits.by(None if self._time is None else self._time + self._skew)

    def _upstream(self, time: int | None) -> Candidates | None:
        if time is None:
            clone = self._state.clone
            return None if clone is None else self._commits.from_on(clone)
        return self._commits.tips(time, self._skew)

    def _is_examined(self, branches: Sequence[str]) -> bool:
        return all(branch in self._commits.branches for branch in branches)

    def _committed(self) -> None:
        state = self._state
        state.changes = frozenset()
        if self._time is None:
            state.clone = None
            return
        found = self._commits.between(self._time - self._skew, self._time + _LONGEST_EDIT)
        # a commit that was made anew later, or never left the clone, is not here
        state.clone = _joined(found, self._current()) if found.members else None

    def _check_out(self, words: list[str], options: set[str], others: list[str]) -> None:
        state = self._state
        if options & {"-b", "-B", "--orphan"}:
            self._switch(options, others)
            return
        if "--" in words:
            at = words.index("--")
            files = [*words[at + 1 :]]
            if files:
                self._restored(files, from_commit=bool(_split(words[:at])[1]))
                return
        if others and (self._are_files(others) or len(others) > 1):
            self._restored(others, from_commit=not self._are_files(others[:1]))
            return
        if others:
            self._switch(set(), others)
        if options & {"-f", "--force"}:
            state.changes = frozenset(change for change in state.changes if change[1] == "+")

    def _switch(self, new: set[str], others: list[str]) -> None:
        state = self._state
        if not others:
            return
        name = others[0]
        left, state.branches = state.branch, {**state.branches, state.branch: state.clone}
        state.branches["-"] = state.clone
        if new:
            if len(others) > 1:
                state.clone = self._commit_of(others[1])
            state.branch = name
        elif name == "-":
            state.clone = state.branches["-"] if left else None
            state.branch = ""
        elif name in state.branches:
            state.clone = state.branches[name]
            state.branch = name
        else:
            state.clone = self._commit_of(name)
            state.branch = name

    def _commit_of(self, name: str) -> Candidates | None:
        """The commits that a name can have meant."""
        if _HEX.fullmatch(name):
            return self._commits.named(name)
        remote, slash, branch = name.partition("/")
        if slash and remote in ("origin", "upstream") and branch in self._commits.branches:
            return self._upstream(self._state.fetched)
        if name == "FETCH_HEAD":
            return self._upstream(self._state.fetched)
        if (above := _ABOVE.fullmatch(name)) and above[1] in ("HEAD", "@"):
            generations = sum(int(each[1:] or 1) if each[0] == "~" else 1 for each in re.findall(r"\^|~\d*", above[2]))
            return self._commits.parents(self._current(), generations)
        return None

    def _are_files(self, words: Sequence[str]) -> bool:
        cwd = self._state.cwd
        if cwd is None:
            return False
        places = [self._tree.inside(location(cwd, word)) for word in words]
        return all(place is not None and self._tree.kind(place) is not None for place in places)

    def _restored(self, files: Sequence[str], *, from_commit: bool) -> None:
        places = [place for file in files if (place := location(self._state.cwd or "", file)) is not None]
        kept = (
            change
            for change in self._state.changes
            if not any(change[0] == place or change[0].startswith(f"{place}/") or not place for place in places)
        )
        self._state.changes = frozenset(kept)
        if from_commit:
            self._state.changes |= {(place, "~") for place in places}

    def _files(self, verb: str, files: list[str]) -> None:
        if verb == "restore":
            self._restored(files, from_commit=False)
            return
        for file in files if verb == "rm" else files[:-1]:
            self._state.changed(location(self._state.cwd or "", file), "-")
        if verb == "mv" and files:
            self._state.changed(location(self._state.cwd or "", files[-1]), "+")


def _split(words: Sequence[str]) -> tuple[set[str], list[str]]:
    options: set[str] = set()
    others: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and word != "-":
            options.add(word.partition("=")[0])
            skip = word in _WITH_VALUE
        else:
            others.append(word)
    return options, others


def _joined(one: Candidates | None, two: Candidates | None) -> Candidates | None:
    if one is None or two is None or one.members is None or two.members is None:
        return None
    return one._replace(members=tuple(sorted({*one.members, *two.members})))
