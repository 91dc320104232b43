"""Links lead somewhere: to pages and headings that exist, and never out of the project."""

from __future__ import annotations

import re

from documentation import PAGES, anchor, headings, inline_code, links, name_of

from handbook.pages import DOCS, PROJECT, README


def test_every_link_leads_to_what_exists():
    for page in PAGES:
        for target in links(page.read_text("utf-8")):
            path, _, heading = target.partition("#")
            there = (page.parent / path).resolve() if path else page
            assert there.exists(), (name_of(page), target)
            if heading:
                assert heading in [anchor(each) for each in headings(there.read_text("utf-8"))], (name_of(page), target)


def test_no_link_leaves_the_project():
    for page in PAGES:
        for target in links(page.read_text("utf-8")):
            assert not re.match(r"\w+:|//|/", target), (name_of(page), target)
            assert (page.parent / target).resolve().is_relative_to(PROJECT), name_of(page)


def test_pages_of_the_site_link_to_pages_of_the_site():
    for page in {*PAGES} - {README}:
        for target in links(page.read_text("utf-8")):
            assert (page.parent / target).resolve().is_relative_to(DOCS), (name_of(page), target)


def test_every_file_of_the_project_that_is_named_is_there():
    for page in PAGES:
        for text in inline_code(page.read_text("utf-8")):
            if re.fullmatch(r"(forensics|handbook|sample_repos|tests|docs|examples|notebooks)/[\w./-]+", text):
                assert (PROJECT / text).exists(), (name_of(page), text)


def test_there_are_links_to_test():
    assert sum(len(links(page.read_text("utf-8"))) for page in PAGES) > 100


def test_a_page_can_be_reached_from_another():
    reached = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in links(page.read_text("utf-8"))
    }
    assert {page for page in PAGES if page not in reached} <= {README}
