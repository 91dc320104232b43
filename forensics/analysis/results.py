"""What an examination yields: plain values that every output format is a function of.

Object ids are hexadecimal text, dates ISO 8601 text with the commit's own offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.chef.objects import Body, Value
    from forensics.history.model import Gap, Provenance
    from forensics.uploads.scenario import Scenario


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One content of one file."""

    path: str
    blob: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a live content came from: the file, and the commit whose upload put it there.

    ``path`` and ``blob`` are None for what no file of the repository gave.
    """

    path: str | None
    blob: str | None
    commit: str


@dataclass(frozen=True, slots=True)
class Shadow:
    """Two or more files of one container that declare one object, in every commit of the episode.

    ``canonical`` is the member whose stem is the object's name. ``first_commit`` and ``last_commit`` are the earliest
    and the latest by committer time and topology; ``commits`` counts those reachable from the revision in which
    exactly these files declare the object, ``first_parent_commits`` those on the first-parent line.
    ``contents_differ`` is None where an Unresolved value leaves it open. ``possible`` are the distinct contents that
    some order of upload could have made live.
    """

    id: str
    kind: str
    container: str
    name: str
    paths: tuple[str, ...]
    canonical: str | None
    first_commit: str
    first_date: str
    last_commit: str
    last_date: str
    commits: int
    first_parent_commits: int
    at_head: bool
    contents_differ: bool | None
    possible: tuple[FileVersion, ...]
    commit_ids: tuple[str, ...] = ()

    @property
    def object(self) -> str:
        """The object as people write it: ``role[base]``."""
        return object_text(self.kind, self.container, self.name)


ChangeValue: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One semantic difference between two contents: ``op`` is ``add``, ``remove`` or ``replace``.

    ``pointer`` is a JSON pointer into the content. Indexes of run-list entries that are removed count in the content
    before, of those added in the content after.
    """

    op: str
    pointer: str
    before: ChangeValue = None
    after: ChangeValue = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a divergence would have touched through run lists; ``nodes`` is None where the repository holds no nodes."""

    roles: tuple[str, ...]
    nodes: tuple[str, ...] | None
    environments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a divergence in which neither the live content nor the canonical file's changes."""

    from_commit: str
    from_date: str
    live: Source | None
    expected: Source | None
    changes: tuple[ValueChange, ...]
    recipes_added: Mapping[str, tuple[str, ...]]
    recipes_removed: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Divergence:
    """A stretch of the replayed history in which another file's content was live than the canonical file's.

    ``until_commit`` is the commit whose upload ended it, None if it lasts to the tip. ``reach`` is what it would have
    touched at its start, ``reach_at_tip`` what it touches now: None if it is over. ``phases`` has one entry for each
    change of content within the stretch; the first one's facts are also those of the divergence itself.
    """

    shadow: str
    scenario: str
    kind: str
    container: str
    name: str
    from_commit: str
    from_date: str
    until_commit: str | None
    until_date: str | None
    certainty: str
    reach: Reach
    phases: tuple[Phase, ...]
    reach_at_tip: Reach | None = None

    @property
    def object(self) -> str:
        """The object as people write it."""
        return object_text(self.kind, self.container, self.name)

    @property
    def live(self) -> Source | None:
        """What was live at the start."""
        return self.phases[0].live

    @property
    def expected(self) -> Source | None:
        """What the canonical file said at the start, or None where there is none."""
        return self.phases[0].expected

    @property
    def open(self) -> bool:
        """Whether it lasts to the tip."""
        return self.until_commit is None

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """What it would have touched at its start and, if it lasts, what it touches at the tip."""
        return (self.reach,) if self.reach_at_tip is None else (self.reach, self.reach_at_tip)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found. ``fingerprint`` stays the same when history is rewritten.

    ``line`` is where it stands in the first of ``paths``, counted from 1; None where it is about no one line.
    """

    rule: str
    severity: str
    object: str | None
    paths: tuple[str, ...]
    commit: str | None
    message: str
    fingerprint: str
    at_tip: bool = True
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ProblemRecord:
    """A file version that declares nothing, and why; ``first_commit`` is the first that holds it."""

    path: str
    blob: str | None
    first_commit: str
    kind: str
    message: str
    line: int | None
    at_head: bool


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What was examined and how complete it was; ``full``: replays take side branches, too."""

    provenance: Provenance
    commits: int
    first_parent_commits: int
    gaps: tuple[Gap, ...]
    full: bool = False

    @property
    def extent(self) -> str:
        """How much was looked at, in words."""
        if self.full or self.first_parent_commits == self.commits:
            return f"{self.commits} commit{'s' if self.commits != 1 else ''} examined and replayed"
        return f"{self.commits} commits examined, the {self.first_parent_commits} of the first-parent line replayed"

    @property
    def complete(self) -> bool:
        """Whether everything that was looked for could be read."""
        return not self.gaps


