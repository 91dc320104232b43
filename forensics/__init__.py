"""What was really live on the Chef server, and could a file nobody thought about have put it there?

``forensics.open("path/to/chef-repo")`` gives a repository to be asked: ``scan``, ``shadows``, ``timeline``, ``show``,
``live``, ``log``, ``trace``, ``fingerprint``, ``report``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.deferred import deferred
from forensics.errors import ForensicsError, UsageError
from forensics.version import __version__

if TYPE_CHECKING:
    from os import PathLike

    from forensics.api import notebook_progress as _notebook
    from forensics.api import opening as _opening
    from forensics.api import questions as _questions
    from forensics.api import session as _session
    from forensics.api.questions.check import CheckResult
    from forensics.api.repository import Repository
else:
    _notebook = deferred("forensics.api.notebook_progress")
    _opening = deferred("forensics.api.opening")
    _session = deferred("forensics.api.session")
    _questions = deferred("forensics.api.questions")

__all__ = ["ForensicsError", "UsageError", "__version__", "check", "open"]


def open(  # noqa: A001 (forensics.open reads as what it does)
    path: str | PathLike[str] = ".",
    *,
    rev: str = "HEAD",
    every_ref: bool = False,
    config: str | PathLike[str] | None = None,
    chef_version: str | None = None,
    trust_owner: bool = False,
    progress: bool = True,
) -> Repository:
    """Open a chef-repo, read-only, and walk the history of a revision (or of ``every_ref``).

    In a notebook the stage at work is shown; ``progress=False`` keeps that quiet. Scripts are never told.

    Raises:
        ForensicsError: it is no repository, has no such revision or no Chef object, belongs to another user (without
            ``trust_owner``), or its ``forensics.toml`` says something impossible.
    """
    return _opening.open_repository(
        path,
        rev=rev,
        every_ref=every_ref,
        config=config,
        chef_version=chef_version,
        trust_owner=trust_owner,
        stage=_notebook.notebook_stage if progress else _session.silently,
    )


def check(
    path: str | PathLike[str] = ".",
    *,
    staged: bool = True,
    index: str | PathLike[str] | None = None,
    config: str | PathLike[str] | None = None,
    chef_version: str | None = None,
    trust_owner: bool = False,
) -> CheckResult:
    """Whether a commit of what is staged in a chef-repo would make several files declare one object.

    ``index`` is what git names to its hooks in ``GIT_INDEX_FILE``, if they ask.

    Raises:
        ForensicsError: there is no repository or no index to be read, or files are unmerged.
    """
    return _questions.check.ask(
        path, staged=staged, index=index, config=config, chef_version=chef_version, trust_owner=trust_owner
    )
