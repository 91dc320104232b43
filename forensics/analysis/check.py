"""Which shadows would a commit of the index introduce?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from forensics.analysis.check_results import Check, StagedShadow
from forensics.analysis.policy import judge
from forensics.analysis.problems import UNDECIDED
from forensics.analysis.redaction import redact_problems
from forensics.analysis.rules import shadowed_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding, Shadow
    from forensics.chef.objects import Kind
    from forensics.history.model import File
    from forensics.uploads.target import Target

    Object: TypeAlias = tuple[Target, str]
    Files: TypeAlias = dict[str, File]
    Earlier: TypeAlias = dict[tuple[Kind, str], dict[Target, Files]]


def check(examination: Examination) -> Check:
    """Compare what is staged, the examination's head, with the commits it would follow, which are all that is read.

    A shadow is introduced if a file comes to declare an object that another file declares, too. It was there before if
    a parent has it, with as many files or more: a file that was only moved brings nothing new.
    """
    staged = examination.head_commit
    parents = examination.history.graph.parents[staged]
    now = _declaring(examination, staged)
    before = [_by_name(_declaring(examination, parent)) for parent in parents]
    targets = {(str(target.kind), target.label.path): target for target in examination.targets}
    found = [
        _compared(shadow, (targets[shadow.kind, shadow.container], shadow.name), now, before)
        for shadow in examination.shadows
        if shadow.at_head
    ]
    introduced = {each.finding: each for each in found if each.added}
    moment = examination.history.graph.times[staged]
    judged = judge(examination.options.policy, list(introduced), moment, whole=False)
    let_pass = {each.finding.fingerprint for each in judged.suppressed}
    evidence = examination.evidence()
    return Check(
        # that the parents' own past is not read is what this is about, and no gap
        evidence=replace(
            evidence,
            gaps=tuple(gap for gap in evidence.gaps if gap.kind != "shallow"),
            undecided=tuple(each for each in evidence.undecided if each.at_tip),
        ),
        introduced=tuple(each for each in introduced.values() if each.finding.fingerprint not in let_pass),
        standing=tuple(each for each in found if not each.added),
        suppressed=judged.suppressed,
        files=sum(1 for _ in examination.tip.declared()),
        unreadable=redact_problems(
            each
            for each in examination.problems()
            if each.at_head and each.first_commit == examination.head and each.kind not in UNDECIDED
        ),
    )


def _declaring(examination: Examination, commit: int) -> dict[Object, Files]:
    """The files that declare each object at a commit."""
    found: dict[Object, Files] = {}
    state = examination.history.state(commit)
    for target in examination.targets:
        for path, file in target.files(examination.history, target.version(state)).items():
            name = examination.declarations.from_file(target.kind, path, file).name
            if name is not None:
                found.setdefault((target, name), {})[path] = file
    return found


def _by_name(declaring: Mapping[Object, Files]) -> Earlier:
    """The same, by kind and name: between two commits, a container may have been moved."""
    found: Earlier = {}
    for (target, name), files in declaring.items():
        found.setdefault((target.kind, name), {})[target] = files
    return found


def _compared(shadow: Shadow, object_: Object, now: Mapping[Object, Files], before: Sequence[Earlier]) -> StagedShadow:
    """A shadow of what is staged, with what the commit does to it."""
    files = now[object_]
    own, name = object_
    for declaring in before:
        for target, earlier in declaring.get((own.kind, name), {}).items():
            if _existed_before(files, earlier, now.get((target, name))):
                edited = tuple(path for path in shadow.paths if path in earlier and earlier[path] != files[path])
                return StagedShadow(shadow, (), edited, _finding(shadow))
    of_parents = [each.get((own.kind, name), {}).get(own, {}) for each in before]
    known = of_parents[0] if of_parents else {}
    added = tuple(path for path in shadow.paths if path not in known) or shadow.paths
    merged = tuple(path for path in added if any(path in each for each in of_parents[1:]))
    return StagedShadow(shadow, added, (), _finding(shadow), _to_mend(shadow, added, of_parents), merged)


def _to_mend(shadow: Shadow, added: Sequence[str], of_parents: Sequence[Files]) -> tuple[str, ...]:
    """The files that should give way: what the commit adds, but never the canonical file if another one can.

    What a merge brings in is right on the other branch, where it was alone: the current branch's own file gives way.
    """
    copies = {path: None for path in shadow.paths if path != shadow.canonical}  # there may be thousands
    if len(of_parents) > 1:
        own = [path for path in copies if path in of_parents[0] and not any(path in each for each in of_parents[1:])]
        return tuple(own or copies)
    return tuple([path for path in added if path in copies] or added)


def _existed_before(files: Files, earlier: Files, left: Files | None) -> bool:
    """Whether these files, or those that they were moved from, declared the object together before."""
    gone = {earlier[path] for path in earlier if path not in (left or {})}
    return 1 < len(files) <= len(earlier) and all(path in earlier or file in gone for path, file in files.items())


def _finding(shadow: Shadow) -> Finding:
    contents = {True: "different contents", False: "the same content", None: "contents that are not all known"}
    return shadowed_object.RULE.finding(
        f"{len(shadow.paths)} files would declare {shadow.object}, with {contents[shadow.contents_differ]}",
        object_=shadow.object,
        paths=shadow.paths,
    )
