"""What ``explain`` yields: facts, which ways of uploading fit them, and the cheapest stories that do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from forensics.analysis.explaining import costs
from forensics.analysis.results import EvidenceSummary
from forensics.analysis.terms import Count, Names, ObjectText
from forensics.facts import INTERNAL, absent, document_view, limit, named, words
from forensics.history.model import CommitDate, FilePath, Oid
from forensics.uploads.scenario import ScenarioName

MOST_STORIES: Final = 5
"""Of the cheapest stories, so many are told; the others are counted."""

FactId: TypeAlias = Annotated[
    str, named("fact_id", "A fact's number in the order in which facts were given.", pattern=r"^F\d+$")
]
FactIds: TypeAlias = tuple[FactId, ...]
Text: TypeAlias = Annotated[str, limit(minLength=1)]


@document_view("id", "text", "from=from_", "until", "source", name="fact")
@dataclass(frozen=True, slots=True)
class ExplainedFact:
    """Something that was observed, and what it is for this question."""

    id: Annotated[FactId, "Its number, by which it is named elsewhere."]
    text: Annotated[Text, "What was observed."]
    from_: Annotated[CommitDate | None, "When it may have held first.", absent("any time before")]
    until: Annotated[CommitDate | None, "When it may have held last.", absent("any time after")]
    source: Annotated[Text, "Where it stands: a file and its line, or the option."]
    bearing: Annotated[
        str,
        words("decides", "elsewhere", "before-history", "undecided", ordered=False),
        "Whether it decides; says nothing of this object; is of a time before the history begins; or cannot be judged.",
    ]
    note: Annotated[str | None, "What was assumed to judge it, or why it cannot be judged.", absent("nothing")]


@document_view(name="scenario_verdict")
@dataclass(frozen=True, slots=True)
class ScenarioVerdict:
    """Whether one way of uploading fits all facts by itself."""

    name: Annotated[ScenarioName, "The scenario."]
    fits: Annotated[bool | None, "Whether it fits all facts.", absent("nothing refutes it, but a fact is undecided")]
    refuted_by: Annotated[FactIds, "The facts that cannot be if that was always the way."]
    undecided: Annotated[FactIds, "The facts of which that cannot be told."]
    ahead: Annotated[
        FactIds, "The facts that fit only if the upload came up to a day before its commit, from the work tree."
    ]


@dataclass(frozen=True, slots=True)
class UploadedContent:
    """What one upload sent."""

    object: Annotated[ObjectText, "The object as people write it: role[base]."]
    path: Annotated[FilePath | None, "The file.", absent("no file gave it")]
    blob: Annotated[Oid | None, "The id of its content.", absent("no file gave it")]
    commit: Annotated[Oid | None, "The commit whose checkout it was sent from.", absent("no commit has it")]


@document_view("from=from_", "until")
@dataclass(frozen=True, slots=True)
class StoryAct:
    """One act of a story, told because some fact needs it or because it departs from routine."""

    from_: Annotated[CommitDate, "The earliest time at which it can have been."]
    until: Annotated[CommitDate, "The latest time."]
    kind: Annotated[str, words(*(each.name for each in costs.TABLE), ordered=False), "What it is charged as."]
    cost: Annotated[Count, "What it is charged."]
    assumed: Annotated[bool, "Whether it is assumed; if not, evidence proves it."]
    uploads: Annotated[
        tuple[UploadedContent, ...], "What was sent, in this order: the last one stays. Empty where nothing was."
    ]
    meets: Annotated[FactIds, "The facts that what it left explains."]
    why: Annotated[Text, "The act and its reason in words."]


@document_view(name="upload_story")
@dataclass(frozen=True, slots=True)
class UploadStory:
    """A sequence of acts that fits all facts."""

    cost: Annotated[Count, "What it is charged in all for departing from routine."]
    acts: Annotated[tuple[StoryAct, ...], "Its acts in their order."]


@document_view(name="common")
@dataclass(frozen=True, slots=True)
class CommonContent:
    """What an object held in every cheapest story when a fact was observed."""

    fact: Annotated[FactId, "The fact."]
    content: Annotated[UploadedContent, "What the object held then."]
    text: Annotated[Text, "The same in words."]


@document_view("from=from_", "until", name="question")
@dataclass(frozen=True, slots=True)
class DecidingQuestion:
    """What would tell the cheapest stories, or any at all, apart."""

    from_: Annotated[
        CommitDate | None, "The beginning of the time that it is about.", absent("the history's beginning")
    ]
    until: Annotated[CommitDate | None, "The end of that time.", absent("until today")]
    between: Annotated[tuple[UploadedContent, ...], "The contents between which it would decide."]
    ask: Annotated[Names, "The authors of the commits, who may remember."]
    text: Annotated[Text, "What to look for, in words."]


@document_view(
    "evidence",
    "subject",
    "facts",
    "scenarios",
    "stories",
    "stories_in_all",
    "common",
    "would_decide",
    "contradiction",
    "notes",
    name="explain",
)
@dataclass(frozen=True, slots=True)
class FittingUploads:
    """Which uploads fit what was observed."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    subject: Annotated[ObjectText, "The object that was asked about."]
    container: Annotated[FilePath, INTERNAL, "The directory that holds a server's objects of this kind."]
    facts: Annotated[tuple[ExplainedFact, ...], "The facts, in the order in which they were given."]
    scenarios: Annotated[tuple[ScenarioVerdict, ...], "Each way of uploading, taken by itself."]
    stories: Annotated[tuple[UploadStory, ...], f"The cheapest stories, {MOST_STORIES} at most."]
    stories_in_all: Annotated[Count, "How many cheapest stories there are."]
    common: Annotated[tuple[CommonContent, ...], "What all cheapest stories share."]
    would_decide: Annotated[tuple[DecidingQuestion, ...], "What would tell them apart."]
    contradiction: Annotated[
        FactIds | None, "A smallest set of facts that contradict each other.", absent("some story fits all facts")
    ]
    notes: Annotated[tuple[Text, ...], "What else to know."] = ()
