"""Property tests try the same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones.

A defect in reading Ruby fails a test, where it would make a file unresolved otherwise.
"""

from __future__ import annotations

import os

from hypothesis import settings

from forensics.chef import ruby_source

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
ruby_source.DEFECTS_ESCAPE = True
