"""``knife ARGUMENT...``: the table of verbs, and how a command is run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from forensics.uploads.knife import delete, from_file, objects, raw, run_lists, upload
from forensics.uploads.knife.command_line import parse
from forensics.uploads.knife.outcome import Command, CommandNotUnderstood, Outcome, Stop
from forensics.uploads.server import Unsettled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from forensics.history.snapshot import Snapshot
    from forensics.uploads.server import Server


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb does, and the options that it has beyond the general ones.

    ``lenient`` verbs change nothing, so that an option of theirs that is unknown here does no harm.
    """

    run: Callable[[Command], None]
    options: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False


def _options(*names: str, **letters: str) -> dict[str, str]:
    """What can be typed, with the long name of each option; one that ends in ``=`` takes a value."""
    return {**{name: name for name in names}, **{f"-{letter}": name for letter, name in letters.items()}}


_ALL: Final = _options("--all", a="--all")
_AFTER: Final = _options("--after=", a="--after=")
_DESCRIPTION: Final = _options("--description=")  # -d is taken: knife reads it as --disable-editing
_SECRET: Final = _options("--secret=", "--secret-file=", "--encrypt", s="--secret=")
_TREE: Final = _options("--recurse", "--no-recurse", "--chef-repo-path=", "--repo-mode=", "--concurrency=")
_UPLOAD: Final = {
    **_TREE,
    **_options("--dry-run", "--purge", "--no-purge", "--force", "--no-force", "--diff", "--no-diff", "--freeze"),
    **_options(n="--dry-run"),
}
_RAW: Final = _options("--method=", "--input=", "--pretty", "--no-pretty", "--proxy-auth", m="--method=", i="--input=")
_DIFF: Final = {**_TREE, **_options("--name-only", "--name-status", "--diff-filter=")}
_CHANGING_NOTHING: Final = (
    *(f"{what} {look}" for look in ("show", "list") for what in ("role", "environment", "node", "data bag")),
    *("list", "show", "download", "search", "status", "cookbook", "client", "user", "config", "ssl", "deps"),
)


def _pass_over(command: Command) -> None:
    """Leave all roles, environments, nodes and data bags alone; how the command exits cannot be told."""
    command.uncertain = True


VERBS: Final[Mapping[str, Verb]] = {
    "role from file": Verb(from_file.roles),
    "environment from file": Verb(from_file.environments, _ALL),
    "node from file": Verb(from_file.nodes),
    "data bag from file": Verb(from_file.data_bag_items, {**_ALL, **_SECRET}),
    "role create": Verb(objects.create, _DESCRIPTION),
    "environment create": Verb(objects.create, _DESCRIPTION),
    "data bag create": Verb(objects.create_data_bag, _SECRET),
    "role delete": Verb(objects.delete),
    "environment delete": Verb(objects.delete),
    "node delete": Verb(objects.delete),
    "data bag delete": Verb(objects.delete_data_bag),
    "role bulk delete": Verb(objects.bulk_delete),
    "node bulk delete": Verb(objects.bulk_delete),
    **{
        f"role {which} {change}": Verb(run, _AFTER if change == "add" else {})
        for which in ("run_list", "env_run_list")
        for change, run in (
            ("add", run_lists.add),
            ("remove", run_lists.remove),
            ("replace", run_lists.replace),
            ("set", run_lists.set_to),
            ("clear", run_lists.clear),
        )
    },
    "upload": Verb(upload.upload, _UPLOAD),
    "delete": Verb(delete.delete, {**_TREE, **_options("--both", "--local", r="--recurse")}),
    "diff": Verb(upload.diff, _DIFF),
    "raw": Verb(raw.raw, _RAW),
    **dict.fromkeys(_CHANGING_NOTHING, Verb(_pass_over, lenient=True)),
}
"""Every verb that is understood."""


def run(
    argv: Sequence[str],
    *,
    cwd: str,
    checkout: Snapshot,
    server: Server,
    locale: str = "en_US.UTF-8",
    chef: str = "18",
) -> Outcome:
    """Run ``knife ARGV`` in the directory ``cwd`` (from the repository's root) and leave the server as it leaves it.

    ``locale`` is what the command runs under: in ``C`` or ``POSIX`` knife reads Ruby files as US-ASCII. Where an
    earlier upload left objects open, the command is followed in every case.

    Raises:
        CommandNotUnderstood: the effect of the command cannot be told; the server is as before.
    """
    verb, arguments, options = _understood(argv)
    worlds: list[tuple[Server, Outcome]] = []
    pending = [server.copy()]
    while pending:
        world = pending.pop(0)
        attempt = world.copy()
        command = Command(
            verb, list(arguments), dict(options), cwd, checkout, attempt, chef, ascii_ruby=locale in ("C", "POSIX")
        )
        try:
            worlds.append((attempt, _outcome(command)))
        except Unsettled as unsettled:
            for state in world.possible(unsettled.key):
                case = world.copy()
                case.set_possible(unsettled.key, [state])
                pending.append(case)
    server.merge(world for world, _ in worlds)
    outcomes = [outcome for _, outcome in worlds]
    return outcomes[0] if len(outcomes) == 1 else _common(outcomes)


def _understood(argv: Sequence[str]) -> tuple[str, list[str], dict[str, str]]:
    """Find the verb, the longest first, with its arguments and options."""
    for verb, known in sorted(VERBS.items(), key=lambda item: -len(item[0])):
        words = verb.split()
        if not set(words) <= set(argv):
            continue
        try:
            positional, options = parse(argv, known.options)
        except CommandNotUnderstood:
            if list(argv[: len(words)]) != words:
                continue
            if not known.lenient:
                raise
            positional, options = [word for word in argv if not word.startswith("-")], {}
        if positional[: len(words)] == words:
            if "--local-mode" in options or "--help" in options:
                raise CommandNotUnderstood(f"knife in local mode, or its help: knife {' '.join(argv)}")
            return verb, positional[len(words) :], options
    raise CommandNotUnderstood(f"not a command that is known here: knife {' '.join(argv)}")


def _outcome(command: Command) -> Outcome:
    problem, refused, exit_status = None, None, 0
    try:
        VERBS[command.verb].run(command)
    except Stop as stop:
        problem, refused, exit_status = stop.problem, stop.refused, stop.exit_status
    if problem is None and command.skipped:
        refused, problem = command.skipped[0]
    certain = not command.uncertain or exit_status > 1
    return Outcome(exit_status if certain else None, tuple(command.server.accepted), refused, problem, command.open)


def _common(outcomes: list[Outcome]) -> Outcome:
    """Say of several possible outcomes what is common to them; whatever one of them changed is open."""
    first = outcomes[0]
    exits = {outcome.exit for outcome in outcomes}
    touched = [key for each in outcomes for key in (*(accepted.key for accepted in each.accepted), *each.open)]
    return Outcome(
        exits.pop() if len(exits) == 1 else None,
        (),
        first.refused if all(outcome.refused == first.refused for outcome in outcomes) else None,
        first.problem if all(outcome.problem == first.problem for outcome in outcomes) else None,
        tuple(dict.fromkeys(touched)),
    )
