"""``forensics check``: would this commit introduce a shadow?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import Format, Presentation, RepositoryOptions, StrictEvidence, TextFormat
from forensics.cli.session import evidence_code, print_result
from forensics.deferred import deferred

if TYPE_CHECKING:
    from forensics.api.questions import check as question
else:
    question = deferred("forensics.api.questions.check")


def check(
    where: RepositoryOptions,
    show: Presentation,
    staged: Annotated[bool, typer.Option("--staged", help="Check what git commit would commit now.")] = False,
    format_: Format = TextFormat.TEXT,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Refuse a commit that would make several files declare one object (for a pre-commit hook).

    Looks at the index only, or at the one that git names in GIT_INDEX_FILE; a shadow that was there before is none.
    """
    result = question.ask(
        where.repo,
        staged=staged,
        index=os.environ.get("GIT_INDEX_FILE") or None,
        config=where.configuration,
        chef_version=where.chef_version,
        trust_owner=where.trust_owner,
    )
    print_result(result, format_, show)
    if evidence_code(result.evidence, strict=strict_evidence):
        return exits.EVIDENCE
    return exits.FOUND if result.failed else exits.OK
