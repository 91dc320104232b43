"""How files differ that declare one object while none of them is the canonical one: no order tells which is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.changes import changes
from forensics.analysis.report_results import FileDifference
from forensics.analysis.shadows import shadow_id
from forensics.chef.wire import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination


def file_differences(examination: Examination) -> Iterator[FileDifference]:
    """Each further file of such a shadow against the first, where both were last together."""
    wanted = {each.id: each for each in examination.shadows if each.canonical is None and each.contents_differ}
    history, declarations = examination.history, examination.declarations
    for episode in examination.survey.episodes if wanted else ():
        target, name, paths = episode.key
        shadow = wanted.get(shadow_id(target, name, paths))
        if shadow is None:
            continue
        state = history.state(examination.position(shadow.last_commit))
        files = target.files(history, target.version(state))
        first, *others = (declarations.from_file(target.kind, path, files[path]).body or {} for path in paths)
        for path, body in zip(paths[1:], others, strict=True):
            found = changes(content(target.kind, first), content(target.kind, body))
            if found:
                yield FileDifference(shadow.id, shadow.kind, path, paths[0], found)
