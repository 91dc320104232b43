"""A value that only running Ruby would give."""

from __future__ import annotations

from building import ruby_role
from rule_findings import BASE, found


def test_it_names_the_line(tmp_path):
    unknown = {"roles/a.rb": 'name "a"\ndescription "x"\ndefault_attributes "b" => [{"c" => ENV["HOME"]}]\n'}
    (finding,), _ = found(tmp_path / "1", "unresolved-ruby", BASE | unknown)
    assert finding.paths == ("roles/a.rb",)
    assert finding.message.startswith("roles/a.rb:3: a value depends on what lies outside the file")
    assert found(tmp_path / "2", "unresolved-ruby", BASE | unknown, BASE | {"roles/a.rb": ruby_role("a")})[0] == []
