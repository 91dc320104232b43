"""stale-ignore: an entry of the configuration that lets findings pass has expired, or matches none any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule

if TYPE_CHECKING:
    from forensics.analysis.policy_results import Ignore
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "stale-ignore",
    "note",
    "An ignore entry no longer applies",
    "An ignore entry of forensics.toml has expired, so that what it let pass counts again, or matches nothing in "
    "all of the history examined. An entry that nobody needs any more is a hole: it would let the next finding of its "
    "kind pass unseen, for a reason that was meant for another.",
    "Delete the entry. If what it let pass is still there and still harmless, give it a new reason and a new day on "
    "which it expires.",
)


def finding(ignore: Ignore, *, expired: bool, source: str | None) -> Finding:
    """The finding about one entry; ``source`` is the configuration's path in the repository, if it lies there."""
    what = described(ignore)
    fate = f"expired on {ignore.expires}; what it let pass counts again" if expired else "matches nothing any more"
    return RULE.finding(
        f"the [[ignore]] entry for {what} ({ignore.reason}) {fate}",
        paths=(source,) if source else (),
        detail=f"{what}\0{ignore.expires or ''}",
    )


def described(ignore: Ignore) -> str:
    """What an entry names, as the configuration spells it."""
    named = {
        "rule": ignore.rule,
        "object": ignore.object,
        "path": ignore.path,
        "fingerprint": ignore.fingerprint,
    }
    return ", ".join(f"{key} {value}" for key, value in named.items() if value is not None)
