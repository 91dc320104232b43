"""Objects whose names people take for one another."""

from __future__ import annotations

from building import role
from rule_findings import BASE, IMPOSTOR, OTHER, found


def test_the_names_differ_only_in_case_or_form(tmp_path):
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
