"""A file that no command can read."""

from __future__ import annotations

from rule_findings import BASE, found


def test_it_is_about_the_tip(tmp_path):
    (finding,), ids = found(tmp_path / "1", "unreadable-declaration", BASE, BASE | {"roles/a.json": '{\n"name" "a"}'})
    assert (finding.paths, finding.commit) == (("roles/a.json",), ids[1])
    assert "FFI_Yajl::ParseError" in finding.message
    assert found(tmp_path / "2", "unreadable-declaration", BASE | {"roles/a.json": "{"}, BASE)[0] == []
