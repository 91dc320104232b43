"""The named scenarios."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.uploads.scenario import COMMANDS, ORDERS, SCOPES, SHIPPED, UnknownScenarioError, choose
from forensics.uploads.uploader import ListUploader
from forensics.uploads.uploaders import ALL, CONFIGURABLE, uploader_of


def test_every_shipped_scenario_is_made_of_known_parts():
    assert len({scenario.name for scenario in SHIPPED}) == len(SHIPPED)
    for scenario in SHIPPED:
        assert scenario.uploader in CONFIGURABLE
        assert scenario.scope in SCOPES
        assert scenario.order in {*ORDERS, "-"}
        assert scenario.description


def test_without_names_all_are_chosen_and_names_keep_the_shipped_order():
    assert choose([]) == SHIPPED
    assert [scenario.name for scenario in choose(["knife-upload", "glob"])] == ["glob", "knife-upload"]


def test_a_scenario_of_ones_own_is_chosen_beside_the_shipped_ones():
    own = replace(SHIPPED[0], name="ours", order="reverse-byte")
    assert choose([], (own,)) == (*SHIPPED, own)
    assert choose(["ours"], (own,)) == (own,)


def test_an_unknown_name_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownScenarioError, match=r"'globe'.*glob-sh"):
        choose(["globe"])


def test_an_unknown_uploader_is_none():
    with pytest.raises(KeyError):
        uploader_of(replace(SHIPPED[0], uploader="spork"))


def test_every_uploader_has_a_name_of_its_own_and_says_what_it_is():
    assert {uploader_of(scenario) for scenario in (*SHIPPED, COMMANDS)} <= set(ALL)
    assert len({uploader.name for uploader in ALL}) == len(ALL)
    for uploader in ALL:
        assert uploader.identity
        assert uploader.kinds
    assert isinstance(uploader_of(COMMANDS), ListUploader)
