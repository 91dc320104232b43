"""The Markdown of a report: what it tells, and that nothing from a repository is anything but text in it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from inert import obeyed
from made_up_results import divergence, scan, shadow
from markdown_it import MarkdownIt
from reporting import HOSTILE, hostile_report, story_report

import sample_repos
from forensics.analysis.report_results import Comparison
from forensics.report.markdown import report_markdown
from forensics.report.markdown.inline import code
from forensics.report.text_safety import clean

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"paragraph", "heading", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td"}
OURS |= {"inline", "text", "code_inline", "strong", "em", "softbreak"}
LOOKED_FOR = re.compile(r"@|#[0-9]|\bGH-|https?:|www\.|[0-9a-f]{7,}|::|##\[|<|\$|~~|!\[|\]\(")
"""What sites look for in text after it was rendered."""


def tokens_of(text):
    """Every token of a document, those inside of others too."""
    pending = list(PARSER.parse(text))
    while pending:
        token = pending.pop(0)
        yield token
        pending[:0] = token.children or []


def codes_of(text):
    return [token.content for token in tokens_of(text) if token.type == "code_inline"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a35_a36_a37_hostile_text_is_only_ever_code(text):
    printed = report_markdown(hostile_report(text))
    assert not obeyed(printed.replace("\n", ""))
    for token in tokens_of(printed):
        assert token.type.removesuffix("_open").removesuffix("_close") in OURS, token
        if token.type == "text":
            assert not LOOKED_FOR.search(token.content), token.content
            assert not obeyed(token.content)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip(" ")], ids=ascii)
def test_a36_it_is_read_as_it_was_written(text):
    spelled = clean(text).replace("|", "\\x7c").replace("##[", "\\x23#[")
    assert codes_of(code(text)) == [spelled]
    (row,) = [token for token in tokens_of(f"| a |\n| --- |\n| {code(text)} |\n") if token.type == "code_inline"]
    assert row.content == spelled
    assert f"{spelled} and {spelled}" in codes_of(report_markdown(hostile_report(text)))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a40_no_line_is_a_command_for_a_runner(text):
    for line in report_markdown(hostile_report(text)).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


def test_every_hostile_text_makes_the_same_document_otherwise():
    shapes = {
        tuple(token.type for token in tokens_of(report_markdown(hostile_report(text))) if token.type != "softbreak")
        for text in HOSTILE
        if text
    }
    assert len(shapes) == 1


def test_an_incident_is_told_from_the_verdict_to_the_remedy():
    printed = report_markdown(story_report("opsmatic-2014"))
    for part in (
        "# What was live on the Chef server: `opsmatic-2014`",
        "**Exposed at the tip: YES.**",
        "## `role[base]`: EXPOSED NOW",
        "`roles/base-original.json`, `roles/base.json` (the canonical file) declare it since 2013-10-08",
        "| `roles/base-original.json` | 2013-10-15 `7a529af17e5d` | still so | `glob` |",
        "- It adds: `recipe[base::remove_default_users]`.",
        "- **Do:** `knife role from file roles/base.json`",
        "- **Then:** `git rm roles/base-original.json`",
        "`Dana Whitfield`",
        "**live-divergence** (error): Another file's content would have been live.",
    ):
        assert part in printed, part


@pytest.mark.parametrize("story", sample_repos.names())
def test_every_story_is_well_formed(story):
    report = story_report(story)
    printed = report_markdown(report)
    for token in tokens_of(printed):
        assert token.type.removesuffix("_open").removesuffix("_close") in OURS, token
    headings = [line for line in printed.splitlines() if line.startswith("## ")]
    assert len(set(headings)) == len(headings)
    assert "\n\n\n" not in printed
    assert not re.search(r"[ \t]$", printed, re.MULTILINE)


def test_what_is_compared_let_pass_and_stale_is_told():
    printed = report_markdown(hostile_report("because"))
    for part in (
        "Since `a1a1a1a1a1a1` of 2014-08-31 (3 commits): 3 new or worse, 1 gone.",
        "- new: stale-after-removal `because and because`",
        "- worse: shadowed-object `because and because`",
        "- gone: rb-json-twins, as of 2014-08-31: `because and because`",
        "## Let pass by the configuration",
        "- Gap: shallow: `because`",
    ):
        assert part in printed, part


def test_only_the_commits_that_matter_for_the_shadow_are_told():
    report = story_report("opsmatic-2014")
    (story,) = report.stories
    before = [dataclasses.replace(story.touches[0], commit=f"{number:040x}", date="2001-01-01") for number in range(9)]
    after = [dataclasses.replace(each, commit=each.commit[::-1], date="2031-01-01") for each in before]
    long = dataclasses.replace(story, touches=(*before, *story.touches, *after))
    printed = report_markdown(dataclasses.replace(report, stories=(long,)))
    assert printed.count("2001-01-01") == 0
    assert printed.count("2031-01-01") == 9  # it is still shadowed
    assert "(11 others did before or after)" in printed
    assert "| 2013-10-08 | `676c85dcd19d` |" in printed  # the last before the copy came
    over = tuple(dataclasses.replace(each, at_head=False) for each in report.shadows)
    ended = tuple(
        dataclasses.replace(each, until_commit=story.touches[-1].commit, until_date="2014-10-14")
        for each in report.divergences
    )
    printed = report_markdown(dataclasses.replace(report, stories=(long,), shadows=over, divergences=ended))
    assert printed.count("2031-01-01") == 0


def test_blank_text_is_said_to_be_blank():
    assert (code(""), code("  "), code(" a ")) == ("`(empty)`", "`(blank)`", "`  a  `")


def test_nothing_new_is_one_line():
    report = dataclasses.replace(
        story_report("opsmatic-2014"), baseline=Comparison("a" * 40, None, frozenset(), frozenset(), ())
    )
    printed = report_markdown(report)
    assert "\nSince `aaaaaaaaaaaa`: 0 new or worse, 0 gone.\n\n| object" in printed
    assert "This is the first report" in report_markdown(dataclasses.replace(report, baseline=None, first=True))


def test_what_does_not_fit_is_left_out_by_whole_sections_and_says_so():
    report = story_report("opsmatic-2014")
    whole = report_markdown(report)
    assert report_markdown(report, most_bytes=len(whole.encode()) + 200) == whole
    cut = report_markdown(report, most_bytes=3000)
    assert len(cut.encode()) <= 3000
    assert "**Exposed at the tip: YES.**" in cut
    assert cut.endswith("*More did not fit here: the report in another format has all of it.*\n")
    assert report_markdown(report, most_bytes=1).startswith("# What was live")  # the verdict stays
    assert whole.startswith(cut.partition("\n*More did")[0])


def test_a_summary_that_is_long_alone_is_cut_to_what_fits():
    remarks = tuple(f"remark {number} {'x' * 100}" for number in range(1000))
    comparison = Comparison("a" * 40, None, frozenset(), frozenset(), (), remarks=remarks)
    report = dataclasses.replace(story_report("opsmatic-2014"), baseline=comparison)
    cut = report_markdown(report, most_bytes=20_000)
    assert 15_000 < len(cut.encode()) <= 20_000
    assert "**Exposed at the tip: YES.**" in cut
    assert cut.endswith("`\n\n*More did not fit here: the report in another format has all of it.*\n")


def test_what_is_past_and_did_nothing_is_one_line_and_what_nothing_declares_is_said():
    past = [shadow(name, at_head=False) for name in ("a", "b")]
    found = dataclasses.replace(
        scan(shadows=past, divergences=[divergence("a", is_open=False)]), gone=frozenset({("role", "roles", "a")})
    )
    printed = report_markdown(found)
    assert "## `role[a]`: past\n" in printed
    assert "- Today: no file declares it; a server that had it still does (`knife role show a` tells)." in printed
    line = (
        "- `role[b]` (`roles/b-copy.json`, `roles/b.json`): none: under every scenario what was live comes to the same"
    )
    assert f"## Past, without effect\n\n{line}" in printed


def test_where_the_right_content_is_live_nothing_is_to_be_uploaded():
    printed = report_markdown(scan(shadows=[shadow()]))
    assert "- **Do:** `git rm roles/base-copy.json`" in printed
    assert "from file roles/base.json`" not in printed
