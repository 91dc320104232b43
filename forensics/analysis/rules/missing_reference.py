"""missing-reference: a role, environment, data bag or version that something at the tip names and no file there has."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from forensics.analysis.missing import Objects
from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.analysis.run_lists import DEFAULT, run_lists
from forensics.analysis.tip import TipObject
from forensics.chef.objects import Kind
from forensics.uploads.target import Target, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.missing import Missing
    from forensics.analysis.results import Finding
    from forensics.chef.objects import Body

RULE: Final = Rule(
    "missing-reference",
    "warning",
    "Something is named that no file declares",
    "A run list, a node, an environment or a recipe at the tip names a role, an environment, a data bag or a "
    "version of a cookbook, and no file of the repository has it. A server keeps what was uploaded until somebody "
    "deletes it there, so nodes may go on for a while. From then on, and on every new server, the whole run of "
    "chef-client fails.",
    "Correct the name, take the reference out, or bring back what it names. If the server has it from elsewhere, "
    "keep it in the repository too.",
)
_SHOWN: Final = 3
_MOST: Final = 50
"""How many missing things the history is asked about; where more are missing, the past of the others tells little."""


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each thing that is missing on one server."""
    everything = _everything(examination)
    yield from _roles(examination, everything)
    yield from _environments(examination, everything)
    # few repositories keep data bags or pin versions: the others need nothing of what reads cookbooks
    servers = _with_data_bags(examination)
    if servers and any(server_of(each.target.label, examination.options.servers) in servers for each in everything):
        from forensics.analysis.missing_bags import missing_bags  # noqa: PLC0415

        for bag in missing_bags(examination, servers):
            yield RULE.finding(
                bag.message, paths=bag.paths, commit=bag.commit, detail=f"data_bag[{bag.name}]", line=bag.line
            )
    in_files = [each for each in everything if each.path]
    if _pins_something(examination, in_files):
        from forensics.analysis.missing_versions import missing_versions  # noqa: PLC0415

        for pin in missing_versions(examination, in_files):
            yield RULE.finding(pin.message, object_=pin.object, paths=(pin.path,), commit=pin.commit, detail=pin.pins)


def _everything(examination: Examination) -> Sequence[TipObject]:
    """The roles and nodes of the tip; nodes that are given take the place of those, on every server."""
    given, at_tip = examination.nodes.given, examination.tip.with_run_lists
    if given is None:
        return at_tip
    servers = {
        server_of(each.label, examination.options.servers): each.label._replace(kind=Kind.NODE)
        for each in examination.targets
        if each.kind in {Kind.ROLE, Kind.ENVIRONMENT}
    }
    nodes = (
        TipObject(Target(place, (place,)), "", name, body, run_lists(Kind.NODE, body))
        for place in servers.values()
        for name, body in given.bodies.items()
    )
    return (*(each for each in at_tip if each.target.kind is not Kind.NODE), *nodes)


def _with_data_bags(examination: Examination) -> frozenset[int | str]:
    """The servers for which the tip holds data bags."""
    containers = examination.history.state(examination.head_commit)
    return frozenset(
        server_of(each, examination.options.servers) for each in containers if each.kind is Kind.DATA_BAG_ITEM
    )


def _pins_something(examination: Examination, everything: Sequence[TipObject]) -> bool:
    """Whether some run list or environment at the tip wants a version."""
    return any(item.version is not None for each in everything for _, item in each.lists.named()) or any(
        target.kind is Kind.ENVIRONMENT and declared.body is not None and declared.body.get("cookbook_versions")
        for target, _, declared in examination.tip.declared()
    )


def _roles(examination: Examination, everything: Sequence[TipObject]) -> Iterator[Finding]:
    """The roles that run lists name and no file declares."""
    roles = Objects(examination, Kind.ROLE)
    naming: dict[tuple[int | str, str], dict[TipObject, list[str]]] = {}
    for each in everything:
        if _follows_a_policy(each):
            continue
        for environment, item in each.lists.named():
            if item.type == "role" and item.name:
                key = roles.server_of(each.target), item.name
                naming.setdefault(key, {}).setdefault(each, []).append(environment)
    missing = {key: who for key, who in naming.items() if roles.lacks(key[1], key[0])}
    reached = _reached(roles, everything) if missing else {}
    for number, ((server, name), who) in enumerate(missing.items()):
        targets = list(dict.fromkeys(each.target for each in who if each.path)) if number < _MOST else []
        found = roles.missing(name, server, targets, partial(_names_role, name))
        nodes = [node for node, named in reached.get(server, {}).items() if name in named]
        yield _finding(
            examination,
            f"role[{name}]",
            list(who),
            found,
            f"chef-client fails with MissingRole on {_on(nodes, who)}",
            within=_environments_of(who),
        )


