"""How the files of an object are told apart."""

from __future__ import annotations

from forensics.report.html.files import FileMarks


def test_the_canonical_file_is_a_and_has_the_first_colour():
    marks = FileMarks(["roles/a.json", "roles/z.json", "roles/base.json"], "roles/base.json")
    assert [(mark.letter, mark.stem, mark.colour) for mark in marks] == [
        ("A", "base.json", 0),
        ("B", "a.json", 1),
        ("C", "z.json", 2),
    ]
    assert marks["roles/base.json"].canonical


def test_without_one_no_file_has_its_colour():
    marks = FileMarks(["roles/a.json", "roles/z.json"], None)
    assert [(mark.letter, mark.colour) for mark in marks] == [("A", 1), ("B", 2)]


def test_letters_stay_unique_when_colours_repeat():
    marks = list(FileMarks([f"roles/{number:02}.json" for number in range(40)], None))
    assert len({mark.letter for mark in marks}) == 40
    assert {mark.colour for mark in marks} == {1, 2, 3, 4, 5}


def test_what_is_no_file_of_the_object_is_told_from_them():
    marks = FileMarks(["roles/a.json"], None)
    assert marks[None].letter == "?"
    assert marks["elsewhere.json"].letter == "?"
    assert marks["elsewhere.json"].path == "elsewhere.json"
