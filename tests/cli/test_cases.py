"""Situations that people met, rebuilt small: every question about them gets an answer, and none meets a defect."""

from __future__ import annotations

import json
import subprocess

import pygit2
import pytest
from commandline import command
from support import cases

from forensics.cli import exits

pytestmark = pytest.mark.slow


def test_every_rebuilt_situation_has_an_answer(tmp_path):
    found = sorted(cases().glob("*.fast-export"))
    assert found
    for case in found:
        path = tmp_path / case.stem
        pygit2.init_repository(str(path), bare=True, initial_head="main")
        try:
            subprocess.run(
                ["git", "fast-import", "--quiet"], cwd=path, input=case.read_bytes(), check=True, capture_output=True
            )
        except FileNotFoundError:
            pytest.skip("git is not installed here, which imports the rebuilt situations")
        for words in (["scan"], ["shadows"], ["timeline", "--kind", "role", "-C"], ["fingerprint"]):
            done = command(*words, path, "--format", "json")
            if done.code == exits.NOTHING:
                assert done.error_line
                continue
            assert done.code in {exits.OK, exits.FOUND}, (case.name, words, done.errors)
            assert json.loads(done.output)["schema"] == f"forensics.{words[0]}/1"
