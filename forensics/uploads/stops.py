"""Why a run of grocery-delivery ended, and what lets the next one get further, in words for whoever has to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef.objects import Kind, Problem

if TYPE_CHECKING:
    from forensics.uploads.shell import ShellRefused
    from forensics.uploads.target import Target

NOTHING_SINCE: Final = "no run gets past that, so that nothing committed since is live"
RENAMES_NOT_FOLLOWED: Final = "renames-not-followed"
"""The kind of the gap where it could not be told which deletion comes first."""
NOTHING_BEHIND: Final = "what a run sends before that goes live, nothing behind it does"


@dataclass(frozen=True, slots=True)
class Obstacle(Problem):
    """A problem that a run ends with, what that means for the others (``effect``), and what frees it (``remedy``)."""

    effect: str = NOTHING_BEHIND
    remedy: str = ""


class StoppedRun(NamedTuple):
    """What ended a run: the path, why, and how many other files did not go up."""

    target: Target
    path: str
    problem: Obstacle
    unsent: int


def nothing_to_delete(target: Target, name: str, path: str) -> Obstacle:
    """A deletion that the server refuses: the path is the one that was deleted."""
    if target.kind is Kind.ROLE:
        what, create, effect = f"role {name}", f"knife role create {name}", NOTHING_SINCE
    else:
        bag = target.label.bag
        what, create, effect = (
            f"item {name} in the data bag {bag}",
            f"knife data bag create {bag} {name}",
            NOTHING_BEHIND,
        )
    return Obstacle(
        kind="delete-refused",
        message=f"the server has no {what} to delete",
        error_class="Net::HTTPClientException",
        stage="send",
        effect=effect,
        remedy=f"such an object on the server ({create}; the next run deletes it), or {path} back in the repository",
    )


def missing(path: str, source: str, *, assumed: bool) -> Obstacle:
    """An upload of a file that is not there, because another path changed.

    ``assumed`` is whether the extension of what is uploaded was not given, but told from what the directory holds.
    """
    if path == source:
        return Obstacle("missing-file", "there is no such file", "SystemExit(1)", remedy=f"a file {path}")
    message = f"{source} changed, and the file that is uploaded for it does not exist"
    if assumed:
        message += f" (if its role_type is {path.rpartition('.')[2]}, as what lies there suggests)"
    remedy = f"{source} out of the repository again, or a file {path}"
    return Obstacle("missing-file", message, "SystemExit(1)", remedy=remedy)


def refused_by_shell(refused: ShellRefused, path: str, *, deleted: bool) -> Obstacle:
    """A name out of which the shell makes another command, or none."""
    return Obstacle(
        "shell",
        f"the name goes to /bin/sh without quotes, which says: {refused}",
        "SystemExit(2)",
        effect=NOTHING_SINCE if deleted else NOTHING_BEHIND,
        remedy=f"{path} back as it was" if deleted else "another name for the file",
    )


def not_loaded(problem: Problem, path: str) -> Obstacle:
    """A file that Chef refuses."""
    return _obstacle(problem, NOTHING_BEHIND, f"{path} mended, or out of the repository")


def cookbook_refused(problem: Problem, path: str) -> Obstacle:
    """A cookbook that Chef refuses; the path is that of its metadata."""
    return _obstacle(problem, NOTHING_SINCE, f"{path} mended")


def _obstacle(problem: Problem, effect: str, remedy: str) -> Obstacle:
    return Obstacle(
        kind=problem.kind,
        message=f"{problem.error_class}: {problem.message}",
        error_class=problem.error_class,
        line=problem.line,
        stage=problem.stage,
        effect=effect,
        remedy=remedy,
    )
