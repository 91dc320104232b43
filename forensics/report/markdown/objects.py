"""The section of each shadowed object: what was live instead, what that changed, who did what, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.advice import look_up
from forensics.report.markdown.inline import code, commit, day, listing, table
from forensics.report.places import nobody_text, node_files_text, unusual
from forensics.report.proof_words import fit_words, moment, span_words
from forensics.report.text.values import change_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.proven_results import ObjectProof
    from forensics.analysis.report_results import ObjectStory, Scan, Touch
    from forensics.analysis.results import ValueChange
    from forensics.report.cases import Case

_MOST_CHANGES: Final = 40
_MOST_TOUCHES: Final = 60
_MOST_STRETCHES: Final = 60


def object_section(scan: Scan, case: Case) -> Iterator[str]:
    """The lines of a section, its heading first."""
    where = ", ".join(map(code, unusual(case)))
    where = f" in {where}" if where else ""
    yield f"## {code(case.object)}{where}: {case.status.value}"
    yield ""
    yield from _files(scan, case)
    yield ""
    for proof in case.proofs:
        yield from _proof(proof)
        yield ""
    if case.divergences:
        yield from _stretches(case)
        yield ""
        yield from _effects(scan, case)
    else:
        yield f"- Effect: {case.no_effect}."
    for each in case.differences:
        yield f"- {code(each.path)} differs from {code(each.other)}:"
        yield from _listed(each.changes)
    if case.gone:
        command = code(look_up(case.kind, case.container, case.name))
        yield f"- Today: no file declares it; a server that had it still does ({command} tells)."
    yield from _advice(case)
    story = _story(scan, case)
    if story is not None:
        yield ""
        yield from _touches(scan, case, story)


def _files(scan: Scan, case: Case) -> Iterator[str]:
    for shadow in case.shadows:
        paths = ", ".join(
            code(path) + (" (the canonical file)" if path == shadow.canonical else "") for path in shadow.paths
        )
        until = "to the tip" if shadow.at_head else f"last seen {day(shadow.last_date)}"
        note = scan.notes.get(shadow.first_commit)
        who = f", {code(note.author)}: {code(note.subject)}" if note else ""
        if shadow.first_commit in scan.evidence.cut_at:
            who = " or before"
        side = "" if shadow.first_parent_commits else ", on side branches only"
        yield f"- {paths} declare it since {day(shadow.first_date)} ({commit(shadow.first_commit)}{who}), {until}{side}"


def _proof(proof: ObjectProof) -> Iterator[str]:
    where = f" in the organization {code(proof.organization)}" if proof.organization else ""
    yield f"Proven by the logs{where} (UTC):"
    yield ""
    shown = proof.spans[-_MOST_STRETCHES:]
    rows = [[moment(each.first_time), span_words(each, code)] for each in shown]
    yield from table(["from", "live"], rows)
    if len(shown) < len(proof.spans):
        yield ""
        yield f"and {len(proof.spans) - len(shown)} earlier ones."
    yield ""
    for label, sentence in fit_words(proof, code):
        yield f"- {_FIT[label]}: {sentence}."


_FIT: Final = {"agrees": "Agrees with that", "refuted": "Refuted", "open": "Nothing to compare with"}


def _stretches(case: Case) -> Iterator[str]:
    expected = case.canonical
    shown = case.last_stretches(_MOST_STRETCHES)
    yield f"What was live instead of {code(expected)}:" if expected else "What was live, as the upload went:"
    yield ""
    yield from table(
        ["file", "from", "until", "under"],
        [
            [
                code(each.path) if each.path else "no file",
                f"{day(each.start_date)} {commit(each.start)}",
                f"{day(each.until_date)} {commit(each.until)}" if each.until and each.until_date else "still so",
                ", ".join(code(name) + each.doubt(name, "a race") for name in each.scenarios),
            ]
            for each in shown
        ],
    )
    if len(shown) < len(case.stretches):
        yield ""
        yield f"And {len(case.stretches) - len(shown)} earlier ones: the format html has all."


def _effects(scan: Scan, case: Case) -> Iterator[str]:
    added, removed = case.recipes_added, case.recipes_removed
    if added:
        yield f"- It adds: {listing(f'recipe[{name}]' for name in added)}."
    if removed:
        yield f"- It removes: {listing(f'recipe[{name}]' for name in removed)}."
    compared = [phase.changes for phase in case.phases if phase.expected is not None]
    if compared and not added and not removed and case.kind == "role":
        yield "- Effect: the same recipes; attributes or description differ."
    yield from _changes(max(compared, key=len, default=()))
    nodes = case.nodes
    if case.kind == "data_bag_item":
        yield "- Felt by: the recipes that read this item; no run list tells which."
    elif nodes is None:
        yield "- Felt by: unknown, the repository keeps no `nodes/` beside it."
    elif nodes:
        yield f"- Felt by {len(nodes)} node{'s' if len(nodes) > 1 else ''}: {listing(nodes, 24)}."
    elif not case.node_files:
        yield f"- Felt by: {nobody_text(case.undecided)}."
    if case.node_files:
        yield f"- Felt by {node_files_text(len(case.node_files))}: {listing(case.node_files, 24)}."
    if case.roles:
        yield f"- Through the roles {listing(case.roles)}."
    safe = case.safe_scenarios(scan)
    if safe:
        yield f"- Never under {listing(safe, 20)}."


def _changes(changes: Sequence[ValueChange]) -> Iterator[str]:
    if not changes:
        return
    yield "- In detail:"
    yield from _listed(changes)


def _listed(changes: Sequence[ValueChange]) -> Iterator[str]:
    for change in changes[:_MOST_CHANGES]:
        yield f"  - {code(change_text(change))}"
    if len(changes) > _MOST_CHANGES:
        yield f"  - and {len(changes) - _MOST_CHANGES} more"


def _advice(case: Case) -> Iterator[str]:
    advice = case.advice
    if advice is None:
        return
    if advice.first:
        yield f"- **First:** {advice.first}."
    if advice.do:
        yield f"- **Do:** {code(advice.do)}"
    if advice.decide:
        yield f"- **Do:** {advice.decide}."
    if advice.remove:
        yield f"- **{'Then' if advice.do else 'Do'}:** {code(advice.remove)} (or give it a name of its own)"
    for command in advice.avoid:
        yield f"- **Avoid:** {code(command)}"


def _story(scan: Scan, case: Case) -> ObjectStory | None:
    key = (case.kind, case.container, case.name)
    return next((story for story in scan.stories if (story.kind, story.container, story.name) == key), None)


def _touches(scan: Scan, case: Case, story: ObjectStory) -> Iterator[str]:
    """The commits that touched its files while there were several; of many, the last."""
    shown = _while_shadowed(case, story)
    rest = len(story.touches) - len(shown[-_MOST_TOUCHES:])
    yield "The commits that touched its files" + (f" ({rest} others did before or after):" if rest else ":")
    yield ""
    rows = [_touch(scan, touch) for touch in shown[-_MOST_TOUCHES:]]
    yield from table(["date", "commit", "author", "subject", "file"], rows)


def _while_shadowed(case: Case, story: ObjectStory) -> Sequence[Touch]:
    """From the touch before another file than the canonical one came, to the last one that matters for it."""
    matter: set[str | None] = {shadow.first_commit for shadow in case.shadows}
    matter.update(commit for each in case.divergences for commit in (each.from_commit, each.until_commit))
    places = [
        place for place, touch in enumerate(story.touches) if touch.path != story.canonical or touch.commit in matter
    ]
    if not places:
        return story.touches
    last = len(story.touches) if case.at_head or case.open_scenarios else places[-1] + 1
    return story.touches[max(places[0] - 1, 0) : last]


def _touch(scan: Scan, touch: Touch) -> list[str]:
    note = scan.notes.get(touch.commit)
    return [
        day(touch.date),
        commit(touch.commit),
        code(note.author) if note else "",
        code(note.subject) if note else "",
        f"{code(touch.path)} {touch.event}",
    ]
