"""How text looks: colours, tables, wrapped paragraphs, commits."""

from __future__ import annotations

from made_up_results import FIRST, NOTES

from forensics.analysis.results import CommitNote
from forensics.report.text.style import Style, commit, day, field, listing, table, verbatim

PLAIN = Style()


def test_colours_only_where_they_are_wanted():
    assert PLAIN.paint("x", "red") == "x"
    assert Style(color=True).paint("x", "red") == "\x1b[1;31mx\x1b[0m"
    assert Style(color=True).paint("", "red") == ""


def test_tables_align_and_take_nothing_for_a_number():
    rows = [["0123456e7", "1,000", "007"], ["x", "1e5", "  "], ["", "-0", "1.50"]]
    lines = table(rows, headers=["id", "count", "n"])
    assert lines == [
        "id         count    n",
        "0123456e7  1,000    007",
        "x          1e5",
        "           -0       1.50",
    ]
    assert table([]) == []
    assert table([["a"]], indent="   ") == ["   a"]


def test_paragraphs_wrap_under_themselves():
    lines = field("files", "word " * 40, Style(width=60))
    assert len(lines) > 2
    assert all(len(line) <= 60 for line in lines)
    assert lines[0].startswith("   files       word")
    assert all(line.startswith(" " * 15 + "word") for line in lines[1:])
    assert field("label", "", PLAIN) == ["   label"]


def test_long_words_are_never_broken():
    path = "roles/" + "x" * 300 + "-y.json"
    assert path in "\n".join(field("files", f"{path} (canonical)", Style(width=60)))


def test_commands_are_never_wrapped():
    command = "knife role from file " + "roles/x.json " * 50
    assert verbatim("do", command) == f"   do          {command}"


def test_lists_are_cut_unless_everything_is_to_be_sentence():
    names = [str(number) for number in range(12)]
    assert listing(names, PLAIN, 3) == "0, 1, 2 and 9 more"
    assert listing(names, Style(verbose=True), 3) == ", ".join(names)
    assert listing(names[:3], PLAIN, 3) == "0, 1, 2"
    assert listing(["\x1b"], PLAIN) == r"\x1b"


def test_commits_are_named_by_id_day_and_deed():
    assert commit(FIRST, NOTES) == "2014-08-31 (a1a1a1a1a1a1, Dana Whitfield: Commit of 2014-08-31)"
    assert commit(FIRST, NOTES, subject=False) == "2014-08-31 (a1a1a1a1a1a1)"
    assert commit("c" * 40, NOTES) == "c" * 12
    assert day("2014-08-31T10:00:00-07:00") == "2014-08-31"
    hostile = {FIRST: CommitNote("2014-08-31", "2014-08-31", "\x1bDana", "x\u202e" * 100)}
    assert commit(FIRST, hostile).isprintable()
