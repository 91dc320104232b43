"""The words at the top of the page: is something wrong now, under which ways of uploading, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.report.advice import what_was_done
from forensics.report.cases import Status, recipes
from forensics.report.evidence import doubts
from forensics.report.headlines import Wording, answer_of, headline
from forensics.report.places import directories
from forensics.report.proof_words import verdict_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.report_results import Scan
    from forensics.report.cases import Case
    from forensics.report.html.files import FileMark
    from forensics.report.html.sections import Section
    from forensics.uploads.scenario import Scenario

_MOST_DETAILED: Final = 3


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A file that is live at the tip under some ways of uploading, each with what somebody did for it.

    ``raced`` are those under which it only may be live.
    """

    file: FileMark
    scenarios: tuple[tuple[Scenario, str], ...]
    raced: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exposure:
    """One object of which another file's content is live at the tip under some way of uploading.

    ``nodes`` is None where the repository keeps none.
    """

    section: Section
    ways: tuple[LiveFile, ...]
    safe: tuple[tuple[Scenario, str], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    nodes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What matters, in words. ``exposures`` are told in full, ``more`` in a line each.

    ``left_behind`` are objects of which one file is left, ``only_if`` those of which something lasts only under
    scenarios that do not decide.
    """

    exposures: tuple[Exposure, ...]
    more: tuple[Exposure, ...]
    left_behind: tuple[Exposure, ...]
    only_if: tuple[Exposure, ...]
    waiting: tuple[Section, ...]
    past: tuple[Section, ...]
    harmful: int
    complete: bool
    answer: str
    """``no`` or ``not known``, where nothing is found to be exposed."""
    doubts: tuple[str, ...]
    """Sentences about what could not be told."""
    proven: tuple[str, ...] = ()
    """Sentences about what logs prove."""

    @property
    def exposed(self) -> int:
        """How many objects are wrong at the tip."""
        return len(self.exposures) + len(self.more)

    @property
    def detailed(self) -> tuple[Section, ...]:
        """The sections whose advice stands at the top of the page."""
        if self.exposed:
            return tuple(each.section for each in self.exposures)
        if self.left_behind:
            return ()
        return self.waiting if len(self.waiting) <= _MOST_DETAILED else ()

    @property
    def word(self) -> str:
        """The answer in a word that also names its colour."""
        if self.exposed:
            return "yes"
        return "maybe" if self.waiting or self.left_behind or self.answer != "no" else "no"


def verdict(sections: Sequence[Section], scan: Scan) -> Verdict:
    """The verdict over all shadowed objects."""
    exposures = [_exposure(each, scan) for each in sections if each.case.status is Status.EXPOSED]
    detailed = len(exposures) if len(exposures) <= _MOST_DETAILED else 1
    rest = [each for each in sections if not each.case.lasting]
    past = tuple(each for each in rest if each.case.status in {Status.PAST, Status.HARMLESS})
    return Verdict(
        exposures=tuple(exposures[:detailed]),
        more=tuple(exposures[detailed:]),
        left_behind=tuple(_exposure(each, scan) for each in sections if each.case.status is Status.LEFT_BEHIND),
        only_if=tuple(_exposure(each, scan) for each in sections if each.case.lasting and not each.case.decided),
        waiting=tuple(each for each in rest if each.case.at_head),
        past=past,
        harmful=sum(bool(each.case.divergences) for each in past),
        complete=scan.evidence.complete,
        answer=answer_of([each.case for each in sections], scan),
        proven=tuple(_proven(sections, scan)),
        doubts=tuple(doubts(scan.evidence)),
    )


def _proven(sections: Sequence[Section], scan: Scan) -> Iterator[str]:
    found = [each.case for each in sections]
    wording = Wording(str, lambda names, most: ", ".join(list(names)[:most]), str)
    yield from (headline(case, wording) for case in found if any(each.proven for each in case.lasting))
    if scan.proof is not None:
        yield from verdict_sentences(found, scan.proof, str)


def _exposure(section: Section, scan: Scan) -> Exposure:
    case = section.case
    nodes = case.open_nodes
    lasting = {each.scenario for each in case.divergences if each.lasts}
    return Exposure(
        section=section,
        ways=tuple(_ways(case, section, scan)),
        safe=tuple((each, _done(each, case)) for each in scan.scenarios if each.name not in lasting),
        added=tuple(recipes(case.open_phases)),
        removed=tuple(recipes(case.open_phases, gained=False)),
        nodes=None if nodes is None else tuple(nodes),
    )


def _ways(case: Case, section: Section, scan: Scan) -> list[LiveFile]:
    """The ways of uploading by the file that they leave live."""
    by_file: dict[str | None, dict[str, bool]] = {}
    for each in case.divergences:
        if each.lasts and each.certainty != "unknown":
            live = each.phases[-1].live
            by_file.setdefault(live.path if live else None, {})[each.scenario] = each.certainty == "race"
    return [
        LiveFile(
            section.files[path],
            tuple((scenario, _done(scenario, case)) for scenario in scan.scenarios if scenario.name in names),
            frozenset(name for name, raced in names.items() if raced),
        )
        for path, names in by_file.items()
    ]


def _done(scenario: Scenario, case: Case) -> str:
    """What somebody did, with the command for the case's kind."""
    places = directories(case)
    return what_was_done(scenario.description, case.kind, places[0] if len(places) == 1 else None)
