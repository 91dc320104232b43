"""Run the lines of shell_lines.json in real shells, and write down anew which knife commands each of them ran.

``python tests/evidence/record_shell_lines.py`` needs bash, zsh and fish. The lines run in an empty directory with the
files that the recording lists, under the C locale; knife writes down its words, sudo and bundle run theirs.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

RECORDING = Path(__file__).with_name("shell_lines.json")
KNIFE = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["KNIFE_LOG"], "a") as log:
    print(json.dumps([os.path.relpath(os.getcwd(), os.environ["CLONE"]), sys.argv[1:]]), file=log)
"""
BUNDLE = '#!/bin/sh\nshift\nexec "$@"\n'
SUDO = '#!/bin/sh\nwhile :; do case "$1" in -u) shift 2;; -*) shift;; *) break;; esac; done\nexec env "$@"\n'
START = {"bash": ["bash", "--norc", "-c"], "zsh": ["zsh", "-f", "-i", "-c"], "fish": ["fish", "--no-config", "-c"]}


def ran(shell: str, line: str, files: dict[str, str]) -> list[object]:
    """What a line runs in a real shell."""
    with tempfile.TemporaryDirectory() as home:
        clone, programs, log = Path(home, "repo"), Path(home, "bin"), Path(home, "log")
        for name, text in files.items():
            path = clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        programs.mkdir()
        for name, text in (("knife", KNIFE), ("bundle", BUNDLE), ("sudo", SUDO)):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        log.touch()
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": home,
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "KNIFE_LOG": str(log),
            "CLONE": str(clone),
        }
        prepared = f"shopt -s expand_aliases\n{line}" if shell == "bash" else line
        subprocess.run(
            [*START[shell], prepared],
            cwd=clone,
            env=environment,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        found = [json.loads(each) for each in log.read_text().splitlines()]
        return [[cwd, [word.replace(f"{clone}/", "").replace(home, "~") for word in argv]] for cwd, argv in found]


def main() -> None:
    """Record everything anew."""
    recording = json.loads(RECORDING.read_text("utf-8"))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda each: ran(each["shell"], each["line"], recording["files"]), recording["lines"]))
    for each, result in zip(recording["lines"], results, strict=True):
        each["ran"] = result
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in recording["lines"])
    files = json.dumps(recording["files"], ensure_ascii=False)
    RECORDING.write_text(f'{{"files": {files},\n"lines": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
