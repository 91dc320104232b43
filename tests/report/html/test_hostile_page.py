"""Whatever a repository says, the page shows it and is not changed by it."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hostile_report import EVERYTHING, EVIL, STRUCTURE, replaced, with_everything
from inert import obeyed
from pages import Page
from reporting import HOSTILE, hostile_report, story_report

from forensics.report.html import report_html
from forensics.report.html.island import island

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("story", "keep"),
    [("opsmatic-2014", STRUCTURE), ("environment-and-data-bag", STRUCTURE), ("broken-middle", frozenset())],
    ids=["what people write about roles", "what they write about others", "every field"],
)
def test_a37_hostile_text_makes_no_element_and_no_attribute(story, keep):
    report = with_everything(story_report(story))
    harmless = Page(report_html(replaced(report, "word", keep=keep)))
    hostile = Page(report_html(replaced(report, EVERYTHING, keep=keep)))
    assert hostile.shape == harmless.shape


@cache
def harmless_page():
    return Page(report_html(hostile_report("word")))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a37_each_hostile_text_alone(text):
    hostile, harmless = Page(report_html(hostile_report(text))), harmless_page()
    elements = [[each.tag for each in page.elements if each.tag != "bdi"] for page in (hostile, harmless)]
    if text.strip():
        assert sorted(map(str, elements[0])) == sorted(map(str, elements[1]))
    assert len(hostile.all("script")) == 2
    assert not hostile.all("img")


@cache
def hostile_page():
    return Page(report_html(replaced(with_everything(story_report("broken-middle")), EVERYTHING, keep=STRUCTURE)))


def test_a35_no_character_of_the_page_hides_moves_or_reorders_anything():
    page = hostile_page().text
    assert obeyed(page) == {"\n"}
    page.encode()
    assert "\\x1b[2J" in page
    assert "\\u202eevil" in page
    assert "raw\\xff\\x9b" in page


def test_a36_text_is_shown_as_it_is():
    page = hostile_page()
    shown = "".join(page.one("main").itertext())
    for text in EVIL:
        if text.isascii() and text.isprintable():
            assert text in shown


def test_a37_data_for_the_script_cannot_leave_its_element():
    value = [EVERYTHING, {EVERYTHING: "\u2028<!--</script>&"}]
    text = island(value)
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert json.loads(text) == value
    commits = json.loads(hostile_page().one("script", id="commits").text)
    assert all(not obeyed(text) for row in commits for text in row)


def test_a37_an_address_in_the_data_is_no_link():
    page = Page(report_html(replaced(with_everything(story_report("opsmatic-2014")), "javascript:alert(1)//")))
    assert all(link.get("href").startswith("#") for link in page.all("a"))


def test_a37_right_to_left_text_stays_within_its_own_element():
    hebrew = "שלום"
    page = Page(report_html(replaced(story_report("opsmatic-2014"), hebrew, keep=STRUCTURE)))
    parents = {child: parent for parent in page.root.iter() for child in parent}
    for element in page.elements:
        if hebrew in (element.text or "") and element.tag in {"p", "li", "td", "span", "h3"}:
            ancestors = [element]
            while ancestors[-1] in parents:
                ancestors.append(parents[ancestors[-1]])
            assert any(each.tag == "bdi" for each in ancestors), (element.tag, element.text)
