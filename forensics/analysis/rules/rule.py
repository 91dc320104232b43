"""What every rule is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from forensics.analysis.results import Finding


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
    ) -> Finding:
        """A finding of this rule.

        Its fingerprint depends on the rule, the object, the files and ``detail``, never on commits, so that it stays
        the same when history is rewritten.
        """
        text = "\0".join([self.id, object_ or "", *paths, detail])
        fingerprint = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:20]
        return Finding(self.id, self.severity, object_, paths, commit, message, fingerprint, at_tip, line)
