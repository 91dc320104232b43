"""An upload stopped at a file."""

from __future__ import annotations

from building import examine, role
from rule_findings import BASE, found

from forensics.analysis.rules.catalogue import findings


def test_it_says_where_it_stops_and_what_stays_behind(tmp_path):
    (finding,), ids = found(
        tmp_path, "upload-aborted", BASE, BASE | {"roles/a.json": "{"}, BASE, scenarios=["glob", "glob-sh"]
    )
    assert (finding.paths, finding.commit, finding.at_tip) == (("roles/a.json",), ids[1], False)
    assert "under glob, glob-sh" in finding.message
    assert "up to 1 file behind it" in finding.message


def test_it_is_silent_where_nothing_is_an_object_of_chef(tmp_path):
    rails = {"config/environments/production.rb": "Rails.application.configure do\nend\n"}
    examination, _ = examine(tmp_path, rails | {"roles/base.json": role("base")})
    found = findings(examination)
    assert [each for each in found if each.rule == "upload-aborted"] == []
    assert [each for each in found if each.rule == "unreadable-declaration"] == []


def test_it_is_silent_about_node_files_without_a_name(tmp_path):
    nodes = {"nodes/a.json": '{"run_list": []}', "nodes/b.json": '{"name": "b"}'}
    assert found(tmp_path / "1", "upload-aborted", BASE | nodes)[0] == []
    (finding,), _ = found(tmp_path / "2", "unreadable-declaration", BASE | nodes)
    assert finding.message == "nodes/a.json: the file has no name inside"
    assert found(tmp_path / "3", "upload-aborted", BASE | {"roles/a.json": '{"run_list": []}'})[0] != []


def test_it_goes_on_to_this_day(tmp_path):
    (finding,), _ = found(tmp_path, "upload-aborted", BASE | {"roles/z.json": "{"}, scenarios=["glob"])
    assert finding.at_tip
    assert "to this day" in finding.message
    assert "behind it" not in finding.message


def test_it_is_silent_about_what_knife_upload_skips(tmp_path):
    assert found(tmp_path, "upload-aborted", BASE | {"roles/a.json": "{"}, scenarios=["knife-upload"])[0] == []


def test_it_points_to_the_line_of_the_file_as_it_is_at_the_tip(tmp_path):
    first, later = {"roles/a.json": '{\n"name" "a"}'}, {"roles/a.json": '{\n\n\n"name" "a"}'}
    (finding,), _ = found(tmp_path / "1", "upload-aborted", BASE | first, BASE | later, scenarios=["glob"])
    assert finding.line == 4
    assert ", line 4)" in finding.message
    (over,), _ = found(tmp_path / "2", "upload-aborted", BASE | first, BASE, scenarios=["glob"])
    assert over.line is None
    (finding,), _ = found(
        tmp_path / "3", "upload-aborted", BASE | {"roles/x.rb": '\nname "x" +\n'}, scenarios=["knife-upload"]
    )
    assert finding.line


def test_it_claims_no_number_of_what_knife_upload_left_unwritten(tmp_path):
    aborting = {"roles/x.rb": 'name "x" +\n', "roles/base.json": role("base", "a"), "roles/z.json": role("z")}
    (finding,), _ = found(tmp_path / "1", "upload-aborted", BASE, BASE | aborting, scenarios=["knife-upload"])
    assert finding.message.endswith("nobody can tell which of the others it still wrote")
    assert "behind it" not in finding.message
    both = ["knife-upload", "changed"]
    (finding,), _ = found(tmp_path / "2", "upload-aborted", BASE, BASE | aborting, scenarios=both)
    assert "up to 1 file behind it stayed as they were; knife upload sends files side by side" in finding.message


def test_it_counts_the_most_that_stayed_behind_under_any_scenario(tmp_path):
    scenarios = ["glob", "changed-reversed"]
    (finding,), _ = found(tmp_path, "upload-aborted", BASE | {"roles/a.json": "{"}, scenarios=scenarios)
    assert "up to 1 file behind it" in finding.message
