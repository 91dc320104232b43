"""Where something could have come from, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.json_text import canonical_json
from forensics.analysis.trace_results import Carrier
from forensics.report.text.evidence import counted_commits, evidence_lines
from forensics.report.text.proven_trace import proven_lines
from forensics.report.text.style import SHORT, Style, commit, day, field, listing, table
from forensics.report.text_safety import clean
from forensics.uploads.scenario import is_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from forensics.analysis.results import ValueChange
    from forensics.analysis.trace_results import (
        CookbookVersions,
        LineStretch,
        LiveStretch,
        Mention,
        RecipeLife,
        RoleLife,
        Trace,
    )

_MOST_ROWS = 20
_MOST_NODES = 24
_MOST_OBJECTS = 4
_MOST_ENDS = 5
_MOST_MENTIONS = 5
_FEW_OTHERS = 3
_LONGEST_VALUE = 60


def trace_text(found: Trace, style: Style) -> str:
    """The answer for today in words, then who named it when, and when that would have been live."""
    provenance = found.evidence.provenance
    lines = [
        style.paint(f"forensics trace of {clean(found.subject)} in {clean(provenance.repository)}", "bold"),
        f"at {clean(provenance.rev)} ({provenance.head[:SHORT]}), {counted_commits(found.evidence)}",
        "",
        *evidence_lines(found.evidence, style),
    ]
    lines += _today(found, style)
    if found.recipe is not None:
        lines += _recipe(found, found.recipe, style)
    elif found.subject.startswith("recipe["):
        where = "that could be read " if found.evidence.lacks_content else ""
        lines += field("recipe", f"no cookbook {where}in this repository ever had it", style)
    if found.versions is not None:
        lines += field("cookbook", _versions(found.versions, found), style)
    if found.role is not None:
        lines += _role(found, found.role, style)
    lines.append("")
    lines += proven_lines(found, style)
    named = [each for each in found.carriers if each.names]
    headers = ["object", "file", "what it says", "from", "until"]
    if any(each.values for each in named):
        headers.append("by")
    lines += _section("Named in", _carriers(named, found), headers, style)
    lines += _section(
        "Named without effect there",
        _mentions([each for each in found.mentions if each.reason != "policy"], found),
        ["object", "file", "what it says", "from", "until", "why not"],
        style,
    )
    lines += _section(
        "Named in policies",
        (row[1:-1] for row in _mentions([each for each in found.mentions if each.reason == "policy"], found)),
        ["file", "what it says", "from", "until"],
        style,
    )
    including = [each for each in found.carriers if each.kind == "recipe"]
    lines += _section(
        "Included by", _carriers(including, found), ["recipe", "file", "what it includes", "from", "until"], style
    )
    lines += _nested([each for each in found.carriers if each.carriage == "nested"], found, style)
    lines += _section(
        "Would have been live", _live(found, style), ["object", "file", "from", "until", "under", "nodes"], style
    )
    lines += _reached(found, style)
    lines += _unresolved(found, style)
    for note in provenance.notes:
        lines += field("note", clean(note), style)
    return "\n".join(lines).rstrip("\n") + "\n"


def _today(found: Trace, style: Style) -> list[str]:
    naming = [each for each in found.carriers if each.names and each.at_head]
    paths = list(dict.fromkeys(each.path for each in naming))
    if not found.carriers and not found.live:
        read = "that could be read " if found.evidence.lacks_content else ""
        where = f"any of the {counted_commits(found.evidence)}" if found.evidence.commits > 1 else "the one commit"
        text = f"no file {read}in {where} carries it"
    elif not paths:
        text = "no file names it"
    elif found.sole is not None:
        since = commit(found.sole.since_commit, found.notes)
        if found.sole.since_commit in found.evidence.cut_at:
            since = f"{commit(found.sole.since_commit, found.notes, subject=False)}, where the history begins"
        what = "" if found.visible_at_head else ", a copy that shadows another file"
        text = f"only {clean(found.sole.path)} names it{what}; no other file has since {since}"
    else:
        what = "" if found.visible_at_head else ", all of them copies that shadow another file"
        text = f"{len(paths)} files name it{what}: {listing(paths, style)}"
    beside = [each for each in found.mentions if each.at_head]
    if beside and not paths:
        text = _not_counting(found.subject)
        if all(each.reason == "fixture" for each in beside):
            text = f"only fixtures of tests name it: {listing(dict.fromkeys(each.path for each in beside), style)}"
            beside = []
    unknown = [clean(each.path) for each in found.evidence.undecided if each.at_tip]
    if unknown:
        text += f"; what {listing(unknown, style)} may name could not be told"
    lines = field("today", text, style)
    shown = beside if style.verbose else beside[:_MOST_MENTIONS]
    for each in shown:
        lines += field("", _mention(each), style)
    if len(shown) < len(beside):
        lines += field("", f"and {len(beside) - len(shown)} more (see below)", style)
    if found.carriers or found.live:
        lines += _live_today(found, style)
    return lines


def _live_today(found: Trace, style: Style) -> Iterator[str]:
    """Under which scenarios it is live at the tip, under which that cannot be told, and under which it is not."""
    live, perhaps = ", ".join(found.live_at_head), ", ".join(found.perhaps_at_head)
    quiet = [each for each in found.scenarios if each not in {*found.live_at_head, *found.perhaps_at_head}]
    if live or not perhaps:
        yield from field("live", f"at the tip under {live}" if live else _nobody(found), style)
    if perhaps:
        objects = listing([clean(each) for each in found.unknown_at_head], style)
        why = f": what {objects} holds there is not known" if objects else ""
        yield from field("" if live else "live", f"cannot be told at the tip under {perhaps}{why}", style)
    if (live or perhaps) and quiet:
        yield from field("", f"not under {', '.join(quiet)}", style)


def _not_counting(subject: str) -> str:
    if subject.startswith("attribute["):
        return "nothing that counts gives it a value"
    if subject.startswith("cookbook["):
        return "nothing that counts pins it"
    return "no run list of a role or node that counts names it"


def _mention(each: Mention) -> str:
    """A sentence about what stands there, and why that does not count."""
    place = clean(each.path) + ("" if each.line is None else f", line {each.line},")
    return f"{place} {_says_mention(each)}{_WHY_NOT[each.reason](each)}"


def _says_mention(each: Mention) -> str:
    for value in each.values:
        return f"gives it {_value(value)} in {each.where}"
    if each.where == "name":
        return "declares it"
    return f"names {clean(each.item)} in {clean(each.where)}" + (
        f" for {clean(each.environment)}" if each.environment is not None else ""
    )


def _replacing(each: Mention) -> str:
    if each.by == "env_run_lists._default":
        return f"{each.by} (line {each.by_line}) takes its place"
    return f"{clean(each.by or '')} comes again on line {each.by_line}"


_WHY_NOT: Final[Mapping[str, Callable[[Mention], str]]] = {
    "replaced": lambda each: f", without effect: {_replacing(each)}",
    "policy-node": lambda each: f", without effect: {clean(each.object or '')} follows a policy",
    "fixture": lambda _: ": a fixture of tests",
    "policy": lambda _: ": that is for the nodes that follow the policy, which no scenario replays",
}
_REASON: Final[Mapping[str, Callable[[Mention], str]]] = {
    "replaced": _replacing,
    "policy-node": lambda _: "the node follows a policy",
    "fixture": lambda _: "a fixture of tests",
    "policy": lambda _: "",
}


def _mentions(mentions: Sequence[Mention], found: Trace) -> Iterator[list[str]]:
    rows = []
    for each in mentions:
        says = "declares it" if each.where == "name" else clean(each.item)
        if each.values:
            says = f"{each.where}: {_value(each.values[0])}"
        place = clean(each.path) + ("" if each.line is None else f":{each.line}")
        why = _REASON[each.reason](each)
        ends = [(day(stretch.from_date), *_ends(stretch, found)) for stretch in each.stretches]
        ends = ends or [(day(each.first_date), *_aside(each, found))]
        rows += [(since, [clean(each.object or ""), place, says, *both, why]) for since, *both in ends]
    yield from (row for _, row in sorted(rows))


def _value(change: ValueChange) -> str:
    text = canonical_json(change.after)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "..."


def _nobody(found: Trace) -> str:
    """That nothing leads a node there at the tip, and what was the last that did."""
    text = "at the tip under no scenario"
    still = list(dict.fromkeys(clean(each.object) for each in found.live if each.open))
    if still:
        text += f": {', '.join(still[:_MOST_OBJECTS])} would be live, and nothing leads a node there"
    ended = [each for each in found.nodes if each.until_commit is not None and each.until_date is not None]
    if ended:
        last = max(ended, key=lambda each: (each.until_date or "", each.node))
        text += f"; the last node was {clean(last.node)}, until {commit(last.until_commit or '', found.notes)}"
    return text


def _reached(found: Trace, style: Style) -> list[str]:
    """The nodes that something leads there, and those that nothing does any more."""
    now = sorted({each.node for each in found.nodes if each.until_commit is None})
    lines = field("nodes", f"at the tip {len(now)}: {listing(now, style, most=_MOST_NODES)}", style) if now else []
    once: dict[str, list[str]] = {}
    latest = {each.node: each for each in found.nodes if each.node not in now}
    for each in sorted(found.nodes, key=lambda each: each.until_date or ""):
        if each.node in latest:
            latest[each.node] = each
    for each in sorted(latest.values(), key=lambda each: (each.until_date or "", each.node), reverse=True):
        once.setdefault(each.until_commit or "", []).append(each.node)
    ends = list(once.items()) if style.verbose else list(once.items())[:_MOST_ENDS]
    for until, nodes in ends:
        text = f"until {commit(until, found.notes)}: {listing(nodes, style, most=_MOST_NODES)}"
        lines += field("" if lines else "nodes", text, style)
    if len(ends) < len(once):
        lines += field("", f"and {sum(map(len, list(once.values())[_MOST_ENDS:]))} until earlier", style)
    return [*lines, ""] if lines else []


def _role(found: Trace, life: RoleLife, style: Style) -> list[str]:
    if life.files:
        return field("role", f"it is in {listing(life.files, style)}", style)
    if not life.ends:
        return field("role", "files of side branches alone declare it", style)
    end = life.ends[-1]
    text = f"{clean(end.path)} declared it until {commit(end.commit, found.notes)}"
    if end.instead is not None:
        what = f"role[{clean(end.declares)}]" if end.declares is not None else "nothing that can be told"
        text += f"; from then on {clean(end.instead)} declares {what}"
    lines = field("role", text, style)
    left = list(dict.fromkeys(each.path for each in found.carriers if each.at_head and each.carriage == "direct"))
    other = " else" if any(each.at_head for each in found.mentions) else ""
    return lines + field(
        "", f"still named in {listing(left, style)}" if left else f"nothing{other} at the tip names it", style
    )


def _recipe(found: Trace, life: RecipeLife, style: Style) -> list[str]:
    if life.exists_at_head:
        there = [file.path for file in life.files if file.stretches and file.stretches[-1].until_commit is None]
        return field("recipe", f"it is in {listing(there, style)}", style)
    path = life.removals[-1].path if life.removals else life.files[-1].path
    text = f"{clean(path)} is gone"
    if any(gap.kind.endswith("-tree") for gap in found.evidence.gaps):
        return field("recipe", f"{clean(path)} is not in what could be read of the tip", style)
    if life.removals:
        text = f"{clean(path)} was deleted on {commit(life.removals[-1].commit, found.notes)}"
    if not life.cookbook_at_head:
        text += ", with all of its cookbook"
    lines = field("recipe", text, style)
    left = list(dict.fromkeys(each.path for each in found.carriers if each.at_head and each.carriage == "direct"))
    verb = "refers" if len(left) == 1 else "refer"
    other = " else" if any(each.at_head for each in found.mentions) else ""
    shown = f"{listing(left, style)} still {verb} to it" if left else f"nothing{other} at the tip refers to it any more"
    return lines + field("", shown, style)


def _versions(known: CookbookVersions, found: Trace) -> str:
    here = "" if found.evidence.complete else " that could be read"
    if known.versions is None:
        text = f"which versions of {clean(known.name)} the repository had cannot be told"
    elif not known.versions:
        text = f"no commit{here} has a cookbook {clean(known.name)}: it comes from elsewhere, or its name is misspelt"
    else:
        text = f"the repository had {clean(known.name)} {', '.join(known.versions)}"
    if known.unmet:
        pinned = ", which is pinned at the tip" if found.subject.startswith("cookbook[") else ""
        text += f"; no commit{here} has {', '.join(map(clean, known.unmet))}{pinned}"
    return text


def _carriers(carriers: Sequence[Carrier], found: Trace) -> Iterator[list[str]]:
    """A row for each stretch, in the order in which they began; for values, with who gave them."""
    rows = [row for each in carriers for row in _stretches(each, found)]
    for _, _, row in sorted(rows, key=lambda row: row[:2]):
        yield row


def _stretches(each: Carrier, found: Trace) -> Iterator[tuple[str, str, list[str]]]:
    says = clean(each.item)
    if each.environment is not None:
        says += f" for {clean(each.environment)}"
    if each.carriage == "include":
        says += ", which includes " + (clean(each.through[0]) if each.through else "it")
    for value in each.values:
        says = f"{each.where}: {_value(value)}"
    file = clean(each.path)
    if each.shadows and not each.canonical:
        file += "  (a copy)"
    if not each.stretches:
        yield day(each.first_date), each.path, [clean(each.object), file, says, *_aside(each, found)]
    for stretch in each.stretches:
        row = [clean(each.object), file, says, *_ends(stretch, found)]
        # a merge brought what another branch had before
        origin = each.first_commit if stretch is each.stretches[0] else stretch.from_commit
        note = found.notes.get(origin)
        if each.values and note is not None:
            behind = "" if origin == stretch.from_commit else f" ({origin[:SHORT]})"
            row.append(f"{clean(note.author)}: {clean(note.subject)}{behind}")
        yield day(stretch.from_date), each.path, row


def _aside(each: Carrier | Mention, found: Trace) -> tuple[str, str]:
    """The ends of what was on side branches only: the first commit that has it, and the one that left it out."""
    end = each.dropped_by if isinstance(each, Carrier) else None
    until = commit(end or each.last_commit, found.notes, subject=False)
    return commit(each.first_commit, found.notes, subject=False), f"{until}, on side branches only"


def _ends(stretch: LineStretch | LiveStretch, found: Trace) -> tuple[str, str]:
    until = "still so" if stretch.until_commit is None else commit(stretch.until_commit, found.notes, subject=False)
    before = " or before" if stretch.from_commit in found.evidence.cut_at else ""
    return commit(stretch.from_commit, found.notes, subject=False) + before, until


def _nested(carriers: Sequence[Carrier], found: Trace, style: Style) -> list[str]:
    if not carriers:
        return []
    if style.verbose:
        rows = _carriers(carriers, found)
        return _section("Reached through roles", rows, ["object", "file", "what it says", "from", "until"], style)
    lines = [style.paint("Reached through roles", "bold")]
    for at_head, label in ((True, "today by"), (False, "once by")):
        objects = list(dict.fromkeys(each.object for each in carriers if each.at_head))
        if not at_head:
            objects = [each for each in dict.fromkeys(each.object for each in carriers) if each not in objects]
        if objects:
            lines += field(label, listing(objects, style), style)
    return [*lines, ""]


def _live(found: Trace, style: Style) -> Iterator[list[str]]:
    groups: dict[tuple[object, ...], list[LiveStretch]] = {}
    for each in sorted((each for each in found.live if each.proven is None), key=lambda each: day(each.from_date)):
        key = (each.object, each.container, each.path, each.from_commit, each.until_commit, each.nodes, each.certainty)
        groups.setdefault(key, []).append(each)
    for alike in groups.values():
        first = alike[0]
        live = clean(first.path) if first.path else "(given on the command line)"
        if first.certainty != "exact":
            live += "  (perhaps)"
        scenarios = ", ".join(dict.fromkeys(each.scenario for each in alike))
        others = [
            each for each in found.scenarios if not is_evidence(each) and each not in {one.scenario for one in alike}
        ]
        if len(others) < min(len(alike), _FEW_OTHERS) and len(found.scenarios) > 1:
            scenarios = f"every scenario but {', '.join(others)}" if others else "every scenario"
        yield [clean(first.object), live, *_ends(first, found), scenarios, _nodes(first, style)]


def _nodes(stretch: LiveStretch, style: Style) -> str:
    if stretch.nodes is None:
        return "(none in the repository)"
    if not stretch.nodes:
        return "none"
    if style.verbose:
        return ", ".join(clean(node) for node in stretch.nodes)
    return clean(stretch.nodes[0]) if len(stretch.nodes) == 1 else f"{len(stretch.nodes)}"


def _section(title: str, rows: Iterator[list[str]], headers: Sequence[str], style: Style) -> list[str]:
    everything = list(rows)
    if not everything:
        return []
    shown = everything if style.verbose else everything[-_MOST_ROWS:]
    lines = [style.paint(title, "bold"), *table(shown, headers=headers, indent="   ")]
    if len(shown) < len(everything):
        lines.append(f"   and {len(everything) - len(shown)} that began before (--verbose lists them)")
    return [*lines, ""]


def _unresolved(found: Trace, style: Style) -> list[str]:
    at_head = [each for each in found.unresolved if each.at_head]
    if not at_head:
        return []
    lines = [style.paint("What only running the code could tell, at the tip: it may name it too", "bold")]
    shown = at_head if style.verbose else at_head[:_MOST_ROWS]
    lines += [f"   {clean(each.path)}:{each.line}: {clean(each.source)}" for each in shown]
    if len(shown) < len(at_head):
        lines.append(f"   and {len(at_head) - len(shown)} more (--verbose lists them)")
    return [*lines, ""]