def _environments(examination: Examination, everything: Sequence[TipObject]) -> Iterator[Finding]:
    """The environments that nodes are in and no file declares."""
    environments = Objects(examination, Kind.ENVIRONMENT)
    naming: dict[tuple[int | str, str], list[TipObject]] = {}
    for each in everything:
        name = each.lists.environment
        if name is not None and name != DEFAULT and not _follows_a_policy(each):
            naming.setdefault((environments.server_of(each.target), name), []).append(each)
    missing = {key: who for key, who in naming.items() if environments.lacks(key[1], key[0])}
    for number, ((server, name), who) in enumerate(missing.items()):
        targets = list(dict.fromkeys(each.target for each in who if each.path)) if number < _MOST else []
        found = environments.missing(name, server, targets, partial(_is_in, name))
        nodes = [f"node[{each.name}]" for each in who]
        yield _finding(
            examination,
            f"environment[{name}]",
            who,
            found,
            f"chef-client fails on {_listed(nodes)}, for which the server finds no environment",
        )


def _finding(
    examination: Examination, what: str, who: Sequence[TipObject], found: Missing, fails: str, *, within: str = ""
) -> Finding:
    paths = tuple(sorted(each.path for each in who if each.path))
    naming = [*paths, *(f"node[{each.name}] of --nodes" for each in who if not each.path)]
    since = "" if found.since is None else f" {found.since.text(examination.history)}"
    names = "name" if len(naming) > 1 else "names"
    if found.until_then is not None:
        told = (
            f"{what}{within}, which no file declares{since}; until then {found.until_then} did. "
            f"Once the server has it no more, {fails}"
        )
    else:
        told = f"{what}{within}{since}, which no file declares: {fails}, unless the server has it from elsewhere"
    if found.called_so is not None:
        path, other = found.called_so
        told += (
            f". {path} declares {what.partition('[')[0]}[{other}]; chef-solo and local mode, which go by the names of "
            "files, find it all the same"
        )
    objects = {object_text(each.target.kind, each.target.label.path, each.name) for each in who}
    return RULE.finding(
        f"{_listed(naming)} {names} {told}",
        object_=next(iter(objects)) if len(objects) == 1 else None,
        paths=paths,
        commit=None if found.since is None else found.since.id(examination.history),
        detail=what,
    )


def _follows_a_policy(each: TipObject) -> bool:
    """Whether a node gets its run list from a policy, whatever its file says."""
    return each.target.kind is Kind.NODE and isinstance(each.body.get("policy_name"), str)


def _names_role(role: str, kind: Kind, body: Body) -> bool:
    """Whether a body's run lists name a role."""
    return any(item.type == "role" and item.name == role for _, item in run_lists(kind, body).named())


def _is_in(environment: str, kind: Kind, body: Body) -> bool:
    """Whether a body puts a node into an environment."""
    return run_lists(kind, body).environment == environment


def _environments_of(who: Mapping[TipObject, Sequence[str]]) -> str:
    """The environments for which a role is named, if it is for certain ones only."""
    named = dict.fromkeys(environment for each in who.values() for environment in each)
    return "" if DEFAULT in named else f" for {_listed([f'environment[{each}]' for each in named])}"


def _reached(roles: Objects, everything: Sequence[TipObject]) -> dict[int | str, dict[str, set[str]]]:
    """For each server and node, the roles that its run list leads to, directly or not."""
    by_name: dict[tuple[int | str, str], list[TipObject]] = {}
    for each in everything:
        if each.target.kind is Kind.ROLE:
            by_name.setdefault((roles.server_of(each.target), each.name), []).append(each)
    found: dict[int | str, dict[str, set[str]]] = {}
    for node in everything:
        if node.target.kind is not Kind.NODE or _follows_a_policy(node):
            continue
        server = roles.server_of(node.target)
        environment = node.lists.environment or DEFAULT
        named, pending = set[str](), [node]
        while pending:
            for item in pending.pop().lists.within(environment)[1]:
                if item.type == "role" and item.name not in named:
                    named.add(item.name)
                    pending += by_name.get((server, item.name), ())
        found.setdefault(server, {})[f"node[{node.name}]"] = named
    return found


def _on(nodes: Sequence[str], who: Mapping[TipObject, Sequence[str]]) -> str:
    """Where it fails: on these nodes, or on whatever node has the roles that name it."""
    if nodes:
        return _listed(nodes)
    roles = sorted({f"role[{each.name}]" for each in who if each.target.kind is Kind.ROLE})
    return f"every node that has {_listed(roles, 'or')}" if roles else _listed([f"node[{each.name}]" for each in who])


def _listed(names: Sequence[str], last: str = "and") -> str:
    if len(names) > _SHOWN + 1:
        return f"{', '.join(names[:_SHOWN])} {last} {len(names) - _SHOWN} more"
    return f" {last} ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
