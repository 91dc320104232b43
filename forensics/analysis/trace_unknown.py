"""What to say of a subject that nothing in any commit is or carries."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from forensics.analysis.objects import UnknownObjectError
from forensics.analysis.run_lists import run_lists
from forensics.analysis.trace_subject import LEVELS, PINS
from forensics.chef.objects import Kind
from forensics.chef.recipe_source import qualified
from forensics.chef.wire import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import EvidenceSummary
    from forensics.analysis.trace_subject import Subject
    from forensics.chef.objects import Body, Value

_WHAT = {
    "recipe": "no run list names it, no cookbook has it, and no policy that the tip has names it",
    "role": "no file declares it, and no run list names it",
    "attribute": "no role, environment or node gives it a value",
    "cookbook": "no environment and no run list pins it to a version, and no cookbook here is called so",
}


def unknown_subject(examination: Examination, subject: Subject, evidence: EvidenceSummary) -> UnknownObjectError:
    """The error about it, with the closest subject that some commit knows: a part of its name counts as the whole."""
    known = {each: None for each in _known(examination, subject.kind) if each}
    wanted = subject.name.removesuffix("::default")
    parts = [each for each in known if wanted in _parts(subject.kind, each)]
    close = parts or get_close_matches(wanted, known, 1)
    if not close:
        last = {_parts(subject.kind, each)[-1]: each for each in known}
        close = [last[each] for each in get_close_matches(wanted, last, 1)]
    meant = f"; did you mean {f'{subject.kind}[{close[0]}]'!r}?" if close else ""
    commits = len(examination.history.graph)
    where = "the one commit" if commits == 1 else f"any of the {commits} commits"
    beyond = "; what could not be read may" if evidence.lacks_content else ""
    if examination.elsewhere:
        beyond += f"; what lies in {', '.join(examination.elsewhere)}, outside of the repository, was not examined"
    return UnknownObjectError(f"no such {subject.kind}: in {where} {_WHAT[subject.kind]} ({subject}){beyond}{meant}")


def _parts(kind: str, name: str) -> list[str]:
    if kind == "recipe":
        return name.removesuffix("::default").split("::")
    return name.split(".") if kind == "attribute" else [name]


def _known(examination: Examination, kind: str) -> Iterator[str]:
    for seen in examination.survey.sightings:
        declared = examination.declarations.in_tree(seen.target, seen.path, seen.file)
        if declared.name is None or declared.body is None:
            continue
        if kind == "role" and seen.target.kind is Kind.ROLE:
            yield declared.name
        if kind == "attribute":
            fields = content(seen.target.kind, declared.body)
            for level in LEVELS.get(seen.target.kind, ()):
                yield from _paths(fields.get(level))
        elif kind == "cookbook" and seen.target.kind is Kind.ENVIRONMENT:
            yield from _keys(content(seen.target.kind, declared.body).get(PINS))
        for _, item in run_lists(seen.target.kind, declared.body).named():
            if kind == item.type == "recipe":
                yield qualified(item.name)
            elif kind == item.type == "role":
                yield item.name
            elif kind == "cookbook" and item.type == "recipe" and item.version is not None:
                yield item.name.partition("::")[0]
    if kind in {"recipe", "cookbook"}:
        index = examination.traced_cookbooks
        for name in (file.name for cookbook in index.ever for file in index.files(cookbook)):
            yield name if kind == "recipe" else name.partition("::")[0]


def _keys(pins: Value) -> Iterator[str]:
    if isinstance(pins, dict):
        yield from (str(key) for key in pins)


def _paths(attributes: Value) -> Iterator[str]:
    pending: list[tuple[str, Body]] = [("", attributes)] if isinstance(attributes, dict) else []
    while pending:
        above, inside = pending.pop()
        for key, member in inside.items():
            yield above + str(key)
            if isinstance(member, dict):
                pending.append((f"{above}{key}.", member))
