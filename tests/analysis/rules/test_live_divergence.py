"""Another file's content was live: once for each object and live file."""

from __future__ import annotations

from building import role
from rule_findings import BASE, IMPOSTOR, found


def test_it_is_one_finding_for_each_object_and_live_file(tmp_path):
    (finding,), ids = found(tmp_path, "live-divergence", BASE, BASE | IMPOSTOR, BASE)
    assert finding.severity == "error"
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[1])
    assert "under glob, changed, changed-locale, changed-reversed, grocery-delivery, first from" in finding.message
    assert finding.at_tip  # changed is never put right


def test_what_is_over_is_not_true_at_the_tip(tmp_path):
    (finding,), _ = found(tmp_path, "live-divergence", BASE | IMPOSTOR, BASE, scenarios=["glob"])
    assert not finding.at_tip
    assert "still at the tip" not in finding.message


def test_it_is_silent_about_a_copy_with_the_same_content(tmp_path):
    assert found(tmp_path, "live-divergence", BASE | {"roles/copy.json": role("base", "ntp")})[0] == []
