"""Node objects: what the last run that a node *saved* came to. One that failed, or that ``-o`` began, saves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forensics.chef.objects import Kind
from forensics.evidence.backup_object import LARGEST, is_loose, loose
from forensics.evidence.files import DAMAGED, EvidenceFile
from forensics.evidence.format import EvidenceFormat
from forensics.evidence.records import Backup, ClientRun, HeldObject, Observation, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.evidence.records import Record, SourceReport

_MOST_FILES: Final = 100_000


def runs_of(held: HeldObject) -> Iterator[ClientRun | Observation]:
    """What a node object tells of its node's last saved run, which began at ``ohai_time``.

    ``expanded_run_list`` is what the run list expanded to. Clients before 12.11 have ``recipes`` alone, among which are
    those that other recipes included: each of them ran.
    """
    run = held.body.get("automatic")
    if held.kind is not Kind.NODE or not isinstance(run, dict):
        return
    time, expanded, recipes = run.get("ohai_time"), _names(run.get("expanded_run_list")), _names(run.get("recipes"))
    start = int(time) if isinstance(time, (int, float)) and not isinstance(time, bool) and 0 <= time < 1 << 40 else None
    if expanded is not None:
        environment = held.body.get("chef_environment")
        yield ClientRun(
            held.place,
            held.name,
            start,
            None,
            None,
            expanded,
            roles=_names(run.get("roles")),
            environment=environment if isinstance(environment, str) else "",
        )
    elif recipes is not None:
        # both spellings of a recipe without one of its own name are listed
        listed = set(recipes)
        for recipe in recipes:
            if not (recipe.endswith("::default") and recipe.removesuffix("::default") in listed):
                yield Observation(held.place, start, start, f"node[{held.name}]", "ran", f"recipe[{recipe}]")


def _names(value: Any) -> tuple[str, ...] | None:
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else None


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    if not source.is_directory:
        return is_loose(start) and b'"run_list"' in start and b'"Chef::Role"' not in start
    if any((source.path / name).is_dir() for name in ("roles", "environments", "data_bags", "organizations", ".git")):
        return False
    if source.path.resolve().name == "nodes":
        return True
    first = next(iter(sorted(source.path.glob("*.json"))), None)
    return first is not None and bool(_nodes(EvidenceFile(first, str(first)), str(first), None))


def _nodes(source: EvidenceFile, name: str, report: SourceReport | None) -> list[HeldObject]:
    place = Place(name)
    try:
        with source.opened() as file:
            data = file.read(LARGEST + 1)
    except DAMAGED:
        data = b""
    found = [each for each in loose(data, place) if each.kind is Kind.NODE] if len(data) <= LARGEST else []
    if report is not None:
        report.lines += 1
        report.used += bool(found)
        if not found:
            report.bad.add(place, "it is no node object")
    return found


def _files(source: EvidenceFile) -> Iterable[tuple[EvidenceFile, str]]:
    if not source.is_directory:
        return [(source, source.name)]
    paths = sorted(path for path in source.path.glob("*.json") if path.is_file())[:_MOST_FILES]
    return [(EvidenceFile(path, str(path)), f"{source.name}!{path.name}") for path in paths]


def _read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
    objects: list[HeldObject] = []
    for file, name in _files(source):
        for held in _nodes(file, name, report):
            objects.append(held)
            for run in runs_of(held):
                report.saw(run.start if isinstance(run, ClientRun) else run.first)
                yield run
    if source.moment is not None:
        yield Backup(Place(source.name), source.moment.last, objects, first=source.moment.first, basis="given")
    else:
        yield Backup(Place(source.name), None, objects)


FORMAT: Final = EvidenceFormat(
    "node-objects",
    "node objects (knife node show -l -F json, nodes/ of a backup)",
    "what the last run that a node saved expanded to; a run that failed, or that -o began, saves nothing",
    _recognise,
    _read,
)
