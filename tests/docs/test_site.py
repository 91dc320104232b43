"""The pages build as a site without a complaint, and the site loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from handbook.pages import PROJECT, pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("material", reason="the site is built with mkdocs-material")
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=PROJECT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


class Loads(HTMLParser):
    """Gathers what a page makes a browser fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "src" or (name == "href" and tag == "link"):
                self.found.append(value)


def test_every_page_of_docs_is_in_the_site(site):
    expected = {page.with_suffix(".html").name for page in pages() if page.name != "README.md"}
    assert expected <= {path.name for path in site.rglob("*.html")}


def test_the_site_loads_nothing_from_elsewhere(site):
    for path in site.rglob("*.html"):
        reader = Loads()
        reader.feed(path.read_text("utf-8"))
        assert reader.found
        for target in reader.found:
            assert not re.match(r"(\w+:)?//", target), (path, target)
    for path in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(\w+:)?//", path.read_text("utf-8")), path
