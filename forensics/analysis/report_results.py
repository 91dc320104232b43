"""What a report yields beyond a scan: the stories of shadowed objects, and how it differs from an earlier report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forensics.analysis.results import object_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.results import CommitNote, Finding, Ignore, Scan, Suppression
    from forensics.chef.objects import Body


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the replay in which one content of an object was live under one scenario.

    ``path`` and ``blob`` are None where nothing was live, or where no file of the repository gave the content; ``live``
    tells these apart. ``until_commit`` is None if it lasts to the tip. ``diverges``: the canonical file says something
    else in a part of it.
    """

    from_commit: str
    from_date: str
    until_commit: str | None
    until_date: str | None
    live: bool
    path: str | None
    blob: str | None
    certainty: str
    diverges: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """What was live of one object under one scenario, from the first upload to the tip; spans follow one another."""

    scenario: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit of the replayed line at which a file began (``added``), changed or ceased (``removed``) to declare.

    ``unloadable`` is a file that is there and cannot be loaded any more.
    """

    commit: str
    date: str
    path: str
    blob: str | None
    event: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one version of a file says of an object, as knife would send it (``chef.wire.content``)."""

    path: str
    blob: str
    content: Body


@dataclass(frozen=True, slots=True)
class ObjectStory:
    """Everything that is known about one object which several files declared.

    ``paths`` are all files that ever declared it, in byte order, ``at_tip`` those that do at the revision's tip;
    ``canonical`` is the one among ``paths`` whose stem is the name. ``shadows`` are the ids of its shadows. There is
    one lane for each scenario asked for, in their order. ``contents`` has each version once that a lane, a touch or a
    divergence names. ``name_lines`` are the lines, counted from 1, on which the files at the tip give the name, as far
    as that is plain to see.
    """

    kind: str
    container: str
    name: str
    paths: tuple[str, ...]
    at_tip: tuple[str, ...]
    canonical: str | None
    shadows: tuple[str, ...]
    lanes: tuple[Lane, ...]
    touches: tuple[Touch, ...]
    contents: tuple[FileContent, ...]
    name_lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def object(self) -> str:
        """The object as people write it."""
        return object_text(self.kind, self.container, self.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the findings differ from those of an earlier report.

    ``head`` and ``head_date`` say what that one examined. ``new`` are the fingerprints of findings that it has not,
    ``worse`` of those that it has but that are true at the tip only now, or of another file's content that is live
    under more scenarios now; ``gone`` are those that only it has, or that were true at its tip and no longer are.
    ``commits`` counts the commits that came since, None where the earlier head is not among those examined.
    ``remarks`` are whole sentences about what makes the two hard to compare: a rebase, other options.
    """

    head: str
    head_date: str | None
    new: frozenset[str]
    worse: frozenset[str]
    gone: tuple[Finding, ...]
    commits: int | None = None
    remarks: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is new, worse or gone."""
        return bool(self.new or self.worse or self.gone)

    def mark(self, fingerprint: str) -> str:
        """``new``, ``worse`` or ``known``: what the earlier report makes of a finding."""
        if fingerprint in self.new:
            return "new"
        return "worse" if fingerprint in self.worse else "known"


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result for people and machines that were not there: what ``report`` prints.

    ``notes`` has every commit that the stories name. ``asked`` are the options that narrow or widen the examination, as
    people write them. ``baseline`` compares with the report that ``--baseline`` or ``--since-last`` names; ``first``
    says that ``--since-last`` names none yet, so that this is the first. ``repository_uri`` is where others find the
    repository, if somebody said so.
    """

    scan: Scan
    stories: tuple[ObjectStory, ...]
    notes: Mapping[str, CommitNote]
    asked: Mapping[str, str] = field(default_factory=dict)
    baseline: Comparison | None = None
    first: bool = False
    repository_uri: str | None = None

    @property
    def suppressed(self) -> tuple[Suppression, ...]:
        """The findings that the configuration lets pass, with its reasons."""
        return self.scan.suppressed

    @property
    def stale_ignores(self) -> tuple[Ignore, ...]:
        """The entries of the configuration that match nothing or have expired."""
        return self.scan.stale_ignores
