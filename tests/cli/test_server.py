"""Which server the uploads meet is configured."""

from __future__ import annotations

import pytest
from building import new_repository, role, write_line
from commandline import command

TREE = {"roles/a.json": role("a", "x@1"), "roles/b.json": role("b")}


@pytest.fixture
def repository(tmp_path):
    write_line(new_repository(tmp_path / "repository.git"), [TREE])
    return tmp_path / "repository.git"


def live_with(repository, tmp_path, text):
    file = tmp_path / "forensics.toml"
    file.write_text(text, encoding="utf-8")
    options = ["-C", repository, "--config", file, "--scenario", "glob", "--format", "json"]
    return {entry["object"] for entry in command("timeline", *options).document["timeline"]}


@pytest.mark.parametrize(
    "text",
    [
        'server = "erchef"\n',
        'server_software = "erchef"\n',
        'server_software = "erchef"\n[[server]]\ndirectories = ["roles"]\n',
    ],
)
def test_erchef_refuses_what_it_refuses(text, repository, tmp_path):
    assert live_with(repository, tmp_path, text) == set()


@pytest.mark.parametrize("text", ["", 'server = "chef-zero"\n', '[[server]]\ndirectories = ["roles"]\n'])
def test_chef_zero_is_what_is_met_otherwise(text, repository, tmp_path):
    assert live_with(repository, tmp_path, text) == {"role[a]", "role[b]"}


@pytest.mark.parametrize("text", ['server = "goiardi"', "server_software = 7", "server_software = []"])
def test_another_server_is_not_known(text, repository, tmp_path):
    file = tmp_path / "forensics.toml"
    file.write_text(text, encoding="utf-8")
    done = command("scan", repository, "--config", file)
    assert (done.code, "is one of chef-zero, erchef" in done.error_line) == (2, True)


def test_the_scan_warns_of_what_erchef_would_refuse(repository):
    found = command("scan", repository, "--format", "json").document["findings"]
    assert [(each["rule"], each["object"]) for each in found] == [("server-would-refuse", "role[a]")]
