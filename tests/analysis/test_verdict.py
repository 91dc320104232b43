"""What ``--fail-on`` counts: by rule, by time, and against an earlier report."""

from __future__ import annotations

import pytest

from forensics.analysis.report_results import Comparison
from forensics.analysis.results import Finding
from forensics.analysis.verdict import FAIL_ON, failed

RULES = ("live-divergence", "shadowed-object", "rb-json-twins", "residue", "unresolved-ruby")
COUNTED = {
    "never": (),
    "divergence": RULES[:1],
    "shadow": RULES[:3],
    "any": RULES,
}


def finding(rule, *, at_tip=True):
    return Finding(rule, "note", None, (), None, rule, f"{RULES.index(rule):020x}", at_tip)


def comparison(*, new=(), worse=()):
    return Comparison("a" * 40, None, frozenset(new), frozenset(worse), ())


def test_there_are_four_words():
    assert set(COUNTED) == set(FAIL_ON)


@pytest.mark.parametrize("word", FAIL_ON)
def test_each_word_counts_some_rules_and_those_of_the_words_before(word):
    assert tuple(rule for rule in RULES if failed([finding(rule)], word)) == COUNTED[word]


@pytest.mark.parametrize("word", FAIL_ON)
def test_what_is_over_counts_with_history_only(word):
    past = [finding(rule, at_tip=False) for rule in RULES]
    assert not failed(past, word)
    assert failed(past, word, history=True) == (word != "never")


def test_what_ended_lately_counts_where_the_date_cuts():
    for rule in RULES:
        past = [finding(rule, at_tip=False)]
        assert failed(past, "any", recent=True) == (rule in COUNTED["shadow"])


def test_only_what_is_new_or_worse_counts_against_a_baseline():
    found = [finding("live-divergence")]
    fingerprint = found[0].fingerprint
    assert failed(found, baseline=comparison(new=[fingerprint]))
    assert failed(found, baseline=comparison(worse=[fingerprint]))
    assert not failed(found, baseline=comparison())
    assert not failed(found, "any", history=True, baseline=comparison())


def test_nothing_found_fails_nothing():
    assert not failed([], "any", history=True, recent=True)
