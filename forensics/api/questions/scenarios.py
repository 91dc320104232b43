"""``scenarios``: the ways of uploading that are replayed, and what each assumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.api.result import Result, counted
from forensics.api.settings import settings_of
from forensics.deferred import deferred
from forensics.report.snippet import Gist
from forensics.uploads.scenario import KnownScenarios, choose

if TYPE_CHECKING:
    from os import PathLike

    from forensics.api.result import Frames
    from forensics.frames import scans as frames
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import scenarios as text
    from forensics.report.text.style import Style
    from forensics.uploads.scenario import Scenario
else:
    frames = deferred("forensics.frames.scans")
    documents = deferred("forensics.report.documents")
    text = deferred("forensics.report.text.scenarios")


@dataclass(frozen=True, eq=False, repr=False)
class ScenariosResult(Result):
    """The answer of ``scenarios``."""

    scenarios: tuple[Scenario, ...]

    def to_document(self) -> Document:
        """``forensics.scenarios/1``."""
        return documents.document(KnownScenarios(self.scenarios), schema="forensics.scenarios/1")

    def _text(self, style: Style) -> str:
        return text.scenarios_text(self.scenarios, style)

    def _gist(self) -> Gist:
        return Gist(
            f"{counted(len(self.scenarios), 'way')} of uploading.",
            ("scenario", "what somebody did"),
            tuple((each.name, each.description) for each in self.scenarios),
        )

    def _frames(self) -> Frames:
        return {"scenarios": lambda: frames.scenarios(self.scenarios)}


def ask(path: str | PathLike[str] = ".", config: str | PathLike[str] | None = None) -> ScenariosResult:
    """The ways of uploading that would be replayed of a chef-repo, shipped ones and its own; its history is not read.

    Raises:
        ConfigError: the configuration says something impossible.
    """
    return ScenariosResult(choose([], settings_of(path, config).scenarios))
