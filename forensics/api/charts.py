"""Charts of what was found: each is one call, with the most dangerous object if none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics import plots
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    import pandas as pd

    from forensics.analysis.report_results import Scan
    from forensics.plots.figure import Plot
    from forensics.report import cases
else:
    cases = deferred("forensics.report.cases")


class Charted:
    """An answer that can be drawn; the charts are altair's and show themselves as images.

    An object is named as people write it (``role[base]``, or ``base`` for a role); ``container`` tells objects of one
    name on several servers apart.

    Raises:
        UsageError: nothing was found of the object, or several containers have one of the name.
        MissingExtraError: altair is not installed.
    """

    value: Scan

    if TYPE_CHECKING:

        def to_frame(self, name: str | None = None) -> pd.DataFrame:
            """One of the answer's frames."""

    def plot_timeline(self, object_: str | None = None, *, container: str = "") -> Plot:
        """What was live of an object over time, a lane for each way of uploading, and the commits to its files."""
        name, container = self._chosen(object_, container)
        frames = (self.to_frame("spans"), self.to_frame("touches"), self.to_frame("divergences"))
        return plots.timeline.timeline_plot(*frames, name, self.value.head_date, container=container)

    def plot_churn(self, object_: str | None = None, *, container: str = "") -> Plot:
        """How often the files of an object were changed; without one, those of all shadowed objects."""
        name = None if object_ is None else _whole_name(object_)
        return plots.churn.churn_plot(self.to_frame("touches"), self.value.head_date, name, container=clean(container))

    def plot_reach(self, object_: str | None = None, *, container: str = "") -> Plot:
        """Which nodes the divergences of an object would have reached; roles, where the repository keeps no nodes."""
        name, container = self._chosen(object_, container)
        return plots.reach.reach_plot(self.to_frame("reach"), self.to_frame("divergences"), name, container=container)

    def plot_possible(self, object_: str | None = None, *, container: str = "") -> Plot:
        """Which contents of an object could have been live, and under which way of uploading each was."""
        name, container = self._chosen(object_, container)
        return plots.possible.possible_plot(
            self.to_frame("spans"), self.to_frame("possible"), name, container=container
        )

    def _chosen(self, object_: str | None, container: str) -> tuple[str, str]:
        if object_ is not None:
            return _whole_name(object_), clean(container)
        found = cases.cases(self.value)
        if not found:
            raise UsageError("nothing was ever shadowed here, so that there is nothing to draw")
        return clean(found[0].object), clean(found[0].container)  # as frames have them


def _whole_name(object_: str) -> str:
    """An object's name as people write it and frames have it; a bare one is a role's."""
    return clean(object_ if "[" in object_ else f"role[{object_}]")
