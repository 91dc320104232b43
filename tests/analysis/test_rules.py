"""Each rule fires where it should and stays silent elsewhere."""

from __future__ import annotations

import re

import pytest
from building import Link, examine, role, ruby_role

from forensics.analysis.rules.catalogue import ALL, findings
from forensics.uploads.scenario import choose

BASE = {"roles/base.json": role("base", "ntp")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
OTHER = {"roles/z.json": role("z")}


def found(tmp_path, rule, *trees, scenarios=(), **options):
    """The findings of one rule, and the ids of the commits."""
    if scenarios:
        options["scenarios"] = choose(list(scenarios))
    examination, ids = examine(tmp_path, *trees, **options)
    return [finding for finding in findings(examination) if finding.rule == rule], ids


def test_a_repository_in_order_has_no_findings(tmp_path):
    tree = {
        **BASE,
        "environments/prod.rb": 'name "prod"\n',
        "nodes/n.json": '{"name": "n", "run_list": ["role[base]"]}',
        "data_bags/users/alice.json": '{"id": "alice"}',
    }
    examination, _ = examine(tmp_path, tree, tree | {"roles/base.json": role("base")})
    assert findings(examination) == ()


def test_rules_have_ids_of_their_own_and_a_known_severity():
    assert len({rule.id for rule in ALL}) == len(ALL)
    assert {rule.severity for rule in ALL} == {"error", "warning", "note"}
    assert [rule.severity for rule in ALL] == sorted(
        (rule.severity for rule in ALL), key=["error", "warning", "note"].index
    )


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_means_and_what_to_do_in_plain_sentences(rule):
    assert 2 <= len(re.findall(r"[.](?= [A-Z]|$)", rule.meaning)) <= 4, rule.meaning
    for text in (rule.meaning, rule.help):
        assert text.isascii(), text
        assert text[-1] == ".", text
        assert "  " not in text, text
        assert not set("`<>*[]|\\\n") & set(text), text
    assert rule.title[-1] != "."


def test_live_divergence_is_one_finding_for_each_object_and_live_file(tmp_path):
    (finding,), ids = found(tmp_path, "live-divergence", BASE, BASE | IMPOSTOR, BASE)
    assert finding.severity == "error"
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[1])
    assert "under glob, changed, changed-locale, changed-reversed, grocery-delivery, first from" in finding.message
    assert finding.at_tip  # changed is never put right


def test_live_divergence_that_is_over_is_not_true_at_the_tip(tmp_path):
    (finding,), _ = found(tmp_path, "live-divergence", BASE | IMPOSTOR, BASE, scenarios=["glob"])
    assert not finding.at_tip
    assert "still at the tip" not in finding.message


def test_live_divergence_is_silent_about_a_copy_with_the_same_content(tmp_path):
    assert found(tmp_path, "live-divergence", BASE | {"roles/copy.json": role("base", "ntp")})[0] == []


def test_shadowed_object_names_all_files_and_whether_it_lasts(tmp_path):
    (finding,), ids = found(tmp_path / "1", "shadowed-object", BASE, BASE | IMPOSTOR)
    assert (finding.paths, finding.commit) == (("roles/base-original.json", "roles/base.json"), ids[1])
    assert finding.at_tip
    assert "different contents" in finding.message
    (past,), _ = found(tmp_path / "2", "shadowed-object", BASE | IMPOSTOR, BASE)
    assert not past.at_tip
    assert past.fingerprint == finding.fingerprint  # history may be rewritten


def test_rb_json_twins_needs_both_beside_each_other(tmp_path):
    (finding,), _ = found(tmp_path / "1", "rb-json-twins", BASE | {"roles/base.rb": ruby_role("base")})
    assert finding.paths == ("roles/base.json", "roles/base.rb")
    assert found(tmp_path / "2", "rb-json-twins", BASE | IMPOSTOR)[0] == []
    assert found(tmp_path / "3", "rb-json-twins", BASE | {"roles/sub/base.rb": ruby_role("base")})[0] == []


@pytest.mark.parametrize(
    ("afterwards", "files"),
    [({}, "deleted"), ({"roles/base-original.json": role("base-original", "old")}, "corrected")],
)
def test_stale_after_removal_when_the_content_stays_live(tmp_path, afterwards, files):
    edited = {"roles/base.json": role("base", "sudo")}
    (finding,), ids = found(
        tmp_path,
        "stale-after-removal",
        BASE,
        BASE | IMPOSTOR,
        BASE | afterwards,
        edited | afterwards,
        scenarios=["glob", "changed"],
    )
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[2]), (
        files
    )
    assert "under changed until" in finding.message  # and glob put the rightful file back at once
    assert not finding.at_tip


