"""Pins to versions that a cookbook of the repository never had."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.outside import Outside
from forensics.analysis.results import object_text
from forensics.analysis.run_lists import run_lists
from forensics.analysis.since import Marked, began
from forensics.chef.objects import Kind
from forensics.chef.recipe_source import cookbook_version, qualified
from forensics.chef.versions import takes, version_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.tip import TipObject
    from forensics.chef.objects import Body
    from forensics.chef.versions import Version
    from forensics.history.cookbooks import Cookbook
    from forensics.history.model import File
    from forensics.uploads.target import Target


_SHOWN: Final = 3


class _Pin(NamedTuple):
    """Who wants which versions of a cookbook."""

    target: Target
    path: str
    name: str
    cookbook: str
    constraint: str


@dataclass(frozen=True, slots=True)
class MissingVersion:
    """A file with pins that no version of their cookbooks in any commit meets."""

    object: str
    path: str
    commit: str | None
    pins: str
    message: str


def missing_versions(examination: Examination, everything: Sequence[TipObject]) -> Iterator[MissingVersion]:
    """The files at the tip with pins to cookbooks of the repository that none of their versions meets.

    Silent where the past is cut off, where some version cannot be told, and where a list or a lock says that the
    cookbook comes from elsewhere, too.
    """
    pins = [*_in_environments(examination), *_in_run_lists(everything)]
    if not pins:
        return
    index, head = examination.cookbooks, examination.head_commit
    present = {index.name(cookbook) for cookbook in index.at(head)}
    pins = [pin for pin in pins if pin.cookbook in present]
    at_tip = _versions(examination, ((each, head) for each in index.at(head)), {pin.cookbook for pin in pins})
    pins = [pin for pin in pins if is_met(pin.constraint, at_tip.get(pin.cookbook)) is False]
    if not pins or examination.history.graph.boundary or examination.lacks_history:
        return
    ever = {each: versions_ever(examination, each) for each in {pin.cookbook for pin in pins}}
    outside = Outside(examination)
    by_file: dict[tuple[Target, str], list[_Pin]] = {}
    for pin in pins:
        if is_met(pin.constraint, ever.get(pin.cookbook)) is False and not outside.lists(pin.cookbook):
            by_file.setdefault((pin.target, pin.path), []).append(pin)
    for found in by_file.values():
        yield _told(examination, found, ever)


def versions_ever(examination: Examination, cookbook: str) -> frozenset[Version] | None:
    """The versions that a cookbook had in any commit; None where one of them cannot be told."""
    index = examination.cookbooks
    having = ((each, next(iter(index.runs(each)))) for each in index.named(cookbook))
    return _versions(examination, having, {cookbook})[cookbook]


def _in_environments(examination: Examination) -> Iterator[_Pin]:
    for target, path, declared in examination.tip.declared():
        if target.kind is Kind.ENVIRONMENT and declared.name is not None and declared.body is not None:
            for cookbook, constraint in _pinned(Kind.ENVIRONMENT, declared.body):
                yield _Pin(target, path, declared.name, cookbook, constraint)


def _in_run_lists(everything: Sequence[TipObject]) -> Iterator[_Pin]:
    for each in everything:
        for cookbook, constraint in dict.fromkeys(_pinned(each.target.kind, each.body)):
            yield _Pin(each.target, each.path, each.name, cookbook, constraint)


def _pinned(kind: Kind, body: Body) -> Iterator[tuple[str, str]]:
    """What a body pins: cookbooks with their constraints."""
    if kind is Kind.ENVIRONMENT:
        versions = body.get("cookbook_versions")
        for cookbook, constraint in versions.items() if isinstance(versions, dict) else ():
            if isinstance(constraint, str):
                yield cookbook, constraint
        return
    for _, item in run_lists(kind, body).named():
        if item.type == "recipe" and item.version is not None:
            yield qualified(item.name).partition("::")[0], f"= {item.version}"


def _versions(
    examination: Examination, having: Iterable[tuple[Cookbook, int]], cookbooks: set[str]
) -> dict[str, frozenset[Version] | None]:
    """The versions of some cookbooks among these, each with a commit; None where one of them cannot be told."""
    index, history = examination.cookbooks, examination.history
    found: dict[str, set[Version]] = {}
    unknown: set[str] = set()
    seen: set[object] = set()
    for cookbook, commit in having:
        name = index.name(cookbook)
        if name not in cookbooks or (name, cookbook.metadata) in seen:
            continue
        seen.add((name, cookbook.metadata))
        if cookbook.metadata is None:
            unknown.add(name)  # whatever uploads it decides
            continue
        filename, blob = cookbook.metadata
        if filename.endswith(".json") and history.snapshot(commit).blob(f"{cookbook.path}/metadata.rb"):
            unknown.add(name)  # which of them counts depends on the command that uploads it
            continue
        data = history.blob(blob, f"{cookbook.path}/{filename}")
        said = None if data is None else cookbook_version(data, filename)
        version = version_of(said) if isinstance(said, str) else None
        if version is None:
            unknown.add(name)
        else:
            found.setdefault(name, set()).add(version)
    return {name: None if name in unknown else frozenset(found.get(name, ())) for name in cookbooks}


def is_met(constraint: str, versions: frozenset[Version] | None) -> bool | None:
    """Whether some version meets a constraint; None where that is not known."""
    if versions is None:
        return None
    answers = {takes(constraint, version) for version in versions}
    return None if None in answers or not answers else True in answers


def _told(
    examination: Examination, pins: Sequence[_Pin], ever: Mapping[str, frozenset[Version] | None]
) -> MissingVersion:
    """One finding for all pins of a file, with the commit that brought the last of them."""
    target, path, name, *_ = pins[0]
    history = examination.history
    since = max(
        (began(history, Marked(history, [target], partial(_pins, examination, pin)).any) for pin in pins),
        key=lambda beginning: beginning.commit,
    )
    told = [f"{pin.cookbook} {pin.constraint} ({_had(ever.get(pin.cookbook) or ())})" for pin in pins[:_SHOWN]]
    more = f" and {len(pins) - _SHOWN} more" if len(pins) > _SHOWN else ""
    shown = object_text(target.kind, target.label.path, name)
    where = f"on nodes of {shown} that need it" if target.kind is Kind.ENVIRONMENT else f"on nodes with {shown}"
    return MissingVersion(
        object=shown,
        path=path,
        commit=since.id(history),
        pins=", ".join(sorted(f"{pin.cookbook} {pin.constraint}" for pin in pins)),
        message=f"{path} pins, {since.text(history)}, what no commit has: {', '.join(told)}{more}. Unless the server "
        f"has it from elsewhere, chef-client fails {where}",
    )


def _had(versions: Collection[Version]) -> str:
    shown = spelled(sorted(versions)[-_SHOWN:])
    return f"it had {'older ones, ' if len(versions) > _SHOWN else ''}{', '.join(shown)}"


def spelled(versions: Iterable[Version]) -> tuple[str, ...]:
    """Versions as people write them."""
    return tuple(".".join(map(str, version)) for version in versions)


def _pins(examination: Examination, pin: _Pin, target: Target, path: str, file: File) -> bool:
    """Whether a file had the pin."""
    body = examination.declarations.from_file(target.kind, path, file).body if path == pin.path else None
    return body is not None and (pin.cookbook, pin.constraint) in set(_pinned(target.kind, body))
