"""The named scenarios."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.uploads.replay import uploaders_for
from forensics.uploads.scenario import ORDERS, SCOPES, SHIPPED, UPLOADERS, UnknownScenarioError, choose


def test_every_shipped_scenario_is_made_of_known_parts():
    assert len({scenario.name for scenario in SHIPPED}) == len(SHIPPED)
    for scenario in SHIPPED:
        assert scenario.uploader in UPLOADERS
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
    timeline = type("Timeline", (), {"scenario": replace(SHIPPED[0], uploader="spork")})()
    with pytest.raises(KeyError):
        uploaders_for([timeline], None)