def test_stale_after_removal_is_true_at_the_tip_until_the_rightful_file_goes_out(tmp_path):
    (finding,), _ = found(tmp_path, "stale-after-removal", BASE, BASE | IMPOSTOR, BASE, scenarios=["changed"])
    assert finding.at_tip


def test_stale_after_removal_is_silent_where_nothing_rightful_is_left_or_contents_agree(tmp_path):
    assert found(tmp_path / "1", "stale-after-removal", BASE | OTHER, OTHER)[0] == []
    copy = {"roles/copy.json": role("base", "ntp")}
    assert found(tmp_path / "2", "stale-after-removal", BASE, BASE | copy, BASE)[0] == []


def test_upload_aborted_says_where_it_stops_and_what_stays_behind(tmp_path):
    (finding,), ids = found(
        tmp_path, "upload-aborted", BASE, BASE | {"roles/a.json": "{"}, BASE, scenarios=["glob", "glob-sh"]
    )
    assert (finding.paths, finding.commit, finding.at_tip) == (("roles/a.json",), ids[1], False)
    assert "under glob, glob-sh" in finding.message
    assert "up to 1 file behind it" in finding.message


def test_upload_aborted_is_silent_where_nothing_is_an_object_of_chef(tmp_path):
    rails = {"config/environments/production.rb": "Rails.application.configure do\nend\n"}
    examination, _ = examine(tmp_path, rails | {"roles/base.json": role("base")})
    found = findings(examination)
    assert [each for each in found if each.rule == "upload-aborted"] == []
    assert [each.paths for each in found if each.rule == "unreadable-declaration"] == [tuple(rails)]


def test_upload_aborted_goes_on_to_this_day(tmp_path):
    (finding,), _ = found(tmp_path, "upload-aborted", BASE | {"roles/z.json": "{"}, scenarios=["glob"])
    assert finding.at_tip
    assert "to this day" in finding.message
    assert "behind it" not in finding.message


def test_upload_aborted_is_silent_about_what_knife_upload_skips(tmp_path):
    assert found(tmp_path, "upload-aborted", BASE | {"roles/a.json": "{"}, scenarios=["knife-upload"])[0] == []


def test_unreadable_declaration_is_about_the_tip(tmp_path):
    (finding,), ids = found(tmp_path / "1", "unreadable-declaration", BASE, BASE | {"roles/a.json": '{\n"name" "a"}'})
    assert (finding.paths, finding.commit) == (("roles/a.json",), ids[1])
    assert "FFI_Yajl::ParseError" in finding.message
    assert found(tmp_path / "2", "unreadable-declaration", BASE | {"roles/a.json": "{"}, BASE)[0] == []


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        ("unreadable-declaration", {"roles/a.json": "{"}),
        ("unresolved-ruby", {"roles/a.rb": 'name "a"\ndescription ENV["HOME"]\n'}),
        ("name-file-mismatch", {"roles/web-server.json": role("web")}),
        ("look-alike-names", {"roles/Base.json": role("Base")}),
        ("server-would-refuse", {"roles/a.json": role("a", surprise=1)}),
        ("residue", IMPOSTOR),
    ],
)
def test_a_finding_about_a_file_names_the_commit_that_brought_it_and_not_whoever_committed_last(tmp_path, rule, files):
    later = {"roles/last.json": role("last")}
    (finding,), ids = found(tmp_path, rule, BASE, BASE | files, BASE | files | later)
    assert finding.commit == ids[1]


def test_evidence_gap_for_each_gap(tmp_path):
    (finding,), _ = found(tmp_path / "1", "evidence-gap", BASE | {"roles/a.json": Link("/etc/chef/a.json")})
    assert finding.paths == ("roles/a.json",)
    assert "outside-symlink" in finding.message
    assert found(tmp_path / "2", "evidence-gap", BASE | {"roles/a.json": Link("base.json")})[0] == []


def test_unresolved_ruby_names_the_line(tmp_path):
    unknown = {"roles/a.rb": 'name "a"\ndescription "x"\ndefault_attributes "b" => [{"c" => ENV["HOME"]}]\n'}
    (finding,), _ = found(tmp_path / "1", "unresolved-ruby", BASE | unknown)
    assert finding.paths == ("roles/a.rb",)
    assert finding.message.startswith("roles/a.rb:3: a value depends on what lies outside the file")
    assert found(tmp_path / "2", "unresolved-ruby", BASE | unknown, BASE | {"roles/a.rb": ruby_role("a")})[0] == []


