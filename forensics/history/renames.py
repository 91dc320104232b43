"""Which deleted file ``git diff`` takes for renamed, and to where: git's own detection, as it is by default.

Mirrors git's diffcore-rename.c and diffcore-delta.c (2.39): files of the same content first, then files whose name is
unique on both sides and that are three quarters alike, then whatever is half alike, best first. Only files are told by
likeness; of links, the same target is needed.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, TypeVar

import pygit2

from forensics.history.listing import NO_FILES, sides
from forensics.history.model import as_bytes
from forensics.history.store import BLOB

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from forensics.history.listing import Side
    from forensics.history.model import ObjectId
    from forensics.history.store import ObjectStore
    from forensics.history.trees import TreeReader

_MOST_SCORE: Final = 60_000
_LEAST_SCORE: Final = 30_000
_LEAST_SCORE_OF_NAMESAKES: Final = 45_000
_MOST_ALIKE: Final = 100  # files of one content that git looks at before it takes the best so far
_CANDIDATES: Final = 4  # that it remembers for each new file
_LIMIT: Final = 1000  # diff.renameLimit
_NEAR_SCORE: Final = 27_000  # from here on, git's hashes decide: two chunks may have one
_MOST_PAIRS: Final = 200_000  # of contents that are compared here, in all
_LARGEST: Final = 1 << 20  # bytes: nobody's role is larger
_HASH_BASE: Final = 107_927
_LONGEST_CHUNK: Final = 64
_LOOKED_AT_FOR_NUL: Final = 8000
_WORD: Final = 0xFFFF_FFFF
_WIDE: Final = 0xFFFF_FFFF_FFFF_FFFF

_Chunk = TypeVar("_Chunk", bytes, int)


class RenamesUnknown(Exception):  # noqa: N818 (named for what is known)
    """A content is missing, or more of them would have to be compared than is worth it."""


class Renames:
    """Follows a range of trees that grows at its end, and tells of deleted paths whether git shows them as renamed.

    Cost follows what changes: each step of the end is compared with the one before, each content is cut up once, and
    only files that could be pairs with those asked for, or compete with them, are compared.
    """

    def __init__(self, trees: TreeReader) -> None:
        self._trees = trees
        self._likeness = _Likeness(trees.store)
        self._start: ObjectId | None = None
        self._end: ObjectId | None = None
        self._was: dict[str, Side | None] = {}
        self._deleted: dict[str, Side] = {}
        self._added: dict[str, Side] = {}
        self._answered: tuple[tuple[str, ...], dict[str, str]] = ((), {})
        self._last: tuple[dict[str, str], dict[str, Side], dict[str, str]] = ({}, {}, {})

    def renamed(self, start: ObjectId, end: ObjectId, wanted: Iterable[str]) -> dict[str, str]:
        """The new paths of those deleted paths, among ``wanted``, that git shows as renamed between two trees.

        Raises:
            RenamesUnknown: it cannot be told.
        """
        asked = tuple(wanted)
        if self._move(start, end) or asked != self._answered[0]:
            self._answered = (), {}
            self._answered = asked, self._found(asked)
        return self._answered[1]

    def _found(self, wanted: tuple[str, ...]) -> dict[str, str]:
        sources, targets = dict(self._deleted), dict(self._added)
        found = _same_content(sources, targets)
        _leave_out(found, sources, targets)
        new_kept, old_kept = self._related(wanted, sources, targets)
        pairs = len(sources) * len(targets)
        if not new_kept and pairs <= _LIMIT * _LIMIT:
            return found  # as nearly always
        related = {path: sources[path] for path in old_kept} | {path: targets[path] for path in new_kept}
        if pairs <= _LIMIT * _LIMIT and (found, related) == self._last[:2]:
            return self._last[2]
        answer, tied = self._matched(dict(found), new_kept, sources, targets)
        if not tied:
            self._last = found, related, answer
        return answer

    def _matched(
        self, found: dict[str, str], new_kept: set[str], sources: dict[str, Side], targets: dict[str, Side]
    ) -> tuple[dict[str, str], bool]:
        """What git makes of files that are not the same; and whether that may hang on files unlike those asked for."""
        by_name = self._alike_namesakes(sources, targets)
        found |= by_name
        _leave_out(by_name, sources, targets)
        if len(sources) * len(targets) > _LIMIT * _LIMIT:
            return found, True
        targets = {path: targets[path] for path in sorted(new_kept & targets.keys(), key=as_bytes)}
        alike, tied = _most_alike(_in_order(sources), targets, self._likeness)
        return found | alike, tied

    def _move(self, start: ObjectId, end: ObjectId) -> bool:
        """Go on to another end; tells whether paths were added or deleted on the way."""
        moved = False
        if start != self._start or self._end is None:
            self._start, self._was, self._deleted, self._added = start, {}, {}, {}
            self._end, moved = start, True
        before, after = sides(self._trees, "", self._end, end)
        for path in before.keys() | after.keys():
            was = self._was.setdefault(path, before.get(path))
            now = after.get(path)
            known = self._deleted.pop(path, None), self._added.pop(path, None)
            moved = moved or known != (None, None) or was is None or now is None
            if was is not None and now is None:
                self._deleted[path] = was
            elif was is None and now is not None:
                self._added[path] = now
        self._end = end
        return moved

    def _related(
        self, wanted: Iterable[str], sources: dict[str, Side], targets: dict[str, Side]
    ) -> tuple[set[str], set[str]]:
        """The new files that are half like one of those wanted, or like an old one that is like these; and the old."""
        likeness = self._likeness
        asked = [path for path in wanted if path in sources and sources[path].regular]
        likeness.know(targets.values(), [sources[path] for path in asked])
        old_found = {path for path in asked if likeness.may_have_pair(sources[path])}
        old_kept, new_kept = set(old_found), set[str]()
        if not old_found:
            return new_kept, old_kept  # as nearly always
        old_ids, new_ids = _contents(sources), _contents(targets)
        while old_found:
            alike = {oid for path in old_found for oid in likeness.targets_like(sources[path].oid, new_ids)}
            new_found = {path for path, side in targets.items() if side.oid in alike} - new_kept if alike else set()
            new_kept |= new_found
            alike = {oid for path in new_found for oid in likeness.sources_like(targets[path].oid, old_ids)}
            old_found = {path for path, side in sources.items() if side.oid in alike} - old_kept if alike else set()
            old_kept |= old_found
        return new_kept, old_kept

    def _alike_namesakes(self, sources: dict[str, Side], targets: dict[str, Side]) -> dict[str, str]:
        """Pairs whose name is unique on both sides."""
        new_by_name = _unique_names(targets)
        return {
            old: new
            for name, old in _unique_names(sources).items()
            if old is not None
            and (new := new_by_name.get(name)) is not None
            and sources[old].regular
            and targets[new].regular
            and self._likeness.score(sources[old].oid, targets[new].oid) >= _LEAST_SCORE_OF_NAMESAKES
        }


def _in_order(sides: dict[str, Side]) -> dict[str, Side]:
    return {path: sides[path] for path in sorted(sides, key=as_bytes)}


def _contents(sides: dict[str, Side]) -> set[ObjectId]:
    return {side.oid for side in sides.values() if side.mode not in NO_FILES}


def _leave_out(found: dict[str, str], sources: dict[str, Side], targets: dict[str, Side]) -> None:
    for old, new in found.items():
        del sources[old], targets[new]


def _same_content(sources: dict[str, Side], targets: dict[str, Side]) -> dict[str, str]:
    found: dict[str, str] = {}
    common = {side.oid for side in sources.values()} & {side.oid for side in targets.values()}
    holding: dict[ObjectId, list[str]] = {}
    for path in sorted([path for path, side in sources.items() if side.oid in common], key=as_bytes):
        holding.setdefault(sources[path].oid, []).append(path)
    for new in sorted([path for path, side in targets.items() if side.oid in common], key=as_bytes):
        target = targets[new]
        best, best_score = None, 0
        for old in holding[target.oid][:_MOST_ALIKE]:
            source = sources[old]
            if old in found or (source.mode != target.mode and not (source.regular and target.regular)):
                continue
            score = 1 + _same_basename(old, new)
            if score > best_score:
                best, best_score = old, score
        if best is not None:
            found[best] = new
    return found


def _unique_names(sides: dict[str, Side]) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for path in sides:
        name = path.rpartition("/")[2]
        names[name] = None if name in names else path
    return names


def _most_alike(sources: dict[str, Side], targets: dict[str, Side], likeness: _Likeness) -> tuple[dict[str, str], bool]:
    """The pairs; and whether files were equally like one: which of them is taken depends on all that were compared."""
    tied = False
    scored: list[tuple[int, bool, str, str]] = []
    for new, target in targets.items():
        best: list[tuple[int, bool, str, str]] = []
        worst = 0
        for old, source in sources.items():
            score = likeness.score(source.oid, target.oid) if source.regular and target.regular else 0
            candidate = (score, _same_basename(old, new), old, new)
            if len(best) < _CANDIDATES:
                best.append(candidate)
            elif best[worst][:2] < candidate[:2]:
                best[worst] = candidate
            else:
                continue
            worst = min(range(len(best)), key=[each[:2] for each in best].__getitem__)
        scored += best
        tied = tied or len({each[:2] for each in best if each[0]}) < sum(each[0] > 0 for each in best)
    scored.sort(key=lambda each: each[:2], reverse=True)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for score, _, old, new in scored:
        if score >= _LEAST_SCORE and new not in taken and old not in found:
            found[old] = new
            taken.add(new)
    return found, tied


def _same_basename(one: str, other: str) -> bool:
    return one.rpartition("/")[2] == other.rpartition("/")[2]


class _Likeness:
    """How much of one content is in another, by git's estimate; every content is read and cut up once."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._sizes: dict[ObjectId, int] = {}
        self._cut: dict[ObjectId, dict[bytes, int]] = {}
        self._hashes: dict[ObjectId, dict[int, int]] = {}
        self._scores: dict[tuple[ObjectId, ObjectId], int] = {}
        self._targets_like: dict[ObjectId, tuple[set[ObjectId], set[ObjectId]]] = {}
        self._sources_like: dict[ObjectId, tuple[set[ObjectId], set[ObjectId]]] = {}
        self._known: set[ObjectId] = set()
        self._sought: list[int] = []
        self._looked_at: set[ObjectId] = set()
        self._most: dict[bytes, int] = {}

    def know(self, targets: Iterable[Side], sources: Iterable[Side]) -> None:
        """Take note of contents that may turn out to be the pair of some source: none is twice as long, or half."""
        sizes = {self._size(side.oid) for side in sources}
        if not sizes.issubset(self._sought):
            self._sought, self._looked_at = sorted(sizes.union(self._sought)), set(self._known)
        sizes_sought, looked_at = self._sought, self._looked_at
        for side in [each for each in targets if each.oid not in looked_at]:
            if not side.regular:
                continue
            looked_at.add(side.oid)
            size = self._size(side.oid)
            nearest = bisect_left(sizes_sought, size / 2)
            if nearest == len(sizes_sought) or sizes_sought[nearest] > size * 2:
                continue
            self._known.add(side.oid)
            for chunk, length in self._chunks(side.oid).items():
                if length > self._most.get(chunk, 0):
                    self._most[chunk] = length

    def may_have_pair(self, source: Side) -> bool:
        """Whether any of the contents known can be half like this one; most are like none.

        Chunks are compared themselves here; git's hashes, of which there are a hundred thousand, take longer to find.
        """
        return _shared(self._chunks(source.oid), self._most) * _MOST_SCORE >= self._size(source.oid) * _NEAR_SCORE

    def targets_like(self, source: ObjectId, targets: AbstractSet[ObjectId]) -> set[ObjectId]:
        """Those contents of files that git may take for this one, renamed."""
        checked, alike = self._targets_like.setdefault(source, (set(), set()))
        alike.update([each for each in targets - checked if self.score(source, each) >= _LEAST_SCORE])
        checked |= targets
        return alike & targets

    def sources_like(self, target: ObjectId, sources: AbstractSet[ObjectId]) -> set[ObjectId]:
        """Those contents of files that git may take for what this one was."""
        checked, alike = self._sources_like.setdefault(target, (set(), set()))
        alike.update([each for each in sources - checked if self.score(each, target) >= _LEAST_SCORE])
        checked |= sources
        return alike & sources

    def score(self, source: ObjectId, target: ObjectId) -> int:
        """A score up to 60000 for two files; where sizes alone tell that it is too low for a pair, 0."""
        key = source, target
        known = self._scores.get(key)
        if known is None:
            if len(self._scores) >= _MOST_PAIRS:
                raise RenamesUnknown
            known = self._scores[key] = self._compare(*key)
        return known

    def _compare(self, source: ObjectId, target: ObjectId) -> int:
        one, other = self._size(source), self._size(target)
        longer, shorter = max(one, other), min(one, other)
        if not other or longer * (_MOST_SCORE - _LEAST_SCORE) < (longer - shorter) * _MOST_SCORE:
            return 0
        copied = _shared(self._chunks(source), self._chunks(target))
        if copied * _MOST_SCORE >= longer * _NEAR_SCORE:
            copied = _shared(self._hashed(source), self._hashed(target))
        return copied * _MOST_SCORE // longer

    def _chunks(self, oid: ObjectId) -> dict[bytes, int]:
        known = self._cut.get(oid)
        if known is None:
            content = self._store.read(oid, BLOB) if self._size(oid) <= _LARGEST else None
            if content is None:
                raise RenamesUnknown
            known = self._cut[oid] = cut_up(content)
        return known

    def _size(self, oid: ObjectId) -> int:
        known = self._sizes.get(oid)
        if known is None:
            try:
                known = self._sizes[oid] = self._store.size(oid)
            except (KeyError, ValueError, pygit2.GitError):
                raise RenamesUnknown from None
        return known

    def _hashed(self, oid: ObjectId) -> dict[int, int]:
        known = self._hashes.get(oid)
        if known is None:
            known = self._hashes[oid] = {}
            for chunk, length in self._chunks(oid).items():
                value = hashed(chunk)
                known[value] = known.get(value, 0) + length
        return known


