"""What a cold scan costs, as a ratio to git's own walk of the same history in the same interleaved run."""

from __future__ import annotations

import compileall
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support import clone

import forensics

pytestmark = pytest.mark.benchmark

_ROUNDS = 9
_GREATEST_RATIO = 12.0
_GREATEST_MEMORY = 200 << 20
_UNIT_OF_MAXRSS = 1024  # Linux counts kilobytes


class Cost(NamedTuple):
    cpu: float
    memory: int


def _cost(command: list[str], directory: Path) -> Cost:
    """CPU seconds (user and system) and peak memory of one run."""
    with subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.stderr is not None
        assert process.returncode in {0, 1}, process.stderr.read().decode()
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT_OF_MAXRSS)


def test_a_cold_scan_costs_at_most_twelve_times_gits_walk_of_the_roles() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed: there is no floor to compare with")
    repository = clone("openstreetmap/chef")
    floor = ["git", "log", "--raw", "--no-abbrev", "--no-renames", "-m", "--first-parent", "HEAD", "--", "roles"]
    scan = [sys.executable, "-m", "forensics", "scan", str(repository)]
    # an installed package is compiled; a checkout is not where PYTHONDONTWRITEBYTECODE is set
    compileall.compile_dir(Path(forensics.__file__).parent, quiet=1)
    ratios: list[float] = []
    memory = 0
    for _ in range(_ROUNDS):
        # the floor is short: measured on both sides of the scan, it tells how busy the machine was meanwhile
        before = _cost(floor, repository)
        ours = _cost(scan, Path.cwd())
        after = _cost(floor, repository)
        ratios.append(ours.cpu / statistics.mean([before.cpu, after.cpu]))
        memory = max(memory, ours.memory)
    print(
        f"\nscan of openstreetmap/chef: {statistics.median(ratios):.1f} times git log "
        f"(from {min(ratios):.1f} to {max(ratios):.1f}), peak {memory >> 20} MB"
    )
    assert statistics.median(ratios) <= _GREATEST_RATIO
    assert memory < _GREATEST_MEMORY
