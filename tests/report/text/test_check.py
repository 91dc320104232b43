"""What ``check`` says for people, with hostile names too."""

from __future__ import annotations

import dataclasses

import pytest
from inert import obeyed
from reporting import HOSTILE, hostile_check

from forensics.report.text.check import check_text
from forensics.report.text.style import Style


def flat(found, **style):
    return " ".join(check_text(found, Style(**style)).split())


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a35_no_byte_that_a_terminal_obeys(text):
    assert obeyed(check_text(hostile_check(text), Style())) <= {"\n"}


def test_shadows_are_counted():
    found = hostile_check("x")
    assert "1 new shadow: refused." in flat(found)
    assert "2 new shadows: refused." in flat(dataclasses.replace(found, introduced=found.introduced * 2))
    assert "No new shadow was found: 7 files looked at." in flat(dataclasses.replace(found, introduced=()))
    whole = dataclasses.replace(found.evidence, gaps=())
    assert "No new shadow: 7 files looked at." in flat(dataclasses.replace(found, introduced=(), evidence=whole))
    assert "Nothing to check" in flat(dataclasses.replace(found, introduced=(), standing=(), files=0))


def test_a_container_beside_the_usual_one_is_named():
    found = hostile_check("x")
    elsewhere = dataclasses.replace(found.introduced[0].shadow, container="production/roles")
    found = dataclasses.replace(found, introduced=(dataclasses.replace(found.introduced[0], shadow=elsewhere),))
    assert "This commit would have 2 files declare role[x] in production/roles" in flat(found)


def test_who_edits_all_files_of_a_shadow_needs_no_warning():
    found = hostile_check("x")
    assert "Beware" in flat(found)
    every = dataclasses.replace(found.standing[0], edited=found.standing[0].shadow.paths)
    assert "Beware" not in flat(dataclasses.replace(found, standing=(every,)))


def test_contents_that_stay_the_same_need_no_warning():
    found = hostile_check("x")
    same = dataclasses.replace(found.standing[0].shadow, contents_differ=False)
    alike = dataclasses.replace(found.standing[0], shadow=same)
    assert "Beware" not in flat(dataclasses.replace(found, standing=(alike,)))


def test_colours_are_used_if_wanted():
    assert "\x1b[" in check_text(hostile_check("x"), Style(color=True))