def test_name_file_mismatch_is_for_what_is_no_shadow_yet(tmp_path):
    misnamed = {"roles/web-server.json": role("web")}
    (finding,), _ = found(tmp_path / "1", "name-file-mismatch", BASE | misnamed)
    assert (finding.object, finding.paths) == ("role[web]", ("roles/web-server.json",))
    assert found(tmp_path / "2", "name-file-mismatch", BASE | IMPOSTOR)[0] == []
    (again,), _ = found(tmp_path / "3", "name-file-mismatch", BASE | IMPOSTOR, IMPOSTOR)
    assert again.paths == ("roles/base-original.json",)  # the shadow is over, the name is still wrong


def test_look_alike_names_differ_only_in_case_or_form(tmp_path):
    (finding,), _ = found(
        tmp_path / "1", "look-alike-names", {"roles/Web.json": role("Web"), "roles/web.json": role("web")}
    )
    assert finding.paths == ("roles/Web.json", "roles/web.json")
    assert "role[Web] and role[web] are different objects" in finding.message
    assert found(tmp_path / "2", "look-alike-names", BASE | IMPOSTOR | OTHER)[0] == []
    apart = {"a/roles/Web.json": role("Web"), "b/roles/web.json": role("web")}
    assert found(tmp_path / "3", "look-alike-names", apart)[0] == []
    kinds = {"roles/Web.json": role("Web"), "environments/web.json": '{"name": "web"}'}
    assert found(tmp_path / "4", "look-alike-names", kinds)[0] == []


def test_stale_after_removal_is_silent_about_a_file_that_was_not_live(tmp_path):
    edited_and_stopped = {"roles/base.json": role("base", "sudo"), "roles/a.json": "{"}
    assert found(tmp_path, "stale-after-removal", BASE | IMPOSTOR, edited_and_stopped, scenarios=["changed"])[0] == []


def test_upload_aborted_points_to_the_line_of_the_file_as_it_is_at_the_tip(tmp_path):
    first, later = {"roles/a.json": '{\n"name" "a"}'}, {"roles/a.json": '{\n\n\n"name" "a"}'}
    (finding,), _ = found(tmp_path / "1", "upload-aborted", BASE | first, BASE | later, scenarios=["glob"])
    assert finding.line == 4
    (over,), _ = found(tmp_path / "2", "upload-aborted", BASE | first, BASE, scenarios=["glob"])
    assert over.line is None
    (finding,), _ = found(
        tmp_path / "3", "upload-aborted", BASE | {"roles/x.rb": '\nname "x" +\n'}, scenarios=["knife-upload"]
    )
    assert finding.line


def test_name_file_mismatch_points_to_the_line_that_gives_the_name(tmp_path):
    (finding,), _ = found(
        tmp_path / "1", "name-file-mismatch", BASE | {"roles/x.json": '{\n"run_list": [],\n"name": "y"}'}
    )
    assert finding.line == 3
    (finding,), _ = found(tmp_path / "2", "name-file-mismatch", BASE | {"roles/x.rb": '# of y\nname "y"\n'})
    assert finding.line == 2
    (finding,), _ = found(tmp_path / "3", "name-file-mismatch", BASE | {"roles/x.rb": 'self.name("y")\n'})
    assert finding.line is None


def test_upload_aborted_claims_no_number_of_what_knife_upload_left_unwritten(tmp_path):
    aborting = {"roles/x.rb": 'name "x" +\n', "roles/base.json": role("base", "a"), "roles/z.json": role("z")}
    (finding,), _ = found(tmp_path / "1", "upload-aborted", BASE, BASE | aborting, scenarios=["knife-upload"])
    assert finding.message.endswith("nobody can tell which of the others it still wrote")
    assert "behind it" not in finding.message
    both = ["knife-upload", "changed"]
    (finding,), _ = found(tmp_path / "2", "upload-aborted", BASE, BASE | aborting, scenarios=both)
    assert "up to 1 file behind it stayed as they were; knife upload sends files side by side" in finding.message


def test_upload_aborted_counts_the_most_that_stayed_behind_under_any_scenario(tmp_path):
    scenarios = ["glob", "changed-reversed"]
    (finding,), _ = found(tmp_path, "upload-aborted", BASE | {"roles/a.json": "{"}, scenarios=scenarios)
    assert "up to 1 file behind it" in finding.message
