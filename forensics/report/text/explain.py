"""Which uploads fit what was observed, as text: a timeline in words for each of the cheapest stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.text.evidence import counted_commits, evidence_lines
from forensics.report.text.style import SHORT, Style, day, field, listing, table
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.analysis.explain_results import FittingUploads, StoryAct, UploadedContent, UploadStory

_DAY_BEGINS, _DAY_ENDS = "T00:00:00+00:00", "T23:59:59+00:00"
_BEARINGS = {
    "elsewhere": "says nothing of this object",
    "before-history": "is of a time before the history begins",
    "undecided": "cannot be judged",
}


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


def period(first: str | None, last: str | None) -> str:
    """A time as people say it: days where it is made of whole ones, minutes within a day."""
    if first is None and last is None:
        return "at some time"
    if last is None:
        return f"since {day(first or '')}"
    if first is None:
        return f"until {_end(last)}"
    if day(first) != day(last):
        return f"{_begin(first)} to {_end(last)}"
    if first == last:
        return first.removesuffix("+00:00").replace("T", " ") + " UTC"
    if first.endswith(_DAY_BEGINS) or last.endswith(_DAY_ENDS):
        return day(first)
    return f"{day(first)} {first[11:16]} to {last[11:16]} UTC"


def _begin(date: str) -> str:
    return day(date)


def _end(date: str) -> str:
    return day(date)


def _facts(found: FittingUploads, style: Style) -> list[str]:
    if not found.facts:
        return [
            *field("", "No fact was given: nothing decides between the ways of uploading.", style, label_width=0),
            "",
        ]
    lines = [style.paint("Observed", "bold")]
    shown = found.facts if style.verbose else found.facts[:_MOST_FACTS]
    rows = [[each.id, period(each.from_, each.until), clean(each.text), clean(each.source)] for each in shown]
    lines += table(rows, indent="   ")
    if len(shown) < len(found.facts):
        lines.append(f"   and {len(found.facts) - len(shown)} more")
    for each in shown:
        if each.bearing != "decides" or each.note:
            said = _BEARINGS.get(each.bearing, "")
            lines += field(
                "",
                clean(f"{each.id} {said}" + (": " if said and each.note else "") + (each.note or "")),
                style,
                label_width=0,
            )
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
        several = len(found.contradiction) > 1
        said = "These facts contradict each other" if several else "No upload at all can have led to this fact"
        lines = [style.paint(f"No story fits. {said}", "bold")]
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
        which = "The cheapest story" if many == 1 else f"Story {number} of {many} that are equally cheap"
        charged = "nothing: all of it is routine" if not story.cost else f"{story.cost} for departures from routine"
        lines.append(style.paint(f"{which}, charged {charged}", "bold"))
        lines += _story(story, style)
        lines.append("")
    if many > len(found.stories):
        lines += [f"{many - len(found.stories)} more stories are as cheap.", ""]
    return lines


def _story(story: UploadStory, style: Style) -> list[str]:
    lines: list[str] = []
    if not story.acts:
        return field("", "nothing need have happened that any fact would show", style, label_width=0)
    for act in story.acts:
        lines += field(f"{period(act.from_, act.until)}", _act(act), style, label_width=28)
    return lines


def _act(act: StoryAct) -> str:
    how = "assumed" if act.assumed else "proven"
    sent = _sent(act.uploads)
    why = clean(act.why)
    charged = f", charged {act.cost}" if act.cost else ""
    told = f"{how}: {sent}; {why}{charged}" if sent else f"{how}: {why}{charged}"
    return told + (f"; explains {', '.join(act.meets)}" if act.meets else "")


def _sent(uploads: Sequence[UploadedContent]) -> str:
    """What was sent, the last one last."""
    if not uploads:
        return ""
    files = ", then ".join(_files(uploads))
    commits = dict.fromkeys(each.commit[:SHORT] for each in uploads if each.commit)
    of = f", as of {', '.join(commits)}" if commits else ""
    alone = "" if len(uploads) > 1 else " alone"
    return f"{files}{alone}{of}"


def _files(uploads: Iterable[UploadedContent]) -> Iterable[str]:
    for each in uploads:
        yield clean(each.path) if each.path else f"a content of {clean(each.object)} that is nowhere"


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
    for each in found.would_decide[: None if style.verbose else _MOST_FACTS]:
        asked = f" (ask {', '.join(clean(name) for name in each.ask)})" if each.ask else ""
        lines += field(period(each.from_, each.until), clean(each.text) + asked, style, label_width=28)
    return [*lines, ""]
