"""Property tests try the same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones."""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "explore",
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,  # on a machine on which others are busy
        HealthCheck.function_scoped_fixture,  # each example makes a repository of its own in the test's directory
    ],
)
settings.register_profile("steady", settings.get_profile("explore"), derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_finish():
    """Look for cycles seldom, as the program itself never does: it would cost a tenth of all time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
