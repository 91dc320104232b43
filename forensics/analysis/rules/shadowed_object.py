"""shadowed-object: several files declare one object, so that the last upload decides what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.uploads.chef_solo import LEGACY, refused_twins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding, Shadow

RULE: Final = Rule(
    "shadowed-object",
    "warning",
    "Several files declare one object",
    "Chef tells an object by the name inside its file, not by the file's own name. Where several files of one "
    "directory give the same name, the server keeps whichever was uploaded last: the order on the command line "
    "decides what the nodes run, and with it the shell and its locale. It does no harm as long as all of them "
    "say the same; the first edit of only one of them changes that.",
    "Delete the copy, or give it a name of its own inside: the server keeps whichever file was uploaded last. "
    "Git remembers the old content without a copy.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each set of files that ever declared one object together."""
    legacy = any(each.uploader == LEGACY.name for each in examination.options.scenarios)
    for shadow in examination.shadows:
        refused = refused_twins(shadow.kind, shadow.container, shadow.name, shadow.paths) if legacy else None
        when = "to this day" if shadow.at_head else f"last seen {shadow.last_date[:10]}"
        contents = {
            True: "with different contents",
            False: "with the same content",
            None: "whose contents are not all known",
        }
        yield RULE.finding(
            f"{len(shadow.paths)} files declare {shadow.object}, {contents[shadow.contents_differ]}, "
            f"since {shadow.first_date[:10]}, {when}"
            + (f"; under {LEGACY.name} no node can read it then ({refused})" if refused else ""),
            object_=shadow.object,
            paths=shadow.paths,
            commit=shadow.first_commit,
            at_tip=shadow.at_head,
        )


def fingerprint_of(shadow: Shadow) -> str:
    """The fingerprint of the finding about a shadow."""
    return RULE.fingerprint(shadow.object, shadow.paths)
