"""What examinations of one history have in common: found out once, however many questions are asked of it."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from forensics.analysis.cookbooks import CookbookIndex
from forensics.analysis.recognition import Recognized, recognize
from forensics.analysis.replays import Replays
from forensics.analysis.shadows import describe, survey
from forensics.analysis.undecided import may_declare

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.analysis.replays import ReplayOptions
    from forensics.analysis.results import Shadow
    from forensics.analysis.shadows import Survey
    from forensics.analysis.undecided import MayDeclare
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.target import Target


class Shared:
    """Facts about one history and one way of reading its files, each by all that it depends on beside them.

    ``cookbooks`` are the recipes of its cookbooks, for traces, which look into all of them; ``survey`` gives every
    shadow and every file version of targets on the whole graph, ``may_declare`` what files may declare of which that
    cannot be told, ``shadows`` the records of these shadows, ``replays`` what uploads under certain options left live.
    """

    def __init__(self, history: History, declarations: Declarations) -> None:
        self._history = history
        self.cookbooks = CookbookIndex(history)
        self.survey: Callable[[tuple[Target, ...]], Survey] = cache(
            lambda targets: survey(history, declarations, targets)
        )
        self.may_declare: Callable[[tuple[Target, ...]], MayDeclare] = cache(
            lambda targets: may_declare(declarations, self.survey(targets))
        )
        self.shadows: Callable[[tuple[Target, ...]], tuple[Shadow, ...]] = cache(
            lambda targets: tuple(describe(history, declarations, each) for each in self.survey(targets).episodes)
        )
        self.replays: Callable[[ReplayOptions], Replays] = cache(
            lambda options: Replays(history, declarations, options, self.survey, self.may_declare)
        )

    @cached_property
    def recognized(self) -> Recognized:
        """Which containers hold Chef objects."""
        return recognize(self._history)
