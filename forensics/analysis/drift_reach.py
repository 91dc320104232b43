"""Who feels what a server holds: the nodes of a backup, through run lists as the server has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from forensics.analysis.drift_matching import key_of
from forensics.analysis.impact import DEFAULT, NodeRunList, RolesAndNodes
from forensics.analysis.run_lists import follows_policy
from forensics.chef.objects import Kind
from forensics.uploads.answers import answer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forensics.analysis.drift_results import DriftObject
    from forensics.chef.objects import Body
    from forensics.evidence.records import Backup


def with_nodes(objects: Iterable[DriftObject], backup: Backup, given: Mapping[str, Body] | None) -> list[DriftObject]:
    """The same objects, those that differ with the nodes that feel it; ``given`` are nodes from elsewhere.

    Each node's run list is expanded once. Those that follow a policy feel neither roles nor environments.
    """
    bodies: dict[str, dict[str, Any]] = {
        key_of(each).name: dict(each.body) for each in backup.objects if each.kind is Kind.NODE and not each.unreadable
    }
    bodies = dict(given) if given is not None else bodies
    if not bodies:
        return list(objects)
    roles = {
        each.name: answer_of(Kind.ROLE, each.name, dict(each.body))
        for each in backup.objects
        if each.kind is Kind.ROLE and not each.unreadable
    }
    world = RolesAndNodes(roles, tuple(_node(name, body) for name, body in sorted(bodies.items()) if not _policy(body)))
    of_role: dict[str, list[str]] = {}
    of_environment: dict[str, list[str]] = {}
    for node in world.nodes or ():
        of_environment.setdefault(node.environment, []).append(node.name)
        for role in dict.fromkeys(world.expand(node.run_list, node.environment).roles):
            of_role.setdefault(role, []).append(node.name)
    found = {Kind.ROLE: of_role, Kind.ENVIRONMENT: of_environment}
    # a backup of a few objects lacks roles through which a node may come to another
    whole = not backup.partial and Kind.ROLE in backup.kinds
    return [
        replace(each, nodes=tuple(found[Kind(each.kind)].get(each.object.partition("[")[2][:-1], ())))
        if each.drifted and each.kind in found and (whole or each.kind == Kind.ENVIRONMENT)
        else each
        for each in objects
    ]


def _node(name: str, body: Mapping[str, Any]) -> NodeRunList:
    answer = answer_of(Kind.NODE, name, dict(body))
    environment = answer["chef_environment"]
    return NodeRunList(name, environment if isinstance(environment, str) else DEFAULT, answer["run_list"])


def _policy(body: Mapping[str, Any]) -> bool:
    return follows_policy(dict(body))
