"""Property tests try the same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones.

A defect in reading Ruby fails a test, where it would make a file unresolved otherwise.
"""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

from forensics.chef import ruby_source

settings.register_profile(
    "explore",
    max_examples=1000,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,  # on a machine on which others are busy
        HealthCheck.function_scoped_fixture,  # each example makes a repository of its own in the test's directory
    ],
)
settings.register_profile("steady", settings.get_profile("explore"), max_examples=100, derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
ruby_source.DEFECTS_ESCAPE = True


def pytest_collection_finish():
    """Look for cycles seldom, as the program itself never does: it would cost a tenth of all time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
