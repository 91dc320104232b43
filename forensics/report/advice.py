"""What to type, and what not: the exact commands for an object of each kind."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

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


def decide_unclaimed(kind: str, name: str, canonical: Source, left: Unclaimed, reaches: Sequence[Reach]) -> str:
    """What to do about an object whose canonical file is gone, while another's content stayed live.

    Nothing is to be deleted that a run list names.
    """
    path = argument(canonical.path or "")
    back = f"bring {path} back (git checkout {canonical.commit[:12]} -- {path}) and upload it"
    if left.files:
        return f"decide what is meant: name {clean(left.files[0])} after the object, or {back}"
    named = [f"role[{each}]" for reach in reaches for each in reach.roles]
    named += [f"node[{each}]" for reach in reaches for each in (*(reach.nodes or ()), *reach.node_files)]
    if named:
        shown = ", ".join(clean(each) for each in list(dict.fromkeys(named))[:_FEW])
        more = f" and {len(set(named)) - _FEW} more" if len(set(named)) > _FEW else ""
        return f"no file declares it any more, but run lists lead to it, of {shown}{more}: mend these, or {back}"
    look = _LOOK.get(kind)
    if look is None:
        return f"no file declares it any more: look at what reads it, and {back} if anything does"
    return (
        f"no file declares it any more, and no run list known here leads to it: {look[0]} {argument(name)} takes it "
        f"off the server, once {look[1].format(argument(name))} finds no node that has it"
    )


def mend_first(paths: Iterable[str]) -> str:
    """What to do about files that stop the uploads, before anything else."""
    return f"mend {' and '.join(map(clean, paths))}, or take it out: Chef refuses it, and the upload stops there"


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
