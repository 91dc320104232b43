"""Commit times as text, and what people type."""

from __future__ import annotations

import pytest

from forensics.analysis.dates import DateError, iso, parse_when

REVISION = 1_409_443_200  # 2014-08-31T00:00:00Z


def read(text, *, end_of_day=False):
    return parse_when(text, reference=REVISION, end_of_day=end_of_day)


def test_a_day_alone_is_its_first_second_or_its_last():
    assert read("2014-08-31") == REVISION
    assert read("2014-08-31", end_of_day=True) == REVISION + 86399
    assert read("20140831", end_of_day=True) == REVISION + 86399


@pytest.mark.parametrize("end_of_day", [False, True])
def test_a_moment_is_itself_at_either_end(end_of_day):
    assert read("2014-08-31T10:00:00-07:00", end_of_day=end_of_day) == REVISION + 17 * 3600
    assert read("2014-08-31T10:00:00Z", end_of_day=end_of_day) == REVISION + 10 * 3600
    assert read("2014-08-31 10:00", end_of_day=end_of_day) == REVISION + 10 * 3600  # no offset: UTC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 minutes ago", 5400),
        ("1 hour", 3600),
        ("2.days.ago", 2 * 86400),
        ("2-days-ago", 2 * 86400),
        ("3 weeks ago", 3 * 7 * 86400),
        ("2 months ago", 60 * 86400),
        ("1 YEAR AGO", 365 * 86400),
    ],
)
def test_relative_dates_count_from_the_revision_and_never_from_the_clock(text, seconds):
    assert read(text) == read(text, end_of_day=True) == REVISION - seconds


@pytest.mark.parametrize("text", ["", "yesterday", "2014-13-01", "31.08.2014", "ago"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(DateError, match="is no date"):
        read(text)


def test_a_commit_time_keeps_its_own_offset():
    assert iso(REVISION, -420) == "2014-08-30T17:00:00-07:00"
    assert iso(REVISION, 330) == "2014-08-31T05:30:00+05:30"
    assert iso(-1) == "1969-12-31T23:59:59+00:00"


def test_an_offset_or_a_time_that_no_calendar_has_is_no_crash():
    assert iso(REVISION, 99 * 60 + 99) == "2014-08-31T00:00:00+00:00"
    assert iso(2**62) == f"@{2**62}"
    assert iso(-(2**62)) == f"@-{2**62}"
    assert iso(253402300799, 60) == "@253402300799"
