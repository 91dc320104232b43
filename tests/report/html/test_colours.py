"""Every colour can be told from what lies behind it, in both themes (WCAG 2.2, level AA)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (files("forensics.report.html") / "static" / "report.css").read_text(encoding="utf-8")
BLOCKS = re.findall(r":root[^{,]*\{(\s*--paper[^}]*)\}", STYLE)
TEXT, PICTURE = 4.5, 3.0


def colours(block):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_system_and_the_button_give_the_same_dark_theme():
    light, by_system, by_button = map(colours, BLOCKS)
    assert by_system == by_button
    assert light.keys() == by_system.keys()


@pytest.mark.parametrize("theme", [colours(BLOCKS[0]), colours(BLOCKS[1])], ids=["light", "dark"])
def test_contrast(theme):
    behind_text = ("paper", "card", "sunk", "bad-paper", "warn-paper", "good-paper")
    for ground in behind_text:
        for ink in ("ink", "soft"):
            assert contrast(theme[ink], theme[ground]) >= TEXT, (ink, ground)
    for ground in ("paper", "card", "sunk"):
        assert contrast(theme["link"], theme[ground]) >= TEXT, ground
    for tone in ("bad", "warn", "good"):
        for ground in ("card", "sunk", f"{tone}-paper"):
            assert contrast(theme[tone], theme[ground]) >= TEXT, (tone, ground)
    for file in ("f0", "f1", "f2", "f3", "f4", "f5", "f9"):
        assert contrast(theme["on-file"], theme[file]) >= TEXT, file
        assert contrast(theme[file], theme["card"]) >= PICTURE, file
    assert contrast(theme["stripe"], theme["card"]) >= PICTURE
    assert contrast(theme["focus"], theme["card"]) >= PICTURE
