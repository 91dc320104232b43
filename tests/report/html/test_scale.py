"""Where commits stand on the line of time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.report.html.scale import Moment, TimeScale, seconds

TIP = Moment("tip", "2014-11-04T11:06:00-08:00")


def moments(*dates):
    return [Moment(f"commit {number}", date) for number, date in enumerate(dates)]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1970-01-02T00:00:00+00:00", 86400.0),
        ("1970-01-01T00:00:00-01:00", 3600.0),
        ("1970-01-01", 0.0),
        ("@-12", -12.0),
        ("@99999999999999999999", 1e20),
        ("soon", None),
        ("@soon", None),
        ("@" + "9" * 5000, None),
        ("", None),
    ],
)
def test_dates_as_seconds(date, expected):
    assert seconds(date) == expected


def test_a_year_is_wider_than_a_day_and_a_day_can_be_seen():
    chain = moments("2012-01-01T00:00:00+00:00", "2012-01-02T00:00:00+00:00", "2013-01-01T00:00:00+00:00")
    scale = TimeScale([chain], TIP)
    first, second, third = (scale.at(moment.commit) for moment in chain)
    assert second - first > 0.8
    assert third - second > 10 * (second - first)
    assert scale.at("tip") == pytest.approx(97)
    assert scale.at(None) == 100
    assert scale.at("unknown") == 100


def test_a21_clocks_that_go_back_do_not_turn_the_order_round():
    chain = moments("2014-01-01T00:00:00+00:00", "1999-01-01T00:00:00+00:00", "2014-02-01T00:00:00+00:00")
    scale = TimeScale([chain], TIP)
    places = [scale.at(moment.commit) for moment in chain]
    assert places == sorted(places)
    assert len(set(places)) == 3


def test_chains_are_put_together_in_the_order_of_each():
    one, two, three, four = moments(*(f"2014-0{month}-01T00:00:00+00:00" for month in (1, 2, 3, 4)))
    scale = TimeScale([[one, four], [one, two], [two, three, four]], TIP)
    places = [scale.at(moment.commit) for moment in (one, two, three, four)]
    assert places == sorted(places)


def test_chains_that_contradict_one_another_fall_back_on_dates():
    one, two = moments("2014-01-01T00:00:00+00:00", "2014-02-01T00:00:00+00:00")
    scale = TimeScale([[one, two], [two, one]], TIP)
    assert scale.at(one.commit) < scale.at(two.commit)


@given(
    st.lists(
        st.one_of(
            st.datetimes().map(lambda moment: moment.isoformat() + "+00:00"),
            st.integers().map(lambda number: f"@{number}"),
            st.text(max_size=5),
        ),
        max_size=80,
    )
)
def test_a21_any_dates_give_places_in_order_and_ticks_with_room(dates):
    chain = moments(*dates)
    scale = TimeScale([chain], TIP)
    places = [scale.at(moment.commit) for moment in [*chain, TIP]]
    assert all(0 <= one < other <= 97.001 for one, other in pairwise(places))
    ticks = scale.ticks()
    for narrow, room, end in ((False, 9, 82), (True, 19, 60)):
        shown = [tick.x for tick in ticks[1:] if tick.narrow or not narrow]
        assert all(other - one >= room for one, other in pairwise(shown))
        assert all(place < end for place in shown)
    assert all(len(tick.label) <= 16 for tick in ticks)


@pytest.mark.parametrize(
    ("first", "labels"),
    [
        ("2004-05-06T00:00:00+00:00", ["2004-05-06", "2006", "2007", "2008", "2009", "2010", "2011", "2012", "2013"]),
        ("2014-05-06T00:00:00+00:00", ["2014-05-06", "2014-07", "2014-08", "2014-09", "2014-10"]),
        ("2014-10-30T00:00:00+00:00", ["2014-10-30", "2014-10-31", "2014-11-01", "2014-11-02", "2014-11-03"]),
        ("2014-11-04T10:00:00-08:00", ["2014-11-04"]),
        ("@-99999999999999", ["@-99999999999999"]),
    ],
)
def test_labels_are_iso_dates_as_fine_as_the_stretch_asks_for(first, labels):
    assert [tick.label for tick in TimeScale([moments(first)], TIP).ticks()] == labels
