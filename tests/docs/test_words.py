"""The documentation speaks of the project alone."""

from __future__ import annotations

import re
from pathlib import Path

from documentation import BLOCK, PAGES, SNIPPETS, name_of

from handbook.pages import DOCS, PROJECT

EVERYTHING = [*PAGES, *SNIPPETS, *sorted(DOCS.rglob("*.svg")), PROJECT / "mkdocs.yml", DOCS / "site.css"]
FORMAL = {"www.w3.org"}
"""Hosts whose names stand in the names of formats; nothing is asked of them."""
IN_THE_STORIES = {"0.pool.ntp.org", "1.pool.ntp.org"}
RESERVED = re.compile(r"(^|\.)example\.(com|org|net)$")
"""Hosts that are no one's, for examples."""


def test_no_host_is_named():
    for path in EVERYTHING:
        text = path.read_text("utf-8")
        hosts = {
            *re.findall(r"[a-z]+://([\w.-]+)", text),
            *re.findall(r"\b[a-z0-9.-]+\.(?:org|com|io|net|dev)\b", text),
        }
        assert {host for host in hosts if not RESERVED.search(host)} <= FORMAL | IN_THE_STORIES, name_of(path)


def test_no_path_of_a_machine_is_named():
    for path in EVERYTHING:
        text = path.read_text("utf-8")
        for place in (str(PROJECT), str(PROJECT.parent) + "/", str(Path.home()) + "/", "/tmp/", "/home/", "/Users/"):  # noqa: S108
            assert place not in text, name_of(path)


def test_a_page_begins_with_its_only_title():
    for page in PAGES:
        text = page.read_text("utf-8")
        titles = re.findall(r"^# .+$", BLOCK.sub("", text), re.MULTILINE)
        assert titles == [text.partition("\n")[0]], name_of(page)


def test_a_page_is_laid_out_for_those_who_read_its_source():
    for page in PAGES:
        text = page.read_text("utf-8")
        assert text.endswith("\n"), name_of(page)
        assert not text.endswith("\n\n"), name_of(page)
        written = re.sub(r"<!-- generated: .*?<!-- end -->", "", BLOCK.sub("", text), flags=re.DOTALL)
        for line in written.splitlines():
            assert line == line.rstrip(), name_of(page)
            assert len(line) <= 130 or line.startswith(("|", "![")), (name_of(page), line)
