"""The effective object: what a role or a node comes to with the roles and the environment that a scenario has live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.analysis.contributions import ABSENT, Layer, explain, merged, readings
from forensics.analysis.object_results import Contributor, ObjectSource, Why
from forensics.analysis.run_lists import follows_policy
from forensics.analysis.server_state import least_certain
from forensics.chef.attributes import SubtractiveMergeRefused
from forensics.chef.expansion import expand
from forensics.chef.objects import Kind, Unresolved
from forensics.chef.wire import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.object_results import Expanded
    from forensics.analysis.server_state import ServerObject, ServerState
    from forensics.chef.expansion import Expansion
    from forensics.chef.objects import Body, Value

DEFAULT_ENVIRONMENT: Final = "_default"
UNKNOWN_ROLES: Final = "a run list that is not resolved"
_NO_SUCH_ENVIRONMENT: Final = "Net::HTTPClientException"
_OWN_LEVELS: Final = ("default", "normal", "override", "automatic")
_RESET: Final = (
    "the default and override attributes that the node object holds count here, but a run of chef-client begins by "
    "emptying them: they are what its last run left"
)


@dataclass(frozen=True, slots=True)
class Effective:
    """What an object comes to.

    ``expanded`` is None for objects that have no run list, and for nodes whose run list a policy gives. ``attributes``
    is the merged view, None where the client fails before there is one; ``without_automatic`` the same without what
    only Ohai says. ``layers`` are what it is merged from.
    """

    expanded: Expanded | None = None
    attributes: Value = None
    without_automatic: Value = None
    layers: tuple[Layer, ...] = ()
    sources: Mapping[str, ServerObject] | None = None
    notes: tuple[str, ...] = ()


def effective_role(name: str, environment: str, server: ServerState) -> Effective:
    """A role's own expansion in an environment: the recipes and attributes that it brings to a node."""
    chef = server.examination.declarations.chef
    expansion = expand([f"role[{name}]"], environment, server.roles().get, attributes=True, chef=chef)
    sources = _role_sources(expansion, server)
    layers = _role_layers(expansion, sources)
    error = None if expansion.error is None else expansion.error.error_class
    attributes = None if error else _merged(layers, chef)
    return Effective(_expanded(expansion, environment, sources, server, error), attributes, attributes, layers, sources)


def effective_environment(environment: ServerObject, name: str) -> Effective:
    """What an environment gives to the attributes of its nodes."""
    sources = {f"environment[{name}]": environment}
    layers = _environment_layers(environment.body, name)
    attributes = merged(layers, "18")
    return Effective(None, attributes, attributes, layers, sources)


def effective_node(node: ServerObject, name: str, environment: str | None, server: ServerState) -> Effective:
    """A node with what its roles and its environment give, in the environment named or else in its own."""
    body = content(Kind.NODE, node.body)
    if follows_policy(body):
        return Effective(notes=("the node follows a policy: its lock, and not roles or environments, decides",))
    environment = body["chef_environment"] if environment is None else environment
    if not isinstance(environment, str):
        return Effective(notes=("the node's chef_environment is no text: no client loads such a node",))
    chef = server.examination.declarations.chef
    expansion = expand(body["run_list"], environment, server.roles().get, attributes=True, chef=chef)
    sources = {f"node[{name}]": node, **_role_sources(expansion, server)}
    notes = list(_missing_containers(environment, server))
    error = None if expansion.error is None else expansion.error.error_class
    layers = [Layer(level, f"node[{name}]", _hash(body[level])) for level in _OWN_LEVELS]
    layers += _role_layers(expansion, sources)
    unknown = error is not None
    if environment != DEFAULT_ENVIRONMENT and server.has_container(Kind.ENVIRONMENT):
        found = server.object(Kind.ENVIRONMENT, environment)
        if found is not None:
            sources[f"environment[{environment}]"] = found
            layers += _environment_layers(found.body, environment)
        else:
            unknown = True
            note, fails = _no_environment(environment, server)
            notes.append(note)
            error = error or (_NO_SUCH_ENVIRONMENT if fails else None)
    if any(_hash(body[level]) for level in ("default", "override")):
        notes.append(_RESET)
    attributes = None if unknown else _merged(layers, chef)
    without = None if unknown else _merged([layer for layer in layers if layer.level != "automatic"], chef)
    return Effective(
        {**_expanded(expansion, environment, sources, server, error), "attributes": attributes},
        attributes,
        without,
        tuple(layers),
        sources,
        tuple(notes),
    )


