"""From values to columns: text that does no harm, times that keep what pandas cannot hold, words in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pandas as pd
import pytest
from inert import obeyed
from made_up_results import divergence, shadow

from forensics.analysis.object_results import State
from forensics.analysis.results import CommitNote, Finding
from forensics.chef.objects import Unresolved
from forensics.frames.building import build
from forensics.frames.catalogue import SCHEMAS, frame_of
from forensics.frames.schema import SEPARATOR, Column, Dtype, Schema, moment
from forensics.uploads.scenario import NAMES, SHIPPED

HOSTILE = "a\x1b[31m\u202e</script>\udcff\x85b"


@dataclass(frozen=True)
class Row:
    date: str | None = None
    word: str | None = None
    many: tuple[str, ...] | None = ()


def built(*columns, rows):
    """A frame of made up things."""
    return build(Schema("any", "", columns), [(row, number) for number, row in enumerate(rows)])


def framed(name, **answer):
    """A frame of an answer of which no more is known."""
    return frame_of(name, SimpleNamespace(**answer))


def test_a35_text_of_a_repository_is_spelled_out_in_every_column():
    row = Row(word=HOSTILE, many=(HOSTILE, "plain"))
    frame = built(
        Column("word", Dtype.TEXT, ""),
        Column("many", Dtype.TEXT, "", convert=SEPARATOR.join),
        Column("kind", Dtype.CATEGORY, "", categories=("x",), open_ended=True, of="word"),
        rows=[row],
    )
    for column in frame:
        assert not obeyed(frame[column].astype(str)[0])
        assert "\\x1b[31m\\u202e</script>\\xff\\x85b" in str(frame[column][0])
    frame.to_csv().encode("utf-8")


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2014-08-31T19:48:00-07:00", "2014-09-01 02:48:00+00:00"),
        ("1901-01-01T00:00:00+00:00", "1901-01-01 00:00:00+00:00"),
        ("0001-01-01T00:00:00+00:00", "0001-01-01 00:00:00+00:00"),
        ("9999-12-31T23:59:59+00:00", "9999-12-31 23:59:59+00:00"),
        ("2014-01-01T00:00:00+23:59", "2013-12-31 00:01:00+00:00"),
        ("@99999999999999", None),
        ("@-99999999999999", None),
        (None, None),
    ],
)
def test_a21_a_time_that_pandas_cannot_hold_is_missing_and_its_text_stays(date, time):
    frame = built(*moment("", "", nullable=True), rows=[Row(date=date), Row(date="2014-01-01T00:00:00Z")])
    assert frame["time"].dtype == "datetime64[us, UTC]"
    assert (None if pd.isna(frame["time"][0]) else str(frame["time"][0])) == time
    assert (None if pd.isna(frame["date"][0]) else frame["date"][0]) == date


def test_a41_ids_stay_text_even_if_they_look_like_numbers():
    frame = framed("shadows", shadows=[replace(shadow(), id="0123456e7890")])
    assert frame["id"].dtype == "str"
    assert frame["id"][0] == "0123456e7890"


def test_scenarios_stand_in_the_order_in_which_they_are_shipped_and_own_ones_after_them():
    found = [divergence(scenario="deploy"), divergence(scenario="glob-sh"), divergence(scenario="glob")]
    frame = framed("divergences", divergences=found, scenarios=["glob", "nightly", "deploy"])
    assert tuple(frame["scenario"].cat.categories) == (*NAMES, "nightly", "deploy")
    assert list(frame.sort_values("scenario")["scenario"]) == ["glob", "glob-sh", "deploy"]


def test_every_shipped_scenario_is_a_category():
    assert {each.name for each in SHIPPED} < set(NAMES)


def test_severities_can_be_compared():
    found = [Finding("r", severity, None, (), None, "m", "f") for severity in ("note", "error", "warning")]
    frame = framed("findings", findings=found)
    assert list(frame["severity"] >= "warning") == [False, True, True]


def test_a_word_that_no_category_has_is_never_dropped_in_silence():
    with pytest.raises(ValueError, match="sideways"):
        built(Column("word", Dtype.CATEGORY, "", categories=("up", "down")), rows=[Row(word="sideways")])


def test_what_is_not_known_is_missing_and_not_zero():
    frame = framed("divergences", divergences=[divergence(nodes=None), divergence(nodes=("web01", "web02"))])
    assert frame["nodes"].isna().tolist() == [True, False]
    assert frame["nodes"][1] == 2


def test_things_are_counted_where_there_are_any():
    counted = built(Column("many", Dtype.INTEGER, "", nullable=True, convert=len), rows=[Row(many=None), Row()])
    assert counted["many"].isna().tolist() == [True, False]


def test_a_commit_that_stands_in_no_note_has_no_row():
    notes = {"a" * 40: CommitNote("2014-01-01T00:00:00+00:00", "2013-12-31T00:00:00+00:00", "Ada", "One")}
    frame = framed("commits", notes=notes)
    assert frame.loc[0, ["commit", "author", "subject"]].tolist() == ["a" * 40, "Ada", "One"]
    assert frame["time"][0] - frame["author_time"][0] == pd.Timedelta(days=1)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_frame_says_what_a_row_and_each_column_is(name):
    described = SCHEMAS[name]
    assert described.name == name
    assert described.row
    assert len(set(described.names)) == len(described.columns)
    for column in described.columns:
        assert column.meaning
        assert (column.dtype is Dtype.CATEGORY) == bool(column.categories)


def test_an_entry_of_a_run_list_that_only_ruby_could_tell_is_json():
    whole = {
        "environment": "_default",
        "recipes": ["ntp", Unresolved("node['x']", 3)],
        "roles": ["base"],
        "missing_roles": [],
        "default_attributes": {},
        "override_attributes": {},
        "error": None,
        "certainty": "exact",
        "sources": (),
    }
    frame = framed("expanded", states=[State("glob", "roles", None, None, whole)])
    assert list(frame["name"]) == ["ntp", '{"$unresolved": "node[\'x\']", "line": 3}', "base"]
