"""A file whose name is not the name inside."""

from __future__ import annotations

from building import role
from rule_findings import BASE, IMPOSTOR, found


def test_it_is_for_what_is_no_shadow_yet(tmp_path):
    misnamed = {"roles/web-server.json": role("web")}
    (finding,), _ = found(tmp_path / "1", "name-file-mismatch", BASE | misnamed)
    assert (finding.object, finding.paths) == ("role[web]", ("roles/web-server.json",))
    assert found(tmp_path / "2", "name-file-mismatch", BASE | IMPOSTOR)[0] == []
    (again,), _ = found(tmp_path / "3", "name-file-mismatch", BASE | IMPOSTOR, IMPOSTOR)
    assert again.paths == ("roles/base-original.json",)  # the shadow is over, the name is still wrong


def test_it_points_to_the_line_that_gives_the_name(tmp_path):
    (finding,), _ = found(
        tmp_path / "1", "name-file-mismatch", BASE | {"roles/x.json": '{\n"run_list": [],\n"name": "y"}'}
    )
    assert finding.line == 3
    (finding,), _ = found(tmp_path / "2", "name-file-mismatch", BASE | {"roles/x.rb": '# of y\nname "y"\n'})
    assert finding.line == 2
    (finding,), _ = found(tmp_path / "3", "name-file-mismatch", BASE | {"roles/x.rb": 'self.name("y")\n'})
    assert finding.line is None
