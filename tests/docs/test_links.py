"""Links lead somewhere: to pages and headings that exist, and never out of the project."""

from __future__ import annotations

import re

import pytest
from documentation import PAGES, anchor, headings, inline_code, links, name_of

from handbook.pages import DOCS, PROJECT, README


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_what_exists(page):
    for target in links(page.read_text("utf-8")):
        path, _, heading = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if heading:
            assert heading in [anchor(each) for each in headings(there.read_text("utf-8"))], target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_link_leaves_the_project(page):
    for target in links(page.read_text("utf-8")):
        assert not re.match(r"\w+:|//|/", target), target
        assert (page.parent / target).resolve().is_relative_to(PROJECT)


@pytest.mark.parametrize("page", [page for page in PAGES if page != README], ids=name_of)
def test_pages_of_the_site_link_to_pages_of_the_site(page):
    for target in links(page.read_text("utf-8")):
        assert (page.parent / target).resolve().is_relative_to(DOCS), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_of_the_project_that_is_named_is_there(page):
    for text in inline_code(page.read_text("utf-8")):
        if re.fullmatch(r"(forensics|handbook|sample_repos|tests|docs|examples|notebooks)/[\w./-]+", text):
            assert (PROJECT / text).exists(), text


def test_there_are_links_to_test():
    assert sum(len(links(page.read_text("utf-8"))) for page in PAGES) > 100


def test_a_page_can_be_reached_from_another():
    reached = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in links(page.read_text("utf-8"))
    }
    assert {page for page in PAGES if page not in reached} <= {README}
