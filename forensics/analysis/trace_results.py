"""What a trace yields: plain values that every output format is a function of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.results import CommitNote, EvidenceSummary, ValueChange


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the first-parent line: its first commit, and the first after it (None: it lasts to the tip)."""

    from_commit: str
    from_date: str
    until_commit: str | None
    until_date: str | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """One way in which a file carries what is traced, and all commits in which it does.

    ``kind``, ``container`` and ``name`` say what the file declares; a cookbook's recipe has the kind ``recipe`` and its
    cookbook's directory as container. ``where`` is ``run_list``, ``env_run_lists``, ``include_recipe`` or a level of
    attributes, ``environment`` whose list it is. ``item`` is what stands there; ``through`` what lies between that and
    what is traced, at the last of the commits. ``carriage`` is ``direct``, ``include`` (a recipe there includes it) or
    ``nested`` (through a role). ``shadows`` are the shadows of the object that ever held the file; ``canonical`` is
    whether the file's stem is the object's name. ``stretches`` are on the first-parent line; a side branch alone gives
    none.
    """

    kind: str
    container: str
    name: str
    path: str
    where: str
    environment: str | None
    item: str
    carriage: str
    through: tuple[str, ...]
    canonical: bool
    shadows: tuple[str, ...]
    shadowed_at_head: bool
    commits: int
    first_commit: str
    first_date: str
    last_commit: str
    last_date: str
    at_head: bool
    stretches: tuple[Stretch, ...]
    values: tuple[ValueChange, ...] = ()

    @property
    def object(self) -> str:
        """The object as people write it."""
        return f"{self.kind}[{self.name}]"

    @property
    def names(self) -> bool:
        """Whether the file itself names it or a recipe that includes it, and not only a role."""
        return self.carriage != "nested" and self.kind != "recipe"


@dataclass(frozen=True, slots=True)
class LiveStretch:
    """A stretch of a replay in which a live object's own content carried what is traced.

    ``path`` is the file whose content was live (None: a command gave it), ``items`` what in it carried. ``roles`` led
    to the object, ``nodes`` (None where the chef-repo keeps none) reached it, in ``environments``: each at some time in
    the stretch. ``certainty`` is ``race`` where an aborted upload leaves it open whether this content was live.
    """

    scenario: str
    kind: str
    container: str
    name: str
    path: str | None
    items: tuple[str, ...]
    certainty: str
    from_commit: str
    from_date: str
    until_commit: str | None
    until_date: str | None
    roles: tuple[str, ...]
    nodes: tuple[str, ...] | None
    environments: tuple[str, ...]

    @property
    def object(self) -> str:
        """The object as people write it."""
        return f"{self.kind}[{self.name}]"


@dataclass(frozen=True, slots=True)
class RecipeFileLife:
    """A recipe's file and the stretches of the first-parent line in which it is there."""

    path: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """A commit that removed a recipe's last file: it is there in every parent."""

    path: str
    commit: str
    date: str


@dataclass(frozen=True, slots=True)
class RecipeLife:
    """What became of a recipe's file; ``cookbook_at_head`` is whether its cookbook is still in the repository."""

    name: str
    exists_at_head: bool
    cookbook_at_head: bool
    files: tuple[RecipeFileLife, ...]
    removals: tuple[Removal, ...]


@dataclass(frozen=True, slots=True)
class Sole:
    """The only file at the tip that names what is traced, and since when it has been that."""

    path: str
    since_commit: str
    since_date: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A place that only running the file could tell: it may name what is traced."""

    path: str
    kind: str
    source: str
    line: int
    first_commit: str
    at_head: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything through which a recipe, role or attribute could have reached a node.

    ``live_at_head`` are the scenarios under which something live carries it at the tip, ``visible_at_head`` whether a
    file at the tip does that is no shadowed copy.
    """

    evidence: EvidenceSummary
    subject: str
    scenarios: tuple[str, ...]
    carriers: tuple[Carrier, ...]
    live: tuple[LiveStretch, ...]
    recipe: RecipeLife | None
    sole: Sole | None
    visible_at_head: bool
    live_at_head: tuple[str, ...]
    unresolved: tuple[Unknown, ...]
    notes: Mapping[str, CommitNote] = field(default_factory=dict)
