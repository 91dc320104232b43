"""Another file's content was live: once for each object and live file."""

from __future__ import annotations

import pytest
from building import examine, role, ruby_role
from rule_findings import BASE, IMPOSTOR, found

from forensics.analysis.rules.catalogue import findings
from forensics.analysis.verdict import failed
from forensics.uploads.scenario import choose


def test_it_is_one_finding_for_each_object_and_live_file(tmp_path):
    (finding,), ids = found(tmp_path, "live-divergence", BASE, BASE | IMPOSTOR, BASE)
    assert finding.severity == "error"
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[1])
    assert "under glob, changed, changed-locale, changed-reversed, first from" in finding.message
    assert finding.message.endswith("; under grocery-delivery, too")
    assert not finding.at_tip  # what changed left behind is another rule's


@pytest.mark.parametrize(
    ("chosen", "severity", "only_if"), [(False, "note", ("chef-solo-legacy",)), (True, "error", ())]
)
def test_what_special_scenarios_alone_give_is_an_only_if(tmp_path, chosen, severity, only_if):
    twin = {
        "roles/base.rb": ruby_role("base", "old")
    }  # the canonical one, uploaded last; Chef before 12.11 reads .json
    examination, _ = examine(tmp_path, BASE | twin, scenarios=choose(["glob", "chef-solo-legacy"]), chosen=chosen)
    every = findings(examination)
    (finding,) = [each for each in every if each.rule == "live-divergence"]
    assert (finding.severity, finding.at_tip, finding.only_if) == (severity, True, only_if)
    assert finding.message.startswith("only if you use chef-solo-legacy: role[base] ") == (not chosen)
    assert failed(every) == chosen


def test_what_is_over_is_not_true_at_the_tip(tmp_path):
    (finding,), _ = found(tmp_path, "live-divergence", BASE | IMPOSTOR, BASE, scenarios=["glob"])
    assert not finding.at_tip
    assert "still at the tip" not in finding.message


def test_it_is_silent_about_a_copy_with_the_same_content(tmp_path):
    assert found(tmp_path, "live-divergence", BASE | {"roles/copy.json": role("base", "ntp")})[0] == []
