"""A shadow that came and went for years is told in short by what people read from the top."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import new_repository, role, write_line
from reporting import report_at

from forensics.report.cases import cases
from forensics.report.html import report_html
from forensics.report.markdown import report_markdown
from forensics.report.text.scan import report_text
from forensics.report.text.style import Style

COMMITS = 302


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    repository = new_repository(tmp_path_factory.mktemp("long") / "repository.git")
    files = {"roles/base.json": role("base"), "roles/base-copy.json": role("base", "recipe[x]")}
    trees = []
    for number in range(COMMITS):
        name = "roles/base-copy.json" if number % 2 else "roles/base.json"
        files = {**files, name: role("base", f"recipe[x{number}]")}
        trees.append(files)
    write_line(repository, trees)
    return report_at(Path(repository.path))


@pytest.mark.slow
def test_a26_the_last_stretches_are_told_and_the_others_counted(report):
    (case,) = cases(report)
    number = len(case.stretches)
    assert number > 140
    last = next(each for each in reversed(case.stretches) if each.until)
    text = report_text(report, Style())
    assert f"and {number - 24} earlier ones (--verbose lists them)" in text
    assert text.count("\n         from 2") == 24
    assert last.start[:12] in text
    assert report_text(report, Style(verbose=True)).count("\n         from 2") == number
    markdown = report_markdown(report)
    assert f"\n\nAnd {number - 60} earlier ones: the format html has all.\n" in markdown
    assert last.start[:12] in markdown
    assert len(report_html(report)) < 1_000_000


def test_what_lasts_is_told_however_long_ago_it_began(report):
    (case,) = cases(report)
    open_ = [each for each in case.stretches if not each.until]
    assert open_
    assert case.last_stretches(0) == tuple(open_)
    assert case.last_stretches(COMMITS) == case.stretches
