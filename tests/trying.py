"""How many examples a property test tries."""

from __future__ import annotations

import os

from hypothesis import settings

_TIMES = 10 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 1


def examples(number: int) -> settings:
    """So many of the examples that are the same everywhere, or ten times as many where new ones are looked for."""
    return settings(max_examples=number * _TIMES)
