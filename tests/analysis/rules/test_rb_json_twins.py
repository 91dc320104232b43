"""A Ruby and a JSON file of one stem beside each other."""

from __future__ import annotations

from building import ruby_role
from rule_findings import BASE, IMPOSTOR, found


def test_it_needs_both_beside_each_other(tmp_path):
    (finding,), _ = found(tmp_path / "1", "rb-json-twins", BASE | {"roles/base.rb": ruby_role("base")})
    assert finding.paths == ("roles/base.json", "roles/base.rb")
    assert found(tmp_path / "2", "rb-json-twins", BASE | IMPOSTOR)[0] == []
    assert found(tmp_path / "3", "rb-json-twins", BASE | {"roles/sub/base.rb": ruby_role("base")})[0] == []
