"""``scenarios``: the ways of uploading that are replayed, and what each assumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.api.result import Result, counted
from forensics.api.settings import settings_of
from forensics.report import text
from forensics.report.snippet import Gist
from forensics.uploads.scenario import KnownScenarios, Scenario, choose

if TYPE_CHECKING:
    from os import PathLike

    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class ScenariosResult(Result):
    """The answer of ``scenarios``."""

    _frames = ("scenarios",)

    scenarios: tuple[Scenario, ...]

    def _told(self) -> KnownScenarios:
        return KnownScenarios(self.scenarios)

    def _text(self, style: Style) -> str:
        return text.scenarios.scenarios_text(self.scenarios, style)

    def _gist(self) -> Gist:
        return Gist(
            f"{counted(len(self.scenarios), 'way')} of uploading.",
            ("scenario", "what somebody did"),
            tuple((each.name, each.description) for each in self.scenarios),
        )


def ask(path: str | PathLike[str] = ".", config: str | PathLike[str] | None = None) -> ScenariosResult:
    """The ways of uploading that would be replayed of a chef-repo, shipped ones and its own; its history is not read.

    Raises:
        ConfigError: the configuration says something impossible.
    """
    return ScenariosResult(choose([], settings_of(path, config).scenarios))
