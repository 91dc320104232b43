"""A report in which every text is replaced, by hostile text or by harmless text of the same shape."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.problem_results import ProblemRecord
from forensics.analysis.report_results import Comparison, Scan
from forensics.analysis.results import Finding
from forensics.history.model import Gap

EVIL = (
    "</script><script>window.__pwned = 1</script>",
    "\"><img src=x onerror='window.__pwned = 1'>",
    "' onmouseover='window.__pwned = 1' x='",
    "</style><style>body{display:none}</style>",
    "</title></details></svg></table><h1>pwned</h1>",
    "javascript:window.__pwned=1//",
    "<!--<script>",
    "]]><![CDATA[<svg onload=window.__pwned=1>",
    "{{7*7}}{% raw %}${7*7}",
    "&lt;b&gt;&#60;i&#62;&amp;",
    "\x1b[2J\x1b]0;title\x07\x9b31m\r\n\x00",
    "\u202eevil\u2066\u200f\u061c\u200b\ufeff\U000e0041",
    "line\u2028para\u2029",
    "raw\udcff\udc9b",
    "W" * 120,
    "שלום العالم",
)
EVERYTHING = " ".join(EVIL)

STRUCTURE = frozenset(
    {
        *(
            "kind",
            "op",
            "pointer",
            "certainty",
            "event",
            "severity",
            "rule",
            "expires",
            "uploader",
            "scope",
            "order",
            "standing",
        ),
        *("date", "author_date", "from_date", "until_date", "first_date", "last_date", "head_date"),
    }
)
"""Fields whose text decides what a report draws; nobody but the tool writes them."""
MEMBERS = frozenset({"run_list", "env_run_lists", "default_attributes", "override_attributes"})


def with_everything(found: Scan) -> Scan:
    """A report that has an entry of each sort, whatever its repository gave."""
    first = found.findings[0]
    gone = Finding("residue", "warning", "role[gone]", ("roles/gone.json",), None, "gone since", "f" * 20)
    ignore = Ignore("known", rule="residue", object="role[x]", path="roles/x.json", expires="2014-12-31")
    return replace(
        found,
        problems=(ProblemRecord("roles/bad.json", "b" * 40, "c" * 40, "json", "cannot be read", 7, at_head=True),),
        evidence=replace(
            found.evidence,
            gaps=(Gap("missing-blob", "not there", "d" * 40, "roles/lost.json", "e" * 40), Gap("shallow", "ends")),
            provenance=replace(found.evidence.provenance, notes=("alternates are used",)),
        ),
        suppressed=(Suppression(gone, ignore),),
        stale_ignores=(Ignore("old", fingerprint="0" * 20),),
        asked={"--since": "2014-01-01"},
        baseline=Comparison(
            "a" * 40, "2014-01-01T00:00:00+00:00", frozenset({first.fingerprint}), frozenset(), (gone,), 3, ("rebased",)
        ),
    )


def replaced(found: Scan, text: str, *, keep: frozenset[str] = frozenset()) -> Scan:
    """The report with ``text`` in every text field, but for the fields named in ``keep``.

    Texts that were the same still are, and those that differed still do.
    """
    numbers: dict[str, int] = {}

    def other(value: str) -> str:
        return f"{text}{numbers.setdefault(value, len(numbers))}"

    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            return value if name in keep else other(value)
        if isinstance(value, dict):
            if name == "content" and keep:
                return {
                    key if key in MEMBERS else other(key): change(item, "in content") for key, item in value.items()
                }
            return {key if key == "_default" else other(key): change(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(change(item) for item in value)
        if isinstance(value, frozenset):
            return frozenset(other(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value,
                **{each.name: change(getattr(value, each.name), each.name) for each in fields(value) if each.init},
            )
        return value

    return change(found)
