"""An address of a repository that may stand in a report."""

from __future__ import annotations

import json

import pytest

import forensics
import sample_repos
from forensics.api.questions.report import repository_address
from forensics.errors import UsageError


@pytest.mark.parametrize(
    "address", ["https://example.org/chef-repo", "http://git.example.org:8080/a/b.git", "https://[::1]/x"]
)
def test_an_address_on_the_web_stays_as_it_is(address):
    assert repository_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org/chef-repo",
        "https://",
        "https:///x",
        "https://dana:secret@example.org/x",
        "https://token@example.org/x",
        "ssh://git@example.org/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://example.org/x?token=1",
        "https://example.org/\x1b[31m",
        "https://example.org/x\n",
        "https://example.org:port/x",
        "https://[::1/x",
    ],
)
def test_anything_else_is_refused_without_being_repeated(address):
    with pytest.raises(UsageError, match="without user name or password") as refused:
        repository_address(address)
    assert "secret" not in str(refused.value)


def test_sarif_names_the_repository_that_was_named(tmp_path):
    path = sample_repos.build("opsmatic-2014", tmp_path / "r").directory
    log = json.loads(forensics.open(path).report(repository_uri="https://example.org/r").render("sarif"))
    (told,) = log["runs"][0]["versionControlProvenance"]
    assert (told["repositoryUri"], told["revisionId"]) == ("https://example.org/r", forensics.open(path).head)
