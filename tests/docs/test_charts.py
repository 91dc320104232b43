"""The charts that the pages show are those that are drawn now."""

from __future__ import annotations

import pytest

from handbook import charts

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("chart", charts.ALL, ids=lambda chart: chart.name)
def test_the_chart_has_the_words_of_one_drawn_now(chart):
    pytest.importorskip("altair")
    shown = charts.words(chart.path.read_text("utf-8"))
    assert shown == charts.words(charts.drawn(chart)), "stale: run make reference"
    assert any("role[base]" in text for text in shown)


@pytest.mark.parametrize("chart", charts.ALL, ids=lambda chart: chart.name)
def test_the_chart_loads_nothing_and_runs_nothing(chart):
    text = chart.path.read_text("utf-8")
    for word in ("<script", "@import", "@font-face", "href=", "url(http", "onload"):
        assert word not in text
