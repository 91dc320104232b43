"""A file of which it cannot be told what it declares."""

from __future__ import annotations

from building import examine_at, new_repository, role, write_line
from raw_git import blob, damage
from rule_findings import BASE, found

from forensics.analysis.rules import undecided_declaration

UNKNOWN = 'require "./settings"\nname Settings[:name]\n'
RULE = "undecided-declaration"


def test_a_name_that_only_running_the_file_could_tell(tmp_path):
    (finding,), _ = found(tmp_path / "1", RULE, BASE | {"roles/a.rb": UNKNOWN})
    assert finding.paths == ("roles/a.rb",)
    assert finding.at_tip
    assert "perhaps role[a], could not be told: its name depends on what lies outside the file" in finding.message
    (finding,), _ = found(tmp_path / "2", RULE, BASE | {"roles/a.rb": UNKNOWN}, BASE | {"roles/a.rb": 'name "b"\n'})
    assert not finding.at_tip
    assert "perhaps role[b]" in finding.message, "what other versions of the file declare"
    assert found(tmp_path / "3", RULE, BASE)[0] == []


def test_a_content_that_is_missing(tmp_path):
    tmp_path.joinpath("r").mkdir()
    repository = new_repository(tmp_path / "r" / "repository.git")
    x = role("x", "a")
    write_line(repository, [BASE | {"roles/x.json": x}])
    damage(repository, blob(repository, x.encode()))
    (finding,) = undecided_declaration.find(_examination(repository))
    assert finding.message == (
        "roles/x.json: what it declares, perhaps role[x], could not be told: its content is missing or damaged"
    )


def _examination(repository):
    return examine_at(repository, str(repository.head.target))
