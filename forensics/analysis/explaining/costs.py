"""What a story is charged for: its departures from routine, in one table, from which the reference is made, too."""

from __future__ import annotations

from typing import Final, NamedTuple

DAY: Final = 86400
WEEK: Final = 7 * DAY


class Charge(NamedTuple):
    """One kind of act, what a story is charged for it, and what it is in words."""

    name: str
    cost: int
    meaning: str


PROVEN: Final = Charge("proven", 0, "evidence has the upload")
ROUTINE: Final = Charge(
    "routine",
    0,
    "after a commit, the object's files that it changed go up with one command, in whichever order, within a week and "
    "before the next such commit; or the object is deleted once no file declares it",
)
EARLY: Final = Charge("early", 1, "the same from the work tree, up to a day before the commit")
LATE: Final = Charge("late", 1, "the same more than a week after the commit")
PART: Final = Charge("part", 1, "a file that the last commit changed goes up again, or apart from the others")
LEFT_OUT: Final = Charge("left-out", 1, "what a commit changed is not sent, or not yet after a week")
UNDECIDED: Final = Charge("undecided", 2, "a fact rests on a value that only running the file could tell")
UNCHANGED: Final = Charge("unchanged", 3, "a file that is there but that the last commit did not change")
DELETED: Final = Charge("deleted", 3, "the object is deleted on the server while a file declares it")
COOKBOOKS: Final = Charge("cookbooks", 3, "the server's cookbooks were not those of the commit")
OLD: Final = Charge("old-version", 5, "an old version: from a stale checkout, a side branch, or brought back by hand")
OUTSIDE: Final = Charge("outside", 9, "content that no commit has")

TABLE: Final = (
    PROVEN,
    ROUTINE,
    EARLY,
    LATE,
    PART,
    LEFT_OUT,
    UNDECIDED,
    UNCHANGED,
    DELETED,
    COOKBOOKS,
    OLD,
    OUTSIDE,
)
"""Every charge, the least first."""
