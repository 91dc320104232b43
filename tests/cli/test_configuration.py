"""``forensics.toml``: scenarios and servers of one's own, and what is said of one that cannot be used."""

from __future__ import annotations

import shutil

import pytest
from building import new_repository, role, write_line
from commandline import command

TREE = {"roles/base.json": role("base", "recipe[a]"), "roles/base-copy.json": role("base", "recipe[b]")}


@pytest.fixture
def repository(tmp_path):
    write_line(new_repository(tmp_path / "repository.git"), [TREE])
    return tmp_path / "repository.git"


def configured(tmp_path, text):
    file = tmp_path / "forensics.toml"
    file.write_text(text, encoding="utf-8")
    return ["--config", file]


def test_a_scenario_of_ones_own_is_replayed(repository, tmp_path):
    text = '[[scenario]]\nname = "nightly"\norder = "reverse-byte"\ndescription = "what our cron job does"\n'
    options = configured(tmp_path, text)
    found = command("scan", repository, *options, "--scenario", "nightly", "--format", "json").document
    assert found["scenarios"] == [
        {
            "name": "nightly",
            "uploader": "from-file",
            "scope": "all",
            "order": "reverse-byte",
            "description": "what our cron job does",
        }
    ]
    assert [(each["scenario"], each["live"]["path"]) for each in found["divergences"]] == [
        ("nightly", "roles/base-copy.json")
    ]
    listed = command("scenarios", *options)
    assert "nightly" in listed.text
    assert "what our cron job does" in listed.text


def test_the_configuration_beside_the_files_is_found(tmp_path, story):
    copy = tmp_path / "copy"
    shutil.copytree(story("two-servers"), copy)
    (copy / "forensics.toml").write_text('[[scenario]]\nname = "mine"\n')
    assert "mine" in command("scenarios", "-C", copy).text
    assert command("scan", copy, "--scenario", "mine").code in {0, 1}


def test_directories_that_share_a_server_are_one_target(tmp_path):
    tree = {"a/roles/base.json": role("base", "recipe[a]"), "b/roles/base.json": role("base", "recipe[b]")}
    path = tmp_path / "repository.git"
    write_line(new_repository(path), [tree])
    assert command("shadows", path, "--format", "json").document["shadows"] == []
    options = configured(tmp_path, '[[server]]\nname = "production"\ndirectories = ["a", "b/"]\n')
    shadow = command("shadows", path, *options, "--format", "json").document["shadows"][0]
    assert shadow["paths"] == ["a/roles/base.json", "b/roles/base.json"]


def test_the_version_of_chef_is_read_and_overruled(repository, tmp_path):
    options = configured(tmp_path, 'chef_version = "12.22.6"\n')
    assert command("scan", repository, *options).code in {0, 1}
    refused = command("scan", repository, *configured(tmp_path, 'chef_version = "99"\n'))
    assert (refused.code, "99" in refused.error_line) == (2, True)
    assert command("scan", repository, *options, "--chef-version", "18").code in {0, 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario = [", "forensics.toml"),
        ("colour = 1", "'colour' is not known"),
        ("chef_version = 18", 'chef_version = "18"'),
        ("scenario = 1", "[[scenario]]"),
        ("server = {}", "[[server]]"),
        ("[scenario]\nname = 'x'", "[[scenario]]"),
        ("[[scenario]]", "needs a name"),
        ("[[scenario]]\nname = 1", "needs a name"),
        ("[[scenario]]\nname = ''", "needs a name"),
        ("[[scenario]]\nname = '\\e[2J'".replace("'", '"').replace("\\e", "\\u001b"), "needs a name"),
        ("[[scenario]]\nname = 'glob'", "shipped"),
        ("[[scenario]]\nname = 'commands'", "shipped"),
        ("[[scenario]]\nname = 'x'\n[[scenario]]\nname = 'x'", "two scenarios are called 'x'"),
        ("[[scenario]]\nname = 'x'\nspeed = 1", "'speed' is not known"),
        ("[[scenario]]\nname = 'x'\norder = 'random'", "order is one of byte"),
        ("[[scenario]]\nname = 'x'\nscope = []", "scope is one of all, changed"),
        ("[[scenario]]\nname = 'x'\nuploader = 'commands'", "uploader is one of"),
        ("[[scenario]]\nname = 'x'\nrole_type = 'js'", "role_type is rb or json"),
        ("[[scenario]]\nname = 'x'\nrole_type = ['rb']", "role_type is rb or json"),
        ("[[scenario]]\nname = 'x'\nascii_ruby = 'yes'", "ascii_ruby is true or false"),
        ("[[server]]", "needs directories"),
        ("[[server]]\ndirectories = 'a'", "needs directories"),
        ("[[server]]\ndirectories = [1]", "needs directories"),
        ("[[server]]\ndirectories = ['a']\nport = 1", "'port' is not known"),
        ("x = " + "[" * 5000, "nested too deep"),
        ("x = " + "9" * 5000, "forensics.toml"),
        ("# " + "x" * (1 << 20), "larger than a configuration"),
    ],
)
def test_what_is_wrong_with_a_configuration(text, said, repository, tmp_path):
    done = command("scan", repository, *configured(tmp_path, text))
    assert done.code == 2
    assert said in done.error_line
    listed = command("scenarios", *configured(tmp_path, text))
    assert (listed.code, listed.error_line) == (2, done.error_line)


def test_a_configuration_that_is_no_text(repository, tmp_path):
    file = tmp_path / "forensics.toml"
    file.write_bytes(b"\xff")
    done = command("scan", repository, "--config", file)
    assert (done.code, str(file) in done.error_line) == (2, True)
    done = command("scan", repository, "--config", tmp_path)
    assert (done.code, "directory" in done.error_line) == (2, True)
