"""Every page says what the code says, and shows what its commands print."""

from __future__ import annotations

import pytest
from documentation import PAGES, name_of

from handbook.pages import fresh

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_page_is_what_would_be_written_now(page):
    text = page.read_text("utf-8")
    assert text == fresh(text), "stale: run make reference, and read what changed"
