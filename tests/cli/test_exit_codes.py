"""What makes ``scan`` and ``report`` exit with 1, and when incomplete evidence makes it 3."""

from __future__ import annotations

import pytest
from building import DAY, START, new_repository, role, set_main, write_commit, write_line
from commandline import command

CLEAN = {"roles/base.json": role("base", "recipe[a]")}
SHADOWED = {**CLEAN, "roles/base-copy.json": role("base", "recipe[b]")}
HARMLESS = {**CLEAN, "roles/base-copy.json": role("base", "recipe[a]")}
AGAIN = {"roles/base.json": role("base", "recipe[c]")}
ONE_WAY = ("--scenario", "changed")  # grocery-delivery never gets past the deleted copy
REFUSED = {**CLEAN, "roles/zz.json": "{"}


def repository(tmp_path, *trees):
    path = tmp_path / "repository.git"
    return path, write_line(new_repository(path), trees)


def code_of(path, *options):
    """The exit code of ``scan``, which is that of ``report``."""
    code = command("scan", path, *options).code
    assert command("report", path, *options).code == code
    return code


def test_a_divergence_at_the_tip_is_found(tmp_path):
    path, _ = repository(tmp_path, CLEAN, SHADOWED)
    assert code_of(path) == 1
    assert code_of(path, "--fail-on", "never") == 0
    assert code_of(path, "--fail-on", "never", "--fail-on-history") == 0
    for word in ("divergence", "shadow", "any"):
        assert code_of(path, "--fail-on", word) == 1


def test_a_shadow_that_changes_nothing_counts_only_where_shadows_do(tmp_path):
    path, _ = repository(tmp_path, CLEAN, HARMLESS)
    assert code_of(path) == 0
    assert code_of(path, "--fail-on", "divergence") == 0
    assert code_of(path, "--fail-on", "shadow") == 1
    assert code_of(path, "--fail-on", "any") == 1


def test_a_finding_counts_only_where_everything_does(tmp_path):
    path, _ = repository(tmp_path, CLEAN, REFUSED)
    assert code_of(path, "--fail-on", "shadow") == 0
    assert code_of(path, "--fail-on", "any") == 1


def test_what_is_over_counts_only_on_demand(tmp_path):
    path, _ = repository(tmp_path, CLEAN, SHADOWED, CLEAN, AGAIN)
    for word in ("divergence", "shadow", "any"):
        assert code_of(path, "--fail-on", word, *ONE_WAY) == 0
        assert code_of(path, "--fail-on", word, *ONE_WAY, "--fail-on-history") == 1


def test_what_ended_within_the_time_asked_for_counts(tmp_path):
    path, _ = repository(tmp_path, CLEAN, SHADOWED, CLEAN, AGAIN, AGAIN)
    assert code_of(path, "--since", "1 day ago", *ONE_WAY) == 1
    assert code_of(path, "--since", "12 hours ago", *ONE_WAY) == 0
    assert code_of(path, "--since", "2 days ago", "--fail-on", "shadow") == 1


def test_a_refused_file_of_long_ago_is_nothing_new(tmp_path):
    path, _ = repository(tmp_path, REFUSED, CLEAN, CLEAN)
    assert code_of(path, "--fail-on", "any", "--since", "1 hour ago") == 0
    assert code_of(path, "--fail-on", "any", "--fail-on-history") == 1


def test_only_the_chosen_scenarios_count(tmp_path):
    path, _ = repository(tmp_path, CLEAN, SHADOWED)
    assert code_of(path, "--scenario", "knife-upload") == 0


def test_an_older_revision_is_judged_by_its_own_tip(tmp_path):
    path, ids = repository(tmp_path, CLEAN, SHADOWED, AGAIN)
    assert code_of(path, *ONE_WAY) == 0
    assert code_of(path, *ONE_WAY, "--rev", ids[1]) == 1


@pytest.fixture
def shallow(tmp_path):
    """A repository whose second commit says that what came before was cut off."""
    opened = new_repository(tmp_path / "shallow.git")
    absent = "1" * 40
    first = write_commit(opened, CLEAN, time=START)
    raw = opened.get(first).read_raw().replace(b"\nauthor", f"\nparent {absent}\nauthor".encode(), 1)
    cut = str(opened.write(1, raw))
    tip = write_commit(opened, {**CLEAN, "README": "x"}, [cut], time=START + DAY)
    set_main(opened, tip)
    (tmp_path / "shallow.git" / "shallow").write_text(f"{cut}\n")
    return tmp_path / "shallow.git"


@pytest.mark.parametrize("name", ["scan", "report", "shadows"])
def test_incomplete_evidence_is_an_error_only_under_strict_evidence(name, shallow):
    done = command(name, shallow, "--format", "json")
    evidence = done.document["evidence"]
    assert (done.code, evidence["complete"]) == (0, False)
    assert "shallow" in {gap["kind"] for gap in evidence["gaps"]}
    strict = command(name, shallow, "--format", "json", "--strict-evidence")
    assert (strict.code, strict.output) == (3, done.output)
    assert "incomplete" in command(name, shallow).text


@pytest.mark.parametrize("name", ["scan", "report", "shadows"])
def test_complete_evidence_passes_strict_evidence(name, tmp_path):
    path, _ = repository(tmp_path, CLEAN)
    assert command(name, path, "--strict-evidence").code == 0


def test_strict_evidence_comes_before_what_was_found(tmp_path):
    path, ids = repository(tmp_path, SHADOWED)
    assert code_of(path) == 1
    (path / "shallow").write_text(f"{ids[0]}\n")
    assert code_of(path, "--strict-evidence") == 3


@pytest.mark.parametrize(
    "words",
    [
        ["evidence", "nosuch"],
        ["drift", "nosuch"],
        ["scan", "--evidence", "nosuch"],
        ["explain", "a", "--evidence", "nosuch"],
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_told_before_that_there_is_nothing_to_examine(words, tmp_path):
    repository = new_repository(tmp_path / "r.git")
    write_line(repository, [{"README.md": "no Chef here"}])
    assert command("scan", "-C", repository.path).code == 4
    refused = command(*words, "-C", repository.path)
    assert (refused.code, "nosuch: there is no such file" in refused.error_line) == (2, True)
