"""What a knife command does to a server's objects, as far as its words tell."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from forensics.uploads.knife.command import VERBS
from forensics.uploads.knife.command_line import parse
from forensics.uploads.knife.outcome import CommandNotUnderstood

if TYPE_CHECKING:
    from collections.abc import Sequence


class Effect(Enum):
    """What a command does to roles, environments, nodes and data bags."""

    UPLOAD = "upload"
    BY_HAND = "by-hand"
    NONE = "none"
    UNKNOWN = "unknown"


_FROM_FILE: Final = tuple(f"{kind} from file" for kind in ("role", "environment", "node", "data bag"))
_UPLOADS: Final = (*_FROM_FILE, "upload", *(f"spork {verb}" for verb in _FROM_FILE))
_BY_HAND: Final = (
    *(f"{kind} {act}" for kind in ("role", "environment", "node", "data bag") for act in ("create", "delete", "edit")),
    *(f"{kind} bulk delete" for kind in ("role", "node")),
    *(
        f"role {which} {act}"
        for which in ("run_list", "env_run_list")
        for act in ("add", "remove", "replace", "set", "clear")
    ),
    *(f"node run_list {act}" for act in ("add", "remove", "set")),
    *(f"node {what} set" for what in ("environment", "policy")),
    *(f"tag {act}" for act in ("create", "delete")),
    *(f"vault {act}" for act in ("create", "update", "delete", "edit", "remove", "refresh", "rotate", "isvault")),
    *("delete", "edit", "raw", "exec", "bootstrap", "xargs", "flip", "set environment", "apply"),
    *(
        f"spork {act}"
        for act in ("promote", "role edit", "node edit", "environment edit", "data bag edit", "role create")
    ),
    *(f"node {act}" for act in ("attribute set", "editattrs")),
    *("backup restore", "spork omni"),
)
"""What changes objects to something that no file of the repository has, or that its words do not tell."""

_NONE: Final = (
    *(f"{kind} {look}" for kind in ("role", "environment", "node", "data bag") for look in ("show", "list")),
    *("list", "show", "download", "search", "status", "cookbook", "client", "user", "config", "ssl", "deps", "diff"),
    *(
        "ssh",
        "environment compare",
        "index",
        "configure",
        "help",
        "serve",
        "supermarket",
        "rehash",
        "recipe",
        "tag list",
    ),
    *(
        "winrm",
        "acl",
        "group",
        "acl",
        "opc",
        "org",
        "spork check",
        "spork bump",
        "spork upload",
        "spork info",
        "vault show",
    ),
    *(
        "vault list",
        "backup export",
        "block",
        "ec",
        "ec2",
        "opc",
        "null",
        "policy",
        "lastrun",
        "node status",
        "solo",
        "zero",
    ),
    *(
        "node policy show",
        "vault download",
        "vault isvault",
        "key",
        "doctor",
        "openssl",
        "windows",
        "briefcase",
        "job",
        "--version",
    ),
    *(
        "spork omni list",
        "art",
        "audit",
        "inspect",
        "preflight",
        "role compare",
        "profile",
        "azure",
        "google",
        "openstack",
    ),
)
_VERBS: Final = {
    **{tuple(verb.split()): Effect.NONE for verb in _NONE},
    **{tuple(verb.split()): Effect.BY_HAND for verb in _BY_HAND},
    **{tuple(verb.split()): Effect.UPLOAD for verb in _UPLOADS},
}
_LONGEST: Final = max(map(len, _VERBS))
_WITH_VALUE: Final = frozenset(
    {"-c", "-u", "-k", "-s", "-e", "-F", "-E", "-r", "-N", "-x", "-P", "-i", "-m", "-M", "-A"}
)


def is_knife(word: str) -> bool:
    """Whether a word is knife's name, or a path to it."""
    return word.rpartition("/")[2] in ("knife", "knife.bat")


def understood(argv: Sequence[str]) -> tuple[Effect, str, list[str]]:
    """What a command does, its verb, and the verb's arguments."""
    words, options = _split(argv)
    for length in range(min(_LONGEST, len(words)), 0, -1):
        effect = _VERBS.get(tuple(words[:length]))
        if effect is None:
            continue
        verb = " ".join(words[:length])
        if options & {"-z", "--local-mode", "-h", "--help", "-v", "--version"}:
            effect = Effect.NONE  # no server hears of it
        elif (verb in ("upload", "delete") and options & {"-n", "--dry-run"}) or (verb == "raw" and not _changes(argv)):
            effect = Effect.NONE
        return effect, verb, words[length:]
    return (Effect.NONE if not words else Effect.UNKNOWN), words[0] if words else "", []


def _split(argv: Sequence[str]) -> tuple[list[str], set[str]]:
    for verb in (*_FROM_FILE, "upload"):
        if set(verb.split()) <= set(argv):
            try:
                words, options = parse(argv, VERBS[verb].options)
            except CommandNotUnderstood:
                break
            if words[: len(verb.split())] == verb.split():
                return words, set(options)
    words, found = [], set()
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif word.startswith("-") and len(word) > 1:
            found.add(word.partition("=")[0])
            skip = word in _WITH_VALUE
        else:
            words.append(word)
    return words, found


def _changes(argv: Sequence[str]) -> bool:
    for option, value in zip(argv, [*argv[1:], ""], strict=True):
        if option in ("-m", "--method") and value.upper() in ("PUT", "POST", "DELETE"):
            return True
        if option.upper() in ("--METHOD=PUT", "--METHOD=POST", "--METHOD=DELETE", "-MPUT", "-MPOST", "-MDELETE"):
            return True
    return False
