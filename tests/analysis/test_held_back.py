"""A file that stops the uploads is to blame where the canonical file would be live without it, and comes first."""

from __future__ import annotations

import pytest
from building import examine, role
from commandline import command

from forensics.analysis.scanning import scan
from forensics.report.cases import cases
from forensics.uploads.scenario import choose

BASE = {"roles/base.json": role("base", "ntp")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
BROKEN = {"roles/base-xtra.json": "{"}


def stopped(tmp_path, *trees, scenarios=("glob-sh",)):
    examination, _ = examine(tmp_path, *trees, scenarios=choose(list(scenarios)), chosen=True)
    return {each.scenario: each.stopped_by for each in examination.divergences if each.open}, examination


def test_the_file_that_stops_the_upload_before_the_canonical_one_is_named(tmp_path):
    # in byte order: base-original, base-xtra, base
    found, examination = stopped(tmp_path, BASE, BASE | IMPOSTOR, BASE | IMPOSTOR | BROKEN)
    assert found == {"glob-sh": ("roles/base-xtra.json",)}
    (case,) = cases(scan(examination))
    assert case.advice.first.startswith("mend roles/base-xtra.json, or take it out")
    assert case.advice.avoid == ("knife role from file roles/base-original.json",)  # the glob does no harm by itself
    told = command("scan", tmp_path / "repository.git", "--scenario", "glob-sh").text
    said = " ".join(told.split())
    assert "for want of uploads: roles/base-xtra.json stops them; it adds recipe[old]" in said
    assert "stopped by roles/base-xtra.json, which Chef refuses: under glob-sh roles/base.json would be live" in said
    assert told.index("do first") < told.index("do   ")
    for form in ("markdown", "html"):
        assert (
            "mend roles/base-xtra.json, or take it out"
            in command("report", tmp_path / "repository.git", "--scenario", "glob-sh", "--format", form).text
        )


def test_the_shadow_is_to_blame_where_the_copy_would_be_live_all_the_same(tmp_path):
    found, examination = stopped(tmp_path, BASE | IMPOSTOR, BASE | IMPOSTOR | {"roles/a.json": "{"}, scenarios=["glob"])
    assert found == {"glob": ()}
    (case,) = cases(scan(examination))
    assert case.advice.first is None
    assert "knife role from file roles/*" in case.advice.avoid


@pytest.mark.parametrize("mended", [{}, {"roles/a.json": role("a")}])
def test_a_file_that_is_mended_at_the_tip_stops_nothing_any_more(tmp_path, mended):
    edited = {"roles/base.json": role("base", "new"), "roles/a.json": "{"}
    trees = [BASE | IMPOSTOR, edited | IMPOSTOR]
    scenarios = ["changed-locale"]  # roles/base.json goes before the copy, and its correction after the broken file
    assert stopped(tmp_path / "1", *trees, scenarios=scenarios)[0] == {"changed-locale": ("roles/a.json",)}
    again = {"roles/base.json": edited["roles/base.json"]} | IMPOSTOR | mended
    assert stopped(tmp_path / "2", *trees, again, scenarios=scenarios)[0] == {"changed-locale": ()}
