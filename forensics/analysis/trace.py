"""Where could it have come from? Every way in which a recipe, role or attribute could have reached a node."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.analysis.commits import commit_notes
from forensics.analysis.missing_versions import is_met, spelled, versions_ever
from forensics.analysis.recipe_life import recipe_life
from forensics.analysis.redaction import Redaction, hashed, redact_changes
from forensics.analysis.role_life import role_life
from forensics.analysis.trace_carriers import Versions, carriers, leading_at, unknown_places
from forensics.analysis.trace_doubt import unknown_at_tip
from forensics.analysis.trace_live import LiveTrace
from forensics.analysis.trace_mentions import mentions
from forensics.analysis.trace_results import Carrier, CookbookVersions, Sole, Trace, Unknown
from forensics.analysis.trace_unknown import unknown_subject
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.cookbooks import CookbookIndex, Leading
    from forensics.analysis.examination import Examination
    from forensics.analysis.trace_results import LiveStretch, Mention
    from forensics.analysis.trace_subject import Subject
    from forensics.history.walk import History


def trace(examination: Examination, subject: Subject) -> Trace:
    """Everything that carries the subject, in all commits that the revision reaches, and under every scenario.

    ``since`` and ``until`` of the examination's options leave out what ended before and what began after.

    Raises:
        UnknownObjectError: nothing in any commit is or carries the subject, and nothing is left open.
    """
    history = examination.history
    index = examination.traced_cookbooks
    ever = _ever_leading(examination, subject, index)
    versions = Versions(examination, subject, ever)
    every_carrier = carriers(examination, subject, versions, index)
    live = LiveTrace(examination, subject, index, ever)
    every_stretch = live.stretches()
    unknown = unknown_at_tip(examination)
    unresolved = unknown_places(examination, versions)
    if subject.kind == "recipe":
        unresolved += _computed_includes(examination, index)
    recipe = recipe_life(history, index, subject.name) if subject.kind == "recipe" else None
    role = role_life(examination, subject.name) if subject.kind == "role" else None
    beside = mentions(examination, subject)
    cookbook = _versions(examination, subject, every_carrier)
    had = cookbook is not None and cookbook.versions != ()
    evidence = examination.evidence(replayed=True, beyond=_beyond(examination, subject, index))
    if not (every_carrier or every_stretch or recipe or role or unresolved or beside or had):
        raise unknown_subject(examination, subject, evidence)
    times = dict(zip((oid.hex() for oid in history.graph.ids), history.graph.times, strict=True))
    certain = _leading(every_stretch, exact=True)
    perhaps = {*unknown, *_leading(every_stretch, exact=False)}.difference(certain)
    found = Trace(
        evidence=evidence,
        subject=str(subject),
        scenarios=tuple(scenario.name for scenario in examination.options.scenarios),
        carriers=tuple(
            each for each in every_carrier if _within(examination, times[each.first_commit], _ended(each, times))
        ),
        live=tuple(
            each
            for each in every_stretch
            if _within(examination, times[each.from_commit], times[each.until_commit] if each.until_commit else None)
        ),
        recipe=recipe,
        role=role,
        versions=cookbook,
        nodes=tuple(
            each
            for each in live.nodes()
            if _within(examination, times[each.from_commit], times[each.until_commit] if each.until_commit else None)
        ),
        sole=_sole(every_carrier),
        visible_at_head=any(
            each.at_head and each.names and (each.canonical or not each.shadowed_at_head) for each in every_carrier
        ),
        live_at_head=certain,
        perhaps_at_head=tuple(each.name for each in examination.options.scenarios if each.name in perhaps),
        unknown_at_head=tuple(dict.fromkeys(name for names in unknown.values() for name in names)),
        unresolved=tuple(unresolved),
        mentions=tuple(each for each in beside if _within(examination, times[each.first_commit], _ended(each, times))),
    )
    return _with_notes(examination, found)


def _leading(stretches: Sequence[LiveStretch], *, exact: bool) -> tuple[str, ...]:
    """The scenarios under which something leads a node to the subject at the tip, for certain or not."""
    still = (each for each in stretches if each.open and each.nodes_at_tip != ())
    return tuple(dict.fromkeys(each.scenario for each in still if (each.certainty == "exact") is exact))


def redacted(found: Trace, level: Redaction) -> Trace:
    """A trace without what a report may not show."""
    if level is Redaction.NOTHING:
        return found
    carriers_shown = (
        replace(each, values=redact_changes(each.kind, each.values, level)) if each.values else each
        for each in found.carriers
    )
    mentions_shown = (
        replace(each, values=redact_changes(each.kind, each.values, level)) if each.kind and each.values else each
        for each in found.mentions
    )
    unresolved = found.unresolved
    if level is Redaction.SECRETS:
        # the source of an unresolved value may be that of a secret
        unresolved = tuple(replace(each, source=hashed(each.source)) for each in unresolved)
    return replace(found, carriers=tuple(carriers_shown), mentions=tuple(mentions_shown), unresolved=unresolved)


def _ever_leading(examination: Examination, subject: Subject, index: CookbookIndex) -> Leading:
    """Every recipe that led to the subject at some commit."""
    ever: Leading = {}
    if subject.kind == "recipe":
        roots = {target.label.root for target in examination.targets if target.kind in {Kind.ROLE, Kind.NODE}}
        for root in sorted(roots):
            last: Leading | None = None
            for commit in range(len(examination.history.graph)):
                leading = leading_at(index, subject, commit, root)
                if leading is not last:
                    ever |= leading
                    last = leading
    return ever


def _beyond(examination: Examination, subject: Subject, index: CookbookIndex) -> History:
    """The account of what was looked at beside the targets."""
    if subject.kind == "cookbook":
        return examination.cookbooks.history
    return index.history if subject.kind == "recipe" else examination.history


def _versions(examination: Examination, subject: Subject, found: Sequence[Carrier]) -> CookbookVersions | None:
    """The versions of a cookbook that is traced, or of one whose version is."""
    if subject.kind != "cookbook" and subject.version is None:
        return None
    name = subject.name.partition("::")[0]
    ever = versions_ever(examination, name)
    wanted = {f"= {subject.version}": None} if subject.version is not None else {}
    for each in found if subject.kind == "cookbook" else ():
        if each.at_head:
            pins = each.given if each.values else (f"= {each.item.rpartition('@')[2].rstrip(']')}",)
            wanted |= {pin: None for pin in pins if isinstance(pin, str)}
    unmet = tuple(pin for pin in wanted if is_met(pin, ever) is False)
    return CookbookVersions(name, None if ever is None else spelled(sorted(ever)), unmet)


def _sole(found: Sequence[Carrier]) -> Sole | None:
    """The one file at the tip that names the subject, since it has been the only one without a break."""
    naming = [each for each in found if each.names]
    paths = {each.path for each in naming if each.at_head}
    if len(paths) != 1:
        return None
    path = paths.pop()
    own = [each for each in naming if each.path == path and each.at_head]
    since = min(
        ((each.stretches[-1].from_date, each.stretches[-1].from_commit) for each in own if each.stretches), default=None
    )
    if since is None:
        return None
    # another value before this one was in the same file
    before = {
        stretch.until_commit: (stretch.from_date, stretch.from_commit)
        for each in naming
        if each.path == path
        for stretch in each.stretches
    }
    while since[1] in before:
        since = before.pop(since[1])
    for each in naming:
        if each.path != path:
            for stretch in each.stretches:
                if stretch.until_commit is not None and stretch.until_date is not None:
                    since = max(since, (stretch.until_date, stretch.until_commit))
    return Sole(path, since[1], since[0])


def _computed_includes(examination: Examination, index: CookbookIndex) -> Iterator[Unknown]:
    """Every ``include_recipe`` of a recipe at the tip whose name only running it could tell."""
    head = examination.head_commit
    for cookbook in index.at(head):
        for file in index.files(cookbook):
            for each in index.computed(file):
                yield Unknown(file.path, "recipe", each.source, each.line, examination.head, at_head=True)


def _ended(each: Carrier | Mention, times: Mapping[str, int]) -> int | None:
    """When a file ceased to say something: with the commit that left it out, which may be long after the last."""
    if each.at_head:
        return None
    ends = {stretch.until_commit for stretch in each.stretches}
    ends |= {each.last_commit, each.dropped_by if isinstance(each, Carrier) else None}
    return max(times[commit] for commit in ends if commit is not None)


def _within(examination: Examination, first: int, last: int | None) -> bool:
    since, until = examination.options.since, examination.options.until
    return (since is None or last is None or last >= since) and (until is None or first <= until)


def _with_notes(examination: Examination, found: Trace) -> Trace:
    mentioned: dict[str, None] = {}
    places: tuple[Carrier | Mention, ...] = (*found.carriers, *found.mentions)
    for place in places:
        mentioned.update(dict.fromkeys((place.first_commit, place.last_commit)))
        for stretch in place.stretches:
            mentioned.update(dict.fromkeys(each for each in (stretch.from_commit, stretch.until_commit) if each))
    mentioned.update(dict.fromkeys(each.dropped_by for each in found.carriers if each.dropped_by))
    for live in found.live:
        mentioned.update(dict.fromkeys(each for each in (live.from_commit, live.until_commit) if each))
    if found.recipe:
        mentioned.update(dict.fromkeys(removal.commit for removal in found.recipe.removals))
        for life in found.recipe.files:
            for stretch in life.stretches:
                mentioned.update(dict.fromkeys(each for each in (stretch.from_commit, stretch.until_commit) if each))
    for node in found.nodes:
        mentioned.update(dict.fromkeys(each for each in (node.from_commit, node.until_commit) if each))
    if found.role:
        mentioned.update(dict.fromkeys(end.commit for end in found.role.ends))
    if found.sole:
        mentioned[found.sole.since_commit] = None
    return replace(found, notes=commit_notes(examination.history, list(mentioned)))
