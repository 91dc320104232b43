"""What reading a long log of a server costs, as a ratio to a loop that does nothing but split its lines."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from server_logs import CLIENT, KNIFE, line

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark

_LINES = int(os.environ.get("FORENSICS_LOG_LINES", "500000"))
_ROUNDS = 3
_GREATEST_RATIO = 3.0
_GREATEST_MEMORY = 150 << 20
_UNIT_OF_MAXRSS = 1024  # Linux counts kilobytes

_SPLIT = """
import sys
with open(sys.argv[1], "rb") as file:
    for line in file:
        line.split()
"""
_READ = """
import sys
from forensics.evidence.reading import read
found = read(sys.argv[1:])
assert found.requests and found.sizes and found.saves
"""


def _write(path: Path) -> None:
    """A log as a busy server has it: mostly cookbooks, many roles read, each run saves its node, few uploads."""
    chance = random.Random(7)  # noqa: S311 (any will do)
    with path.open("w", encoding="ascii") as file:
        for number in range(_LINES):
            time, node, one = 1_409_500_000 + number // 20, f"node{chance.randrange(800)}", chance.random()
            if one < 0.55:
                text = line(f"GET /organizations/acme/file_store/{chance.getrandbits(128):032x}", time=time, user=node)
            elif one < 0.8:
                role = chance.choice(("base", "web", "db"))
                text = line(f"GET /organizations/acme/roles/{role}", time=time, user=node, size=400 + len(role))
            elif one < 0.96:
                text = line("POST /organizations/acme/environments/prod/cookbook_versions", time=time, user=node)
            elif one < 0.9995:
                text = line(f"PUT /organizations/acme/nodes/{node}", time=time, user=node, agent=CLIENT)
            else:
                text = line("PUT /organizations/acme/roles/base", time=time, agent=KNIFE)
            file.write(f"{text}\n")


def _cost(program: str, path: Path) -> tuple[float, int]:
    """CPU seconds and peak memory of a Python program that is given the log."""
    with subprocess.Popen([sys.executable, "-c", program, str(path)]) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT_OF_MAXRSS


def test_a_long_log_costs_at_most_three_times_splitting_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    _write(path)
    ratios, memory = [], 0
    for _ in range(_ROUNDS):
        floor, _ = _cost(_SPLIT, path)
        ours, peak = _cost(_READ, path)
        ratios.append(ours / floor)
        memory = max(memory, peak)
    print(
        f"\n{_LINES} lines: {statistics.median(ratios):.2f} times a loop that splits them "
        f"(from {min(ratios):.2f} to {max(ratios):.2f}), peak {memory >> 20} MB"
    )
    assert statistics.median(ratios) <= _GREATEST_RATIO
    assert memory < _GREATEST_MEMORY
