"""Several files declare one object."""

from __future__ import annotations

from rule_findings import BASE, IMPOSTOR, OTHER, found


def test_it_names_all_files_and_whether_it_lasts(tmp_path):
    (finding,), ids = found(tmp_path / "1", "shadowed-object", BASE, BASE | IMPOSTOR)
    assert (finding.paths, finding.commit) == (("roles/base-original.json", "roles/base.json"), ids[1])
    assert finding.at_tip
    assert "different contents" in finding.message
    (past,), _ = found(tmp_path / "2", "shadowed-object", BASE | IMPOSTOR, BASE)
    assert not past.at_tip
    assert past.fingerprint == finding.fingerprint  # history may be rewritten


def test_it_is_silent_about_files_that_declare_objects_of_their_own(tmp_path):
    assert found(tmp_path, "shadowed-object", BASE, BASE | OTHER)[0] == []
