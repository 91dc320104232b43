"""What cannot be followed or is missing."""

from __future__ import annotations

from building import Link, examine, role
from rule_findings import BASE, found

from forensics.uploads import installation
from forensics.uploads.scenario import SHIPPED


def test_each_gap_is_a_finding(tmp_path):
    (finding,), _ = found(tmp_path / "1", "evidence-gap", BASE | {"roles/a.json": Link("/etc/chef/a.json")})
    assert finding.paths == ("roles/a.json",)
    assert "outside-symlink" in finding.message
    assert found(tmp_path / "2", "evidence-gap", BASE | {"roles/a.json": Link("base.json")})[0] == []


def test_what_git_takes_for_renamed_is_missing_only_where_grocery_delivery_is_used(tmp_path, monkeypatch):
    def unknown(*_):
        raise installation.RenamesUnknown

    old = {f"roles/{name}.json": role(name) for name in ("a", "b", "c")}
    trees = [old | BASE, BASE | {"roles/d.json": "{"}, BASE | {"roles/e.json": role("e")}]
    monkeypatch.setattr("forensics.history.renames.Renames.renamed", unknown)
    unused, _ = examine(tmp_path / "1", *trees)
    assert unused.evidence(replayed=True).complete
    assert unused.history.gaps  # who asks what was live under that scenario is told
    assert not unused.evidence(replayed=True, beyond=unused.history).complete
    used = [each for each in SHIPPED if each.uploader == "grocery-delivery"]
    chosen, _ = examine(tmp_path / "2", *trees, scenarios=tuple(used), chosen=True)
    assert [gap.kind for gap in chosen.evidence(replayed=True).gaps] == ["renames-not-followed"]
