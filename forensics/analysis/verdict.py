"""Whether a result fails: what ``--fail-on`` makes of its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forensics.analysis.report_results import Comparison
    from forensics.analysis.results import Finding

FailOn: TypeAlias = Literal["never", "divergence", "shadow", "any"]
"""What makes a result fail; each includes those before it, ``any`` is every finding."""

FAIL_ON: Final[tuple[FailOn, ...]] = get_args(FailOn)
DEFAULT: Final[FailOn] = "divergence"

DIVERGENCE: Final = frozenset({"live-divergence"})
SHADOW: Final = DIVERGENCE | {"shadowed-object", "rb-json-twins"}
_COUNTED: Final[Mapping[FailOn, frozenset[str]]] = {
    "never": frozenset(),
    "divergence": DIVERGENCE,
    "shadow": SHADOW,
}


def failed(
    findings: Iterable[Finding],
    fail_on: FailOn = DEFAULT,
    *,
    history: bool = False,
    recent: bool = False,
    baseline: Comparison | None = None,
) -> bool:
    """Whether something that ``fail_on`` names is true at the tip, or, with ``history``, ever was.

    With ``recent`` the findings about shadows and divergences are only of those that are not over for long: those count
    too. Other findings are not cut by date. With a ``baseline`` only what is new or has become worse counts. What is so
    only under scenarios that do not decide never does.
    """
    return any(
        not each.only_if
        and (fail_on == "any" or each.rule in _COUNTED[fail_on])
        and (history or each.at_tip or (recent and each.rule in SHADOW))
        and (baseline is None or baseline.mark(each.fingerprint) != "known")
        for each in findings
    )