def why(effective: Effective, dotted: Sequence[str], *, chef: str) -> tuple[Why, ...]:
    """Who gave the attributes at dotted paths; one that can be read in several ways is explained in each of them."""
    if effective.attributes is None:
        return ()
    answers: list[Why] = []
    for text in dotted:
        for path in readings(text, effective.layers):
            explained = explain(effective.layers, path, chef=chef)
            answers.append(
                Why(
                    path=path,
                    found=explained.value is not ABSENT,
                    value=None if explained.value is ABSENT else explained.value,
                    contributions=tuple(
                        Contributor(
                            level=each.layer.level,
                            object=each.layer.source,
                            source=given.source
                            if (given := (effective.sources or {}).get(each.layer.source))
                            else None,
                            path=each.path,
                            value=each.value,
                            wins=each.wins,
                        )
                        for each in explained.contributions
                    ),
                )
            )
    return tuple(answers)


def _expanded(
    expansion: Expansion, environment: str, sources: Mapping[str, ServerObject], server: ServerState, error: str | None
) -> Expanded:
    roles = (*expansion.roles, *(name for name, _ in expansion.missing_roles))
    certainties = {each.certainty for each in sources.values()} | {server.certainty(Kind.ROLE, each) for each in roles}
    return {
        "environment": environment,
        "recipes": list(expansion.recipes_with_versions),
        "roles": list(expansion.roles),
        "missing_roles": [name for name, _ in expansion.missing_roles],
        "default_attributes": expansion.default_attributes,
        "override_attributes": expansion.override_attributes,
        "error": error,
        "certainty": least_certain(certainties),
        "sources": tuple(ObjectSource(name, each.basis, each.source) for name, each in sources.items()),
    }


def _role_sources(expansion: Expansion, server: ServerState) -> dict[str, ServerObject]:
    found = {f"role[{role}]": server.object(Kind.ROLE, role) for role in expansion.roles}
    return {name: each for name, each in found.items() if each is not None}


def _role_layers(expansion: Expansion, sources: Mapping[str, ServerObject]) -> tuple[Layer, ...]:
    """What each role gives, in the order in which Chef merges them; what is unresolved in a run list gives anything."""
    unknown = next((recipe for recipe in expansion.recipes if isinstance(recipe, Unresolved)), None)
    layers: list[Layer] = []
    for level, key in (("role_default", "default_attributes"), ("role_override", "override_attributes")):
        for role in expansion.completed:
            layers.append(Layer(level, f"role[{role}]", _given(sources[f"role[{role}]"].body, key)))  # noqa: PERF401
        if unknown is not None:
            layers.append(Layer(level, UNKNOWN_ROLES, unknown))
    return tuple(layers)


def _environment_layers(body: Body, name: str) -> tuple[Layer, ...]:
    return (
        Layer("env_default", f"environment[{name}]", _given(body, "default_attributes")),
        Layer("env_override", f"environment[{name}]", _given(body, "override_attributes")),
    )


def _merged(layers: Sequence[Layer], chef: str) -> Value:
    """The layers merged as Chef does, None where it refuses."""
    try:
        return merged(layers, chef)
    except SubtractiveMergeRefused:
        return None


def _given(body: Body, key: str) -> Value:
    given = body.get(key)
    return {} if given is None else given


def _hash(value: Value) -> Value:
    """A level of a node's attributes: whatever is no hash leaves it empty, as ``Mash.new`` does."""
    return value if isinstance(value, (dict, Unresolved)) else {}


def _missing_containers(environment: str, server: ServerState) -> tuple[str, ...]:
    notes = []
    if not server.has_container(Kind.ROLE):
        notes.append("no roles are kept in this chef-repo: what they give is not known here")
    if environment != DEFAULT_ENVIRONMENT and not server.has_container(Kind.ENVIRONMENT):
        notes.append(
            f"no environments are kept in this chef-repo: the attributes are those without environment[{environment}]"
        )
    return tuple(notes)


def _no_environment(environment: str, server: ServerState) -> tuple[str, bool]:
    """What is wrong where an environment is not to be had, and whether the client fails for that."""
    if server.uploads(Kind.ENVIRONMENT):
        return f"environment[{environment}] is not live: the client fails to load it", True
    files = server.declaring(Kind.ENVIRONMENT, environment)
    if files:
        which = f"several files declare environment[{environment}], and which of them the server holds is not known"
        return f"{which}: {', '.join(files)}", False
    return f"no file declares environment[{environment}]: the client fails to load it", True
