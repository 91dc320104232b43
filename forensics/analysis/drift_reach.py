"""Who feels what a server holds: the nodes of a backup, through run lists as the server has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.analysis.drift_matching import key_of
from forensics.analysis.run_lists import DEFAULT, follows_policy
from forensics.chef.expansion import expand
from forensics.chef.objects import Kind
from forensics.uploads.answers import answer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from forensics.analysis.drift_results import DriftObject
    from forensics.chef.objects import Body
    from forensics.evidence.records import Backup


def with_nodes(objects: Iterable[DriftObject], backup: Backup, given: Mapping[str, Body] | None) -> list[DriftObject]:
    """The same objects, those that differ with the nodes that feel it; ``given`` are nodes from elsewhere.

    Each node's run list is expanded once. Those that follow a policy feel neither roles nor environments.
    """
    nodes = dict(_answers(Kind.NODE, backup) if given is None else given)
    if not nodes:
        return list(objects)
    roles = dict(_answers(Kind.ROLE, backup))
    # where not every role is known, one may be missing through which a node comes to another
    whole = Kind.ROLE in backup.kinds and not backup.partial and not backup.refused
    known = {Kind.ENVIRONMENT, Kind.ROLE} if whole else {Kind.ENVIRONMENT}
    felt: dict[tuple[Kind, str], list[str]] = {}
    for name, node in sorted(nodes.items()):
        if follows_policy(node):
            continue
        environment = node.get("chef_environment")
        environment = environment if isinstance(environment, str) else DEFAULT
        felt.setdefault((Kind.ENVIRONMENT, environment), []).append(name)
        for role in dict.fromkeys(expand(node.get("run_list", ()), environment, roles.get).roles):
            felt.setdefault((Kind.ROLE, role), []).append(name)
    return [
        replace(each, nodes=tuple(felt.get((Kind(each.kind), each.object.partition("[")[2][:-1]), ())))
        if each.drifted and each.kind in known
        else each
        for each in objects
    ]


def _answers(kind: Kind, backup: Backup) -> Iterator[tuple[str, Body]]:
    """The objects of a kind that the backup shows, as the server answers them."""
    for each in backup.objects:
        if each.kind is kind and not each.unreadable:
            yield key_of(each).name, answer_of(kind, each.name, dict(each.body))
