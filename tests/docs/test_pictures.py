"""The pictures of a terminal show what the commands print, and need nothing from elsewhere."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from handbook import pictures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("picture", pictures.ALL, ids=lambda picture: picture.name)
def test_the_picture_has_the_words_that_the_command_prints(picture):
    shown = pictures.words(picture.path.read_text("utf-8"))
    assert shown == pictures.printed(picture, color=False).split(), "stale: run make reference"
    assert len(shown) > 50


@pytest.mark.parametrize("picture", pictures.ALL, ids=lambda picture: picture.name)
def test_the_picture_loads_nothing(picture):
    text = picture.path.read_text("utf-8")
    ET.fromstring(text)  # noqa: S314 (our own file)
    for word in ("<script", "@import", "@font-face", "url(http", "href"):
        assert word not in text


@pytest.mark.parametrize("picture", pictures.ALL, ids=lambda picture: picture.name)
def test_the_picture_can_be_drawn_again(picture):
    pytest.importorskip("rich")
    assert pictures.words(pictures.drawn(picture)) == pictures.printed(picture, color=False).split()
