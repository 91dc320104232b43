"""Stories of uploads in words, the same in text and on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.text.style import SHORT, day
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.analysis.explain_results import ExplainedFact, FittingUploads, StoryAct, UploadedContent, UploadStory

_DAY_BEGINS, _DAY_ENDS = "T00:00:00+00:00", "T23:59:59+00:00"
_BEARINGS: Final = {
    "elsewhere": "says nothing of this object",
    "before-history": "is of a time before the history begins",
    "undecided": "cannot be judged",
}


def period(first: str | None, last: str | None) -> str:
    """A time as people say it: days where it is made of whole ones, minutes within a day."""
    if first is None and last is None:
        return "at some time"
    if last is None:
        return f"since {day(first or '')}"
    if first is None:
        return f"until {day(last)}"
    if day(first) != day(last):
        return f"{day(first)} to {day(last)}"
    if first[:16] == last[:16] and first != last:
        return f"{day(first)} {first[11:16]} UTC"
    if first == last:
        return first.removesuffix("+00:00").replace("T", " ") + " UTC"
    if first.endswith(_DAY_BEGINS) or last.endswith(_DAY_ENDS):
        return day(first)
    return f"{day(first)} {first[11:16]} to {last[11:16]} UTC"


def mark(act: StoryAct) -> str:
    """Whether an act is proven, or only assumed."""
    return "assumed" if act.assumed else "proven"


def bearing(fact: ExplainedFact) -> str:
    """What a fact is for the question, where it does not simply decide; empty otherwise."""
    said = _BEARINGS.get(fact.bearing, "")
    return said + (": " if said and fact.note else "") + (fact.note or "")


def story_title(found: FittingUploads, number: int, story: UploadStory) -> str:
    """Which of the cheapest stories it is, and what it is charged."""
    many = found.stories_in_all
    which = "The cheapest story" if many == 1 else f"Story {number} of {many} that are equally cheap"
    return f"{which}, charged {f'{story.cost} for departures from routine' if story.cost else 'nothing'}"


def contradiction_title(found: FittingUploads) -> str:
    """That nothing fits, and what stands against what."""
    several = len(found.contradiction or ()) > 1
    if found.beside_uploads:
        said = f"{'These facts contradict' if several else 'This fact contradicts'} the uploads that evidence has"
    else:
        said = "These facts contradict each other" if several else "Nothing that a commit has can have led to this"
    return f"No story fits. {said}"


def act_words(act: StoryAct) -> str:
    """What was sent and how that is known, what it is charged, and the facts that it explains."""
    how = mark(act)
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
    alone = "" if len(uploads) > 1 or not uploads[0].path else " alone"
    return f"{files}{alone}{of}"


def _files(uploads: Iterable[UploadedContent]) -> Iterable[str]:
    for each in uploads:
        yield clean(each.path) if each.path else f"what no commit has of {clean(each.object)}"
