"""``drift --format html``: what a server holds against the revision, as one page that loads and runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from forensics.analysis.drift_results import NOT_DRIFTED, OTHER_FILE, SAME, UNDECIDED, UNKNOWN_CONTENT
from forensics.report.drift_words import counts, explained, facts, snapshot_text, state_sentence, strangers
from forensics.report.evidence import sentences
from forensics.report.html.page import environment, static
from forensics.report.html.policy import content_security_policy
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.drift_results import Drift, DriftObject


class _Told(NamedTuple):
    """An object, and what there is to know of it; nothing of one that is as expected."""

    each: DriftObject
    facts: Sequence[tuple[str, Sequence[str]]]


class _StatePart(NamedTuple):
    """The objects of one state."""

    state: str
    name: str
    meaning: str
    look: str
    rows: Sequence[_Told]


def drift_html(found: Drift) -> str:
    """The page; the same result gives the same text, which UTF-8 can encode."""
    style = static("report.css")
    provenance = found.evidence.provenance
    drifted = any(each.drifted for each in found.objects)
    body = {
        "found": found,
        "head": provenance.head[:12],
        "explained": explained(found.summary),
        "counts": counts(found.summary),
        "snapshot": snapshot_text(found.snapshot),
        "strangers": strangers(found.summary),
        "look": "bad" if drifted else "warn" if UNDECIDED in found.summary.by_state else "good",
        "drifted": drifted,
        "notes": [clean(note) for note in (*found.notes, *provenance.notes)] + list(sentences(found.evidence)),
        "parts": [_part(found, state) for state in found.summary.by_state],
        "policy": content_security_policy(style, ""),
        "style": Markup(style),  # noqa: S704 (a file of this package)
    }
    return environment().get_template("drift.html").render(body)


def _part(found: Drift, state: str) -> _StatePart:
    name, _, meaning = state_sentence(state).partition(": ")
    rows = [
        _Told(each, () if state == SAME else tuple(facts(each, whole=True)))
        for each in found.objects
        if each.state == state
    ]
    return _StatePart(state, name, meaning, _look(state), rows)


def _look(state: str) -> str:
    if state in NOT_DRIFTED:
        return "left" if state == UNDECIDED else "good"
    return "bad" if state in {UNKNOWN_CONTENT, OTHER_FILE} else "warn"
