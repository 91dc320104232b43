"""What cannot be followed or is missing."""

from __future__ import annotations

from building import Link
from rule_findings import BASE, found


def test_each_gap_is_a_finding(tmp_path):
    (finding,), _ = found(tmp_path / "1", "evidence-gap", BASE | {"roles/a.json": Link("/etc/chef/a.json")})
    assert finding.paths == ("roles/a.json",)
    assert "outside-symlink" in finding.message
    assert found(tmp_path / "2", "evidence-gap", BASE | {"roles/a.json": Link("base.json")})[0] == []
