"""Values as JSON text."""

from __future__ import annotations

import json
import sys

import pytest

from forensics.analysis.json_text import canonical_json, json_text, readable_json
from forensics.chef.objects import Unresolved

AWKWARD = {
    "lone": "\udcff\ud800",
    "beyond": "é\u2028",
    "unknown": Unresolved("ENV['X']", 3),
    "list": [1, 1.0, True, None],
}


def test_documents_are_ascii_and_round_trip():
    text = json_text(AWKWARD)
    assert text.isascii()
    assert json.loads(text) == {**AWKWARD, "unknown": {"$unresolved": "ENV['X']", "line": 3}}


def test_people_read_text_as_it_is_written():
    assert readable_json({"a": "é"}) == '{"a": "é"}'
    assert readable_json(Unresolved("ENV['X']", 3)) == "\"(line 3: ENV['X'])\""


def test_equal_values_have_one_canonical_text():
    assert canonical_json({"b": [1], "a": "é"}) == '{"a":"\\u00e9","b":[1]}' == canonical_json({"a": "é", "b": [1]})
    assert canonical_json(1) != canonical_json(1.0) != canonical_json(True)  # noqa: FBT003 (a JSON value)


@pytest.mark.parametrize("write", [json_text, readable_json, canonical_json])
def test_integers_have_as_many_digits_as_they_have(write):
    before = sys.get_int_max_str_digits()
    assert write({"big": 10**15_000}).count("0") == 15_000
    assert sys.get_int_max_str_digits() == before


@pytest.mark.parametrize("write", [json_text, readable_json, canonical_json])
def test_what_is_no_value_is_a_defect(write):
    with pytest.raises(TypeError):
        write({"a": object()})
