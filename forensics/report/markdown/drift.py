"""``drift --format markdown``: for a post-mortem, a wiki page or a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.drift_results import SAME
from forensics.report.drift_words import counts, explained, facts, snapshot_text, state_sentence, strangers
from forensics.report.evidence import sentences
from forensics.report.markdown.inline import code, commit, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.drift_results import Drift

_MOST: Final = 200


def drift_markdown(found: Drift) -> str:
    """What a server holds against the revision, as Markdown."""
    return "\n".join(_lines(found)).rstrip("\n") + "\n"


def _lines(found: Drift) -> Iterator[str]:
    provenance = found.evidence.provenance
    yield f"# What the server holds: {code(snapshot_text(found.snapshot))}"
    yield ""
    yield f"**{explained(found.summary)}**: {counts(found.summary) or 'none'}."
    yield ""
    yield f"Compared with {code(provenance.rev)} ({commit(provenance.head)}) of {code(provenance.repository)}."
    yield ""
    for sentence in sentences(found.evidence, code):
        yield f"- {sentence}"
    for note in (*found.notes, *provenance.notes):
        yield f"- {code(note)}"
    if text := strangers(found.summary):
        yield f"- {text}"
    for state in found.summary.by_state:
        of_state = [each for each in found.objects if each.state == state]
        name, _, meaning = state_sentence(state).partition(": ")
        yield from ("", f"## {name[:1].upper()}{name[1:]}", "", f"{meaning[:1].upper()}{meaning[1:]}.", "")
        if state == SAME:
            yield listing((each.object for each in of_state), _MOST)
            continue
        for each in of_state[:_MOST]:
            of = f" in {code(each.organization)}" if each.organization else ""
            yield f"- {code(each.object)}{of}"
            for label, texts in facts(each):
                yield f"  - {label}: {code(texts[0])}"
                yield from (f"    - {code(text)}" for text in texts[1:])
        if len(of_state) > _MOST:
            yield f"- and {len(of_state) - _MOST} more"