def _shared(before: dict[_Chunk, int], after: dict[_Chunk, int]) -> int:
    """How many bytes stand in chunks that both contents have."""
    return sum([min(length, after[chunk]) for chunk, length in before.items() if chunk in after])


def cut_up(content: bytes) -> dict[bytes, int]:
    """How many bytes stand in each chunk: lines, cut after 64 bytes; what no newline ends is left out."""
    if b"\0" not in content[:_LOOKED_AT_FOR_NUL]:
        content = content.replace(b"\r\n", b"\n")
    found: dict[bytes, int] = {}
    lines = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        rest = line + b"\n" if number < len(lines) else line[: len(line) // _LONGEST_CHUNK * _LONGEST_CHUNK]
        while rest:
            chunk, rest = rest[:_LONGEST_CHUNK], rest[_LONGEST_CHUNK:]
            found[chunk] = found.get(chunk, 0) + len(chunk)
    return found


def hashed(chunk: bytes) -> int:
    """Git's hash of a chunk."""
    value = 0  # git's two halves side by side: the lower takes the bytes up
    for byte in chunk:
        value = (value << 7 & _WIDE) | value >> 57
        value = (value & ~_WORD) | (value + byte & _WORD)
    return ((value & _WORD) + (value >> 32) * 0x61 & _WORD) % _HASH_BASE