@dataclass(frozen=True, slots=True)
class ShadowScan:
    """The shadows of a history, without any replay."""

    evidence: EvidenceSummary
    shadows: tuple[Shadow, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole examination.

    ``shadows`` and ``divergences`` are facts, all of them. ``findings`` is what is to be told of them; ``suppressed``
    what the configuration lets pass, ``stale_ignores`` its entries that match nothing or have expired.
    """

    evidence: EvidenceSummary
    head_date: str
    scenarios: tuple[Scenario, ...]
    shadows: tuple[Shadow, ...]
    divergences: tuple[Divergence, ...]
    findings: tuple[Finding, ...]
    problems: tuple[ProblemRecord, ...]
    commit_subjects: Mapping[str, CommitNote]
    suppressed: tuple[Suppression, ...] = ()
    stale_ignores: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitNote:
    """What people want to read beside a commit id: dates, author and subject."""

    date: str
    author_date: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One change of what was live: content, file or blob. ``content`` is None when the object ceased to be."""

    object: str
    kind: str
    container: str
    name: str
    scenario: str
    from_commit: str
    from_date: str
    path: str | None
    blob: str | None
    commit: str | None
    content: Body | None
    certainty: str = "exact"
    possible: tuple[TimelinePossibility, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelinePossibility:
    """One of the contents that a raced upload may have left; all None where it may have left nothing."""

    path: str | None
    blob: str | None
    content: Body | None


def object_text(kind: str, container: str, name: str) -> str:
    """An object as people write it: ``role[base]``, ``data_bag_item[users/alice]``."""
    if kind == "data_bag_item":
        return f"{kind}[{container.rpartition('/')[2]}/{name}]"
    return f"{kind}[{name}]"


@dataclass(frozen=True, slots=True)
class ObjectSource:
    """Where an object that a state is made of came from.

    ``basis`` is ``live`` for what the scenario uploaded, ``tree`` for a file of the commit's tree that stands in for an
    object of a kind which the scenario does not upload.
    """

    object: str
    basis: str
    source: Source


@dataclass(frozen=True, slots=True)
class Contributor:
    """What one role, environment or level of a node says of an attribute.

    ``level`` is one of ``chef.attributes.LEVELS``. ``path`` is where ``value`` stands: the attribute's, or that of the
    plain value that takes its place further up. ``wins`` tells whether the value or a part of it is in the merged
    one; None where an unresolved value leaves that open. ``source`` is None for run lists that are not resolved.
    """

    level: str
    object: str
    source: Source | None
    path: tuple[str, ...]
    value: Value
    wins: bool | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why an attribute has its value: everything that is said of it, the weakest first. ``found``: it has one."""

    path: tuple[str, ...]
    found: bool
    value: Value
    contributions: tuple[Contributor, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What one scenario had live of an object at a moment.

    ``source`` and ``content`` are None where nothing was live. ``basis`` is ``tree`` for a node that the scenario does
    not upload: then they are those of the file in the commit's tree. ``expanded`` holds, for a role or a node, what its
    run list leads to: recipes, roles, missing roles and merged attributes. ``without_automatic`` is a node's merged
    attributes but for what only Ohai says; ``why`` what was asked of single attributes, ``notes`` what to know about
    all this.
    """

    scenario: str
    container: str
    source: Source | None
    content: Body | None
    expanded: Mapping[str, Any] | None
    certainty: str = "exact"
    basis: str = "live"
    without_automatic: Value = None
    why: tuple[Why, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit in the history of an object: a file that declares it was ``added``, ``changed`` or ``removed``.

    ``unloadable`` is a file that is there and cannot be loaded any more; ``reason`` says why.
    """

    commit: str
    note: CommitNote
    path: str
    blob: str | None
    event: str
    changes: tuple[ValueChange, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """An entry of the configuration that lets matching findings pass; whatever it leaves out matches everything.

    ``expires`` is the last day on which it holds (ISO 8601), compared with the revision's committer date.
    """

    reason: str
    rule: str | None = None
    object: str | None = None
    path: str | None = None
    fingerprint: str | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding that an entry of the configuration lets pass."""

    finding: Finding
    ignore: Ignore
