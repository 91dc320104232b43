"""An object at one moment, as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from forensics.report.text.evidence import evidence_lines
from forensics.report.text.proven import files, proven_by
from forensics.report.text.style import SHORT, Style, field, listing
from forensics.report.text.values import value_text
from forensics.report.text.why import path_text, why_lines
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from forensics.analysis.object_results import State
    from forensics.analysis.results import EvidenceSummary, Source

_ALL: Final = 1_000_000
_LABEL: Final = 21
_VALUE: Final = 300
_MOST_ATTRIBUTES: Final = 60
_MOST_ROLES: Final = 12


def show_text(
    name: str, when: str, commit: str, states: Sequence[State], evidence: EvidenceSummary, style: Style
) -> str:
    """What each group of scenarios that agree had live."""
    lines = [style.paint(f"{clean(name)} at {when} ({commit[:SHORT]})", "bold"), "", *evidence_lines(evidence, style)]
    groups: dict[str, list[State]] = {}
    for state in states:
        groups.setdefault(_sameness(state), []).append(state)
    for agreeing in groups.values():
        lines += _state(agreeing, evidence.cut_at, style)
        lines.append("")
    return "\n".join(lines)


def _sameness(state: State) -> str:
    """Equal for states that read alike but for their scenario."""
    source = state.source
    expanded = state.expanded and {
        **state.expanded,
        "sources": [[each.object, each.basis, _origin(each.source)] for each in state.expanded["sources"]],
    }
    return json.dumps(
        [
            state.container,
            source.path if source else None,
            source.blob if source else None,
            state.certainty,
            state.basis,
            state.proven and state.proven.time,
            [note.removeprefix(state.scenario) for note in state.notes],
            value_text(state.content, _ALL),
            value_text(expanded, _ALL),
        ]
    )


def _state(agreeing: Sequence[State], cut: Collection[str], style: Style) -> Iterator[str]:
    state = agreeing[0]
    yield from field("under", ", ".join(each.scenario for each in agreeing), style)
    if state.proven is not None and state.proven.source is not None:
        yield from field("proven", proven_by(state.proven), style)
        if state.proven.note and state.content is not None:
            yield from field("note", clean(state.proven.note), style)
    if state.content is None:
        yield from field("live", "not known" if state.certainty == "unknown" else "nothing", style)
        for note in state.notes:
            yield from field("note", clean(note), style)
        return
    unsure = "; one of several possibilities after an aborted upload" if state.certainty == "race" else ""
    if state.proven is not None and state.proven.source is not None:
        unsure = "; one of several possibilities" if state.certainty == "race" else ""
        yield from field("from", f"{files(state.proven.matches)}{unsure}", style)
    else:
        yield from field("from", f"{_origin(state.source, state.basis, cut)}{unsure}", style)
    for note in state.notes:
        yield from field("note", clean(note), style)
    for key, value in state.content.items():
        if key == "name" or value in ("", {}, [], ()):
            continue
        if key == "automatic" and not style.verbose:
            continue
        yield from field(
            clean(key.replace("_", " ")),
            value_text(value, _ALL if style.verbose else _VALUE),
            style,
            label_width=_LABEL,
        )
    if state.expanded:
        yield from _expanded(state, state.expanded, cut, style)
    for answer in state.why or ():
        yield from why_lines(answer, style)
    if state.why == ():
        yield from field("why", "it cannot be told: there are no merged attributes", style)


def _expanded(state: State, expanded: Mapping[str, Any], cut: Collection[str], style: Style) -> Iterator[str]:
    def labelled(label: str, text: str) -> list[str]:
        return field(label, text, style, label_width=_LABEL)

    recipes = [f"recipe[{each}]" if isinstance(each, str) else value_text(each) for each in expanded["recipes"]]
    yield from labelled("expands to", listing(recipes, style, 40))
    others = [each for each in expanded["sources"] if each.source != state.source]
    shown = others if style.verbose else others[:_MOST_ROLES]
    for position, each in enumerate(shown):
        origin = _origin(each.source, each.basis, cut, "uploaded at" if state.proven is None else "as of")
        yield from labelled("" if position else "with", f"{clean(each.object)} from {origin}")
    if len(others) > len(shown):
        yield from labelled("", f"and {len(others) - len(shown)} more (--verbose lists them)")
    if expanded["certainty"] == "race" and state.certainty != "race":
        yield from labelled("not certain", "an aborted upload leaves open what some of this was")
    if expanded["certainty"] == "unknown" and state.proven is None:
        yield from labelled(
            "not certain", "a file was uploaded that may declare some of this, and nobody can tell what"
        )
    if expanded["missing_roles"]:
        yield from labelled("missing roles", listing(expanded["missing_roles"], style))
    failure = expanded["error"]
    if not failure and expanded["missing_roles"] and "attributes" in expanded:  # a node's client gives up for these
        failure = "Chef::Exceptions::MissingRole"
    if failure:
        yield from labelled("the client fails", clean(failure))
    if "attributes" in expanded:
        yield from _attributes(state, expanded["attributes"], style)
    elif len(expanded["roles"]) > 1:
        for key in ("default_attributes", "override_attributes"):
            if expanded[key] not in ({}, None):
                yield from labelled(
                    f"merged {key.partition('_')[0]}", value_text(expanded[key], _ALL if style.verbose else _VALUE)
                )


def _attributes(state: State, attributes: Any, style: Style) -> Iterator[str]:
    """A node's merged attributes, one path on a line; what only Ohai says where everything is to be told."""
    if not isinstance(attributes, dict):
        text = "none: the client fails before" if attributes is None else value_text(attributes, _VALUE)
        yield from field("attributes", text, style, label_width=_LABEL)
        return
    own = attributes if style.verbose else state.without_automatic
    lines = [
        f"{path_text(path)} = {value_text(_at(attributes, path), _ALL if style.verbose else _VALUE)}"
        for path in sorted(_leaves(own))
    ]
    shown = lines if style.verbose else lines[:_MOST_ATTRIBUTES]
    yield from field("attributes", "" if lines else "none", style, label_width=_LABEL)
    yield from (f"      {line}" for line in shown)
    if len(lines) > len(shown):
        yield f"      and {len(lines) - len(shown)} more (--verbose lists them)"
    content = state.content or {}
    if content.get("automatic") and not style.verbose:
        yield f"      and {len(content['automatic'])} automatic ones (--verbose lists them)"


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _leaves(member, (*path, key))
    elif path:
        yield path


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(value, dict):
            return value
        value = value[key]
    return value


def _origin(source: Source | None, basis: str = "live", cut: Collection[str] = (), verb: str = "uploaded at") -> str:
    """Where a content came from, in words."""
    if source is None:
        return "nowhere"
    if basis == "given":
        return "the nodes of --nodes, taken for those of every commit"
    path = clean(source.path) if source.path else "(given on the command line)"
    if basis == "tree":
        return f"{path}, in the tree of {source.commit[:SHORT]}"
    return f"{path}, {verb} {'or before ' if source.commit in cut else ''}{source.commit[:SHORT]}"
