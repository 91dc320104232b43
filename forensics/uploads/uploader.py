"""What every way of uploading says of itself; each is an object in a module of its own, listed in ``uploaders``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from forensics.chef.objects import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from forensics.chef.objects import Body
    from forensics.history.model import File
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.steps import MayDeclare, Step
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Timeline

    Steps: TypeAlias = Mapping[Target, tuple[Step, ...]]


class Run(Protocol):
    """The uploads to one target: takes its steps one by one and records in its timelines what becomes live."""

    def step(self, step: Step) -> None:
        """Upload what the scenarios upload at this commit."""


def from_file_request(declarations: Declarations, kind: Kind, path: str, file: File) -> Body | Problem | None:
    """What ``knife ... from file`` sends of a file: see ``Uploader.request``."""
    declared = declarations.from_file(kind, path, file)
    return declared.problem or declared.body


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uploader:
    """A way of uploading.

    ``name`` is the word for it in scenarios, in configurations and in results. ``identity`` says what tells an object.
    ``kinds`` are the kinds of objects that it uploads: of others it says nothing. ``request`` gives the body that is
    sent of a file, why it is refused, or None where only its content or running it could tell. ``after_abort`` says
    what nobody can tell once an upload stopped in the middle, for the messages about that; empty if all is known.
    ``checkpoint`` is the file in which it keeps the commit from which the next run starts, and which a run that fails
    leaves as it was; empty if each upload stands for itself.
    """

    name: str
    identity: str
    kinds: frozenset[Kind] = frozenset(Kind)
    request: Callable[[Declarations, Kind, str, File], Body | Problem | None] = from_file_request
    after_abort: str = ""
    checkpoint: str = ""

    def body(self, declarations: Declarations, kind: Kind, path: str, file: File) -> Body | None:
        """What is sent of a file, or None if nothing is."""
        sent = self.request(declarations, kind, path, file)
        return None if isinstance(sent, Problem) else sent


class Deliver(Protocol):
    """What is found out for all targets at once."""

    def __call__(
        self,
        history: History,
        declarations: Declarations,
        targets: Sequence[Target],
        line: Sequence[int],
        steps: Steps,
        scenarios: Sequence[Scenario],
        may_declare: Callable[[Target], MayDeclare],
        /,
    ) -> Steps:
        """The given steps, with what the uploader does at them and wherever else it does something.

        ``targets`` are all of the history, whether steps of them are given or not. ``may_declare`` gives for each
        what its files may declare of which that cannot be told.
        """


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineUploader(Uploader):
    """An uploader that runs at each commit of the replayed line.

    ``start`` gives what carries out the uploads of timelines, all of one target and of the same objects: one run or
    several; whatever the timelines have in common it may find out once. With ``every_object`` the uploader has to know
    of all objects even where the changes of some only are wanted. ``scopes`` are those that a configuration may give a
    scenario of this uploader. ``deliver`` gives the steps of targets with what the uploader does at each under some
    scenarios, where that takes all targets of a history at once.
    """

    start: Callable[[Sequence[Timeline], Declarations], Sequence[Run]]
    every_object: bool = False
    scopes: tuple[str, ...] = ("all", "changed")
    deliver: Deliver | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListUploader(Uploader):
    """An uploader that does what a list says, with whichever commits that names.

    ``replay`` runs the list and gives for each target the steps, one for each entry, and the timeline.
    """

    replay: Callable[
        [History, Declarations, Sequence[Target], Sequence[GivenCommand]], list[tuple[tuple[Step, ...], Timeline]]
    ]


def one_each(run: Callable[[Timeline, Declarations], Run]) -> Callable[[Sequence[Timeline], Declarations], list[Run]]:
    """The start of an uploader whose timelines have nothing in common: a run for each."""
    return lambda timelines, declarations: [run(timeline, declarations) for timeline in timelines]
