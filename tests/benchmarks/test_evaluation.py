"""What evaluating Ruby roles costs, as a ratio to the bare parse of the same files in the same process."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import process_environment
from support import clone

from forensics.analysis.examination import Examination
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

pytestmark = pytest.mark.benchmark

_ROUNDS = 7
_GREATEST_RATIO = 3.0
_SCRIPT = Path(__file__).with_name("evaluate_roles.py")


@pytest.fixture(scope="module")
def roles(tmp_path_factory) -> Path:
    """A directory with every content that a Ruby role of openstreetmap/chef ever had."""
    history = History(open_evidence(clone("openstreetmap/chef"), every_ref=True))
    survey = Examination(history, Declarations(history.blob)).survey
    directory = tmp_path_factory.mktemp("roles")
    for seen in survey.sightings:
        if seen.target.kind == "role" and seen.path.endswith(".rb") and isinstance(seen.file, bytes):
            (directory / seen.file.hex()).write_bytes(history.blob(seen.file) or b"")
    return directory


def test_evaluating_ruby_roles_costs_at_most_three_times_their_parse(roles) -> None:
    ratios = []
    for _ in range(_ROUNDS):
        done = subprocess.run(
            [sys.executable, str(_SCRIPT), str(roles)],
            env=process_environment(),
            capture_output=True,
            check=True,
            text=True,
        )
        parsed, evaluated = map(float, done.stdout.split())
        ratios.append(evaluated / parsed)
    number = sum(1 for _ in roles.iterdir())
    print(
        f"\nEvaluating {number} Ruby roles costs {statistics.median(ratios):.2f} times their parse "
        f"(from {min(ratios):.2f} to {max(ratios):.2f}; last round {evaluated:.2f} s and {parsed:.2f} s of CPU)"
    )
    assert statistics.median(ratios) <= _GREATEST_RATIO
