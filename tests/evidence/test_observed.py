"""Facts as people write them: which time they mean."""

from __future__ import annotations

import pytest

from forensics.evidence.observed import parse_fact

HOUR = 3600
BEGIN = 1_409_443_200  # 2014-08-31T00:00:00Z
END = BEGIN + 24 * HOUR - 1


def time_of(when, *changes):
    fact = parse_fact(f"{when} role[base] has recipe[ntp]", 1, changes)
    return fact.first, fact.last


@pytest.mark.parametrize(
    ("changes", "first", "last"),
    [
        ((), BEGIN, END),
        ((END + 4 * HOUR,), BEGIN, END + 4 * HOUR),  # the evening in California
        ((BEGIN - 9 * HOUR,), BEGIN - 9 * HOUR, END),  # the morning in Japan
        ((BEGIN - 15 * HOUR, END + 13 * HOUR), BEGIN, END),  # that day nowhere
    ],
)
def test_a_day_reaches_to_changes_in_hours_that_are_of_it_somewhere(changes, first, last):
    assert time_of("2014-08-31", *changes) == (first, last)


@pytest.mark.parametrize("when", ["2014-08-31T10:00:00Z", "2014-08-31..2014-08-31", "before 2014-08-31"])
def test_other_times_are_taken_as_they_are_written(when):
    assert time_of(when, END + HOUR, BEGIN - HOUR) == time_of(when)
