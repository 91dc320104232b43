"""What to type, and what not: the exact commands for an object of each kind."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef import layout
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.analysis.results import Reach, Source, Unclaimed

_FEW: Final = 4
_LOOK: Final = {
    "role": ("knife role delete", "knife search node roles:{}"),
    "environment": ("knife environment delete", "knife search node chef_environment:{}"),
}
_COMMAND: Final = {
    "role": "knife role from file",
    "environment": "knife environment from file",
    "node": "knife node from file",
}


class Advice(NamedTuple):
    """What to type, and what not.

    ``do`` is the command that puts the right content back, None where it is live, and where nobody can say which file
    is right: then ``decide`` says so, in words. ``remove`` is the command that ends the shadow and leaves the canonical
    file, None where no copy is left; ``avoid`` are the commands that the replay shows to make a copy live, or perhaps.
    ``first`` is what to mend before, in words.
    """

    do: str | None
    decide: str | None
    remove: str | None
    avoid: tuple[str, ...]
    first: str | None = None


def from_file(kind: str, container: str, arguments: Sequence[str]) -> str:
    """``knife ... from file`` with these files."""
    verb = _COMMAND.get(kind) or f"knife data bag from file {clean(shlex.quote(container.rpartition('/')[2]))}"
    return f"{verb} {' '.join(map(argument, arguments))}"


def argument(path: str) -> str:
    """A path as a word of a command line: quoted where the shell would take it for more, never an option."""
    return clean(shlex.quote(f"./{path}" if path.startswith("-") else path))


def safe_command(kind: str, path: str) -> str:
    """The command that makes the canonical file's content live again, whatever went up before."""
    return from_file(kind, path.rpartition("/")[0], [path])


def glob(kind: str, directory: str) -> str:
    """The command with all files of a directory."""
    return f"{from_file(kind, directory, []).rstrip()} {argument(directory)}/*"


def decide_unclaimed(
    kind: str, name: str, canonical: Source, left: Unclaimed, reaches: Sequence[Reach], *, gone: bool
) -> str:
    """What to do about an object whose canonical file is gone, while another's content stayed live.

    Nothing is to be deleted that a run list names, or that a file may declare (``gone`` is whether none does).
    """
    path = argument(canonical.path or "")
    back = f"bring {path} back (git checkout {canonical.commit[:12]} -- {path}) and upload it"
    if left.files:
        return f"decide what is meant: name {clean(left.files[0])} after the object, or {back}"
    if not gone:
        return f"find out whether a file that was not examined declares it; if none does, {back}"
    named = [f"role[{each}]" for reach in reaches for each in reach.roles]
    named += [f"node[{each}]" for reach in reaches for each in (*(reach.nodes or ()), *reach.node_files)]
    if named:
        shown = ", ".join(clean(each) for each in list(dict.fromkeys(named))[:_FEW])
        more = f" and {len(set(named)) - _FEW} more" if len(set(named)) > _FEW else ""
        lead = "run lists lead to it, of" if kind == "role" else "it is named by"
        return f"no file declares it any more, but {lead} {shown}{more}: mend these, or {back}"
    look = _LOOK.get(kind)
    if look is None:
        return f"no file declares it any more: look at what reads it, and {back} if anything does"
    unnamed = "run list known here leads to it" if kind == "role" else "node known here is in it"
    return (
        f"no file declares it any more, and no {unnamed}: {look[0]} {argument(name)} takes it "
        f"off the server, once {look[1].format(argument(name))} finds no node that has it"
    )


def mend_first(paths: Iterable[str]) -> str:
    """What to do about files that stop the uploads, before anything else."""
    return f"mend {' and '.join(map(clean, paths))}, or take it out: Chef refuses it, and the upload stops there"


def look_up(kind: str, container: str, name: str) -> str:
    """The command that shows what a server has of an object."""
    if kind == "data_bag_item":
        return f"knife data bag show {argument(layout.basename(container))} {argument(name)}"
    return f"knife {kind} show {argument(name)}"


def what_was_done(description: str, kind: str | None, directory: str | None) -> str:
    """The description of a scenario with the command for a kind: they are written for roles.

    ``kind`` and ``directory`` are None where it is about several.
    """
    verb = "knife ... from file" if kind is None else from_file(kind, directory or "BAG", []).rstrip()
    where = "DIR" if directory is None else argument(directory)
    return description.replace("knife role from file roles/*", f"{verb} {where}/*").replace(
        "knife role from file", verb
    )


def several_stems(name: str, paths: Sequence[str]) -> bool:
    """Whether several of an object's files are called after it, so that none is the canonical one by itself."""
    return sum(layout.stem(path) == name for path in paths) > 1


def decide(name: str, paths: Sequence[str]) -> str:
    """What to do about files none of which is the canonical one."""
    if several_stems(name, paths):
        settle = "decide which file is meant ([[server]] canonical in forensics.toml can say it)"
    else:
        settle = "decide which file is meant, and name it after the object"
    return f"{settle}; keep that one, and remove the others or give them names of their own"
