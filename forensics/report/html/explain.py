"""``explain --format html``: which uploads fit what was observed, as one page that loads and runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from forensics.report.evidence import sentences
from forensics.report.explain_words import act_words, bearing, contradiction_title, mark, period, story_title
from forensics.report.html.page import environment, static
from forensics.report.html.policy import content_security_policy
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.explain_results import FittingUploads, ScenarioVerdict


class _Line(NamedTuple):
    """Something at a time: the facts, the acts of a story, the questions that would decide."""

    label: str
    time: str
    text: str
    more: str = ""


class _StoryPart(NamedTuple):
    """One of the cheapest stories."""

    title: str
    acts: Sequence[_Line]


def explain_html(found: FittingUploads) -> str:
    """The page; the same result gives the same text, which UTF-8 can encode."""
    style = static("report.css")
    provenance = found.evidence.provenance
    body = {
        "found": found,
        "subject": clean(found.subject),
        "head": provenance.head[:12],
        "answer": _answer(found),
        "look": _look(found),
        "facts": [
            _Line(each.id, period(each.from_, each.until), clean(each.text), clean(_beside(each.source, bearing(each))))
            for each in found.facts
        ],
        "verdicts": [(clean(each.name), _verdict(each)) for each in found.scenarios],
        "stories": [
            _StoryPart(
                story_title(found, number, story),
                [_Line(mark(act), period(act.from_, act.until), _after_mark(act_words(act))) for act in story.acts],
            )
            for number, story in enumerate(found.stories, 1)
        ],
        "untold": found.stories_in_all - len(found.stories),
        "common": [clean(each.text) for each in found.common] if found.stories_in_all > 1 else [],
        "questions": [
            _Line("", period(each.from_, each.until), clean(each.text), clean(", ".join(each.ask)))
            for each in found.would_decide
        ],
        "notes": [clean(note) for note in (*found.notes, *provenance.notes)] + list(sentences(found.evidence)),
        "policy": content_security_policy(style, ""),
        "style": Markup(style),  # noqa: S704 (a file of this package)
    }
    return environment().get_template("explain.html").render(body)


def _answer(found: FittingUploads) -> str:
    if found.contradiction is not None:
        return f"{contradiction_title(found)}: {', '.join(found.contradiction)}"
    if not found.stories:
        return "No fact decides anything yet"
    assumed = sum(act.assumed for act in found.stories[0].acts)
    acts = len(found.stories[0].acts)
    if found.stories_in_all == 1:
        return f"One story is the cheapest; of its {acts} acts, {assumed} assumed"
    return f"{found.stories_in_all} stories are equally cheap; of the {acts} acts of the first, {assumed} assumed"


def _look(found: FittingUploads) -> str:
    if found.contradiction is not None:
        return "bad"
    proven = found.stories and not any(act.assumed for story in found.stories for act in story.acts)
    return "good" if proven else "warn"


def _beside(source: str, said: str) -> str:
    return f"{source}; {said}" if said else source


def _after_mark(words: str) -> str:
    return words.partition(": ")[2]


def _verdict(verdict: ScenarioVerdict) -> str:
    if verdict.refuted_by:
        return f"refuted by {', '.join(verdict.refuted_by)}"
    if verdict.fits is None:
        return f"undecided: {', '.join(verdict.undecided)}"
    ahead = f", {', '.join(verdict.ahead)} only if the upload came up to a day before its commit"
    return "fits" + (ahead if verdict.ahead else "")
