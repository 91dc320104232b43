"""Which uploads fit what was observed, as text: a timeline in words for each of the cheapest stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.explain_words import act_words, bearing, contradiction_title, period, story_title
from forensics.report.text.evidence import counted_commits, evidence_lines
from forensics.report.text.style import SHORT, Style, field, listing
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from forensics.analysis.explain_results import FittingUploads, UploadStory


def explain_text(found: FittingUploads, style: Style) -> str:
    """The facts, what they refute, the stories, and what would tell them apart."""
    provenance = found.evidence.provenance
    lines = [
        style.paint(f"forensics explain of {clean(found.subject)} in {clean(provenance.repository)}", "bold"),
        f"at {clean(provenance.rev)} ({provenance.head[:SHORT]}), {counted_commits(found.evidence)}",
        "",
        *evidence_lines(found.evidence, style),
        *_facts(found, style),
        *_scenarios(found, style),
        *_stories(found, style),
        *_common(found, style),
        *_questions(found, style),
    ]
    for note in (*found.notes, *provenance.notes):
        lines += field("note", clean(note), style)
    return "\n".join(lines).rstrip("\n") + "\n"


def _facts(found: FittingUploads, style: Style) -> list[str]:
    if not found.facts:
        return [
            *field("", "No fact was given: nothing decides between the ways of uploading.", style, label_width=0),
            "",
        ]
    lines = [style.paint("Observed", "bold")]
    shown = found.facts if style.verbose else found.facts[:_MOST_FACTS]
    width = max(len(each.id) for each in shown) + 2
    times = [period(each.from_, each.until) for each in shown]
    room = width + max(map(len, times)) + 2
    for each, time in zip(shown, times, strict=True):
        told = f"{clean(each.text)} ({clean(each.source)})"
        lines += field(each.id.ljust(width) + time, told, style, label_width=room)
    if len(shown) < len(found.facts):
        lines.append(f"   and {len(found.facts) - len(shown)} more")
    for each in shown:
        if said := bearing(each):
            lines += field("", clean(f"{each.id} {said}"), style, label_width=0)
    return [*lines, ""]


_MOST_FACTS = 20


def _scenarios(found: FittingUploads, style: Style) -> list[str]:
    if not found.scenarios:
        return []
    lines = [style.paint("Ways of uploading, each by itself", "bold")]
    fitting = [each.name for each in found.scenarios if each.fits]
    lines += field("fits", ", ".join(fitting) or "none", style)
    early: dict[tuple[str, ...], list[str]] = {}
    for each in found.scenarios:
        if each.fits and each.ahead:
            early.setdefault(each.ahead, []).append(each.name)
    for facts_, names in early.items():
        who = ", ".join(names)
        lines += field(
            "", f"{who}: {listing(facts_, style)} only if the upload came up to a day before its commit", style
        )
    open_ = [each for each in found.scenarios if each.fits is None]
    if open_:
        facts = dict.fromkeys(fact for each in open_ for fact in each.undecided)
        lines += field("undecided", f"{', '.join(each.name for each in open_)}: {listing(facts, style)}", style)
    groups: dict[tuple[str, ...], list[str]] = {}
    for each in found.scenarios:
        if each.refuted_by:
            groups.setdefault(each.refuted_by, []).append(each.name)
    label = "refuted"
    for facts_, names in groups.items():
        lines += field(label, f"{', '.join(names)}, by {listing(facts_, style)}", style)
        label = ""
    return [*lines, ""]


def _stories(found: FittingUploads, style: Style) -> list[str]:
    if found.contradiction is not None:
        lines = [style.paint(contradiction_title(found), "bold")]
        facts = {each.id: each for each in found.facts}
        for each in found.contradiction:
            fact = facts[each]
            lines += field(each, f"{period(fact.from_, fact.until)} {clean(fact.text)}", style, label_width=6)
        return [*lines, ""]
    if not found.stories:
        return []
    many = found.stories_in_all
    lines = []
    for number, story in enumerate(found.stories, 1):
        lines.append(style.paint(story_title(found, number, story), "bold"))
        lines += _story(story, style)
        lines.append("")
    if many > len(found.stories):
        lines += [f"{many - len(found.stories)} more stories are as cheap.", ""]
    return lines


def _story(story: UploadStory, style: Style) -> list[str]:
    lines: list[str] = []
    if not story.acts:
        return field("", "nothing need have happened that any fact would show", style, label_width=0)
    times = [period(act.from_, act.until) for act in story.acts]
    room = max(map(len, times)) + 2
    for time, act in zip(times, story.acts, strict=True):
        lines += field(time, act_words(act), style, label_width=room)
    return lines


def _common(found: FittingUploads, style: Style) -> list[str]:
    if found.stories_in_all < 2 or not found.common:  # noqa: PLR2004 (one story shares everything with itself)
        return []
    lines = [style.paint("In every one of them", "bold")]
    shown = found.common if style.verbose else found.common[:_MOST_FACTS]
    for each in shown:
        lines += field("", clean(each.text), style, label_width=0)
    if len(shown) < len(found.common):
        lines.append(f"   and {len(found.common) - len(shown)} more")
    return [*lines, ""]


def _questions(found: FittingUploads, style: Style) -> list[str]:
    if not found.would_decide:
        return []
    title = "What would tell them apart" if found.stories else "What would help"
    lines = [style.paint(title, "bold")]
    shown = found.would_decide[: None if style.verbose else _MOST_FACTS]
    room = max(len(period(each.from_, each.until)) for each in shown) + 2
    for each in shown:
        asked = f" (ask {', '.join(clean(name) for name in each.ask)})" if each.ask else ""
        lines += field(period(each.from_, each.until), clean(each.text) + asked, style, label_width=room)
    return [*lines, ""]
