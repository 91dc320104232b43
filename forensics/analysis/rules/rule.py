"""What every rule is made of."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.analysis.results import Finding
from forensics.analysis.rules.fingerprints import fingerprint


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, in plain text without markup.

    ``id`` is stable, ``severity`` is ``error``, ``warning`` or ``note``, ``title`` one line. ``meaning`` tells in a few
    sentences what happened and why it matters for the nodes, ``help`` what to do.
    """

    id: str
    severity: str
    title: str
    meaning: str
    help: str

    def finding(
        self,
        message: str,
        *,
        object_: str | None = None,
        paths: tuple[str, ...] = (),
        commit: str | None = None,
        at_tip: bool = True,
        detail: str = "",
        line: int | None = None,
        only_if: tuple[str, ...] = (),
    ) -> Finding:
        """A finding of this rule; ``only_if`` are the scenarios under which alone it is so, if none of them decides."""
        fingerprint = self.fingerprint(object_, paths, detail, only_if=bool(only_if))
        severity = "note" if only_if else self.severity
        message = f"only if you use {', '.join(only_if)}: {message}" if only_if else message
        return Finding(self.id, severity, object_, paths, commit, message, fingerprint, at_tip, line, only_if)

    def fingerprint(
        self, object_: str | None, paths: tuple[str, ...], detail: str = "", *, only_if: bool = False
    ) -> str:
        """What a finding about these is known by.

        It depends on the rule, the object, the files and ``detail``, never on commits, so that it stays the same when
        history is rewritten. ``detail`` must hold nothing of a commit either. What is so only under scenarios that do
        not decide (``only_if``) is a finding of its own. Where a rule finds the same thing twice,
        ``fingerprints.distinct`` tells the earlier from the last.
        """
        return fingerprint(self.id, object_, paths, f"{detail}\0only if" if only_if else detail)
